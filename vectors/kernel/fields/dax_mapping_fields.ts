/**
 * Fields of `dax_insert_mapping` and `dax_pmd_insert_mapping`. They fire on 5.10 alone: 6.1 and 6.12
 * define them and never emit them, 6.18 has removed them.
 *
 * @module
 */

import { device, exactNumber, roundedNumber, virtualAddress } from "./field_text.ts";

/** An entry is in the mapping, and the page table entry is about to be made. */
interface DaxInsertMapping {
  readonly dev: string;
  readonly ino: number;
  readonly shared: boolean;
  readonly write: boolean;
  readonly address: number | string;
  /** The XArray entry as printed, a value entry: `0x920005`. */
  readonly radixEntry: string;
}

/** The same for 2 MiB. */
interface DaxPmdInsertMapping extends DaxInsertMapping {
  /** Bytes. */
  readonly length: number;
  readonly pfn: number;
}

const INSERT =
  /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) (shared|private) (write|read) address (0x[0-9a-f]+|0) (?:length (0x[0-9a-f]+|0) pfn (0x[0-9a-f]+|0) \S* )?radix_entry (0x[0-9a-f]+|0)$/;

/** Decodes an insertion of one page; undefined if `body` has not its shape. */
export function daxInsertMapping(body: string): DaxInsertMapping | undefined {
  const match = INSERT.exec(body);
  return match === null || match[7] !== undefined ? undefined : insertion(match);
}

/** Decodes an insertion of 2 MiB; undefined if `body` has not its shape. */
export function daxPmdInsertMapping(body: string): DaxPmdInsertMapping | undefined {
  const match = INSERT.exec(body);
  if (match === null) return undefined;
  const inserted = insertion(match);
  const length = roundedNumber(match[7] ?? "");
  const pfn = exactNumber(match[8] ?? "");
  if (inserted === undefined || length === undefined || pfn === undefined) return undefined;
  return { ...inserted, length, pfn };
}

function insertion(match: RegExpExecArray): DaxInsertMapping | undefined {
  const [, major = "", minor = "", inode = "", sharing, access, address = ""] = match;
  const ino = exactNumber(inode);
  if (ino === undefined) return undefined;
  return {
    dev: device(major, minor),
    ino,
    shared: sharing === "shared",
    write: access === "write",
    address: virtualAddress(address),
    radixEntry: match[9] ?? "",
  };
}
