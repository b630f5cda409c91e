/**
 * The kernel that a bzImage has packed in it. An emulated processor takes seconds to unpack it, this machine
 * tenths of one; QEMU starts an unpacked one by its PVH entry.
 *
 * Sources: Documentation/arch/x86/boot.rst; include/xen/interface/elfnote.h.
 *
 * @module
 */
import { type Packing, unpack } from "../kernel/unpack.ts";
import { payloadOf } from "./boot_image.ts";
import { type NamelessFile, namelessFile } from "./nameless_file.ts";
import { runProgram } from "./program.ts";

/**
 * The kernel of a bzImage in a file of its own on the file system of `folder`; undefined if it cannot be
 * unpacked here, or not be started without its own unpacker: the bzImage can be booted, then.
 */
export async function unpackedImage(
  image: string,
  folder: string,
): Promise<NamelessFile | undefined> {
  const payload = payloadOf(await Deno.readFile(image));
  if (payload === undefined) return undefined;
  const unpacked = await namelessFile(folder);
  if (typeof unpacked === "string") return undefined;
  using kept = new DisposableStack();
  kept.use(unpacked);
  try {
    await unpackInto(unpacked, payload.bytes, payload.packing, folder);
    if (!hasPvhEntry(unpacked.file)) return undefined;
  } catch {
    return undefined;
  }
  kept.move();
  return unpacked;
}

async function unpackInto(
  unpacked: NamelessFile,
  bytes: Uint8Array<ArrayBuffer>,
  packing: Packing,
  folder: string,
): Promise<void> {
  if (packing !== "xz") {
    const stream = unpack(new Blob([bytes]).stream(), packing);
    for await (const part of stream) {
      for (let done = 0; done < part.length;) done += unpacked.file.writeSync(part.subarray(done));
    }
    return;
  }
  // A kernel is packed with a filter for its instructions, which the program knows.
  const packed = await namelessFile(folder);
  if (typeof packed === "string") throw new Deno.errors.NotSupported(packed);
  using _ = packed;
  for (let done = 0; done < bytes.length;) done += packed.file.writeSync(bytes.subarray(done));
  const run = await runProgram("sh", [
    "-c",
    'xz --decompress --stdout --single-stream <"$0" >"$1"',
    packed.path,
    unpacked.path,
  ]);
  if (typeof run === "string") throw new Deno.errors.NotSupported(run);
}

/** Of an ELF file of 64 bits: where fields of its header, of a program header, and of a note lie. */
const elf = { magic: 0x464c457f, programs: 0x20, size: 0x36, count: 0x38 } as const;
const program = { note: 4, offset: 0x08, length: 0x20 } as const;
const pvhEntry = { name: "Xen\0", type: 18 } as const;

/** True if a note of the ELF file says where a kernel begins that is started as it is. */
function hasPvhEntry(file: Deno.FsFile): boolean {
  const head = read(file, 0, 64);
  if (head.byteLength < 64 || head.getUint32(0, true) !== elf.magic) return false;
  const [at, size] = [
    Number(head.getBigUint64(elf.programs, true)),
    head.getUint16(elf.size, true),
  ];
  const programs = read(file, at, size * head.getUint16(elf.count, true));
  for (let each = 0; each + size <= programs.byteLength; each += size) {
    if (size === 0 || programs.getUint32(each, true) !== program.note) continue;
    const offset = Number(programs.getBigUint64(each + program.offset, true));
    const length = Number(programs.getBigUint64(each + program.length, true));
    if (hasNote(read(file, offset, Math.min(length, 1 << 16)))) return true;
  }
  return false;
}

function hasNote(notes: DataView): boolean {
  const aligned = (length: number): number => Math.ceil(length / 4) * 4;
  for (let at = 0; at + 12 <= notes.byteLength;) {
    const [name, description, type] = [0, 4, 8].map((field) => notes.getUint32(at + field, true));
    if (name === undefined || description === undefined) return false;
    const bytes = new Uint8Array(notes.buffer, notes.byteOffset + at + 12).subarray(0, name);
    if (type === pvhEntry.type && new TextDecoder().decode(bytes) === pvhEntry.name) return true;
    at += 12 + aligned(name) + aligned(description);
  }
  return false;
}

/** Reads bytes of a file, or as many of them as there are. */
function read(file: Deno.FsFile, from: number, length: number): DataView {
  const bytes = new Uint8Array(length);
  file.seekSync(from, Deno.SeekMode.Start);
  let done = 0;
  for (let got: number | null = 0; done < length && got !== null; done += got ?? 0) {
    got = file.readSync(bytes.subarray(done));
  }
  return new DataView(bytes.buffer, 0, done);
}
