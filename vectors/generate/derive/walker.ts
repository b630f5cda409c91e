/**
 * Walks through a design on two buffers, without an allocation for the moves that it only tries.
 *
 * @module
 */
import type { Actor, Design } from "../../../model/design.ts";
import { type Move, nextStep, startOf, take } from "../../../model/run.ts";
import { copyState, type State } from "../../../model/state.ts";

/** Where a design stands, and a buffer to try moves on. */
export interface Walker {
  readonly design: Design;
  readonly state: State;
  readonly trial: State;
}

/** A walker at the design's start. */
export function createWalker(design: Design): Walker {
  const state = startOf(design);
  return { design, state, trial: copyState(state) };
}

/** Every way in which the actor's next step might go, possible or not. */
export function waysOf({ state }: Walker, actor: Actor): readonly Move[] {
  const step = nextStep(state, actor);
  return step === undefined ? [] : step.branches.map((branch) => ({ actor, step, branch }));
}

/** Takes a move if it is possible where the walker stands; else stays there and says false. */
export function go({ state, trial }: Walker, move: Move): boolean {
  trial.bytes.set(state.bytes);
  if (!take(trial, move)) return false;
  state.bytes.set(trial.bytes);
  return true;
}

/** True if the move is possible where the walker stands. */
export function canGo({ state, trial }: Walker, move: Move): boolean {
  trial.bytes.set(state.bytes);
  return take(trial, move);
}

/** True if everybody but the environment is at the end. */
export function isAtEnd({ design, state }: Walker): boolean {
  return design.actors.every((actor) => actor.environment || nextStep(state, actor) === undefined);
}
