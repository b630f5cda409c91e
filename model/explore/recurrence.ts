/**
 * Which steps a run that goes round may consist of: what can be said of it from the automaton alone,
 * which is far smaller than the graph of all states.
 *
 * In such a run each actor that takes steps comes back to where it stood, and so does the world that
 * all share. So a step of it leads between two local states of its actor that lead to each other, and
 * between two worlds that such steps lead back and forth between.
 *
 * @module
 */
import { type Automaton, transitionWords } from "./automaton.ts";
import { components } from "./graph.ts";

/** Steps that may be taken again and again. */
export interface Recurrence {
  /** By where a transition stands in `arena`: 1 if it may. */
  readonly steps: Uint8Array;
  /** By shared world: 1 if such a step leads out of it. */
  readonly worlds: Uint8Array;
}

/**
 * The steps that a run may take again and again, but for those of the environment; undefined if there
 * are none, so that every run ends. Every state of the search must be known to the automaton.
 */
export function recurrenceOf(automaton: Automaton): Recurrence | undefined {
  const { arena, used, shared, runners } = automaton;
  const from: number[] = [];
  const at: number[] = [];
  for (const [index, { actor }] of runners.entries()) {
    const groups = actor.environment === true ? undefined : groupsOfLocals(automaton, index);
    if (groups === undefined) continue;
    forEachStep(automaton, index, (world, local, step) => {
      const group = groups[local] ?? 0;
      if (group === 0 || group !== groups[arena[step + 1] ?? 0]) return;
      from.push(world);
      at.push(step);
    });
  }
  if (at.length === 0) return undefined;
  const groups = groupsOf(shared.count, from, at.map((step) => arena[step] ?? 0));
  const steps = new Uint8Array(used);
  const worlds = new Uint8Array(shared.count);
  let any = false;
  for (const [each, step] of at.entries()) {
    const world = from[each] ?? 0;
    const group = groups[world] ?? 0;
    if (group === 0 || group !== groups[arena[step] ?? 0]) continue;
    steps[step] = worlds[world] = 1;
    any = true;
  }
  return any ? { steps, worlds } : undefined;
}

/**
 * By local state of an actor: a number that it shares with those that lead to it and back, 0 if none
 * does. Undefined if that is so of all of them.
 */
function groupsOfLocals(automaton: Automaton, actor: number): Int32Array | undefined {
  const { arena, runners } = automaton;
  const targets: number[][] = Array.from(
    { length: runners[actor]?.locals.count ?? 0 },
    () => [],
  );
  forEachStep(automaton, actor, (_, local, step) => {
    const known = targets[local];
    const to = arena[step + 1] ?? 0;
    if (known?.includes(to) === false) known.push(to);
  });
  const from = targets.flatMap((each, local) => each.map(() => local));
  const groups = groupsOf(targets.length, from, targets.flat());
  return groups.some((group) => group !== 0) ? groups : undefined;
}

/** By node of a graph: the number of its strongly connected component, 0 if nothing leads back to it. */
function groupsOf(count: number, from: readonly number[], to: readonly number[]): Int32Array {
  const first = new Int32Array(count + 1);
  for (const node of from) first[node + 1] = (first[node + 1] ?? 0) + 1;
  for (let node = 0; node < count; node++) {
    first[node + 1] = (first[node + 1] ?? 0) + (first[node] ?? 0);
  }
  const next = first.slice();
  const sorted = new Int32Array(to.length);
  for (const [edge, node] of from.entries()) {
    const place = next[node] ?? 0;
    sorted[place] = to[edge] ?? 0;
    next[node] = place + 1;
  }
  const groups = new Int32Array(count);
  let group = 0;
  for (const component of components({ first, to: sorted })) {
    group++;
    for (const node of component) groups[node] = group;
  }
  return groups;
}

/** Calls back for every known transition of an actor, with the world and the local state before it. */
function forEachStep(
  { shared, runners, cells, width, offsets, arena }: Automaton,
  actor: number,
  use: (world: number, local: number, step: number) => void,
): void {
  const count = runners[actor]?.locals.count ?? 0;
  const offset = offsets[actor] ?? 0;
  for (let world = 0; world < shared.count; world++) {
    const row = world * width + offset;
    for (let local = 0; local < count; local++) {
      const list = cells[row + local] ?? 0;
      if (list === 0) continue;
      const end = list + transitionWords * (arena[list] ?? 0);
      for (let step = list + 1; step < end; step += transitionWords) use(world, local, step);
    }
  }
}
