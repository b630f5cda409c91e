/**
 * A step of a schedule, as a line.
 *
 * @module
 */
import type { Taken } from "../../model/operation/machine.ts";

/** A step of a schedule as one line: `P1.2 copy`, `P1.2 copy #2` for the second of several ways. */
export function stepText({ operation, step, way }: Taken): string {
  return way === 0 ? `${operation} ${step}` : `${operation} ${step} #${way + 1}`;
}

/** Reads a line of a schedule back. */
export function stepOf(line: string): Taken {
  const [, operation = "", step = "", way = "1"] = /^(\S+) (.*?)(?: #(\d+))?$/.exec(line) ?? [];
  return { operation, step, way: Number(way) - 1 };
}
