/**
 * The device that is given away: what it is, and why it must not be destroyed.
 *
 * @module
 */
import { Abi, checked, cString, Falloc, libc, Open, readKernelFile } from "../drive/libc.ts";

/** A device or file that may be destroyed. */
interface ScratchDevice {
  readonly path: string;
  readonly bytes: number;
}

const fileType = { mask: 0o170000, block: 0o060000, regular: 0o100000 } as const;

/** Where the table of partitions of a PC lies, its signature, and its four entries. */
const table = { signature: 510, entries: 446, entryLength: 16, type: 4 } as const;

/** The signature of a GUID partition table. */
const guid = { offset: 512, text: "EFI PART" } as const;

const endOfFile = 2;

/** The device at a path, or a sentence: why it is none that may be destroyed. */
export function scratchDevice(path: string): ScratchDevice | string {
  const status = new DataView(new ArrayBuffer(256));
  if (libc.statx(-100, cString(path), 0, Abi.STATX_BASIC, new Uint8Array(status.buffer)) !== 0) {
    return `${path}: expected a block device or a file`;
  }
  const type = status.getUint16(28, true) & fileType.mask;
  if (type !== fileType.block && type !== fileType.regular) {
    return `${path}: expected a block device or a file`;
  }
  if (type === fileType.regular && loopOver(path) !== undefined) {
    return `${path}: ${loopOver(path)} is attached to it`;
  }
  // The kernel refuses an exclusive open of what is mounted, swapped to, or a part of another device.
  const exclusively = type === fileType.block ? Open.EXCL : 0;
  const fd = checked(libc.open(cString(path), Open.RDWR | Open.CLOEXEC | exclusively, 0));
  if (typeof fd === "string") {
    return fd === "EBUSY" ? `${path}: it is mounted or in use` : `${path}: ${fd}`;
  }
  const bytes = Number(libc.lseek(fd, 0n, endOfFile));
  const head = new Uint8Array(1024);
  libc.pread(fd, Deno.UnsafePointer.of(head), BigInt(head.length), 0n);
  libc.close(fd);
  return isPartitioned(head) ? `${path}: it has partitions` : { path, bytes };
}

/**
 * Makes the first bytes of a device or file zeros, if it can: an image then has nothing but what mkfs and
 * the file system have written, and is soon made.
 */
export function clear(path: string, bytes: number): void {
  const fd = checked(libc.open(cString(path), Open.RDWR | Open.CLOEXEC, 0));
  if (typeof fd === "string") return;
  const ways = [Falloc.PUNCH_HOLE, Falloc.ZERO_RANGE];
  ways.some((way) => libc.fallocate(fd, way | Falloc.KEEP_SIZE, 0n, BigInt(bytes)) === 0);
  libc.close(fd);
}

/** The loop device over a file, if there is one. */
function loopOver(path: string): string | undefined {
  const real = Deno.realPathSync(path);
  for (let number = 0; number < mostLoops; number++) {
    const backing = readKernelFile(`/sys/block/loop${number}/loop/backing_file`);
    if (backing?.trimEnd() === real) return `/dev/loop${number}`;
  }
  return undefined;
}

const mostLoops = 256;

/** True if the first sectors have a table of partitions that is not empty. */
function isPartitioned(head: Uint8Array<ArrayBuffer>): boolean {
  const view = new DataView(head.buffer);
  const name = new TextDecoder().decode(head.subarray(guid.offset, guid.offset + guid.text.length));
  if (name === guid.text) return true;
  if (view.getUint16(table.signature, true) !== 0xaa55) return false;
  const entries = Array.from({ length: 4 }, (_, at) => table.entries + at * table.entryLength);
  const isEntry = (at: number): boolean => [0, 0x80].includes(head[at] ?? 1);
  return entries.every(isEntry) && entries.some((at) => head[at + table.type] !== 0);
}
