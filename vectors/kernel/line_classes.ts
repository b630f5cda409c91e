/**
 * Which classes of lines are read at all: what the tables of tracepoints, probes, system calls and
 * markers come to. It decides what a trace can decide.
 *
 * @module
 */
import type { LineClass } from "../../model/line_class.ts";
import { markerLines } from "./marker_text.ts";
import { probes } from "./probes.ts";
import { systemCallLines } from "./system_calls.ts";
import { tracepoints } from "./tracepoints.ts";

/** Every class of which some line is read. */
export const shownClasses: ReadonlySet<LineClass> = new Set([
  ...[...tracepoints, ...probes].flatMap(({ lines }) => lines ?? []),
  ...systemCallLines,
  ...markerLines,
]);

/** Names of the tracepoints of a class, in the order of the chapter. */
export function tracepointsOf(one: LineClass): readonly string[] {
  return tracepoints.filter(({ lines }) => lines === one).map(({ tracepoint }) => tracepoint);
}
