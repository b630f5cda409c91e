/**
 * What vectors are run against: an implementation that runs operations, or a judge of events.
 *
 * @module
 */
import type { Answer, Question, Schedule } from "./protocol.ts";
import type { Capability } from "../format/vocabulary.ts";

/** Something that vectors can be run against. */
export interface Driver {
  /** What it drives, for reports. */
  readonly name: string;
  /** The version of what it drives, for reports. */
  readonly version?: string;
  /** A kernel, a platform: what a reader of a report should know besides. */
  readonly details?: string;
  /** What it can do; a vector that needs anything else is skipped. */
  readonly capabilities: readonly Capability[];
  /** How it can run an operation vector. */
  readonly schedules: readonly Schedule["kind"][];
  /** Why it cannot run a vector that its capabilities allow, in one sentence; undefined if it can. */
  readonly declines?: (vector: Question) => string | undefined;
  /** Runs an operation vector by a schedule, or judges an event vector, which has none. */
  readonly answer: (vector: Question, schedule: Schedule | undefined) => Answer | Promise<Answer>;
}
