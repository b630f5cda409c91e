/**
 * For designs of one's own: what to write them with, and what comes of them.
 *
 * A design is a few actors of guarded atomic steps in the smallest world that shows what it does
 * (`vectors/examples/seqcount.ts` is one). {@link examine} explores it, every interleaving against
 * every invariant, or says what is wrong with it.
 *
 * @module
 */
export { type Actor, type Branch, type Design, type Step } from "./model/design.ts";
export type { Event, EventKind } from "./model/event.ts";
export type { Bounds, Field, State } from "./model/state.ts";

export { type Call, environment, task } from "./model/designs/calls.ts";
export { choice, does, type Way } from "./model/designs/program.ts";
export { type Guard, guard } from "./model/designs/semaphore_steps.ts";
export { type Variable, variable } from "./model/variable.ts";

export { Content, contentOf } from "./model/content.ts";
export { Extent, readsAsHole } from "./model/extent.ts";
export { blockOf, Folio, folioAt, folioInHand, isCached } from "./model/folio.ts";
export { anyPte, Pte, pteAccess, pteIndex } from "./model/page_table.ts";
export { mayStore } from "./model/tlb.ts";
export { Entry, entryKind, headOf, holderOf, isPmdEntry, Saw, Tag, tagOf } from "./model/xarray.ts";

export { examine, type Examined, type ExamineOptions, mistakesIn } from "./model/examine.ts";
export { type DesignMistake, sayMistake } from "./model/examine/mistake.ts";
export { brokenBy, type Exploration, type Finding, type Progress } from "./model/explore.ts";
export { invariants } from "./model/invariants/catalogue.ts";
export {
  columnsOf,
  judgeRace,
  type ParsedRace,
  parseRace,
  printRace,
  type Race,
  type RaceVerdict,
  type Run,
  runOf,
} from "./model/race.ts";
export type { Move, Path } from "./model/run.ts";
export { type Rwsem, rwsems } from "./model/rwsem.ts";
