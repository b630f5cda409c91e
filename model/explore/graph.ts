/**
 * The steps of programs between the states of a search that a run may take again and again, as a
 * graph, and the strongly connected components of any graph.
 *
 * @module
 */
import { transitionsOf, transitionWords } from "./automaton.ts";
import { getLocals, setLocals } from "./layout.ts";
import type { Recurrence } from "./recurrence.ts";
import type { Search } from "./search.ts";
import { numberOf } from "./state_set.ts";

/** The edges out of node `n` are those from `first[n]` up to `first[n + 1]`. */
export interface Graph {
  readonly first: Int32Array;
  /** By edge: the node that it leads to. */
  readonly to: Int32Array;
}

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

/**
 * Sets of states that can reach each other, without those from which nothing leads back: Tarjan's
 * algorithm, with a stack of its own, as paths are longer than call stacks are deep.
 */
export function* components(graph: Graph): Generator<ReadonlySet<number>> {
  const { first, to } = graph;
  const count = first.length - 1;
  const order = new Int32Array(count);
  const lowest = new Int32Array(count);
  const path = new Int32Array(count);
  const open = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const next = first.slice(0, count);
  let length = 0;
  let opened = 0;
  let met = 0;
  for (let root = 0; root < count; root++) {
    if (order[root] !== 0 || first[root] === first[root + 1]) continue;
    path[length++] = root;
    while (length > 0) {
      const state = path[length - 1] ?? 0;
      if (order[state] === 0) {
        order[state] = lowest[state] = ++met;
        isOpen[state] = 1;
        open[opened++] = state;
      }
      const edge = next[state] ?? 0;
      if (edge < (first[state + 1] ?? 0)) {
        const target = to[edge] ?? 0;
        // An edge to a new state is looked at again when all behind that state is known.
        if (order[target] === 0) path[length++] = target;
        else next[state] = edge + 1;
        if (isOpen[target] === 1 && (lowest[target] ?? 0) < (lowest[state] ?? 0)) {
          lowest[state] = lowest[target] ?? 0;
        }
        continue;
      }
      length--;
      if (lowest[state] !== order[state]) continue;
      const top = opened;
      do isOpen[open[--opened] ?? 0] = 0; while (open[opened] !== state);
      if (top - opened > 1 || leadsToItself(graph, state)) {
        yield new Set(open.subarray(opened, top));
      }
    }
  }
}

function leadsToItself({ first, to }: Graph, state: number): boolean {
  for (let edge = first[state] ?? 0; edge < (first[state + 1] ?? 0); edge++) {
    if (to[edge] === state) return true;
  }
  return false;
}
