/**
 * Sets of which a sync call changes nothing, and judges nothing.
 *
 * @module
 */
import type { CheckerAutomaton } from "./automaton.ts";
import type { CandidateSet, Course } from "./candidate_set.ts";
import type { WatchedPart } from "./transition.ts";

/**
 * True if all that a call does, however it ends, is what may have happened unseen anyway. Slots are alike:
 * the first stands for all.
 */
export function passesBy(
  automaton: CheckerAutomaton,
  watch: WatchedPart,
  set: CandidateSet,
  calm: Course,
  counted: boolean,
): boolean {
  const slot = 1;
  const begin = automaton.judged(watch, automaton.project({ kind: "sync_begin", slot }));
  const without = automaton.leap(set, calm);
  const ends = [
    automaton.project({ kind: "sync_end", slot, alone: true, counted }),
    automaton.project({ kind: "sync_end", slot, alone: false, counted }),
  ].map((end) => automaton.judged(watch, end));
  const left = automaton.shaped(watch, automaton.project({ kind: "sync_left", slot }));
  return without.next !== undefined && without.last?.uneventful === true &&
    [...ends, left].every((end) => {
      const inputs = [begin, ...calm.inputs, end];
      const call = inputs.reduce((course, input) => automaton.after(course, input), calm);
      const leap = automaton.leap(set, call);
      return leap.next === without.next && leap.last?.uneventful === true;
    });
}
