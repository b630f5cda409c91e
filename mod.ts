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

export { checkObservation, createCheck } from "./model/check.ts";
export { type InvariantResult, summarise, type Verdict } from "./model/check/verdict.ts";
export type { Actor, Branch, Design, Step } from "./model/design.ts";
export { designs } from "./model/designs/catalogue.ts";
export type { Event, EventKind } from "./model/event.ts";
export { brokenBy, type Exploration, explore, type ExploreOptions } from "./model/explore.ts";
export { type Invariant, Judgement } from "./model/invariant.ts";
export { invariants } from "./model/invariants/catalogue.ts";
export {
  judgeRace,
  parseRace,
  printRace,
  type Race,
  type RaceVerdict,
  type Run,
} from "./model/race.ts";
export { type Bounds, createState, type State } from "./model/state.ts";
export { enabled, step } from "./model/step.ts";
export { checkTrace, openForCheck, type TraceResult } from "./vectors/check_trace.ts";
