/**
 * Functions of fs/dax.c and those that it calls: what mkclean visited, what was worked on or deleted.
 *
 * @module
 */
import { entryDeleted } from "../translate/naming.ts";
import { lastVisitVacant, visited, worksOnEntry } from "../translate/writeback.ts";
import type { ProbeRow } from "./row.ts";

/** Probes on DAX writeback and removal. */
export const daxProbes: readonly ProbeRow[] = [
  {
    function: "pfn_mkclean_range",
    arguments: "vm_start, vm_end",
    lines: "visits",
    kernels: "6.1 to 7.2",
    event: "mkclean: the pass visited this VMA",
    entered: ({ translation, task, record: { args } }) => {
      const start = Number(args["vm_start"]);
      const end = Number(args["vm_end"]);
      const known = Number.isFinite(start) && Number.isFinite(end);
      visited(translation, task, "vma", known ? { kind: "vma", start, end } : undefined);
    },
  },
  {
    function: "follow_invalidate_pte",
    arguments: "addr",
    lines: "visits",
    kernels: "5.10",
    event: "mkclean: the pass visited what is mapped here",
    entered: ({ translation, task, record: { args } }) => {
      const address = Number(args["addr"]);
      const visit = { kind: "address", address, vacant: false } as const;
      visited(translation, task, "address", Number.isFinite(address) ? visit : undefined);
    },
    // -EINVAL: no PTE and no PMD maps the address.
    returned: ({ task, record: { args } }) => {
      if (Number(args["ret"]) < 0) lastVisitVacant(task);
    },
  },
  {
    function: "dax_flush",
    arguments: "none",
    lines: undefined,
    kernels: "5.10 to 7.2",
    event: "none: the pass works on an entry",
    entered: ({ task }) => worksOnEntry(task),
  },
  {
    function: "dax_delete_mapping_entry",
    arguments: "index",
    lines: "removals",
    kernels: "5.10 to 7.2",
    event: "remove_entry",
    entered: ({ translation, task, record }) => {
      const pgoff = Number(record.args["index"]);
      if (Number.isSafeInteger(pgoff)) entryDeleted(translation, task, record, pgoff);
    },
  },
];
