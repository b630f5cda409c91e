/**
 * Lines of a report for people, before anybody knows whether a terminal shows them.
 *
 * @module
 */
import { visible } from "./visible.ts";

/** A part of a line that is shown in a colour, where the terminal has any. */
export interface Painted {
  readonly colour: "green" | "red" | "yellow";
  readonly text: string;
}

/** A line of a report. A line break in it is shown as `\n` and ends nothing. */
export type ReportLine = string | readonly (string | Painted)[];

/** The lines as text without colours, as they are printed into a file. */
export function plainText(lines: readonly ReportLine[]): string {
  return lines.map((line) =>
    spansOf(line).map((span) => visible(typeof span === "string" ? span : span.text)).join("")
  ).join("\n");
}

/** The parts of a line. */
export function spansOf(line: ReportLine): readonly (string | Painted)[] {
  return typeof line === "string" ? [line] : line;
}
