/**
 * An executable specification of page-cache and DAX coherence: what a kernel may and may not do when
 * faults, writeback, fsync, direct I/O, pins and truncation meet on one file.
 *
 * A trace of a kernel is judged:
 *
 * ```ts ignore
 * import { checkTrace, openTrace, whyText } from "@pagespec/pagespec";
 *
 * const trace = await openTrace("my.trace.txt");
 * if (trace.kind === "unreadable") throw new Error(trace.reason.found);
 * const { invariants } = await checkTrace(trace, { path: "my.trace.txt", kernel: "6.12.107" });
 * for (const { id, verdict, why } of invariants) console.log(id, verdict, whyText(why));
 * ```
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

export type {
  Block,
  Fence,
  Heading,
  Lines,
  Prose,
  Table,
  TableRow,
  TextMistake,
} from "./spec/blocks.ts";
export { type Card, type Kind, KINDS } from "./spec/card.ts";
export { type Chapter, explainMistake, readChapter, type StatedInvariant } from "./spec/chapter.ts";
export { readChapters } from "./spec/chapters.ts";
export {
  explain,
  type ExplainedField,
  type ExplainedRace,
  type Explanation,
  explanationText,
  type UnknownId,
} from "./spec/explanation.ts";

export type { Actor, Branch, Design, Step } from "./model/design.ts";
export { designs } from "./model/designs/catalogue.ts";
export type { Event, EventKind } from "./model/event.ts";
export {
  brokenBy,
  type Exploration,
  explore,
  type ExploreOptions,
  type Finding,
  type Progress,
} from "./model/explore.ts";
export type { Cycle } from "./model/explore/cycle.ts";
export { type Invariant, type Judge, Judgement } from "./model/invariant.ts";
export { invariants } from "./model/invariants/catalogue.ts";
export {
  judgeRace,
  type ParsedRace,
  parseRace,
  printRace,
  type Race,
  type RaceVerdict,
  type Run,
  type RunStep,
  type WrittenStep,
} from "./model/race.ts";
export type { NotInDesign } from "./model/race/cast.ts";
export type { Breached, RaceBreach } from "./model/race/judge.ts";
export type { DiagramNote } from "./model/race/notes.ts";
export type { Column, TextPlace } from "./model/race/parse.ts";
export type { Move, Path } from "./model/run.ts";
export { type Bounds, createState, type Field, type State, viewLengths } from "./model/state.ts";
export { enabled, step } from "./model/step.ts";

export { type CheckerAutomaton, createAutomaton } from "./model/check.ts";
export type { BreachFound, InvariantResult, Verdict } from "./model/check/verdict.ts";
export type { PageCacheNumbers } from "./model/check/page_cache/findings.ts";
export type { PageCacheWhy, Unjudged, UnjudgedOccasions } from "./model/check/page_cache/why.ts";
export type {
  EventLoss,
  Half,
  RecordedLine,
  Undecided,
  UntiedStores,
  Why,
} from "./model/check/why.ts";
export type { LineClass, Need } from "./model/line_class.ts";
export type { Violation } from "./model/check/violation.ts";
export type { FileId, MappingId, Moment, Role, Where } from "./model/check/observation.ts";
export {
  type CheckOptions,
  checkTrace,
  type TraceNote,
  type TraceResult,
  type TraceVerdict,
} from "./vectors/kernel/check_trace.ts";
export type { SoFar } from "./vectors/kernel/so_far.ts";
export type { LateLines } from "./vectors/kernel/clock_order.ts";
export type { Selection } from "./vectors/kernel/selection.ts";
export type { BinaryEvent, EventLayout, Read } from "./vectors/kernel/binary_event.ts";
export type { NamedWords, TextReader, Words } from "./vectors/kernel/line_words.ts";
export type { Coded } from "./vectors/kernel/lines.ts";
export type { FileIds } from "./vectors/kernel/file_ids.ts";
export type { MarkerText } from "./vectors/kernel/marker_text.ts";
export type { Trace, TraceReading } from "./vectors/kernel/ftrace_text.ts";
export type { RecordingFacts } from "./vectors/kernel/recording/header_lines.ts";
export { openTrace } from "./vectors/kernel/open_trace.ts";
export { noteText, whyText } from "./vectors/kernel/why_text.ts";
export type { PageCacheNote } from "./vectors/kernel/page_cache/notes.ts";
export type {
  Clock,
  Interrupt,
  LostRecord,
  MalformedRecord,
  MarkerRecord,
  ProbeRecord,
  RecordHead,
  SyscallEnterRecord,
  SyscallExitRecord,
  TaskRecord,
  TraceHeader,
  TracepointRecord,
  TraceRecord,
  TraceUnreadable,
} from "./vectors/kernel/record.ts";
