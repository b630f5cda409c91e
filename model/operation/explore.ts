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
  const search: Search = { machine, states, kernel: kernelSteps(layout) };
  const ends = new Map<string, { readonly observation: Observation; readonly state: number }>();
  let state = 0;
  const reach = (): void => {
    const known = states.count;
    if (intern(states, words, 0) < known) return;
    if (known >= parents.length) parents = doubled(parents);
    parents[known] = state;
  };
  for (; state < states.count; state++) {
    if (states.count > limit) throw new RangeError(`more than ${limit} states`);
    if (forEachMove(search, state, reach)) continue;
    load(search, state);
    const observation = observe(machine);
    const key = observationKey(observation);
    if (!ends.has(key)) ends.set(key, { observation, state });
  }
  const reached = [...ends].sort(([a], [b]) => a < b ? -1 : 1).map((
    [key, { observation, state }],
  ) => [key, { observation, schedule: scheduleTo(search, parents, state) }] as const);
  return { reached: new Map(reached), states: states.count, asked: machine.world.asked };
}

/** The states that were met, and the machine on which each is run on. */
interface Search {
  readonly machine: ScenarioMachine;
  readonly states: WordTable;
  /** What the file system may do on its own. */
  readonly kernel: readonly string[];
}

function load({ machine: { world: { words } }, states }: Search, state: number): void {
  const from = state * states.stride;
  for (let word = 0; word < words.length; word++) words[word] = states.words[from + word] ?? 0;
}

/**
 * Takes every move out of a state, one after the other, each from that state, and calls back after
 * each: with the process that took it, or behind the processes the number of the kernel's step, and
 * with the way in which it went. Where all processes have ended there is none: what the kernel does
 * after that nobody sees.
 *
 * @returns true if there was a move
 */
function forEachMove(
  search: Search,
  state: number,
  reach: (mover: number, way: number) => void,
): boolean {
  const { machine, kernel } = search;
  const processes = machine.world.layout.programs.length;
  load(search, state);
  if (haveAllEnded(machine)) return false;
  let moved = false;
  // A step that is not taken has changed nothing.
  for (let process = 0; process < processes; process++) {
    for (let way = 0; takeStep(machine, process, way) === "taken"; way++) {
      moved = true;
      reach(process, way);
      load(search, state);
    }
  }
  for (let number = 0; number < kernel.length; number++) {
    if (!takeKernelStep(machine, number)) continue;
    moved = true;
    reach(processes + number, 0);
    load(search, state);
  }
  return moved;
}

function scheduleTo(search: Search, parents: Int32Array, state: number): readonly Taken[] {
  const { machine: { world: { words } }, states } = search;
  const schedule: Taken[] = [];
  for (let to = state, from = parents[to] ?? -1; from >= 0; from = parents[to] ?? -1) {
    let found: readonly [mover: number, way: number] | undefined;
    const offset = to * states.stride;
    forEachMove(search, from, (...move) => {
      if (found === undefined && words.every((word, at) => word === states.words[offset + at])) {
        found = move;
      }
    });
    if (found === undefined) throw new RangeError("a state without the move that led to it");
    schedule.push(takenBy(search, from, ...found));
    to = from;
  }
  return schedule.reverse();
}

/** A move out of a state, as a schedule says it. */
function takenBy(search: Search, state: number, mover: number, way: number): Taken {
  const { machine, machine: { world, programs }, kernel } = search;
  const { programs: { length: processes }, places } = world.layout;
  if (mover >= processes) {
    return { operation: "kernel", step: kernel[mover - processes] ?? "", way };
  }
  load(search, state);
  const place = places[standsAt(machine, mover)];
  if (place === undefined) throw new RangeError(`process ${mover} has ended`);
  const { label: step = "" } = programs[place.index]?.[world.step[mover] ?? 0] ?? {};
  return { operation: place.operation.id, step, way };
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(array.length * 2);
  longer.set(array);
  return longer;
}
