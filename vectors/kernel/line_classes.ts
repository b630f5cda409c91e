/**
 * Which classes of lines are read at all: what the tables of tracepoints, probes, system calls and
 * markers come to. It decides what a trace can decide.
 *
 * @module
 */
import type { LineClass } from "../../model/line_class.ts";
import { markerLines } from "./marker_text.ts";
import { daxRows, isProbed } from "./rows.ts";
import { systemCallLines } from "./system_calls.ts";

/** Every class of which some line is read. */
export const shownClasses: ReadonlySet<LineClass> = new Set([
  ...daxRows.flatMap(({ lines }) => lines ?? []),
  ...systemCallLines,
  ...markerLines,
]);

/** Names of the tracepoints of a class, in the order of the chapter. */
export function tracepointsOf(one: LineClass): readonly string[] {
  return daxRows.filter((row) => row.lines === one && !isProbed(row))
    .map(({ source }) => source);
}
