/**
 * A number of things, in a sentence.
 *
 * @module
 */

/** `3 pages`, `1 page`; the noun's plural ends in s. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
