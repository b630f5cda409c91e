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
import { componentNumbers, graphOfEdges } from "./components.ts";
import { createWordTable, intern } from "./word_table.ts";

/** Steps that may be taken again and again. */
export interface Recurrence {
  /** By where a transition stands in `arena`: 1 if it may. */
  readonly steps: Uint8Array;
  /** By shared world: 1 if such a step leads out of it. */
  readonly worlds: Uint8Array;
}

/** Steps, a column for each thing that is known of them. */
interface Steps {
  /** The shared world that a step leads out of. */
  readonly world: Int32Array;
  readonly toWorld: Int32Array;
  /** The local state, as a cell in the row of a world: each actor has cells of its own. */
  readonly local: Int32Array;
  readonly toLocal: Int32Array;
  /** Where it stands in `arena`. */
  readonly at: Int32Array;
}

/**
 * The steps that a run may take again and again, but for those of the environment; undefined if there
 * are none, so that every run ends.
 *
 * @param automaton knows what the search has met
 */
export function recurrenceOf(automaton: Automaton): Recurrence | undefined {
  let left = withinLocals(automaton, stepsOf(automaton));
  for (let before = Infinity; left.at.length > 0 && left.at.length < before;) {
    before = left.at.length;
    left = withinWorlds(automaton, left);
  }
  if (left.at.length === 0) return undefined;
  const steps = new Uint8Array(automaton.used);
  const worlds = new Uint8Array(automaton.shared.count);
  for (const at of left.at) steps[at] = 1;
  for (const world of left.world) worlds[world] = 1;
  return { steps, worlds };
}

/** Every known step of the actors that may come back to where they stood. */
function stepsOf(automaton: Automaton): Steps {
  const { shared, runners, cells, width, offsets, arena, used } = automaton;
  const actors = [...runners.keys()].filter((actor) => mayGoBack(automaton, actor));
  const room = Math.ceil(used / transitionWords);
  const steps = {
    world: new Int32Array(room),
    toWorld: new Int32Array(room),
    local: new Int32Array(room),
    toLocal: new Int32Array(room),
    at: new Int32Array(room),
  };
  let count = 0;
  for (let from = 0; from < shared.count; from++) {
    for (const actor of actors) {
      const begin = offsets[actor] ?? 0;
      const end = begin + (runners[actor]?.locals.count ?? 0);
      for (let cell = begin; cell < end; cell++) {
        const list = cells[from * width + cell] ?? 0;
        const last = list + transitionWords * (arena[list] ?? 0);
        for (let each = list + 1; each < last; each += transitionWords) {
          steps.world[count] = from;
          steps.toWorld[count] = arena[each] ?? 0;
          steps.local[count] = cell;
          steps.toLocal[count] = begin + (arena[each + 1] ?? 0);
          steps.at[count++] = each;
        }
      }
    }
  }
  return ofEachColumn(steps, (column) => column.subarray(0, count));
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

/** Of these steps those between local states that lead to each other, in whichever worlds. */
function withinLocals({ width }: Automaton, steps: Steps): Steps {
  const { local, toLocal } = steps;
  return stepsWithin(groupsOf(width, local, toLocal), steps, local, toLocal);
}

/** Of these steps those between worlds that they lead to each other, and so between local states. */
function withinWorlds({ shared }: Automaton, steps: Steps): Steps {
  const groups = groupsOf(shared.count, steps.world, steps.toWorld);
  const inside = stepsWithin(groups, steps, steps.world, steps.toWorld);
  const stands = createWordTable(2);
  const stand = new Int32Array(2);
  const standOf = (local: number, each: number): number => {
    stand[0] = groups[inside.world[each] ?? 0] ?? 0;
    stand[1] = local;
    return intern(stands, stand, 0);
  };
  const from = inside.local.map(standOf);
  const to = inside.toLocal.map(standOf);
  return stepsWithin(groupsOf(stands.count, from, to), inside, from, to);
}

/** By node of a graph: the number of its strongly connected component, 0 if nothing leads back to it. */
function groupsOf(count: number, from: Int32Array, to: Int32Array): Int32Array {
  return componentNumbers(graphOfEdges(count, from, to));
}

/** Of these steps those whose edge, from one node to another, stays within a group. */
function stepsWithin(groups: Int32Array, steps: Steps, from: Int32Array, to: Int32Array): Steps {
  const staying = new Int32Array(from.length);
  let count = 0;
  for (let step = 0; step < from.length; step++) {
    const group = groups[from[step] ?? 0] ?? 0;
    if (group !== 0 && group === groups[to[step] ?? 0]) staying[count++] = step;
  }
  const kept = staying.subarray(0, count);
  return ofEachColumn(steps, (column) => kept.map((step) => column[step] ?? 0));
}

function ofEachColumn(
  { world, toWorld, local, toLocal, at }: Steps,
  change: (column: Int32Array) => Int32Array,
): Steps {
  return {
    world: change(world),
    toWorld: change(toWorld),
    local: change(local),
    toLocal: change(toLocal),
    at: change(at),
  };
}
