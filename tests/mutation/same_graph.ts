/**
 * Whether a design of which something is disabled has the very same runs: the same states, and the same
 * steps of each actor between them.
 *
 * @module
 */
import type { Actor, Design } from "../../model/design.ts";
import { createMachine, load } from "../../model/explore/machine.ts";
import type { Search } from "../../model/explore/search.ts";
import type { Invariant } from "../../model/invariant.ts";
import { happen, placeAfter, placeOf } from "../../model/run.ts";
import { stateKey } from "../../model/state.ts";

/** How the steps of the two compare. */
type Comparison =
  | { readonly kind: "same" | "other" }
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
  const { automaton } = found;
  const { design, shared, cells, width } = automaton;
  const machine = createMachine(design, invariants);
  for (const [index, actor] of design.actors.entries()) {
    const other = changed.actors[index];
    const runner = automaton.runners[index];
    if (other === undefined || runner === undefined || other === actor) continue;
    const isChanged = actor.program.map((step, place) => step !== other.program[place]);
    const { locals } = runner;
    for (let world = 0; world < shared.count; world++) {
      for (let local = 0; local < locals.count; local++) {
        const cell = world * width + (automaton.offsets[index] ?? 0) + local;
        if ((cells[cell] ?? 0) === 0) continue;
        const restore = (): void =>
          load(
            machine,
            actor,
            shared.words,
            world * shared.stride,
            locals.words,
            local * locals.stride,
          );
        restore();
        const place = placeOf(machine.state, actor);
        if (isChanged[place] !== true) continue;
        const successorsOf = (runs: Actor): Set<string> => {
          const successors = new Set<string>();
          const step = runs.program[place];
          for (const branch of step?.branches ?? []) {
            restore();
            const { state, watch } = machine;
            if (step === undefined || !branch.when(state)) continue;
            if (!happen(state, branch, watch)) continue;
            state.local[runs.task * state.bounds.locals] = placeAfter(runs, step, branch);
            successors.add(stateKey(state));
          }
          return successors;
        };
        const before = successorsOf(actor);
        machine.broken.length = 0;
        const after = successorsOf(other);
        const [by] = machine.broken;
        if (by !== undefined) return { kind: "broken", by };
        if (before.size !== after.size || !before.isSubsetOf(after)) return { kind: "other" };
      }
    }
  }
  return { kind: "same" };
}
