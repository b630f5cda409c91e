/**
 * The trace's own lines around the steps of a breach.
 *
 * @module
 */
import type { Story } from "./stories.ts";

/** Lines before and after a step, and before and after the breach. */
const around = 1;
const aroundBreach = 4;

/** Steps whose lines are shown at the most: the first and the last of a longer story. */
const mostSteps = 24;

/** A line that is longer is cut: it is shown to be recognised. */
const longest = 240;

/** Numbers of the lines that a breach shows, in order. */
export function linesAround({ steps, breach: { violation } }: Story): readonly number[] {
  const wanted = new Set<number>();
  const shown = steps.length <= mostSteps
    ? steps
    : [...steps.slice(0, mostSteps / 2), ...steps.slice(-mostSteps / 2)];
  const add = (line: number, margin: number): void => {
    for (let each = line - margin; each <= line + margin; each++) if (each > 0) wanted.add(each);
  };
  for (const { line } of shown) add(line, around);
  add(violation.at.line, aroundBreach);
  return [...wanted].sort((one, other) => one - other);
}

/** The lines with their texts; those that the trace does not have are left out. */
export function excerptOf(
  wanted: readonly number[],
  texts: ReadonlyMap<number, string>,
): readonly (readonly [line: number, text: string])[] {
  return wanted.flatMap((line) => {
    const text = texts.get(line)?.trim();
    if (text === undefined) return [];
    return [[line, text.length > longest ? `${text.slice(0, longest)} ...` : text] as const];
  });
}
