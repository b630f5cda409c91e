/**
 * A design's steps as an automaton that is built as the search needs it.
 *
 * What a step does depends on the shared world and on its actor's own locals, never on where the
 * other actors stand. So each pair of the two is run through the model once, judged once, and
 * remembered: in the steady state a transition of the search costs one look-up. The checker of
 * recordings lives on the same idea.
 *
 * @module
 */
import type { Actor, Branch, Design } from "../design.ts";
import type { Invariant } from "../invariant.ts";
import { hasCrashed, isPowerFailure, type Move, placeAfter, placeOf, startOf } from "../run.ts";
import { fieldRange } from "../state.ts";
import { createMachine, load, type Machine, readLocals, readShared, runBranch } from "./machine.ts";
import { createWordTable, intern, type WordTable } from "./word_table.ts";

/** Words of a remembered transition: shared world, local state of its actor, number of the move. */
export const transitionWords = 3;

/** What was met anywhere. */
interface Seen {
  /** Ids of invariants that a step could have broken and did not. */
  readonly kept: Set<string>;
  /** By number of the move: 1 if it was taken. */
  readonly taken: Uint8Array;
  /** True once some actor had to wait. */
  waited: boolean;
}

/** An actor with its part of the automaton. */
interface Runner {
  readonly actor: Actor;
  /** Distinct local states. */
  readonly locals: WordTable;
  /** By local state: 1 if the actor is at its end. */
  readonly ended: number[];
  /** By place in the program: number of the step's first move. */
  readonly firstMove: readonly number[];
  /** For how many local states it has cells. */
  room: number;
}

/** The automaton of one design. */
export interface Automaton {
  readonly design: Design;
  /** Every branch of every step of every actor, in this order. */
  readonly moves: readonly Move[];
  /** By number of the move: where it takes its actor. */
  readonly places: readonly number[];
  /** By number of the move: 1 if it is a power failure, which is all that its step can be. */
  readonly failures: Uint8Array;
  readonly runners: readonly Runner[];
  /** Distinct shared worlds: whole states with the locals blanked. */
  readonly shared: WordTable;
  /** Cells in the row of a shared world, and where those of each actor begin. */
  width: number;
  readonly offsets: Int32Array;
  /** Row by shared world: where in `arena` the transitions of a local state are; 0 if not known. */
  cells: Int32Array;
  /** Lists of transitions, each led by its length. */
  arena: Int32Array;
  used: number;
  readonly seen: Seen;
  /** Called whenever a breach is met that was not remembered, with the id and the move's number. */
  readonly onBreach: (id: string, move: number) => void;
  readonly machine: Machine;
}

/** The automaton of a design with nothing in it yet. */
export function createAutomaton(
  design: Design,
  invariants: readonly Invariant[],
  onBreach: (id: string, move: number) => void,
): Automaton {
  const kept = new Set<string>();
  const machine = createMachine(design, invariants, kept);
  const moves: Move[] = [];
  let width = 0;
  const runners = design.actors.map((actor): Runner => {
    const firstMove = actor.program.map((step) => {
      const first = moves.length;
      moves.push(...step.branches.map((branch) => ({ actor, step, branch })));
      return first;
    });
    const room = actor.program.length + 1;
    width += room;
    const locals = createWordTable(machine.locals.length);
    return { actor, locals, ended: [], firstMove, room };
  });
  return {
    design,
    moves,
    places: moves.map(({ actor, step, branch }) => placeAfter(actor, step, branch)),
    failures: Uint8Array.from(moves, ({ branch }) => isPowerFailure(branch) ? 1 : 0),
    runners,
    shared: createWordTable(machine.words.length),
    width,
    offsets: offsetsOf(runners),
    cells: new Int32Array(0),
    arena: new Int32Array(1024),
    used: 1,
    seen: { kept, taken: new Uint8Array(moves.length), waited: false },
    onBreach,
    machine,
  };
}

/** Numbers of the shared world and of each actor's locals at the start. */
export function internStart(automaton: Automaton): readonly [number, ...number[]] {
  const { design, machine, runners } = automaton;
  machine.state.bytes.set(startOf(design).bytes);
  const locals = runners.map((runner) => internLocals(automaton, runner));
  readShared(machine);
  return [intern(automaton.shared, machine.shared, 0), ...locals];
}

/**
 * Where in `arena` the transitions of an actor stand: their number, then `transitionWords` each. They
 * are run and judged if they are not yet known.
 */
