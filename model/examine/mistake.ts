/**
 * What is wrong with a design, in words.
 *
 * @module
 */

/** Something that keeps a design from being explored. */
export interface DesignMistake {
  /** Name of the actor; undefined where it is of the design as a whole. */
  readonly actor?: string;
  /** Label of the step; undefined where it is of the actor as a whole. */
  readonly step?: string;
  /** What was expected, and what was found in its place. */
  readonly expected: string;
}

/** One line: `R, step "look_up": expected page as a number below 1, not 3`. */
export function sayMistake({ actor, step, expected }: DesignMistake): string {
  const where = [actor, step === undefined ? undefined : `step "${step}"`]
    .filter((each) => each !== undefined).join(", ");
  return where === "" ? `expected ${expected}` : `${where}: expected ${expected}`;
}

/** A value in a message: its beginning, as JSON has it. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 40 ? text : `${text.slice(0, 40)}...`;
}
