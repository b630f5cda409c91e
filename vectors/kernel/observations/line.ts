/**
 * The lines of a file of observations, `vectors/schema/observations.schema.json`: what a reader of any
 * format, in any language, hands to the checker. `spec/observations.md` says what they mean.
 *
 * @module
 */
import type { Completeness } from "../../../model/check/completeness.ts";
import type { GapSeen, Observation } from "../../../model/check/observation.ts";
import type { PageCacheObservation } from "../../../model/check/page_cache/observation.ts";
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

/** Lines of the page cache are missing. The other gap is of DAX files. */
type PageCacheGapLine = { readonly kind: "page_cache_gap"; readonly line: number };

/** What a DAX file, or the page cache, was seen to do. */
export type ObservationLine =
  | { readonly of: "dax"; readonly seen: Observation }
  | { readonly of: "page_cache"; readonly seen: PageCacheObservation };

/** A line as it stands in the file. */
export type WrittenLine =
  | RecordingLine
  | ContainsLine
  | Observation
  | Exclude<PageCacheObservation, { readonly kind: "gap" }>
  | PageCacheGapLine
  | EndLine;

/** Kinds of what is seen of DAX files. All other observations are of the page cache. */
export const daxKinds: Readonly<Record<Observation["kind"], true>> = {
  fault: true,
  fault_begin: true,
  fault_left: true,
  size: true,
  hole: true,
  cleaned: true,
  pass_begin: true,
  pass: true,
  sync_begin: true,
  sync_file: true,
  sync_end: true,
  removal_begin: true,
  removal_end: true,
  entry_deleted: true,
  removal_confirmed: true,
  hidden_removal: true,
  written: true,
  store: true,
  unmap: true,
  alive: true,
  gap: true,
};

/** Whose observation a line is. */
export function observationOf(
  line: Exclude<WrittenLine, RecordingLine | ContainsLine | EndLine>,
): ObservationLine {
  if (line.kind === "page_cache_gap") {
    return { of: "page_cache", seen: { kind: "gap", line: line.line } };
  }
  return isDax(line) ? { of: "dax", seen: line } : { of: "page_cache", seen: line };
}

function isDax(
  line: Observation | Exclude<PageCacheObservation, { readonly kind: "gap" }>,
): line is Observation {
  return line.kind in daxKinds;
}

/** The line of an observation. */
export function lineOf({ of, seen }: ObservationLine): WrittenLine {
  if (of === "dax") return seen;
  return seen.kind === "gap" ? { kind: "page_cache_gap", line: seen.line } : seen;
}

/** Where an observation stands in the recording; undefined if it is of no line. */
export function placeOf(
  seen: Observation | PageCacheObservation,
): Exclude<Observation, GapSeen>["where"] | undefined {
  return "where" in seen ? seen.where : undefined;
}
