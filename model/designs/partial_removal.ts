/**
 * System D: a part of a DIRTY PMD entry is punched, zeroed or truncated (chapter 4).
 *
 * @module
 */
import type { Design } from "../design.ts";
import type { Bounds } from "../state.ts";
import { task } from "./calls.ts";
import { fsync, type SyncVariant } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { removal, type RemovalVariant, type Removed } from "./dax_removal.ts";
import type { Fault } from "./fault.ts";
import { pmdVma, startDirty, storer } from "./cleaning.ts";
import { pmdFault } from "./pmd_fault.ts";
import { pteFault } from "./pte_fault.ts";
import { loadFrom } from "./store.ts";

type World = Pick<Design, "system" | "bounds" | "start" | "actors">;

/** A process that stored through its PMD and stores again, while it removes, and then fsyncs. */
function oneProcess(variant: RemovalVariant, why: Removed["why"] = "punch"): World {
  const bounds: Bounds = { pages: 2, pmdPages: 2, mappings: 1, tasks: 2, locals: 1, rwsems: 1 };
  const [from, to, kept] = why === "truncate" ? [1, 2, 0] : [0, 1, 1];
  const vmas = [pmdVma];
  return {
    system: "D",
    bounds,
    start: startDirty,
    actors: [
      storer(bounds, "A store", 0, pmdVma, kept),
      task(
        "A remove, fsync",
        1,
        removal({ bounds, task: 1, why, from, to }, vmas, variant),
        fsync(bounds, 1, vmas, variant.sync),
      ),
    ],
  };
}

/** Two processes store to a page that stays, B through a PTE, while somebody else calls fsync. */
export function twoProcesses(variant: RemovalVariant, why: Removed["why"] = "punch"): World {
  const bounds: Bounds = { pages: 2, pmdPages: 2, mappings: 2, tasks: 4, locals: 1, rwsems: 1 };
  const [from, to, kept] = why === "truncate" ? [1, 2, 0] : [0, 1, 1];
  const vmas: readonly Vma[] = [pmdVma, { mapping: 1, from: kept, to: kept + 1 }];
  const [pmd, small] = vmas;
  if (pmd === undefined || small === undefined) throw new RangeError("two VMAs");
  const call = fsync(bounds, 3, vmas, variant.sync);
  return {
    system: "D",
    bounds,
    start: startDirty,
    actors: [
      storer(bounds, "A store", 0, pmd, kept),
      storer(bounds, "B store", 1, small, kept, kept),
      task("remove", 2, removal({ bounds, task: 2, why, from, to }, vmas, variant)),
      task("fsync", 3, call, call),
    ],
  };
}

/** A process that stored through its PMD loads from the punched page; another one stores there. */
function useOfTheHole(variant: RemovalVariant): World {
  const bounds: Bounds = { pages: 2, pmdPages: 2, mappings: 2, tasks: 3, locals: 1, rwsems: 1 };
  const head: Vma = { mapping: 1, from: 0, to: 1 };
  const vmas = [pmdVma, head];
  const load: Fault = { bounds, task: 0, mapping: 0, page: 0, access: "read" };
  return {
    system: "D",
    bounds,
    start: startDirty,
    actors: [
      task("A load", 0, loadFrom(0, 0, pmdFault(load, pteFault(load)))),
      storer(bounds, "B store", 1, head, 0),
      task(
        "remove",
        2,
        removal({ bounds, task: 2, why: "punch", from: 0, to: 1 }, vmas, variant),
      ),
    ],
  };
}

const merged = "fs/dax.c dax_delete_mapping_entry()";
const proposed = "proposed in spec/4-mkclean.md";
const withDirty: SyncVariant = { clearsTowrite: "with DIRTY" };

