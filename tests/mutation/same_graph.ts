/**
 * Whether a design of which something is disabled has the very same runs: the same states, and the same
 * steps of each actor between them.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { type Automaton, transitionsOf, transitionWords } from "../../model/explore/automaton.ts";
import { changedLocals } from "../../model/explore/changed_locals.ts";
import { relatedAutomaton } from "../../model/explore/related_automaton.ts";
import type { Search } from "../../model/explore/search.ts";
import type { Invariant } from "../../model/invariant.ts";

/** How the steps of the two compare. */
type Comparison =
  | { readonly kind: "same" }
  /** What was met of the changed design on the way to the first difference; it broke nothing. */
  | { readonly kind: "other"; readonly automaton: Automaton }
  /** A state that both reach, out of which only one breaks something. */
  | { readonly kind: "broken"; readonly by: string };

/**
 * Compares the steps out of every state that the whole design reaches, in worlds with what all share
 * and what the changed actor has for itself: nothing else decides what a step does. If they are the
 * same there, neither reaches anything else.
 *
 * @param found a complete search of the whole design, which breaks nothing
 */
export function compareGraphs(
  found: Search,
  changed: Design,
  invariants: readonly Invariant[],
): Comparison {
  const whole = found.automaton;
  const { shared, cells, width, offsets } = whole;
  const broken: string[] = [];
  const automaton = relatedAutomaton(whole, changed, invariants, (id) => broken.push(id));
  for (const index of changed.actors.keys()) {
    const locals = changedLocals(whole, changed, index);
    for (let world = 0; world < shared.count; world++) {
      for (const local of locals) {
        const before = cells[world * width + (offsets[index] ?? 0) + local] ?? 0;
        if (before === 0) continue;
        const after = transitionsOf(automaton, world, index, local);
        const [by] = broken;
        if (by !== undefined) return { kind: "broken", by };
        if (!isSame(successorsOf(whole, before), successorsOf(automaton, after))) {
          return { kind: "other", automaton };
        }
      }
    }
  }
  return { kind: "same" };
}

/** The shared worlds and local states that a list of transitions leads to, each pair as one number. */
function successorsOf({ arena }: Automaton, list: number): ReadonlySet<number> {
  const pairs = Array.from({ length: arena[list] ?? 0 }, (_, each) => {
    const at = list + 1 + each * transitionWords;
    return (arena[at] ?? 0) * 2 ** 16 + (arena[at + 1] ?? 0);
  });
  return new Set(pairs);
}

function isSame(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return one.size === other.size && one.isSubsetOf(other);
}