export function transitionsOf(
  automaton: Automaton,
  shared: number,
  actor: number,
  locals: number,
): number {
  const { cells, width, offsets } = automaton;
  const known = cells[shared * width + (offsets[actor] ?? 0) + locals] ?? 0;
  return known !== 0 ? known : run(automaton, shared, actor, locals);
}

/** True if power has failed in a shared world. */
export function isDown({ machine: { design }, shared }: Automaton, world: number): boolean {
  const [from, to] = fieldRange(design.bounds, "crashed");
  const words = shared.words.subarray(world * shared.stride, (world + 1) * shared.stride);
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  return to > from && bytes[from] === 1;
}

/** Runs the actor's step in every way in which it can go. */
function run(automaton: Automaton, shared: number, index: number, locals: number): number {
  const { machine, seen, moves, places, offsets } = automaton;
  const runner = automaton.runners[index];
  if (runner === undefined) throw new RangeError(`no actor ${index}`);
  const { actor } = runner;
  restore(automaton, shared, runner, locals);
  const place = placeOf(machine.state, actor);
  const first = runner.firstMove[place] ?? 0;
  const end = first + (actor.program[place]?.branches.length ?? 0);
  const list = automaton.used;
  reserve(automaton, 1 + (end - first) * transitionWords);
  automaton.used++;
  let spoilt = false;
  for (let number = first; number < end; number++) {
    const move = moves[number];
    if (spoilt) restore(automaton, shared, runner, locals);
    spoilt = move?.branch.when(machine.state) === true;
    if (move === undefined || !spoilt) continue;
    if (runBranch(machine, actor, move.branch, places[number] ?? 0)) {
      seen.taken[number] = 1;
      for (const id of machine.kept) seen.kept.add(id);
      for (const id of machine.broken) automaton.onBreach(id, number);
      automaton.arena[automaton.used++] = worldAfter(automaton, shared, actor, move.branch);
      automaton.arena[automaton.used++] = internLocals(automaton, runner);
      automaton.arena[automaton.used++] = number;
    } else if (!hasCrashed(machine.state)) {
      seen.waited = true;
    }
  }
  automaton.arena[list] = (automaton.used - list - 1) / transitionWords;
  const rows = automaton.shared.words.length / automaton.shared.stride;
  if (automaton.cells.length < rows * automaton.width) {
    automaton.cells = copied(automaton.cells, rows * automaton.width);
  }
  automaton.cells[shared * automaton.width + (offsets[index] ?? 0) + locals] = list;
  return list;
}

/** The shared world that a branch leaves behind: a look at the world leaves it as it was. */
function worldAfter(
  { machine, shared: worlds }: Automaton,
  shared: number,
  actor: Actor,
  { events, then }: Branch,
): number {
  if (events.length === 0 && then === undefined) return shared;
  readShared(machine, actor);
  return intern(worlds, machine.shared, 0);
}

function restore(
  { machine, shared: worlds }: Automaton,
  shared: number,
  runner: Runner,
  locals: number,
): void {
  const { words, stride } = runner.locals;
  load(machine, runner.actor, worlds.words, shared * worlds.stride, words, locals * stride);
}

function internLocals(automaton: Automaton, runner: Runner): number {
  const { machine } = automaton;
  readLocals(machine, runner.actor);
  const known = runner.locals.count;
  const id = intern(runner.locals, machine.locals, 0);
  if (id === known) {
    const place = placeOf(machine.state, runner.actor);
    runner.ended.push(place === runner.actor.program.length ? 1 : 0);
    if (runner.locals.count > runner.room) widen(automaton, runner);
  }
  return id;
}

/** Gives an actor's local states twice the room: every row is laid out anew. */
function widen(automaton: Automaton, runner: Runner): void {
  const { cells, width, runners, offsets } = automaton;
  const grown = runner.room;
  const end = (offsets[runners.indexOf(runner)] ?? 0) + runner.room;
  const rows = cells.length / width;
  const wider = new Int32Array(rows * (width + grown));
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const to = row * (width + grown);
    wider.set(cells.subarray(from, from + end), to);
    wider.set(cells.subarray(from + end, from + width), to + end + grown);
  }
  runner.room += grown;
  offsets.set(offsetsOf(runners));
  automaton.cells = wider;
  automaton.width += grown;
}

function offsetsOf(runners: readonly Runner[]): Int32Array {
  const offsets = new Int32Array(runners.length);
  runners.reduce((offset, { room }, index) => {
    offsets[index] = offset;
    return offset + room;
  }, 0);
  return offsets;
}

function reserve(automaton: Automaton, words: number): void {
  const needed = automaton.used + words;
  if (needed > automaton.arena.length) automaton.arena = copied(automaton.arena, 2 * needed);
}

function copied(array: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
}
