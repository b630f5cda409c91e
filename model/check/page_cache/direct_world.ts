/**
 * One page of a direct write, and the folio that may be cached for it: a small world of the model.
 *
 * Two things happen unseen: a folio that was added is filled, and the data reaches the device. Both are
 * possible at any moment between two lines, so a page is a set of states, told apart by whether the
 * data has reached the device.
 *
 * @module
 */
import type { Event } from "../../event.ts";
import { Extent } from "../../extent.ts";
import { Folio, folioAt, isCached } from "../../folio.ts";
import { contentOf } from "../../effects/direct_io.ts";
import type { Bounds, State } from "../../state.ts";
import { step } from "../../step.ts";
import {
  type Agreement,
  createStateSets,
  type FittingStates,
  type FittingStep,
} from "./state_sets.ts";

const directBounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 2,
  locals: 0,
  folios: 1,
  blocks: 1,
};

const sets = createStateSets(directBounds, ["COH-1", "COH-2", "COH-3", "COH-4", "COH-5"]);

/** The task of the direct write, and everybody else. */
const request = { task: 0, page: 0 } as const;
const others = { task: 1, page: 0 } as const;

/** Bits of the direct write, and of whoever stores into the folio. */
const direct = 1, stored = 2;

const happenings = {
  added: [{ kind: "add_folio", ...others }],
  filled: [
    { kind: "map_blocks", ...others },
    { kind: "read_folio", ...others },
    { kind: "unlock_folio", ...others },
  ],
  removed: [
    { kind: "put_folio", ...others },
    { kind: "remove_folio", ...others, why: "invalidate" },
  ],
  dirtied: [
    { kind: "copy_in", ...others, writes: stored },
    { kind: "mark_dirty", ...others },
  ],
  begun: [
    { kind: "clear_dirty_for_io", ...others },
    { kind: "start_writeback", ...others },
  ],
  ended: [{ kind: "write_folio", ...others }, { kind: "end_writeback", ...others }],
  /** The data is on the device. */
  reached: [{ kind: "direct_write", ...request, writes: direct }],
  /** The second invalidation could not remove a folio: the next fsync says EIO. */
  refused: [{ kind: "set_wb_error", ...request }],
  returned: [{ kind: "direct_end", ...request, writes: direct }],
  invalidatedAgain: [{ kind: "invalidate_again", ...request }],
  converted: [{ kind: "convert_unwritten", ...request }],
} as const satisfies Readonly<Record<string, readonly Event[]>>;

type Happening = keyof typeof happenings;

/** What a line says of the folio of a page. */
export type FolioOfPage =
  | "added"
  | "removed"
  | "dirtied"
  | "begun"
  | "ended"
  /** The folio is uptodate: whatever is read into it is there. */
  | "uptodate";

/** A page of a direct write that is under way. */
export interface DirectPage {
  /** As if the data has not reached the device. */
  readonly before: FittingStates;
  /** As if it has. */
  readonly after: FittingStates;
}

function stateOf(extent: number, events: readonly Event[]): State {
  const state = sets.blank();
  state.extent[0] = extent;
  state.block[0] = 1;
  state.owner[0] = 1;
  state.size[0] = 1;
  for (const event of [...events, { kind: "direct_begin", ...request } as const]) {
    step(state, event);
  }
  return state;
}

const { added, filled, dirtied, begun } = happenings;
const clean = [...added, ...filled];
const starts = {
  absent: stateOf(Extent.MAPPED, []),
  filling: stateOf(Extent.MAPPED, added),
  clean: stateOf(Extent.MAPPED, clean),
  dirty: stateOf(Extent.MAPPED, [...clean, ...dirtied]),
  writing: stateOf(Extent.MAPPED, [...clean, ...dirtied, ...begun]),
} as const;

/** What may be cached for a page. */
export type CachedPage = keyof typeof starts;

const none = sets.of([]);

/** A page of a direct write that begins, with one of these cached for it. */
export function pageOf(cached: readonly CachedPage[]): DirectPage {
  return { before: sets.of(cached.map((each) => starts[each])), after: none };
}

/** Nothing is known of what is cached for the page. */
export const anyPage: DirectPage = pageOf(["absent", "filling", "clean", "dirty", "writing"]);

const isUptodate = (state: State): boolean => isCached(state, 0, Folio.UPTODATE);
const isFilling = (state: State): boolean =>
  folioAt(state, 0) >= 0 && !isCached(state, 0, Folio.UPTODATE);
