/**
 * System D: since v6.15 breaking layouts deletes every entry of the file, DIRTY or not, whatever is
 * removed; and what can be done about it (chapter 4).
 *
 * @module
 */
import type { Design } from "../design.ts";
import type { LayoutBreak } from "./break_layouts.ts";
import type { SyncVariant } from "./dax_fsync.ts";
import type { RemovalVariant } from "./dax_removal.ts";
import {
  collapse,
  fourTasks,
  grow,
  oneCaller,
  twoPmds,
  type UnnamedDesign,
  withPin,
} from "./layout_worlds.ts";
import { twoProcesses } from "./partial_removal.ts";

/** One way of breaking layouts. */
interface Proposal {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly breaksLayouts: LayoutBreak;
  /** What the removal itself writes back, once layouts are broken. */
  readonly writesBack?: "locked";
  readonly sync?: SyncVariant;
}

const withDirty: SyncVariant = { clearsTowrite: "with DIRTY" };
const proposed = "proposed in spec/4-mkclean.md";

const merged: Proposal = {
  id: "D16",
  title: "breaking layouts deletes every entry of the file",
  source: "bde708f1a65d (v6.15) to 7.2, fs/dax.c dax_break_layout()",
  breaksLayouts: { deletes: "every entry" },
};
const ranged: Proposal = {
  id: "D17",
  title: "breaking layouts is given the range of the call",
  source: proposed,
  breaksLayouts: { deletes: "entries of the range" },
};
const cleanOnly: Proposal = {
  id: "D18",
  title: "breaking layouts leaves entries alone that are DIRTY",
  source: proposed,
  breaksLayouts: { deletes: "clean entries" },
};
const whole: Proposal = {
  id: "D18-D12-D8",
  title: "the same; the removal writes its range back, and TOWRITE goes with DIRTY",
  source: proposed,
  breaksLayouts: { deletes: "clean entries" },
  writesBack: "locked",
  sync: withDirty,
};
const everything: Proposal = {
  id: "D19",
  title: "breaking layouts writes the file back once it is idle",
  source: proposed,
  breaksLayouts: { deletes: "every entry", writesBack: "when idle" },
};
const everythingAndD8: Proposal = {
  ...everything,
  id: "D19-D8",
  title: "the same, and TOWRITE goes with DIRTY",
  sync: withDirty,
};
const tooEarly: Proposal = {
  id: "D20",
  title: "the file is written back under the lock, before layouts are broken",
  source: proposed,
  breaksLayouts: { deletes: "every entry", writesBack: "at once" },
  sync: withDirty,
};

/** Of an entry that the range does not meet, and of one that it meets in part. */
const dropsEntry = ["DAX-TAG-2", "DAX-TAG-4", "DUR-1"];
const losesMark = ["DAX-TAG-4", "DUR-1"];
const callersMeet = ["DAX-WAIT-1", "DUR-1"];

type Where = readonly [
  suffix: string,
  world: string,
  make: (variant: RemovalVariant) => UnnamedDesign,
];

/** Collapsing writes back what it moves, after it has broken layouts. */
const writesBack = { writesBack: "locked" } as const;

const one: Where = ["", "a punch elsewhere", oneCaller];
const longer: Where = ["-grow", "the file grows", (variant) => oneCaller(variant, grow)];
const moved: Where = [
  "-collapse",
  "a range is collapsed before a page that was stored to",
  (variant) => oneCaller({ ...writesBack, ...variant }, collapse),
];
const movedBeside: Where = [
  "-collapse-two",
  "a range is collapsed before a page that others store to and sync",
  (variant) => fourTasks({ ...writesBack, ...variant }, collapse),
];
const four: Where = ["-two", "a punch elsewhere, two processes and somebody's fsync", fourTasks];
const pmds: Where = [
  "-pmd",
  "a punch in another PMD, two processes and somebody's fsync",
  (variant) => twoPmds(variant),
];
const parts: Where = [
  "-parts",
  "a punch in a DIRTY PMD beside another, two processes and somebody's fsync",
  (variant) => twoPmds(variant, true),
];
const part: Where = [
  "-part",
  "a punch in the same PMD, two processes and somebody's fsync",
  twoProcesses,
];
const pinned: Where = [
  "-pin",
  "a punch elsewhere, and a pin for which it waits",
  ({ breaksLayouts, ...variant }) =>
    withPin({
      ...variant,
      ...(breaksLayouts === undefined
        ? {}
        : { breaksLayouts: { ...breaksLayouts, meetsPins: true } }),
    }),
];

function design(
  { id, title, source, ...variant }: Proposal,
  [suffix, world, make]: Where,
  breaks: readonly string[],
): Design {
  return { id: `${id}${suffix}`, title: `${title}: ${world}`, source, ...make(variant), breaks };
}

/** The designs, as merged and as proposed. */
export const breakingLayoutsDesigns: readonly Design[] = [
  design(merged, one, dropsEntry),
  design(merged, longer, dropsEntry),
  design(merged, moved, dropsEntry),
  design(merged, four, dropsEntry),
  design(merged, pmds, dropsEntry),
  design(merged, part, losesMark),
  design(merged, pinned, dropsEntry),
  design(ranged, four, []),
  design(ranged, pmds, []),
  design(ranged, moved, dropsEntry),
  design(ranged, part, ["DAX-ENTRY-4", "DAX-EMPTY-1", ...losesMark]),
  design(cleanOnly, one, []),
  design(cleanOnly, four, []),
  design(cleanOnly, longer, []),
  design(cleanOnly, moved, []),
  design(cleanOnly, pmds, []),
  design(cleanOnly, pinned, []),
  design(cleanOnly, part, losesMark),
  design(cleanOnly, movedBeside, callersMeet),
  design(whole, four, []),
  design(whole, pmds, []),
  design(whole, part, []),
  design(whole, parts, []),
  design(whole, movedBeside, []),
  design(whole, pinned, []),
  design(everything, one, []),
  design(everything, four, callersMeet),
  design(everythingAndD8, four, []),
  design(everythingAndD8, pmds, []),
  design(everythingAndD8, part, []),
  design(everythingAndD8, movedBeside, []),
  design(everythingAndD8, pinned, []),
  design(tooEarly, four, []),
  design(tooEarly, pinned, dropsEntry),
];
