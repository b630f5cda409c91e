/**
 * One folio and the marks of its slot: the small world of WB-TAG-1 and WB-TOWRITE-1.
 *
 * @module
 */
import type { Event } from "../../event.ts";
import { Folio } from "../../folio.ts";
import type { Where } from "../observation.ts";
import type { Bounds } from "../../state.ts";
import { Tag } from "../../xarray.ts";
import { createStateSets, type FittingStates, type FittingStep } from "./state_sets.ts";

const markBounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 1,
  locals: 0,
  folios: 1,
  blocks: 1,
};

const sets = createStateSets(markBounds, ["WB-TAG-1", "WB-TOWRITE-1"]);
const on = { task: 0, page: 0 } as const;
const lock: Event = { kind: "lock_folio", ...on };
const unlock: Event = { kind: "unlock_folio", ...on };
const clean: Event = { kind: "clear_dirty_for_io", ...on };
const start: Event = { kind: "start_writeback", ...on };

const happenings = {
  /** Somebody locks the folio, finds it dirty, and gives it back as it was. */
  seenDirty: [lock, unlock],
  /** Declared clean, under the lock that is held on. */
  cleaned: [lock, clean],
  /** Writeback begins, and whoever declared it clean unlocks it. */
  begun: [start, unlock],
  /** Whoever declared it clean has unlocked it, and begun nothing. */
  unlocked: [unlock],
  /** The TOWRITE mark is gone, and nobody has written the folio. */
  unmarked: [{ kind: "clear_mark", ...on, mark: "TOWRITE" }],
} as const satisfies Readonly<Record<string, readonly Event[]>>;

function dirtyWith(marks: number): FittingStates {
  const state = sets.blank();
  state.slot[0] = 1;
  state.hand[0] = 1;
  state.backing[0] = 1;
  state.block[0] = 1;
  state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
  state.tag[0] = marks;
  return sets.of([state]);
}

/** A dirty folio with its mark, and one that a sync call has marked for itself, too. */
export const marked: FittingStates = dirtyWith(Tag.DIRTY);
/** A dirty folio that a sync call has marked TOWRITE. */
export const towrite: FittingStates = dirtyWith(Tag.DIRTY | Tag.TOWRITE);

/** What can happen to a folio's marks. */
export function marksHappen(set: FittingStates, what: keyof typeof happenings): FittingStep {
  return sets.step(set, happenings[what]);
}

/** A folio's marks. */
export interface FolioMarks {
  /** Since when a sync call has it on its list. */
  listed: Where | undefined;
  /** When it was declared clean, if no writeback has begun since. */
  cleaned: { readonly set: FittingStates; readonly where: Where } | undefined;
  /** Writeback has taken TOWRITE of it, and no bio carries it yet. */
  taken: Where | undefined;
}

/** Nothing is known of the marks any more. */
export function forgetMarks(marks: FolioMarks): void {
  marks.listed = undefined;
  marks.cleaned = undefined;
  marks.taken = undefined;
}

/** Nothing is known of a folio's marks. */
export function createFolioMarks(): FolioMarks {
  return { listed: undefined, cleaned: undefined, taken: undefined };
}
