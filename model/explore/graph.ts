/**
 * The steps of programs between the states of a search that a run may take again and again, as a
 * graph.
 *
 * @module
 */
import { transitionsOf, transitionWords } from "./automaton.ts";
import type { Graph } from "./components.ts";
import { getLocals, setLocals } from "./layout.ts";
import type { Recurrence } from "./recurrence.ts";
import type { Search } from "./search.ts";
import { numberOf } from "./state_set.ts";

/** Steps between states. */
export interface StepGraph extends Graph {
  /** By edge: the actor whose step it is. */
  readonly actor: Uint8Array;
}

/** The steps that may be taken again and again, between the states that were searched. */
export function graphOf(
  { automaton, layout, states, transitions }: Search,
  { steps, worlds }: Recurrence,
): StepGraph {
  const { stride } = layout;
  const { actors } = automaton.design;
  const first = new Int32Array(states.count + 1);
  const to = new Int32Array(transitions);
  const byActor = new Uint8Array(transitions);
  const packed = new Int32Array(stride);
  let edges = 0;
  for (let state = 0; state < states.count; state++) {
    const world = states.words[state * stride] ?? 0;
    if (worlds[world - 1] !== 1) {
      first[state + 1] = edges;
      continue;
    }
    for (let word = 0; word < stride; word++) {
      packed[word] = states.words[state * stride + word] ?? 0;
    }
    for (let actor = 0; actor < actors.length; actor++) {
      const locals = getLocals(layout, packed, 0, actor);
      const at = transitionsOf(automaton, world - 1, actor, locals);
      const end = at + 1 + (automaton.arena[at] ?? 0) * transitionWords;
      for (let each = at + 1; each < end; each += transitionWords) {
        if (steps[each] !== 1) continue;
        packed[0] = (automaton.arena[each] ?? 0) + 1;
        setLocals(layout, packed, actor, automaton.arena[each + 1] ?? 0);
        const reached = numberOf(states, packed, 0);
        if (reached < 0) continue;
        to[edges] = reached;
        byActor[edges++] = actor;
      }
      packed[0] = world;
      setLocals(layout, packed, actor, locals);
    }
    first[state + 1] = edges;
  }
  return { first, to: to.subarray(0, edges), actor: byActor.subarray(0, edges) };
}
