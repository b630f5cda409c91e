/**
 * System D: several tasks fsync one file at the same time (chapter 4).
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import type { Bounds } from "../state.ts";
import { task } from "./calls.ts";
import { fsync, type SyncVariant } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { removal } from "./dax_removal.ts";
import { pmdVma, smallVma, startDirty, storer } from "./cleaning.ts";

/** Two entries of a page each, mapped by two processes. */
const pteVmas: readonly Vma[] = [{ mapping: 0, from: 0, to: 2 }, { mapping: 1, from: 0, to: 2 }];

type World = Pick<Design, "system" | "bounds" | "start" | "actors">;

function syncers(
  bounds: Bounds,
  first: number,
  count: number,
  vmas: readonly Vma[],
  variant: SyncVariant,
): readonly Actor[] {
  return Array.from(
    { length: count },
    (_, index) =>
      task(`fsync ${index + 1}`, first + index, fsync(bounds, first + index, vmas, variant)),
  );
}

/** Two entries; P1 stores to both and to the first again, P2 to the second; two callers. */
function twoEntries(variant: SyncVariant): World {
  const bounds: Bounds = { pages: 2, pmdPages: 1, mappings: 2, tasks: 4, locals: 1 };
  const [first, second] = pteVmas;
  if (first === undefined || second === undefined) throw new RangeError("two VMAs");
  return {
    system: "D",
    bounds,
    start: ({ extent }) => extent.fill(Extent.MAPPED),
    actors: [
      storer(bounds, "P1 store", 0, first, 0, 1, 0),
      storer(bounds, "P2 store", 1, second, 1),
      ...syncers(bounds, 2, 2, pteVmas, variant),
    ],
  };
}

/** Two entries; one process stores to both and to the first again; three callers. */
function threeCallers(variant: SyncVariant): World {
  const bounds: Bounds = { pages: 2, pmdPages: 1, mappings: 1, tasks: 4, locals: 1 };
  const vma: Vma = { mapping: 0, from: 0, to: 2 };
  return {
    system: "D",
    bounds,
    start: ({ extent }) => extent.fill(Extent.MAPPED),
    actors: [
      storer(bounds, "P1 store", 0, vma, 0, 1, 0),
      ...syncers(bounds, 1, 3, [vma], variant),
    ],
  };
}

/** One entry of a page that two processes store to; one caller. */
function oneCaller(variant: SyncVariant): World {
  const bounds: Bounds = { pages: 1, pmdPages: 1, mappings: 2, tasks: 3, locals: 1 };
  const vmas: readonly Vma[] = [{ mapping: 0, from: 0, to: 1 }, { mapping: 1, from: 0, to: 1 }];
  const [first, second] = vmas;
  if (first === undefined || second === undefined) throw new RangeError("two VMAs");
  const call = fsync(bounds, 2, vmas, variant);
  return {
    system: "D",
    bounds,
    start: ({ extent }) => extent.fill(Extent.MAPPED),
    actors: [
      storer(bounds, "P1 store", 0, first, 0, 0),
      storer(bounds, "P2 store", 1, second, 0),
      task("fsync", 2, call, call),
    ],
  };
}

/** One PMD entry that two processes store through, one by a PTE; two callers. */
function onePmd(variant: SyncVariant): World {
  const bounds: Bounds = { pages: 2, pmdPages: 2, mappings: 2, tasks: 4, locals: 1 };
  return {
    system: "D",
    bounds,
    start: startDirty,
    actors: [
      storer(bounds, "A store", 0, pmdVma, 0),
      storer(bounds, "B store", 1, smallVma, 1, 1),
      ...syncers(bounds, 2, 2, [pmdVma, smallVma], variant),
    ],
  };
}

/** Two entries, two callers, and somebody who punches the first and truncates the second. */
function withRemovals(variant: SyncVariant): World {
  const bounds: Bounds = { pages: 2, pmdPages: 1, mappings: 1, tasks: 4, locals: 1, rwsems: 1 };
  const vma: Vma = { mapping: 0, from: 0, to: 2 };
  return {
    system: "D",
    bounds,
    start: ({ extent }) => extent.fill(Extent.MAPPED),
    actors: [
      storer(bounds, "P1 store", 0, vma, 0, 1),
      ...syncers(bounds, 1, 2, [vma], variant),
      task(
        "remove",
        3,
        removal({ bounds, task: 3, why: "punch", from: 0, to: 1 }, [vma]),
        removal({ bounds, task: 3, why: "truncate", from: 1, to: 2 }, [vma]),
      ),
    ],
  };
}

