/**
 * Where a design of which something is disabled takes other steps than the whole one, and whether it
 * does so anywhere.
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
  | {
    readonly kind: "other";
    /** What was met of the changed design; it broke nothing. */
    readonly automaton: Automaton;
    /** By cell of the whole design's automaton: 1 if the steps there lead elsewhere. */
    readonly differs: Uint8Array;
  }
  /** The changed design breaks something in a state that the whole one reaches. */
  | { readonly kind: "breaks" };

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
  let breaks = false;
  const automaton = relatedAutomaton(whole, changed, invariants, () => breaks = true);
  let differs: Uint8Array | undefined;
  for (const index of changed.actors.keys()) {
    const locals = changedLocals(whole, changed, index);
    for (let world = 0; world < shared.count; world++) {
      for (const local of locals) {
        const cell = world * width + (offsets[index] ?? 0) + local;
        const before = cells[cell] ?? 0;
        if (before === 0) continue;
        const after = transitionsOf(automaton, world, index, local);
        if (breaks) return { kind: "breaks" };
        if (isSame(whole, before, automaton, after)) continue;
        differs ??= new Uint8Array(cells.length);
        differs[cell] = 1;
      }
    }
  }
  return differs === undefined ? { kind: "same" } : { kind: "other", automaton, differs };
}

/** True if two lists of transitions lead to the same worlds and local states, in whichever order. */
function isSame(whole: Automaton, before: number, changed: Automaton, after: number): boolean {
  if (isEqual(whole.arena, before, changed.arena, after)) return true;
  const one = successorsOf(whole, before);
  const other = successorsOf(changed, after);
  return one.size === other.size && one.isSubsetOf(other);
}

/** True if the lists are equal, but for the numbers of their moves. */
function isEqual(one: Int32Array, before: number, other: Int32Array, after: number): boolean {
  const count = one[before] ?? 0;
  if (other[after] !== count) return false;
  for (let each = 0; each < count; each++) {
    const from = before + 1 + each * transitionWords;
    const to = after + 1 + each * transitionWords;
    if (one[from] !== other[to] || one[from + 1] !== other[to + 1]) return false;
  }
  return true;
}

/** The shared worlds and local states that a list of transitions leads to, each pair as one number. */
function successorsOf({ arena }: Automaton, list: number): ReadonlySet<number> {
  const pairs = Array.from({ length: arena[list] ?? 0 }, (_, each) => {
    const at = list + 1 + each * transitionWords;
    return (arena[at] ?? 0) * 2 ** 16 + (arena[at + 1] ?? 0);
  });
  return new Set(pairs);
}
