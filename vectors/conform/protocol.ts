/**
 * The line protocol between the runner and a driver: newline-delimited JSON over the driver's standard
 * input and output. `vectors/README.md` is its contract, `schema/protocol.schema.json` its schema.
 *
 * @module
 */
import type { Observation } from "../../model/operation/observation.ts";
import type { Breach, EventBody, EventVerdict } from "../format/event_vector.ts";
import type { OperationBody } from "../format/operation_vector.ts";
import type { Envelope } from "../format/vector.ts";
import type { Capability } from "../format/vocabulary.ts";

/** Version of the protocol: a driver that speaks another is refused. */
export const protocolVersion = 1;

/** Bytes that a line of a driver may have. */
export const longestLine = 8 * 1024 * 1024;

/** A vector as it crosses the wire: without anything that says what is right. */
export type Question =
  & Pick<Envelope, "id" | "handle" | "capabilities" | "configuration">
  & (
    | Omit<OperationBody, "allowed" | "forbidden">
    | Omit<EventBody, "verdict">
  );

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
  readonly name: string;
  readonly version: string;
  /** A file system, a kernel, a platform: what a reader of the report should know. */
  readonly details?: string;
}

/** An observation and how many runs ended in it. */
export interface Counted {
  readonly observation: Observation;
  readonly count: number;
}

/** What a driver answers to a vector. */
export type Answer =
  | { readonly kind: "outcome"; readonly observations: readonly Counted[] }
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
