/**
 * Everything that can be observed of a scenario on a file system: breadth first over all schedules, so
 * that the schedule kept for an observation is a shortest one.
 *
 * @module
 */
import { createWordTable, intern, type WordTable } from "../explore/word_table.ts";
import type { Bug } from "./bugs.ts";
import type { ScenarioLayout } from "./layout.ts";
import {
  createMachine,
  haveAllEnded,
  kernelSteps,
  observe,
  type ScenarioMachine,
  standsAt,
  takeKernelStep,
  type Taken,
  takeStep,
} from "./machine.ts";
import { type Observation, observationKey } from "./observation.ts";

/** An observation and a shortest schedule that yields it. */
interface Reached {
  readonly observation: Observation;
  readonly schedule: readonly Taken[];
}

/** The result of a search. */
interface Explored {
  /** By {@link observationKey}, sorted by it. */
  readonly reached: ReadonlyMap<string, Reached>;
  readonly states: number;
  /** Bugs that could have made a difference: the others were never asked for. */
  readonly asked: ReadonlySet<Bug>;
}

/** States after which a scenario counts as too large. */
const limit = 4_000_000;

/**
 * Runs all schedules.
 *
 * @throws {RangeError} if there are more states than anybody would wait for
 */
export function explore(layout: ScenarioLayout, bug?: Bug): Explored {
  const machine = createMachine(layout, bug);
  const { world: { words } } = machine;
  const states = createWordTable(words.length, 1 << 10);
  intern(states, words, 0);
  let parents = new Int32Array(1 << 10);
  parents[0] = -1;
  const kernel = kernelSteps(layout).length;
  const ends = new Map<string, { readonly observation: Observation; readonly state: number }>();
  for (let state = 0; state < states.count; state++) {
    if (states.count > limit) throw new RangeError(`more than ${limit} states`);
    let moved = false;
    const reach = (): void => {
      moved = true;
      const known = states.count;
      if (intern(states, words, 0) < known) return;
      if (known >= parents.length) parents = doubled(parents);
      parents[known] = state;
    };
    forEachMove(machine, states, state, kernel, reach);
    if (moved && !endsHere(machine, states, state)) continue;
    load(machine, states, state);
    const observation = observe(machine);
    const key = observationKey(observation);
    if (!ends.has(key)) ends.set(key, { observation, state });
  }
  const reached = [...ends].sort(([a], [b]) => a < b ? -1 : 1).map((
    [key, { observation, state }],
  ) =>
    [key, { observation, schedule: scheduleTo(machine, states, parents, state, kernel) }] as const
  );
  return { reached: new Map(reached), states: states.count, asked: machine.world.asked };
}

/** True where all processes have ended: what the kernel does after that nobody sees. */
function endsHere(machine: ScenarioMachine, states: WordTable, state: number): boolean {
  load(machine, states, state);
  return haveAllEnded(machine);
}

function load({ world: { words } }: ScenarioMachine, states: WordTable, state: number): void {
  const from = state * states.stride;
  for (let word = 0; word < words.length; word++) words[word] = states.words[from + word] ?? 0;
}

/** Takes every move out of a state, one after the other, each from that state. */
function forEachMove(
  machine: ScenarioMachine,
  states: WordTable,
  state: number,
  kernel: number,
  reach: (taken: Taken) => void,
): void {
  const { layout } = machine.world;
  load(machine, states, state);
  if (haveAllEnded(machine)) return;
  for (let process = 0; process < layout.programs.length; process++) {
    for (let way = 0;; way++) {
      load(machine, states, state);
      const place = layout.places[standsAt(machine, process)];
      const at = machine.world.step[process] ?? 0;
      if (place === undefined || takeStep(machine, process, way) !== "taken") break;
      const label = machine.programs[place.index]?.[at]?.label ?? "";
      reach({ operation: place.operation.id, step: label, way });
    }
  }
  for (let number = 0; number < kernel; number++) {
    load(machine, states, state);
    if (takeKernelStep(machine, number)) {
      reach({ operation: "kernel", step: kernelSteps(layout)[number] ?? "", way: 0 });
    }
  }
}

function scheduleTo(
  machine: ScenarioMachine,
  states: WordTable,
  parents: Int32Array,
  state: number,
  kernel: number,
): readonly Taken[] {
  const schedule: Taken[] = [];
  for (let to = state, from = parents[to] ?? -1; from >= 0; from = parents[to] ?? -1) {
    let found: Taken | undefined;
    const offset = to * states.stride;
    forEachMove(machine, states, from, kernel, (taken) => {
      const { words } = machine.world;
      if (found === undefined && words.every((word, at) => word === states.words[offset + at])) {
        found = taken;
      }
    });
    if (found === undefined) throw new RangeError("a state without the move that led to it");
    schedule.push(found);
    to = from;
  }
  return schedule.reverse();
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(array.length * 2);
  longer.set(array);
  return longer;
}
