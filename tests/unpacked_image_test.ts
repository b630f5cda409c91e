/**
 * What is packed in a bzImage, and whether QEMU can start it as it is.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { payloadOf } from "../vectors/lab/boot_image.ts";
import { unpackedImage } from "../vectors/lab/unpacked_image.ts";
import { withFolder } from "./driven_folder.ts";

/** A bzImage with this in it; a payload that does not end with its length has that after it. */
function bzImage(packed: Uint8Array, sectors: number, length = 4): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(0x4000 + packed.length + length);
  const view = new DataView(image.buffer);
  const at = 0x3000;
  image.set(new TextEncoder().encode("HdrS"), 0x202);
  view.setUint8(0x1f1, sectors);
  view.setUint16(0x206, 0x20f, true);
  view.setUint32(0x248, at - (sectors + 1) * 512, true);
  view.setUint32(0x24c, packed.length + length, true);
  image.set(packed, at);
  return image;
}

/** An ELF file whose second program header is of notes: one of somebody else's, and this one. */
function kernel(name: string, type: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(0x200);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x464c457f, true);
  view.setBigUint64(0x20, 0x40n, true);
  view.setUint16(0x36, 0x38, true);
  view.setUint16(0x38, 2, true);
  view.setUint32(0x78, 4, true);
  view.setBigUint64(0x80, 0x100n, true);
  view.setBigUint64(0x98, 0x38n, true);
  const note = (at: number, of: string, kind: number): void => {
    view.setUint32(at, 4, true);
    view.setUint32(at + 4, 8, true);
    view.setUint32(at + 8, kind, true);
    file.set(new TextEncoder().encode(of), at + 12);
  };
  note(0x100, "GNU\0", 3);
  note(0x118, name, type);
  return file;
}

Deno.test("what is packed in a bzImage is found wherever its header says", () => {
  const packed = fc.constantFrom("1f8b", "fd377a585a00", "28b52ffd").chain((magic) =>
    fc.uint8Array({ minLength: 8, maxLength: 99 }).map((bytes) => {
      bytes.setFromHex(magic);
      return bytes;
    })
  );
  fc.assert(fc.property(packed, fc.integer({ min: 1, max: 20 }), (bytes, sectors) => {
    const isGzip = bytes[0] === 0x1f;
    const payload = payloadOf(bzImage(bytes, sectors, isGzip ? 0 : 4));
    assertEquals(payload?.bytes, bytes);
    assertEquals(payload?.packing, isGzip ? "gzip" : bytes[0] === 0xfd ? "xz" : "zstd");
  }));
  assertEquals(payloadOf(bzImage(new Uint8Array(9), 4)), undefined, "packed in another way");
  assertEquals(payloadOf(new Uint8Array(0x2000)), undefined, "no bzImage");
});

Deno.test("a kernel is booted unpacked if it has a PVH entry, and else as it is", async () => {
  await withFolder(async (folder) => {
    const unpacked = async (packed: Uint8Array, length: number) => {
      const image = `${folder}/bzImage`;
      await Deno.writeFile(image, bzImage(packed, 4, length));
      using file = await unpackedImage(image, folder);
      if (file === undefined) return undefined;
      const bytes = new Uint8Array(file.file.statSync().size);
      file.file.seekSync(0, Deno.SeekMode.Start);
      file.file.readSync(bytes);
      return bytes;
    };
    const [pvh, other] = [kernel("Xen\0", 18), kernel("Xen\0", 6)];
    assertEquals(await unpacked(gzipSync(pvh), 0), pvh);
    assertEquals(await unpacked(zstdCompressSync(pvh), 4), pvh);
    assertEquals(await unpacked(gzipSync(other), 0), undefined);
    assertEquals(await unpacked(gzipSync(kernel("GNU\0", 18)), 0), undefined);
    assertEquals(await unpacked(gzipSync(pvh.subarray(0, 0x110)), 0), undefined, "cut off");
    assertEquals(await unpacked(gzipSync(pvh).subarray(0, 40), 0), undefined, "cannot be unpacked");
    assert([...Deno.readDirSync(folder)].every(({ name }) => name === "bzImage"));
  });
});
