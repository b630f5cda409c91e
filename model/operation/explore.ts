/**
 * Everything that can be observed of a scenario: breadth first over all schedules, so that the
 * schedule kept for an observation is a shortest one.
 *
 * A file system with a bug is the sound one but for the steps at which the bug makes a difference. So
 * the sound one is searched first, and what each process and the kernel do in each state is
 * remembered, with the bugs that were asked for. A search with a bug runs only what asked for it, and
 * what follows from there.
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
  /** What a sound file system shows: by {@link observationKey}, sorted by it. */
  readonly reached: ReadonlyMap<string, Reached>;
  readonly states: number;
  /** Bugs that could make a difference: the others were never asked for. */
  readonly asked: ReadonlySet<Bug>;
  /** What a file system with this bug shows and a sound one never does, likewise. */
  readonly shownWith: (bug: Bug) => ReadonlyMap<string, Reached>;
}

/** States after which a scenario counts as too large. */
const limit = 4_000_000;

/**
 * Runs all schedules.
 *
 * @throws {RangeError} if there are more states than anybody would wait for
 */
export function explore(layout: ScenarioLayout): Explored {
  const kernel = kernelSteps(layout);
  const machine = createMachine(layout);
  const states = createWordTable(machine.world.words.length, 1 << 10);
  intern(states, machine.world.words, 0);
  const movers = layout.programs.length + kernel.length;
  const search: Search = { machine, kernel, states, movers, loaded: 0, ends: new Map() };
  const known: Known = { lists: [], targets: [], askedAt: new Map() };
  const sound = searchAll(search, (state, visit) => {
    learn(search, known, state);
    return expand(search, known, nowhere, state, visit);
  });
  return {
    reached: reachedIn(search, sound),
    states: sound.parents.size,
    asked: new Set(known.askedAt.keys()),
    shownWith: (bug) => {
      machine.world.bug = bug;
      const differs = new Set(known.askedAt.get(bug));
      const found = searchAll(
        search,
        (state, visit) => expand(search, known, differs, state, visit),
      );
      const shown = reachedIn(search, found, sound);
      machine.world.bug = undefined;
      return shown;
    },
  };
}

/**
 * The states that any search has met, and the machine on which they are run on. Whoever can move has a
 * number: the processes, then what the kernel does on its own.
 */
interface Search {
  readonly machine: ScenarioMachine;
  readonly kernel: readonly string[];
  readonly states: WordTable;
  readonly movers: number;
  /** The state in which the machine is; -1 once it has moved. */
  loaded: number;
  /** What was observed in states in which nothing moves. */
  readonly ends: Map<number, End>;
}

interface End {
  readonly key: string;
  readonly observation: Observation;
}

/** What a sound file system does, by state and mover: at `state * movers + mover`. */
interface Known {
  /** Where in `targets` the number of states stands that it leads to, and then these. */
  readonly lists: number[];
  readonly targets: number[];
  /** Where each bug was asked for. */
  readonly askedAt: Map<Bug, number[]>;
}

/** The states of one search. */
interface Found {
  /** Each with the one from which it was met first. */
  readonly parents: ReadonlyMap<number, number>;
  /** The first state in which each observation was made. */
  readonly ends: ReadonlyMap<string, number>;
}

type Visit = (to: number) => void;

const nowhere: ReadonlySet<number> = new Set();

/**
 * Goes through all states from the start, in the order in which they are met.
 *
 * @param expandState calls back for each state that a state leads to; false if there is none
 */
function searchAll(
  search: Search,
  expandState: (state: number, visit: Visit) => boolean,
): Found {
  const parents = new Map([[0, -1]]);
  const ends = new Map<string, number>();
  const queue = [0];
  for (const state of queue) {
    if (queue.length > limit) throw new RangeError(`more than ${limit} states`);
    const moved = expandState(state, (to) => {
      if (parents.has(to)) return;
      parents.set(to, state);
      queue.push(to);
    });
    if (moved) continue;
    const { key } = endOf(search, state);
    if (!ends.has(key)) ends.set(key, state);
  }
  return { parents, ends };
}

