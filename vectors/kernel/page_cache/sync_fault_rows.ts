/**
 * Lines of faults in MAP_SYNC mappings: VM_FAULT_NEEDDSYNC, and the page made writable after it.
 *
 * @module
 */
import { daxPmdFault, daxPteFault } from "../tracepoints/dax_faults.ts";
import type { PageCacheRow } from "./row.ts";

function row(
  source: string,
  says: string,
  decode: typeof daxPteFault,
  reads: "fault" | "mapped",
): PageCacheRow {
  return {
    source,
    words: "dev ino address pgoff result",
    says,
    anchor: reads === "fault" ? "inside" : "after",
    versions: "5.10 to 7.3",
    read: (_words, body) => {
      const fault = decode(body, "ftrace");
      // What another printer makes of it is read where DAX is judged.
      if (fault === undefined || fault.result === "unknown") return "nothing";
      const { file, address, pgoff, result } = fault;
      if (reads === "fault") {
        if (!result.has("NEEDDSYNC")) return "nothing";
        return { kind: "fault_needs_sync", file, address, pgoff };
      }
      return result.has("NOPAGE") ? { kind: "sync_fault_mapped", file, pgoff } : "nothing";
    },
  };
}

const needs = "if it ended with NEEDDSYNC, the mapping is synchronous: a sync call comes next";
const mapped = "if it ended with NOPAGE, a page of a synchronous mapping is writable";

/** The lines of such faults. */
export const syncFaultRows: readonly PageCacheRow[] = [
  row("dax_pte_fault_done", needs, daxPteFault, "fault"),
  row("dax_pmd_fault_done", needs, daxPmdFault, "fault"),
  row("dax_insert_pfn_mkwrite", mapped, daxPteFault, "mapped"),
];
