/**
 * One thing that a sync call owes, as a small world of the model: a folio, the transaction that leads
 * to it, or what the device's cache may hold. When the call has returned 0 the model is asked what a
 * power failure would leave.
 *
 * @module
 */
import { changeMap, commitMap } from "../../storage.ts";
import type { Event } from "../../event.ts";
import { Extent } from "../../extent.ts";
import { Folio } from "../../folio.ts";
import type { Bounds, State } from "../../state.ts";
import { step } from "../../step.ts";
import { type Agreement, createStateSets, type FittingStates } from "./state_sets.ts";

/** Task 0 acts, task 1 is inside the sync call. */
const kernel = { task: 0, page: 0 } as const;
const caller = 1;

/** The world of something that is owed. */
export const promiseWorld: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 2,
  locals: 0,
  folios: 1,
  blocks: 1,
  durable: true,
};

const sets = createStateSets(promiseWorld, ["DUR-1", "META-2"]);

const store: Event = { kind: "copy_in", ...kernel, writes: 1 };
const markDirty: Event = { kind: "mark_dirty", ...kernel };
const clean: Event = { kind: "clear_dirty_for_io", ...kernel };
const begin: Event = { kind: "start_writeback", ...kernel };
const write: Event = { kind: "write_folio", ...kernel };
const end: Event = { kind: "end_writeback", ...kernel };
const enter: Event = { kind: "fsync_begin", task: caller };
const leave: Event = { kind: "fsync_end", task: caller };
const crash: Event = { kind: "crash" };

/** What happens to something that is owed, and the model's events for it. */
const happenings = {
  /** `folio_clear_dirty_for_io` and `folio_start_writeback`. */
  writing: [clean, begin],
  /** Writeback ended, without an error. */
  written: [write, end],
  /** Writeback ended, and the device has refused it. */
  failed: [end],
  /** A cache flush that began after the writes had ended has succeeded. */
  flushed: [{ kind: "flush_device", task: kernel.task }],
  /** The transaction is committed, its log flushed. */
  committed: [{ kind: "commit", task: kernel.task }],
} as const satisfies Readonly<Record<string, readonly Event[]>>;

/** What happens to something that is owed. */
type Happening = keyof typeof happenings;

/** How far something had come when the call was entered. */
type Stage =
  /** A dirty folio. */
  | "dirty"
  /** A folio under writeback. */
  | "writing"
  /** What was written and is in the device's cache. */
  | "cached"
  /** A block map that no transaction has committed; the data is on the media. */
  | "uncommitted";

function folioState(events: readonly Event[]): State {
  const state = sets.blank();
  mapBlock(state);
  commitMap(state);
  for (const event of events) step(state, event);
  return state;
}

/** A file of one block, cached. */
function mapBlock(state: State): void {
  state.extent[0] = Extent.MAPPED;
  state.block[0] = 1;
  state.owner[0] = 1;
  state.size[0] = 1;
  state.slot[0] = 1;
  state.hand[0] = 1;
  state.folio[0] = Folio.UPTODATE;
  state.backing[0] = 1;
}

/** Everything is written and flushed, but for the transaction that makes it reachable. */
function uncommittedState(): State {
  const state = sets.blank();
  mapBlock(state);
  changeMap(state);
  for (const event of [store, markDirty, clean, begin, write, end]) step(state, event);
  step(state, { kind: "flush_device", task: kernel.task });
  step(state, enter);
  return state;
}

const dirty = [store, markDirty];
const starts: Readonly<Record<Stage, FittingStates>> = {
  dirty: sets.of([folioState([...dirty, enter])]),
  writing: sets.of([folioState([...dirty, ...happenings.writing, enter])]),
  cached: sets.of([folioState([...dirty, ...happenings.writing, ...happenings.written, enter])]),
  uncommitted: sets.of([uncommittedState()]),
};
const leaving: readonly Event[] = [leave];

/** What is owed by a call that was entered at this stage: all states that it may be in. */
export function owedAt(stage: Stage): FittingStates {
  return starts[stage];
}

/** What becomes of it; if that may have happened or not, it may be in either state. */
export function afterwards(owed: FittingStates, what: Happening, surely: boolean): FittingStates {
  const { to } = sets.step(owed, happenings[what]);
  return surely ? to : sets.either(owed, to);
}

/** What the call that returns 0 now has done to its promise, if power fails: by invariant. */
export function judgeReturn(owed: FittingStates): ReadonlyMap<string, Agreement> {
  return sets.judge(sets.step(owed, leaving).to, crash);
}
