/**
 * Which steps a run that goes round may consist of: what can be said of it from the automaton alone,
 * which is far smaller than the graph of all states.
 *
 * In such a run the world that all share comes back, and each actor that takes steps comes back to
 * where it stood. So every step of it leads between two worlds that such steps lead back and forth
 * between, and, by the steps there, between two local states that lead to each other. What is not so
 * is left out, then of what is left, until no more is. Mostly nothing is left.
 *
 * @module
 */
import { type Automaton, transitionWords } from "./automaton.ts";
import { components } from "./components.ts";

/** Steps that may be taken again and again. */
export interface Recurrence {
  /** By where a transition stands in `arena`: 1 if it may. */
  readonly steps: Uint8Array;
  /** By shared world: 1 if such a step leads out of it. */
  readonly worlds: Uint8Array;
}

interface Step {
  readonly actor: number;
  /** Where it leads out of. */
  readonly world: number;
  readonly local: number;
  /** Where it stands in `arena`. */
  readonly at: number;
}

/**
 * The steps that a run may take again and again, but for those of the environment; undefined if there
 * are none, so that every run ends.
 *
 * @param automaton knows what the search has met
 */
export function recurrenceOf(automaton: Automaton): Recurrence | undefined {
  let left = [...automaton.runners.keys()].flatMap((actor) => stepsOfRounds(automaton, actor));
  for (let before = Infinity; left.length < before;) {
    before = left.length;
    left = withinGroups(automaton, left);
  }
  if (left.length === 0) return undefined;
  const steps = new Uint8Array(automaton.used);
  const worlds = new Uint8Array(automaton.shared.count);
  for (const { at, world } of left) steps[at] = worlds[world] = 1;
  return { steps, worlds };
}

/** The steps of an actor between local states that lead to each other, in whichever worlds. */
function stepsOfRounds(automaton: Automaton, actor: number): readonly Step[] {
  if (!mayGoBack(automaton, actor)) return [];
  const { arena, runners } = automaton;
  const targets: number[][] = Array.from(
    { length: runners[actor]?.locals.count ?? 0 },
    () => [],
  );
  forEachStep(automaton, actor, (_, local, at) => {
    const known = targets[local];
    const to = arena[at + 1] ?? 0;
    if (known?.includes(to) === false) known.push(to);
  });
  const from = targets.flatMap((each, local) => each.map(() => local));
  const groups = groupsOf(targets.length, from, targets.flat());
  const steps: Step[] = [];
  forEachStep(automaton, actor, (world, local, at) => {
    const group = groups[local] ?? 0;
    if (group !== 0 && group === groups[arena[at + 1] ?? 0]) {
      steps.push({ actor, world, local, at });
    }
  });
  return steps;
}

/** True if a program has a step to itself or an earlier one, and is not the environment's. */
function mayGoBack({ runners, places }: Automaton, index: number): boolean {
  const runner = runners[index];
  if (runner === undefined || runner.actor.environment === true) return false;
  const { actor: { program }, firstMove } = runner;
  return program.some(({ branches }, place) =>
    branches.some((_, way) => (places[(firstMove[place] ?? 0) + way] ?? 0) <= place)
  );
}

/** Of these steps those between worlds that they lead to each other, and so between local states. */
function withinGroups({ arena, shared, width, offsets }: Automaton, steps: Step[]): Step[] {
  const worldAfter = ({ at }: Step): number => arena[at] ?? 0;
  const groups = groupsOf(shared.count, steps.map(({ world }) => world), steps.map(worldAfter));
  const inside = steps.filter((step) => {
    const group = groups[step.world] ?? 0;
    return group !== 0 && group === groups[worldAfter(step)];
  });
  const numbers = new Map<number, number>();
  const numberOf = ({ actor, world }: Step, local: number): number => {
    const place = (groups[world] ?? 0) * width + (offsets[actor] ?? 0) + local;
    const number = numbers.get(place) ?? numbers.size;
    numbers.set(place, number);
    return number;
  };
  const from = inside.map((step) => numberOf(step, step.local));
  const to = inside.map((step) => numberOf(step, arena[step.at + 1] ?? 0));
  const parts = groupsOf(numbers.size, from, to);
  return inside.filter((_, each) => {
    const part = parts[from[each] ?? 0] ?? 0;
    return part !== 0 && part === parts[to[each] ?? 0];
  });
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
  use: (world: number, local: number, at: number) => void,
): void {
  const count = runners[actor]?.locals.count ?? 0;
  const offset = offsets[actor] ?? 0;
  for (let world = 0; world < shared.count; world++) {
    const row = world * width + offset;
    for (let local = 0; local < count; local++) {
      const list = cells[row + local] ?? 0;
      if (list === 0) continue;
      const end = list + transitionWords * (arena[list] ?? 0);
      for (let at = list + 1; at < end; at += transitionWords) use(world, local, at);
    }
  }
}
