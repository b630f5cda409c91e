/**
 * An executable specification of page-cache and DAX coherence: what a kernel may and may not do when
 * faults, writeback, fsync, direct I/O, pins and truncation meet on one file.
 *
 * The chapters are data: an invariant is a heading, a card and prose.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readChapters } from "@pagespec/pagespec";
 *
 * for (const { mistakes } of await readChapters()) assertEquals(mistakes, []);
 * ```
 *
 * @module
 */

export type { Block, Fence, Heading, Mistake, Prose, Row, Table } from "./spec/blocks.ts";
export { type Card, type Kind, KINDS } from "./spec/card.ts";
export {
  type Chapter,
  explainMistake,
  type Invariant as ChapterInvariant,
  readChapter,
} from "./spec/chapter.ts";
export { readChapters } from "./spec/chapters.ts";