const isWriting = (state: State): boolean => isCached(state, 0, Folio.WRITEBACK);
const isDirty = (state: State): boolean => isCached(state, 0, Folio.DIRTY);

function moved(set: FittingStates, what: Happening): FittingStates {
  return sets.step(set, happenings[what]).to;
}

/** A folio that was added may have been filled by now. */
function maybeFilled(set: FittingStates): FittingStates {
  return sets.either(set, moved(sets.keep(set, isFilling), "filled"));
}

function folioMoved(set: FittingStates, what: FolioOfPage): FittingStates {
  const now = maybeFilled(set);
  if (what === "uptodate") return sets.keep(now, isUptodate);
  if (what === "ended") return moved(sets.keep(now, isWriting), what);
  // A folio may be stored to before it was seen to be filled, and while it is under writeback.
  if (what === "dirtied") return moved(sets.keep(now, isUptodate), what);
  return moved(now, what);
}

/** What a line says of the page's folio. Empty sets: it does not fit what was believed. */
export function folioHappens(page: DirectPage, what: FolioOfPage): DirectPage {
  return { before: folioMoved(page.before, what), after: folioMoved(page.after, what) };
}

/** The data reaches the device: by now, or at some moment from here on. */
export function reaches(page: DirectPage, surely: boolean): DirectPage {
  const before = maybeFilled(page.before);
  const after = sets.either(maybeFilled(page.after), moved(before, "reached"));
  return { before: surely ? none : before, after };
}

/** The second invalidation has failed, so an error is on record. */
export function refuses(page: DirectPage): DirectPage {
  return { before: moved(page.before, "refused"), after: moved(page.after, "refused") };
}

/** True if what was seen fits no state. */
export function isMisfit({ before, after }: DirectPage): boolean {
  return before.keys.length === 0 && after.keys.length === 0;
}

/** The direct write returns, and its data has reached the device. */
export function returns(page: DirectPage): FittingStep {
  return sets.step(reaches(page, true).after, happenings.returned);
}

/** What a line says of the page's folio after the direct write has returned. */
export function happensAfter(set: FittingStates, what: FolioOfPage): FittingStep {
  if (what === "uptodate") {
    const { to, says } = sets.step(sets.keep(set, isFilling), happenings.filled);
    const known = sets.keep(set, isUptodate);
    return known.keys.length === 0 ? { to, says } : { to: sets.either(to, known), says: new Map() };
  }
  if (what === "ended") return sets.step(sets.keep(set, isWriting), happenings.ended);
  // Whoever stores has found it uptodate.
  if (what === "dirtied") {
    return sets.step(sets.keep(maybeFilled(set), isUptodate), happenings[what]);
  }
  return sets.step(set, happenings[what]);
}

const unwritten = sets.of([stateOf(Extent.UNWRITTEN, [])]);

/** How the end of a direct write to an unwritten extent went: in the order of its lines. */
export function endOfIo(
  order: readonly ("invalidatedAgain" | "converted")[],
): Agreement | undefined {
  let set = moved(unwritten, "reached");
  let verdict: Agreement | undefined;
  for (const what of order) {
    const { to, says } = sets.step(set, happenings[what]);
    verdict ??= says.get("COH-5");
    set = to;
  }
  return verdict;
}

/** The set without states in which the folio is dirty or under writeback. */
export function settled(set: FittingStates): FittingStates {
  return sets.keep(set, isSettled);
}

const isSettled = (state: State): boolean => !isDirty(state) && !isWriting(state);

/** Whether an error is on record is not known. */
export function mayBeRefused(set: FittingStates): FittingStates {
  return sets.either(set, moved(set, "refused"));
}

const observe: Event = { kind: "observe", ...others };
const seesDirect = (state: State): boolean => (contentOf(state, 0) & direct) !== 0;
const seesOlder = (state: State): boolean => !seesDirect(state);

/** What a read says of COH-3 that began after the direct write had returned: it saw it, or what was before. */
export function judgeRead(sawIt: boolean): Agreement | undefined {
  const { to } = returns(pageOf(["absent", "clean"]));
  return sets.judge(sets.keep(to, sawIt ? seesDirect : seesOlder), observe).get("COH-3");
}

const readDirectly: Event = { kind: "direct_read", ...request };

/** What a direct read says of COH-4: what was dirty when it began was written before the device read. */
export function judgeDirectRead(written: boolean): Agreement | undefined {
  let set = pageOf(["dirty"]).before;
  if (written) set = moved(moved(set, "begun"), "ended");
  return sets.judge(set, readDirectly).get("COH-4");
}