/** The designs, as merged and as proposed. */
export const partialRemovalDesigns: readonly Design[] = [
  {
    id: "D11",
    title: "punching a part of a PMD entry deletes the entry, DIRTY mark and all",
    source: `${merged}, 6.12 on ext4; since 6.15 see D16-part`,
    ...oneProcess({}),
    breaks: ["DAX-TAG-4", "DUR-1"],
  },
  {
    id: "D11-zero",
    title: "zeroing a part of a PMD entry deletes the entry, DIRTY mark and all",
    source: `${merged}, 5.10 to 6.12 on ext4`,
    ...oneProcess({}, "zero_range"),
    breaks: ["DAX-TAG-4", "DUR-1"],
  },
  {
    id: "D11-truncate",
    title: "truncating within a PMD entry deletes the entry, DIRTY mark and all",
    source: `${merged}, 5.10 to 6.12 on ext4, 6.12 on XFS`,
    ...oneProcess({}, "truncate"),
    breaks: ["DAX-TAG-4", "DUR-1"],
  },
  {
    id: "D11-two",
    title:
      "the same punch with nothing unmapped but its range, and another process maps what stays",
    source: `${merged}, before v4.18 (XFS) and v4.19 (ext4): no layouts are broken`,
    ...twoProcesses({}),
    breaks: ["DAX-ENTRY-4", "DAX-EMPTY-1", "DAX-TAG-4", "DUR-1"],
  },
  {
    id: "D11-unmap",
    title:
      "the same with the whole file unmapped, as breaking layouts does before it waits for pins",
    source: `${merged}, 6.12 on ext4`,
    ...twoProcesses({ unmapsWholeFile: true }),
    breaks: ["DAX-TAG-4", "DUR-1"],
  },
  {
    id: "D12",
    title: "entries are written back under invalidate_lock, then deleted",
    source: proposed,
    ...oneProcess({ writesBack: "locked" }),
    breaks: [],
  },
  {
    id: "D12-truncate",
    title: "entries are written back under invalidate_lock, then the file is cut",
    source: proposed,
    ...oneProcess({ writesBack: "locked" }, "truncate"),
    breaks: [],
  },
  {
    id: "D12-two",
    title:
      "the same with nothing unmapped but the range, another process, and somebody else's fsync",
    source: proposed,
    ...twoProcesses({ writesBack: "locked" }),
    breaks: ["DAX-ENTRY-4", "DAX-EMPTY-1", "DAX-WAIT-1", "DUR-1"],
  },
  {
    id: "D12-unmap",
    title: "the same with the whole file unmapped: the removal and fsync still race",
    source: proposed,
    ...twoProcesses({ writesBack: "locked", unmapsWholeFile: true }),
    breaks: ["DAX-WAIT-1", "DUR-1"],
  },
  {
    id: "D12-D8",
    title: "the same, and whoever writes back clears TOWRITE together with DIRTY",
    source: proposed,
    ...twoProcesses({ writesBack: "locked", unmapsWholeFile: true, sync: withDirty }),
    breaks: [],
  },
  {
    id: "D12-D8-truncate",
    title: "the same for truncate",
    source: proposed,
    ...twoProcesses(
      { writesBack: "locked", unmapsWholeFile: true, sync: withDirty },
      "truncate",
    ),
    breaks: [],
  },
  {
    id: "D13",
    title: "entries are written back before invalidate_lock is taken",
    source: "ext4 5.10 and 6.1, punch",
    ...oneProcess({ writesBack: "unlocked" }),
    breaks: ["DAX-TAG-4", "DUR-1"],
  },
  {
    id: "D14",
    title: "the PMD entry is split and keeps its marks on the pages that stay",
    source: proposed,
    ...twoProcesses({ partial: "split" }),
    breaks: [],
  },
  {
    id: "D14-truncate",
    title: "the same for truncate",
    source: proposed,
    ...twoProcesses({ partial: "split" }, "truncate"),
    breaks: [],
  },
  {
    id: "D14-hole",
    title: "the same, and the hole is loaded from and stored to",
    source: proposed,
    ...useOfTheHole({ partial: "split" }),
    breaks: [],
  },
  {
    id: "D15",
    title: "an entry that the range does not cover stays as it is",
    source: proposed,
    ...oneProcess({ partial: "kept" }),
    breaks: ["DAX-ENTRY-3"],
  },
  {
    id: "D15-hole",
    title: "the same, and the hole is loaded from and stored to",
    source: proposed,
    ...useOfTheHole({ partial: "kept" }),
    breaks: ["DAX-HOLE-1", "DAX-HOLE-3", "DAX-HOLE-4", "DAX-ENTRY-3"],
  },
];
