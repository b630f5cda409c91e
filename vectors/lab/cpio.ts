/**
 * Archives that the kernel unpacks into its first file system.
 *
 * Source: Documentation/driver-api/early-userspace/buffer-format.rst, the format "newc".
 *
 * @module
 */

/** A file or folder of an archive. */
export interface ArchiveEntry {
  /** Without a leading slash. */
  readonly path: string;
  /** Type and permissions, as in struct stat. */
  readonly mode: number;
  readonly data?: Uint8Array;
}

/** Modes of what an archive of ours has. */
export const Mode = { folder: 0o040755, program: 0o100755, file: 0o100644 } as const;

const trailer = "TRAILER!!!";

/** The parts of an archive, one after the other. Folders must come before what is in them. */
export function archiveParts(entries: readonly ArchiveEntry[]): readonly Uint8Array[] {
  const all = [...entries, { path: trailer, mode: 0 }];
  return all.flatMap((entry, number) => parts(entry, number + 1));
}

function parts({ path, mode, data = new Uint8Array() }: ArchiveEntry, inode: number) {
  const name = new TextEncoder().encode(`${path}\0`);
  const links = (mode & 0o170000) === 0o040000 ? 2 : 1;
  const [owner, group, time, device] = [0, 0, 0, 0];
  const numbers = [
    ...[inode, mode, owner, group, links, time, data.length],
    ...[device, device, device, device, name.length, 0],
  ];
  const text = numbers.map((each) => each.toString(16).toUpperCase().padStart(8, "0")).join("");
  const header = new TextEncoder().encode(`070701${text}`);
  return [
    ...[header, name, padding(header.length + name.length)],
    ...[data, padding(data.length)],
  ];
}

/** Zeros up to a multiple of four bytes. */
function padding(length: number): Uint8Array {
  return new Uint8Array((4 - length % 4) % 4);
}
