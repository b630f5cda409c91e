/**
 * The iomap event that shows write(2) on DAX files (fs/iomap/trace.h): neither fs/dax.c nor ext4 has one
 * of its own. Faults, truncates and punches fire it, too, with other flags.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { pageSize } from "../../../model/page_size.ts";
import { exactNumber, fileOf, roundedNumber } from "./field_text.ts";
import type { DaxRow } from "./row.ts";

/** `iomap_iter`: the file system is asked for the next range, and told what became of the last one. */
interface IomapIter {
  readonly file: FileId;
  /** Byte at which the last range began. */
  readonly pos: number;
  /** Bytes of it that are done, or a negative errno; undefined where the kernel does not print it. */
  readonly processed: number | undefined;
  /** IOMAP_* of include/linux/iomap.h. */
  readonly flags: number;
}

const WRITE = 0x1;
const ZERO = 0x2;
const FAULT = 0x8;
const UNSHARE = 0x80;
const DAX = 0x100;

// 5.10 and 6.1 print nothing of what is done, 6.18 and 7.2 a status.
const ITER =
  /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) pos (0x[0-9a-f]+|\d+) length \S+ (?:processed (-?\d+) |status \S+ )?flags .*\((0x[0-9a-f]+|0)\) ops .*$/;

/** Decodes `iomap_iter`; undefined if `body` has not its shape. */
function iomapIter(body: string): IomapIter | undefined {
  const [, major = "", minor = "", inode = "", at = "", done, bits = ""] = ITER.exec(body) ?? [];
  const file = fileOf(major, minor, inode);
  const pos = roundedNumber(at);
  const processed = done === undefined ? undefined : exactNumber(done);
  const flags = exactNumber(bits);
  if (file === undefined || pos === undefined || flags === undefined) return undefined;
  return { file, pos, processed, flags };
}

/** Lines of the group `iomap` that tell of DAX files. */
export const iomap: readonly DaxRow[] = [
  {
    source: "iomap_iter",
    words: "dev ino pos processed flags",
    events: "allocate, remove_entry, unmap_page of write(2)",
    anchor: "after",
    lines: undefined,
    versions: "6.12",
    readBody: (body) => {
      const iter = iomapIter(body);
      if (iter === undefined) return undefined;
      const { file, pos, processed = 0, flags } = iter;
      const writes = (flags & (WRITE | DAX)) === (WRITE | DAX);
      if (!writes || (flags & (ZERO | FAULT | UNSHARE)) !== 0 || processed <= 0) return "nothing";
      const from = Math.floor(pos / pageSize);
      const to = Math.ceil((pos + processed) / pageSize);
      return { kind: "pages_written", file, from, to };
    },
  },
];
