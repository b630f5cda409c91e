/**
 * Running a design: where its actors stand, what may happen next, and what happened.
 *
 * An actor's place in its program is the first of its locals; the place behind the last step is its
 * end. A step reads and changes the shared world and its own locals only, never another actor's.
 *
 * @module
 */
import type { Actor, Branch, Design, Step } from "./design.ts";
import type { Event } from "./event.ts";
import { become, copyState, createState, type State } from "./state.ts";
import { enabled, step as apply } from "./step.ts";

/** One step of an actor, taken one way. */
export interface Move {
  /** Who takes it. */
  readonly actor: Actor;
  /** What is taken. */
  readonly step: Step;
  /** Which of its ways. */
  readonly branch: Branch;
}

/** A run from a design's start: what the explorer finds and a race diagram shows. */
export type Path = readonly Move[];

/** Sees each event of a move. */
export interface Watch {
  readonly before: (state: State, event: Event) => void;
  readonly after: (event: Event, state: State) => void;
}

/** The state in which nobody has run. */
export function startOf(design: Design): State {
  const state = createState(design.bounds);
  design.start?.(state);
  return state;
}

/** Index of the actor's next step in its program; its length at the end. */
export function placeOf(state: State, actor: Actor): number {
  return state.local[actor.task * state.bounds.locals] ?? 0;
}

/** The actor's next step, or undefined at its end. */
export function nextStep(state: State, actor: Actor): Step | undefined {
  return actor.program[placeOf(state, actor)];
}

/**
 * Index of the step that follows a branch.
 *
 * @throws {RangeError} if the program has no step of that label
 */
export function placeAfter(actor: Actor, step: Step, { goto }: Branch): number {
  const { program } = actor;
  if (goto === "end") return program.length;
  if (goto === undefined) return program.indexOf(step) + 1;
  const place = program.findIndex(({ label }) => label === goto);
  if (place < 0) throw new RangeError(`${actor.name}: no step ${goto}`);
  return place;
}

/**
 * Takes a move in place, if it is the actor's turn to take it and nothing blocks it.
 *
 * @returns false if it is not possible here; the state is then spoilt
 */
export function take(state: State, move: Move, watch?: Watch): boolean {
  if (!isInTurn(state, move)) return false;
  const { actor, step, branch } = move;
  if (!happen(state, branch, watch)) return false;
  state.local[actor.task * state.bounds.locals] = placeAfter(actor, step, branch);
  return true;
}

function isInTurn(state: State, { actor, step, branch }: Move): boolean {
  return nextStep(state, actor) === step && branch.when(state);
}

/**
 * Lets what a branch consists of happen, in place; whose turn it is, and who stands where afterwards,
 * is for the caller.
 *
 * @returns false if something blocks one of its events; the state is then spoilt
 */
export function happen(state: State, branch: Branch, watch?: Watch): boolean {
  for (const event of branch.events) {
    if (!enabled(state, event)) return false;
    watch?.before(state, event);
    apply(state, event);
    watch?.after(event, state);
  }
  branch.then?.(state);
  return true;
}

/** The state after a move, or undefined if it is not possible here. */
export function after(state: State, move: Move, watch?: Watch): State | undefined {
  if (!isInTurn(state, move)) return undefined;
  const next = copyState(state);
  return take(next, move, watch) ? next : undefined;
}

/** Everything that may happen next, in the order of actors and branches. */
export function movesFrom(design: Design, state: State): readonly Move[] {
  const moves: Move[] = [];
  const next = copyState(state);
  for (const actor of design.actors) {
    const step = nextStep(state, actor);
    for (const branch of step?.branches ?? []) {
      if (step === undefined) continue;
      const move = { actor, step, branch };
      if (take(next, move)) moves.push(move);
      become(next, state);
    }
  }
  return moves;
}

/** True if taking the branch is a power failure. */
export function isPowerFailure({ events }: Branch): boolean {
  return events.some(({ kind }) => kind === "crash");
}

/** True once power has failed: nothing happens any more, and nobody waits for it. */
export function hasCrashed({ crashed }: State): boolean {
  return crashed[0] === 1;
}
