/**
 * Numbers and identities as tracepoints print them.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { fileId } from "../file_ids.ts";

/** `259:0`, as most events print a device, or ext4's `259,0`, and an inode number. */
export function fileOf(major: string, minor: string, inode: string): FileId | undefined {
  const ino = exactNumber(inode);
  return ino === undefined ? undefined : fileId(`${major}:${minor}`, ino);
}

/** The file of a device and an inode number; undefined without a device, or beyond 2^53. */
export function fileAt(dev: string | undefined, ino: number): FileId | undefined {
  return dev === undefined || !Number.isSafeInteger(ino) ? undefined : fileId(dev, ino);
}

/**
 * A whole number, hexadecimal with 0x (trace-cmd prints a bare 0) or decimal; undefined where a
 * number cannot hold it exactly. For identities such as an inode number, which must not be rounded:
 * two inodes would become one.
 */
export function exactNumber(text: string): number | undefined {
  const value = Number(text);
  return text !== "" && Number.isSafeInteger(value) ? value : undefined;
}

/**
 * A position or length in bytes or pages. Beyond 2^53 it is rounded to the nearest double: such
 * values only say "to the end" (0x7fffffffffffffff), no file is that long.
 */
export function roundedNumber(text: string): number | undefined {
  const value = Number(text);
  return text !== "" && !Number.isNaN(value) ? value : undefined;
}

/**
 * A virtual address. Addresses of user space fit a number; a kernel address does not, and may be
 * printed as a symbol: it stays text.
 */
export function virtualAddress(text: string): number | string {
  return exactNumber(text) ?? text;
}

/** `0x1f`. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
