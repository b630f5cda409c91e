/**
 * What steps at a page are called. A page's steps come again and again, and so do their texts: each is made
 * once, for to make it, and to know it for the same, would take as long as to read its line.
 *
 * @module
 */
import { hex } from "./field_text.ts";

/** Texts that are kept of one kind of step. */
const mostTexts = 8192;

/** Texts with a page's number between two words: `dax_pte_fault 0x2d9`. */
export function pageText(before: string, after = ""): (pgoff: number) => string {
  const known = new Map<number, string>();
  return (pgoff) => {
    let text = known.get(pgoff);
    if (text === undefined) {
      if (known.size >= mostTexts) known.clear();
      known.set(pgoff, text = `${before}${hex(pgoff)}${after}`);
    }
    return text;
  };
}
