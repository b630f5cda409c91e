/**
 * Everything that is said of events and invariants as text (`semantics/row.ts` says how).
 *
 * @module
 */
import type { Event, EventKind } from "./event.ts";
import { daxJudges } from "./semantics/dax_judges.ts";
import { daxRows } from "./semantics/dax_rows.ts";
import { coherenceJudges, durabilityJudges } from "./semantics/durability_judges.ts";
import { pageCacheJudges } from "./semantics/page_cache_judges.ts";
import { pageCacheRows, pinRows } from "./semantics/page_cache_rows.ts";
import type { EventRows, JudgeRow } from "./semantics/row.ts";
import { directRows, lockRows, storageRows } from "./semantics/storage_rows.ts";

/** What each event does. */
export const eventRows: EventRows<Event> = {
  ...daxRows,
  ...lockRows,
  ...directRows,
  ...storageRows,
  ...pageCacheRows,
  ...pinRows,
};

/** What each invariant asks of each event that can break it. */
export const judgeRows: readonly JudgeRow[] = [
  ...daxJudges,
  ...durabilityJudges,
  ...coherenceJudges,
  ...pageCacheJudges,
];

/** Events that are told together. */
export type EventFamily = "dax" | "locks" | "direct" | "storage" | "cache" | "pins";

const families: Readonly<Record<EventFamily, Readonly<Record<string, unknown>>>> = {
  dax: daxRows,
  locks: lockRows,
  direct: directRows,
  storage: storageRows,
  cache: pageCacheRows,
  pins: pinRows,
};

/** Names of the families. */
export const eventFamilies: readonly EventFamily[] = [
  "dax",
  "locks",
  "direct",
  "storage",
  "cache",
  "pins",
];

/** The family of a kind of event. */
export function familyOf(kind: EventKind): EventFamily {
  return eventFamilies.find((family) => kind in families[family]) ?? "dax";
}
