/**
 * A design whose guards and deeds are watched: what they look at must be there, and be theirs.
 *
 * A guard that reads a byte outside of its view gets `undefined` and goes on, and what it would have
 * let happen never does. No search can tell that from a sound design.
 *
 * @module
 */
import type { Actor, Branch, Design, Step } from "../design.ts";
import { hasCrashed } from "../run.ts";
import type { Field, State } from "../state.ts";
import { fenceState } from "../watched_state.ts";
import type { DesignMistake } from "./mistake.ts";

/** The design, with whatever its functions do wrong told as they are run. */
export function fence(design: Design, onMistake: (mistake: DesignMistake) => void): Design {
  const { start } = design;
  const startFences = new Fences((field, index, how) =>
    onMistake({ expected: `start to ${how} what there is, not ${field}[${index}]` })
  );
  return {
    ...design,
    actors: design.actors.map((actor) => ({
      ...actor,
      program: actor.program.map((step) => ({
        ...step,
        branches: step.branches.map((branch) => fenceBranch(actor, step, branch, onMistake)),
      })),
    })),
    ...(start === undefined ? {} : {
      start: (state: State) => start(startFences.of(state, [0, state.local.length], true)),
    }),
  };
}

function fenceBranch(
  actor: Actor,
  step: Step,
  branch: Branch,
  onMistake: (mistake: DesignMistake) => void,
): Branch {
  const { when, then } = branch;
  const say = (expected: string): void =>
    onMistake({ actor: actor.name, step: step.label, expected });
  const fenceOf = (what: string): Fences =>
    new Fences((field, index, how) =>
      say(
        how === "change"
          ? `${what} that only looks, not one that writes ${field}[${index}]`
          : field === "local"
          ? `${what} that ${how}s its own locals, not local[${index}]`
          : `${what} that ${how}s what the world has, not ${field}[${index}]`,
      )
    );
  const [guards, deeds] = [fenceOf("a condition"), fenceOf("a deed")];
  const own = (state: State): readonly [number, number] => [
    actor.task * state.bounds.locals,
    (actor.task + 1) * state.bounds.locals,
  ];
  const run = <T>(what: string, work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      say(
        `${what} that ends, not one that throws "${
          error instanceof Error ? error.message : error
        }"`,
      );
      return otherwise;
    }
  };
  return {
    ...branch,
    // Nothing happens after power has failed, and what is left of the world is no matter of guards.
    when: (state) =>
      !hasCrashed(state) &&
      run("a condition", () => when(guards.of(state, own(state), false)), false),
    ...(then === undefined ? {} : {
      then: (state: State) =>
        run("a deed", () => then(deeds.of(state, own(state), true)), undefined),
    }),
  };
}

/** How a place is used that is not there, or may not be. */
type Use = "read" | "write" | "change";

/** The fenced twins of states: the search uses few states, over and over. */
class Fences {
  readonly #onOutside: (field: Field, index: string, use: Use) => void;
  readonly #known = new WeakMap<State, State>();

  constructor(onOutside: (field: Field, index: string, use: Use) => void) {
    this.#onOutside = onOutside;
  }

  of(state: State, locals: readonly [number, number], writes: boolean): State {
    const known = this.#known.get(state);
    if (known !== undefined) return known;
    const fenced = fenceState(state, locals, (field, index, how, inside) => {
      if (!inside) this.#onOutside(field, index, how);
      else if (!writes) this.#onOutside(field, index, "change");
    });
    this.#known.set(state, fenced);
    return fenced;
  }
}
