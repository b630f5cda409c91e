/**
 * What a design is: one way to do the job that somebody proposed or merged, as actors whose programs
 * are guarded atomic steps. A design only says when a step may run and which events it consists of;
 * what events do is `step.ts`'s, and whether that was right is for the invariants.
 *
 * @module
 */
import type { Event } from "./event.ts";
import type { Bounds, State } from "./state.ts";

/** One way in which a step can go. Of several that can be taken, each is explored. */
export interface Branch {
  /** The result that a race diagram prints behind the arrow: `HOLE`; empty where a step has one way. */
  readonly result: string;
  /** True if the step can go this way here. Locks held by others are a matter of `enabled`. */
  readonly when: (state: State) => boolean;
  /** What happens, in this order and at once. */
  readonly events: readonly Event[];
  /**
   * Changes the actor's local variables, after the events; or what no event tells, because only other
   * steps go by it (`vma`).
   */
  readonly then?: (state: State) => void;
  /** Label of the step that follows; undefined for the next one, `"end"` to stop. */
  readonly goto?: string;
}

/** One atomic step of a program. */
export interface Step {
  /** Unique in its program; the target of `goto`. */
  readonly label: string;
  /** What a race diagram prints, in the kernel's words: `grab_mapping_entry(0)`. */
  readonly name: string;
  /** Ways to go; the step can be taken where one of them can. */
  readonly branches: readonly Branch[];
}

/** A task that runs a program once from the top. */
export interface Actor {
  /** Column heading of the race diagram. */
  readonly name: string;
  /** The actor's number in events and in `state.local`. */
  readonly task: number;
  /** Steps in their order. */
  readonly program: readonly Step[];
  /** True for what may happen or not at any time: never finishing it is no deadlock. */
  readonly environment: boolean;
}

/** One design with the smallest world that shows what it does. */
export interface Design {
  /** `A9`, `D2b`: the id under which its chapter lists it. */
  readonly id: string;
  /** Letter of its chapter; `own` for a design that is in none. */
  readonly system: "A" | "B" | "C" | "D" | "E" | "F" | "own";
  /** One line: what this design does differently. */
  readonly title: string;
  /** Seed, commit, kernel versions. */
  readonly source: string;
  /** How large its world is. */
  readonly bounds: Bounds;
  /** What the world holds before anybody runs; the empty world if absent. */
  readonly start?: (state: State) => void;
  /** Everybody who acts in it. */
  readonly actors: readonly Actor[];
  /** Ids that this design breaks, by the claim of its source; none for a sound one. */
  readonly breaks: readonly string[];
  /** Ids that do not speak of this design, each with the reason: they are not judged. */
  readonly exempt?: Readonly<Record<string, string>>;
}

/**
 * The system that a design of the catalogue belongs to.
 *
 * @throws {RangeError} if it is somebody's own: none of those gets here
 */
export function systemOf({ id, system }: Design): Exclude<Design["system"], "own"> {
  if (system === "own") throw new RangeError(`${id} is in no chapter`);
  return system;
}
