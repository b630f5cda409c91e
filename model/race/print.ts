/**
 * Prints a run as a race diagram.
 *
 * @module
 */
import type { Run, RunStep } from "./diagram.ts";

const gap = 4;

/**
 * The diagram, without a newline at its end.
 *
 * @param columns names of actors from left to right; those of the run in the order of their first
 *   step if absent. An actor of the run that is missing here gets a column behind the others.
 */
export function printRace(run: Run, columns: readonly string[] = []): string {
  const names = [...new Set([...columns, ...run.map(({ actor }) => actor)])];
  const offsets: number[] = [];
  let offset = 0;
  for (const name of names) {
    offsets.push(offset);
    const own = run.filter(({ actor }) => actor === name);
    offset += Math.max(name.length, ...own.map((step) => printStep(step).length)) + gap;
  }
  const header = names.reduce((line, name, at) => line.padEnd(offsets[at] ?? 0) + name, "");
  const lines = run.map((step) => {
    const at = names.indexOf(step.actor);
    return " ".repeat(offsets[at] ?? 0) + printStep(step);
  });
  return [header, "", ...lines].join("\n").trimEnd();
}

/** `name`, or `name -> result`. */
export function printStep({ step, result }: Omit<RunStep, "actor">): string {
  return result === "" ? step : `${step} -> ${result}`;
}
