/**
 * What an open file description has been told of its file's writeback errors (`f_wb_err`): a small
 * world of the model, with one descriptor.
 *
 * @module
 */
import type { Event } from "../../event.ts";
import type { Bounds, State } from "../../state.ts";
import type { Where } from "../observation.ts";
import { createStateSets, type FittingStates, type FittingStep } from "./state_sets.ts";

/** What is known of an open file description's cursor. */
export interface ErrorCursor {
  readonly knows: FittingStates;
  /** The last line that shows the descriptor open: its last look, or the entry of its sync call. */
  readonly open: Where;
  /** The call that returned since and moved the cursor, if no line shows its look. */
  readonly moved: readonly Where[];
  /** Where the error came on record that it has not been told of; of several the first. */
  readonly recorded: Where | undefined;
}

/** The world of a file's errors and one open file description. */
export const cursorWorld: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 1,
  locals: 0,
  blocks: 1,
  durable: true,
};

const sets = createStateSets(cursorWorld, ["DUR-5"]);

function cursor(error: number, seen: number): State {
  const state = sets.blank();
  state.wbErr[0] = error;
  state.seenErr[0] = seen;
  return state;
}

/** The file has had no error, as far as the recording goes. */
export const nothingToTell: FittingStates = sets.of([cursor(0, 0)]);
/** There is an error that the descriptor has not been told of. */
export const untold: FittingStates = sets.of([cursor(1, 0)]);
/** The descriptor has been told of the last error. */
export const told: FittingStates = sets.of([cursor(1, 1)]);

const says = {
  EIO: [{ kind: "report_error", task: 0, page: 0, says: "EIO" }],
  ok: [{ kind: "report_error", task: 0, page: 0, says: "ok" }],
} as const satisfies Readonly<Record<string, readonly Event[]>>;

/** `file_check_and_advance_wb_err` reports an error, or says that there is none. */
export function check(state: FittingStates, reports: boolean): FittingStep {
  return sets.step(state, reports ? says.EIO : says.ok);
}
