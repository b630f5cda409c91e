/**
 * The lines of a file of observations, `vectors/schema/observations.schema.json`: what a reader of any
 * format, in any language, hands to the checker. `spec/observations.md` says what they mean.
 *
 * @module
 */
import type { Completeness } from "../../../model/check/completeness.ts";
import type { Where } from "../../../model/check/observation.ts";
import type { AnyObservation } from "../../../model/check/recording.ts";
import type { KernelTraits } from "../kernel_traits.ts";
import type { TraceHeader } from "../record.ts";
import type { TraceEnd } from "../trace_judge.ts";

/** The version of the format that is read and written. */
export const observationsVersion = 1;

/** The first line. */
export interface RecordingLine
  extends Pick<TraceHeader, "clock" | "kernel" | "cpus" | "facts">, Partial<Entries> {
  readonly kind: "recording";
  readonly version: typeof observationsVersion;
  /** What was read: `ftrace`, or the name of a tool. */
  readonly of?: string;
}
type Entries = { readonly entries: NonNullable<TraceHeader["entries"]> };

/** What the recording is known to contain from here on. */
export interface ContainsLine extends Omit<Completeness, "truncatesOn" | keyof KernelTraits> {
  readonly kind: "contains";
  readonly truncatesOn: readonly string[];
  /** Without it, what the kernel's version tells. */
  readonly kernelTraits?: KernelTraits;
}

/** The last line. What is absent is counted from the observations, or false. */
export type EndLine = { readonly kind: "end" } & Partial<TraceEnd>;

/** A line as it stands in the file. */
export type WrittenLine = RecordingLine | ContainsLine | AnyObservation | EndLine;

/** Where an observation stands in the recording; undefined if it is of no line. */
export function placeOf(seen: AnyObservation): Where | undefined {
  return "where" in seen ? seen.where : undefined;
}
