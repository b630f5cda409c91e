/**
 * A recording under judgement: its DAX files and its page cache, whose worlds have nothing in common. What
 * is observed goes to the one or the other; what both have found of an invariant is one verdict
 * (`summary.ts`).
 *
 * @module
 */
import { checkObservation, createCheck, finishCheck } from "../check.ts";
import type { CheckerAutomaton } from "./automaton.ts";
import type { Completeness } from "./completeness.ts";
import type { Observation } from "./observation.ts";
import { checkPageCache, createPageCacheCheck, finishPageCache } from "./page_cache/check.ts";
import type { PageCacheObservation } from "./page_cache/observation.ts";
import type { PageCacheSettings } from "./page_cache/settings.ts";
import type { PageCacheCheck } from "./page_cache/subject.ts";
import type { Check } from "./subject.ts";

/** A recording under judgement. */
export interface RecordingUnderCheck {
  readonly dax: Check;
  readonly pageCache: PageCacheCheck;
}

/** Whatever a recording shows. */
export type AnyObservation = Observation | PageCacheObservation;

/** A recording of which nothing was seen. */
export function createRecordingCheck(
  automaton: CheckerAutomaton,
  completeness: Completeness,
  settings: PageCacheSettings,
): RecordingUnderCheck {
  return {
    dax: createCheck(automaton, completeness, settings),
    pageCache: createPageCacheCheck(settings),
  };
}

/** Kinds of what is seen of DAX files. All other observations are of the page cache. */
export const daxKinds: Readonly<Record<Observation["kind"], true>> = {
  fault: true,
  fault_begin: true,
  fault_left: true,
  size: true,
  hole: true,
  cleaned: true,
  pass_begin: true,
  pass: true,
  sync_begin: true,
  sync_file: true,
  sync_end: true,
  removal_begin: true,
  removal_end: true,
  entry_deleted: true,
  removal_confirmed: true,
  hidden_removal: true,
  written: true,
  store: true,
  unmap: true,
  alive: true,
  gap: true,
};

/** The kinds by name, as they are asked for. */
const ofDax: ReadonlySet<string> = new Set(Object.keys(daxKinds));

/** True for what is seen of DAX files. */
export function isOfDax(seen: AnyObservation): seen is Observation {
  return ofDax.has(seen.kind);
}

/** Takes the check past one observation. Observations come in the order of their lines. */
export function observe(check: RecordingUnderCheck, seen: AnyObservation): void {
  if (isOfDax(seen)) checkObservation(check.dax, seen);
  else checkPageCache(check.pageCache, seen);
}

/** The recording is over at this time. */
export function finish({ dax, pageCache }: RecordingUnderCheck, time: number): void {
  finishCheck(dax, time);
  finishPageCache(pageCache);
}