function endOf(search: Search, state: number): End {
  const known = search.ends.get(state);
  if (known !== undefined) return known;
  load(search, state);
  const observation = observe(search.machine);
  const end = { key: observationKey(observation), observation };
  search.ends.set(state, end);
  return end;
}

/** Runs a state on in every way, and remembers what came of it and what was asked for. */
function learn(search: Search, { lists, targets, askedAt }: Known, state: number): void {
  const { machine: { world: { asked } }, movers } = search;
  const isOver = isEnd(search, state);
  for (let mover = 0; mover < movers; mover++) {
    asked.clear();
    const list = targets.length;
    lists.push(list);
    targets.push(0);
    if (isOver) continue;
    move(search, state, mover, (to) => targets.push(to));
    targets[list] = targets.length - list - 1;
    for (const bug of asked) {
      const places = askedAt.get(bug) ?? [];
      askedAt.set(bug, places);
      places.push(lists.length - 1);
    }
  }
}

/** Calls back for each state that a state leads to, mover by mover; runs what is not known. */
function expand(
  search: Search,
  { lists, targets }: Known,
  differs: ReadonlySet<number>,
  state: number,
  visit: Visit,
): boolean {
  const { movers } = search;
  const first = state * movers;
  if (first >= lists.length && isEnd(search, state)) return false;
  let moved = false;
  for (let mover = 0; mover < movers; mover++) {
    const list = lists[first + mover];
    if (list === undefined || differs.has(first + mover)) {
      moved = move(search, state, mover, visit) || moved;
      continue;
    }
    const end = list + (targets[list] ?? 0);
    for (let at = list + 1; at <= end; at++) visit(targets[at] ?? 0);
    moved ||= end > list;
  }
  return moved;
}

/** True where all processes have ended: what the kernel does after that nobody sees. */
function isEnd(search: Search, state: number): boolean {
  load(search, state);
  return haveAllEnded(search.machine);
}

function load(search: Search, state: number): void {
  if (search.loaded === state) return;
  const { machine: { world: { words } }, states } = search;
  const from = state * states.stride;
  for (let word = 0; word < words.length; word++) words[word] = states.words[from + word] ?? 0;
  search.loaded = state;
}

/**
 * Lets somebody move in a state in each way in which that is possible.
 *
 * @returns false if it is not possible at all
 */
function move(
  search: Search,
  state: number,
  mover: number,
  reach: (to: number, way: number) => void,
): boolean {
  const { machine, machine: { world }, states } = search;
  const processes = world.layout.programs.length;
  // A step that is not taken has changed nothing.
  const takes = (way: number): boolean =>
    mover < processes
      ? takeStep(machine, mover, way) === "taken"
      : way === 0 && takeKernelStep(machine, mover - processes);
  let way = 0;
  for (load(search, state); takes(way); load(search, state)) {
    search.loaded = -1;
    reach(intern(states, world.words, 0), way++);
  }
  return way > 0;
}

/** What was observed in a search and not in another one, each with its schedule. */
function reachedIn(
  search: Search,
  { parents, ends }: Found,
  except?: Found,
): ReadonlyMap<string, Reached> {
  const states = [...ends].filter(([key]) => except?.ends.has(key) !== true)
    .sort(([a], [b]) => a < b ? -1 : 1);
  return new Map(states.map(([key, state]) => {
    const { observation } = endOf(search, state);
    return [key, { observation, schedule: scheduleTo(search, parents, state) }];
  }));
}

function scheduleTo(
  search: Search,
  parents: Found["parents"],
  state: number,
): readonly Taken[] {
  const schedule: Taken[] = [];
  for (let to = state, from = parents.get(to) ?? -1; from >= 0; from = parents.get(to) ?? -1) {
    schedule.push(moveBetween(search, from, to));
    to = from;
  }
  return schedule.reverse();
}

/** The first move that leads from one state to the other, as a schedule says it. */
function moveBetween(search: Search, from: number, to: number): Taken {
  const { movers } = search;
  for (let mover = 0; mover < movers; mover++) {
    let found: number | undefined;
    move(search, from, mover, (reached, way) => {
      if (reached === to) found ??= way;
    });
    if (found !== undefined) return takenBy(search, from, mover, found);
  }
  throw new RangeError("a state without the move that led to it");
}

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
