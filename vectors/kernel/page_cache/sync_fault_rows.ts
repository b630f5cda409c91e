/**
 * Lines of faults in MAP_SYNC mappings: VM_FAULT_NEEDDSYNC, and the page made writable after it.
 *
 * @module
 */
import type { Order } from "../../../model/xarray.ts";
import {
  type DaxFault,
  daxPmdFault,
  daxPteFault,
  faultInBinary,
} from "../tracepoints/dax_faults.ts";
import type { Reading } from "./reading.ts";
import type { PageCacheRow } from "./row.ts";

type Reads = "fault" | "mapped";

function row(source: string, says: string, order: Order, reads: Reads): PageCacheRow {
  const decode = order === "pmd" ? daxPmdFault : daxPteFault;
  return {
    source,
    words: "dev ino address pgoff result",
    says,
    anchor: reads === "fault" ? "inside" : "after",
    versions: "5.10 to 7.3",
    readBody: (body) => {
      // Nearly every fault ends without, and every one of DAX comes through here.
      if (reads === "fault" && !mayNeedSync(body)) return "nothing";
      return readingOf(decode(body, "ftrace"), reads);
    },
    binary: (layout) => {
      const read = faultInBinary(order)(layout);
      return read && ((event) => readingOf(read(event), reads));
    },
  };
}

/** True if the result, the last word, has that name among others, or is a number. */
function mayNeedSync(body: string): boolean {
  const result = body.lastIndexOf(" ");
  return body.includes("NEEDDSYNC", result) || body.includes("0x", result);
}

function readingOf(fault: DaxFault | undefined, reads: Reads): Reading | "nothing" {
  // What another printer makes of it is read where DAX is judged.
  if (fault === undefined || fault.result === "unknown") return "nothing";
  const { file, address, pgoff, result } = fault;
  if (reads === "fault") {
    if (!result.has("NEEDDSYNC")) return "nothing";
    return { kind: "fault_needs_sync", file, address, pgoff };
  }
  return result.has("NOPAGE") ? { kind: "sync_fault_mapped", file, pgoff } : "nothing";
}

const needs = "if it ended with NEEDDSYNC, the mapping is synchronous: a sync call comes next";
const mapped = "if it ended with NOPAGE, a page of a synchronous mapping is writable";

/** The lines of such faults. */
export const syncFaultRows: readonly PageCacheRow[] = [
  row("dax_pte_fault_done", needs, "pte", "fault"),
  row("dax_pmd_fault_done", needs, "pmd", "fault"),
  row("dax_insert_pfn_mkwrite", mapped, "pte", "mapped"),
];
