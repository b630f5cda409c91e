/**
 * The line protocol between the runner and a driver: newline-delimited JSON over the driver's standard
 * input and output. `vectors/README.md` is its contract, `schema/protocol.schema.json` its schema.
 *
 * @module
 */
import type { Observation } from "../../model/operation/observation.ts";
import type { Scenario } from "../../model/operation/scenario.ts";
import type { Breach, EventVerdict, Sequence } from "../format/event_vector.ts";
import type { Configuration } from "../format/vector.ts";
import type { Capability } from "../format/vocabulary.ts";

/** Version of the protocol: a driver that speaks another is refused. */
export const protocolVersion = 1;

/**
 * Characters that a line of a driver may have. The largest answer that makes sense is an outcome in
 * which no two trials are alike: 20,000 of them, each with the longest observation of the suite three
 * times over, are shorter.
 */
export const longestLine = 8 * 1024 * 1024;

/** What every vector says of itself to a driver. */
export interface QuestionHead {
  /** 12 hex digits: another meaning is another id. */
  readonly id: string;
  /** The name for people: the invariant first, then words. */
  readonly handle: string;
  /** What an implementation must be able to do to run it. */
  readonly capabilities: readonly Capability[];
  /** What it demands of a file system. */
  readonly configuration: Configuration;
}

/** An operation vector as it crosses the wire: without anything that says what is right. */
export interface OperationQuestion extends QuestionHead, Scenario {
  /** Tells it from an event vector. */
  readonly kind: "operation";
}

/** An event vector as it crosses the wire: without its verdict. */
export interface EventQuestion extends QuestionHead, Sequence {
  /** Tells it from an operation vector. */
  readonly kind: "event";
}

/** A vector as it crosses the wire. */
export type Question = OperationQuestion | EventQuestion;

/** How the processes of an operation vector are to be scheduled. */
export type Schedule =
  /** Given steps in their order, as near as the implementation can follow. */
  | { readonly kind: "forced"; readonly steps: readonly string[] }
  /** A number of runs as they come; the seed is for drivers that make their own chance. */
  | { readonly kind: "sampled"; readonly trials: number; readonly seed: number };

/** What the runner says. */
export type Request =
  | { readonly kind: "hello"; readonly protocol: number; readonly schema: string }
  | {
    readonly kind: "run";
    /** Opaque: a reply repeats it, and nobody concludes anything from it. */
    readonly seq: string;
    readonly vector: Question;
    /** For operation vectors only. */
    readonly schedule?: Schedule;
  }
  | { readonly kind: "bye" };

/** Who a driver drives. */
export interface Implementation {
  /** What it is called. */
  readonly name: string;
  /** Which one it is. */
  readonly version: string;
  /** A file system, a kernel, a platform: what a reader of the report should know. */
  readonly details?: string;
}

/** An observation and how many runs ended in it. */
export interface CountedObservation {
  /** What was observed. */
  readonly observation: Observation;
  /** Runs that ended in it, at least 1. */
  readonly count: number;
}

/** Images of a device whose power was cut. */
export interface TriedImages {
  /** Images that were mounted and read back. */
  readonly tried: number;
  /** Images that the device may have held: a decimal number, which may be large. */
  readonly possible: string;
  /** Images that the file system's own checker has looked over, too. */
  readonly checked: number;
}

/** What a driver answers to a vector. */
export type Answer =
  | {
    readonly kind: "outcome";
    readonly observations: readonly CountedObservation[];
    readonly images?: TriedImages;
  }
  | { readonly kind: "verdict"; readonly verdict: JudgedVerdict }
  /** The driver cannot run the vector: why, in one sentence. */
  | { readonly kind: "skipped"; readonly why: string }
  /** Something is wrong that no vector is about: what, in one sentence. */
  | { readonly kind: "errored"; readonly why: string };

/** What a driver says. */
export type Reply =
  | {
    readonly kind: "hello";
    readonly protocol: number;
    readonly implementation: Implementation;
    readonly capabilities: readonly Capability[];
    readonly schedules: readonly Schedule["kind"][];
  }
  | Answer & { readonly seq: string };

/** A verdict on events. A judge that stops at the first breach leaves out what breaks with it. */
export type JudgedVerdict =
  | Extract<EventVerdict, { kind: "accepted" }>
  | {
    readonly kind: "rejected";
    readonly invariant: string;
    readonly at: number;
    readonly implied?: readonly Breach[];
  }
  /** The event cannot happen where it stands, says the judge. It can: that is a failure. */
  | { readonly kind: "impossible"; readonly at: number };