interface Proposal {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly variant: SyncVariant;
  /** What it breaks where several call. */
  readonly breaks: readonly string[];
}

const proposals: readonly Proposal[] = [
  {
    id: "D0",
    title: "fsync flushes and then clears TOWRITE",
    source: "9973c98ecfda (v4.5 to v4.9)",
    variant: {
      mkclean: "none",
      order: "flush",
      clearsTowrite: "after flush",
      locksNothing: true,
    },
    breaks: ["DUR-1"],
  },
  {
    id: "D3",
    title: "whoever locks an entry clears TOWRITE",
    source: "4b4bb46d00b3 (v4.10), until passes ceased to wait (D21)",
    variant: {},
    breaks: ["DAX-WAIT-1", "DUR-1"],
  },
  {
    id: "D8",
    title: "TOWRITE is cleared together with DIRTY",
    source: "proposed in spec/4-mkclean.md",
    variant: { clearsTowrite: "with DIRTY" },
    breaks: [],
  },
  {
    id: "D9",
    title: "a walk waits for whatever is DIRTY and locked",
    source: "proposed in spec/4-mkclean.md",
    variant: { waitsForLocked: true },
    breaks: [],
  },
  {
    id: "D10",
    title: "a WRITEBACK mark for which every caller waits, as in the page cache",
    source: "proposed in spec/4-mkclean.md",
    variant: { marksWriteback: true },
    breaks: [],
  },
];

/** Why D0 is not asked how it cleans. */
const neverClean: Readonly<Record<string, string>> = {
  "DAX-CLEAN-1": "DIRTY is never cleared: there is no pass to hold together",
  "DAX-WAIT-1": "DIRTY is never cleared: what a call must have seen done, DUR-1 says",
};

function inWorld(
  { id, title, source, variant, breaks }: Proposal,
  suffix: string,
  world: string,
  make: (variant: SyncVariant) => World,
): Design {
  return {
    id: `${id}-${suffix}`,
    title: `${title}: ${world}`,
    source,
    ...make(variant),
    breaks,
    ...(variant.locksNothing === true ? { exempt: neverClean } : {}),
  };
}

const passesOver = "a pass goes on behind an entry that somebody holds";

/** What became of the wait for a locked entry, and what it takes from the proposals. */
const passingOver: readonly Proposal[] = [
  {
    id: "D21",
    title: passesOver,
    source: "5.10.262 to 7.2.12, fs/dax.c get_unlocked_entry(): xas_find_conflict()",
    variant: { passesOverLocked: true },
    breaks: ["DAX-WAIT-1", "DUR-1"],
  },
  {
    id: "D21-D8",
    title: `${passesOver}, and TOWRITE is cleared together with DIRTY`,
    source: "D8 without what it rests on",
    variant: { passesOverLocked: true, clearsTowrite: "with DIRTY" },
    breaks: ["DAX-WAIT-1", "DUR-1"],
  },
  {
    id: "D21-D10",
    title: `${passesOver}, and there is a WRITEBACK mark to wait for`,
    source: "D10 without what it rests on",
    variant: { passesOverLocked: true, marksWriteback: true },
    breaks: ["DAX-WAIT-1", "DUR-1"],
  },
];

const oneCallerTitle = "one caller, a fault on the same entry";

/** Each way of fsync with one caller and several, in each world. */
export const concurrentFsyncDesigns: readonly Design[] = [
  ...proposals.flatMap((proposal) => [
    ...(proposal.variant.locksNothing === true ? [] : [
      inWorld({ ...proposal, breaks: [] }, "fault", oneCallerTitle, oneCaller),
    ]),
    inWorld(proposal, "two", "two callers, two entries", twoEntries),
    ...(proposal.variant.locksNothing === true ? [] : [
      inWorld(proposal, "three", "three callers, two entries", threeCallers),
      inWorld(proposal, "pmd", "two callers, a PMD entry", onePmd),
      inWorld(proposal, "removal", "two callers, punch and truncate", withRemovals),
    ]),
  ]),
  ...passingOver.flatMap((proposal) => [
    inWorld(proposal, "fault", oneCallerTitle, oneCaller),
    inWorld(proposal, "pmd", "two callers, a PMD entry", onePmd),
  ]),
];
