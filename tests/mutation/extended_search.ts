/**
 * What a changed design reaches, taken at its most: all that the whole design reaches, and what comes
 * after that by the changed steps.
 *
 * A run of the changed design goes through nothing else: it begins where the whole one begins, and each
 * of its steps is one of the whole design or a changed one. So what is found nowhere here does not
 * exist. What is found may be out of reach, as the way to it may need a step that is changed.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import type { Automaton } from "../../model/explore/automaton.ts";
import { getLocals } from "../../model/explore/layout.ts";
import { type Ground, type Search, searchOn } from "../../model/explore/search.ts";
import type { StateSet } from "../../model/explore/state_set.ts";
import type { Invariant } from "../../model/invariant.ts";

/** Everything that either reaches; what it says of runs, `depth` and `parents`, means nothing. */
interface Extended extends Search {
  /** Number of the first state that the whole design does not reach. */
  readonly firstNew: number;
}

/**
 * Searches what the changed design can add, until a breach.
 *
 * @param found a complete search of the whole design
 * @param known what is known of the changed design's steps, those out of all states of `found` included
 * @param differs by cell of the whole design's automaton: 1 if the changed step leads elsewhere
 * @returns undefined if an actor's local states have become too many for the numbers in `found`
 */
export function searchFurther(
  found: Search,
  changed: Design,
  invariants: readonly Invariant[],
  { automaton, differs }: { readonly automaton: Automaton; readonly differs: Uint8Array },
  limit: number,
): Extended | undefined {
  const all = searchOn(changed, invariants, {
    limit,
    untilBreach: true,
    createAutomaton: (_, __, onBreach) => ({ ...automaton, onBreach }),
  }, groundOf(found, differs));
  return all &&
    { ...all, transitions: found.transitions + all.transitions, firstNew: found.states.count };
}

/** The states of the search, those at its end out of which some step leads elsewhere. */
function groundOf({ automaton, layout, states }: Search, differs: Uint8Array): Ground {
  const { width, offsets } = automaton;
  const { stride, count, slots } = states;
  const words = new Int32Array(states.words.length);
  let begin = 0;
  let end = count;
  for (let state = 0; state < count; state++) {
    const from = state * stride;
    const row = ((states.words[from] ?? 0) - 1) * width;
    let isOther = false;
    for (let actor = 0; actor < offsets.length; actor++) {
      const cell = row + (offsets[actor] ?? 0) + getLocals(layout, states.words, from, actor);
      isOther ||= differs[cell] === 1;
    }
    const to = stride * (isOther ? --end : begin++);
    for (let word = 0; word < stride; word++) words[to + word] = states.words[from + word] ?? 0;
  }
  const own: StateSet = {
    stride,
    count,
    words,
    parents: new Int32Array(states.parents.length),
    slots: slots.slice(),
    numbers: undefined,
  };
  return { layout, states: own, begin };
}
