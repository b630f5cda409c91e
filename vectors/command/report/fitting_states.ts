/**
 * The states of a small world that fit what was seen, in words.
 *
 * @module
 */
import type { Candidate, CandidateSet } from "../../../model/check/candidate_set.ts";
import { smallWorld } from "../../../model/check/small_world.ts";
import { type LaneReader, lanesOf } from "../../../model/picture/lanes.ts";
import type { FittingState } from "../../../model/picture/picture.ts";
import { createState, stateOfKey } from "../../../model/state.ts";

const lanes = lanesOf(createState(smallWorld), {
  task: () => "a task",
  mapping: () => "this mapping",
});

/** What a recording shows of an entry. */
export const ofEntry: readonly LaneReader[] = lanes.filter(({ field }) =>
  ["extent", "entry", "tag"].includes(field)
);
/** What it shows of a mapping of it. */
export const ofMapping: readonly LaneReader[] = lanes.filter(({ field }) =>
  ["pte", "unflushed"].includes(field)
);

/** The states of a set as these lanes show them; those that rest on nothing first. */
export function statesOf(
  { candidates }: CandidateSet,
  readers: readonly LaneReader[],
): readonly FittingState[] {
  const found = new Map<string, FittingState>();
  for (const candidate of [...candidates].sort(byBelief)) {
    const state = stateOfKey(smallWorld, candidate.key);
    const values = readers.map(({ valueIn }) => valueIn(state));
    const key = values.join("\n");
    if (found.has(key)) continue;
    const ifOnly = restsOn(candidate);
    found.set(key, { values, ...(ifOnly === undefined ? {} : { ifOnly }) });
  }
  return [...found.values()];
}

function byBelief(one: Candidate, other: Candidate): number {
  return Number(restsOn(one) !== undefined) - Number(restsOn(other) !== undefined);
}

function restsOn({ gone, unseen, elsewhere, departs }: Candidate): string | undefined {
  if (gone) return "only if the mapping was undone unseen, as by the exit of its process";
  if (elsewhere) return "only if the removal was of another file";
  if (unseen > 0) return "only if the page was removed unseen";
  return departs ? "only in a kernel that was never released" : undefined;
}
