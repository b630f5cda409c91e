/**
 * Fields of the fs_dax events that a fault emits (include/trace/events/fs_dax.h).
 *
 * @module
 */

import type { TraceHeader } from "../record.ts";
import {
  type FaultFlag,
  faultFlags,
  type FaultResult,
  faultResult,
  type Flags,
} from "./fault_flags.ts";
import { device, exactNumber, roundedNumber, virtualAddress } from "./field_text.ts";

/**
 * `dax_pte_fault`, `dax_pte_fault_done`, `dax_load_hole`, `dax_insert_pfn_mkwrite`,
 * `dax_insert_pfn_mkwrite_no_entry`: a fault on one page.
 */
interface DaxPteFault {
  readonly dev: string;
  readonly ino: number;
  /** False for a private mapping. */
  readonly shared: boolean;
  readonly flags: Flags<FaultFlag>;
  /** `vmf->address`: of user space, aligned to the page. */
  readonly address: number | string;
  /** Pages from the start of the file. */
  readonly pgoff: number;
  /** 0, the empty set, where the fault only begins. */
  readonly result: Flags<FaultResult> | "unknown";
}

/** `dax_pmd_fault`, `dax_pmd_fault_done`: an attempt at 2 MiB; `pgoff` is of the faulting page. */
interface DaxPmdFault extends DaxPteFault {
  /** First byte of the VMA. */
  readonly vmStart: number | string;
  /** First byte behind the VMA. */
  readonly vmEnd: number | string;
  /** Pages of the file, by its size. */
  readonly maxPgoff: number;
}

/** `dax_pmd_load_hole`, `dax_pmd_load_hole_fallback`: a huge zero folio over a hole, or the lack of one. */
interface DaxPmdLoadHole {
  readonly dev: string;
  readonly ino: number;
  readonly shared: boolean;
  readonly address: number | string;
  /** The zero page's or folio's address as printed, hashed by the kernel; `zero_page` up to 6.1. */
  readonly zero: string;
  readonly radixEntry: string;
}

const PTE =
  /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) (shared|private) (\S*) address (0x[0-9a-f]+|0) pgoff (0x[0-9a-f]+|0)(?: (\S*))?$/;
const PMD =
  /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) (shared|private) (\S*) address (0x[0-9a-f]+|0) vm_start (0x[0-9a-f]+|0) vm_end (0x[0-9a-f]+|0) pgoff (0x[0-9a-f]+|0) max_pgoff (0x[0-9a-f]+|0)(?: (\S*))?$/;
const PMD_HOLE =
  /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) (shared|private) address (0x[0-9a-f]+|0) zero_(?:page|folio) (\S+) radix_entry (0x[0-9a-f]+|0)$/;

/** Decodes a fault on one page; undefined if `body` has not its shape. */
export function daxPteFault(body: string, format: TraceHeader["format"]): DaxPteFault | undefined {
  const match = PTE.exec(body);
  if (match === null) return undefined;
  const [
    ,
    major = "",
    minor = "",
    inode = "",
    sharing,
    flags = "",
    address = "",
    page = "",
    result,
  ] = match;
  const ino = exactNumber(inode);
  const pgoff = roundedNumber(page);
  if (ino === undefined || pgoff === undefined) return undefined;
  return {
    dev: device(major, minor),
    ino,
    shared: sharing === "shared",
    flags: faultFlags(flags),
    address: virtualAddress(address),
    pgoff,
    result: faultResult(result ?? "", format),
  };
}

/** Decodes an attempt at 2 MiB; undefined if `body` has not its shape. */
export function daxPmdFault(body: string, format: TraceHeader["format"]): DaxPmdFault | undefined {
  const match = PMD.exec(body);
  if (match === null) return undefined;
  const [, major = "", minor = "", inode = "", sharing, flags = "", address = ""] = match;
  const [, , , , , , , vmStart = "", vmEnd = "", page = "", maxPage = "", result] = match;
  const ino = exactNumber(inode);
  const pgoff = roundedNumber(page);
  const maxPgoff = roundedNumber(maxPage);
  if (ino === undefined || pgoff === undefined || maxPgoff === undefined) return undefined;
  return {
    dev: device(major, minor),
    ino,
    shared: sharing === "shared",
    flags: faultFlags(flags),
    address: virtualAddress(address),
    vmStart: virtualAddress(vmStart),
    vmEnd: virtualAddress(vmEnd),
    pgoff,
    maxPgoff,
    result: faultResult(result ?? "", format),
  };
}

/** Decodes a huge zero folio; undefined if `body` has not its shape. */
export function daxPmdLoadHole(body: string): DaxPmdLoadHole | undefined {
  const match = PMD_HOLE.exec(body);
  if (match === null) return undefined;
  const [, major = "", minor = "", inode = "", sharing, address = "", zero = "", radixEntry = ""] =
    match;
  const ino = exactNumber(inode);
  if (ino === undefined) return undefined;
  return {
    dev: device(major, minor),
    ino,
    shared: sharing === "shared",
    address: virtualAddress(address),
    zero,
    radixEntry,
  };
}
