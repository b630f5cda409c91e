/**
 * What steps at a page are called. A page's steps come again and again, and so do their texts: each is made
 * once, for to make it, and to know it for the same, would take as long as to read its line.
 *
 * @module
 */
import { hex } from "./field_text.ts";

/** Texts that are kept of one kind of step: of two pages that share a place, the one that came last. */
const places = 2048;

/** Texts with a page's number between two words: `dax_pte_fault 0x2d9`. */
export function pageText(before: string, after = ""): (pgoff: number) => string {
  const pages = new Float64Array(places).fill(-1);
  const texts: string[] = new Array(places).fill("");
  return (pgoff) => {
    const place = pgoff % places;
    if (pages[place] !== pgoff) {
      pages[place] = pgoff;
      texts[place] = `${before}${hex(pgoff)}${after}`;
    }
    return texts[place] ?? "";
  };
}
