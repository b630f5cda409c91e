/**
 * Text of others (a trace, a driver, a suite, a path) made fit to be shown: it may hold anything, and
 * a terminal obeys what it holds.
 *
 * @module
 */

/**
 * What is not seen as itself: control characters (C0, DEL, C1), formats (bidirectional controls, what
 * has no width), separators of lines, halves of surrogate pairs, and what is no character.
 */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;

const named: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

/** The text as one line, in which everything is seen: ESC as `\x1b`, U+202E as `\u202e`. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => named.get(character) ?? escaped(character));
}

/** A character by its number, as JavaScript and C write it. */
export function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\u{${code}}`;
}

/** A value as JSON, whose strings hold only what is seen. */
export function visibleJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return text.replace(unseen, (character) => character === "\n" ? character : units(character));
}

function units(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
