/**
 * How one kind of text is told from others, and what becomes of each of its lines.
 *
 * @module
 */
import type { TraceHeader } from "../record.ts";

/** What becomes of a line. */
export type Rewritten =
  | { readonly kind: "line"; readonly text: string }
  /** The rest of the line before it, which something has wrapped. */
  | { readonly kind: "joins"; readonly text: string }
  /** A line of a call chain, or a blank one: nothing that is read. */
  | { readonly kind: "skipped" };

/** A kind of text. */
export interface Rewriting {
  /** What the header says that printed it; undefined if that is found as for any text. */
  readonly format: TraceHeader["format"] | undefined;
  /** True if these first lines are of this kind. */
  readonly isIn: (lines: readonly string[]) => boolean;
  /** Begins a text: the lines are given one after the other. */
  readonly begin: () => (line: string) => Rewritten;
}

/** A line as it stands. */
export function asLine(text: string): Rewritten {
  return { kind: "line", text };
}

/** The columns of tracefs before an event. `time` is printed, in seconds. */
export function ftraceLine(
  task: string,
  pid: string,
  cpu: string,
  time: string,
  event: string,
): string {
  return `${task.slice(0, 16).padStart(16)}-${pid.padEnd(7)} [${cpu.padStart(3, "0")}] ${
    time.padStart(13)
  }: ${event}`;
}
