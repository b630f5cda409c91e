/**
 * The page cache's part of the check of one trace: its records in, verdicts and numbers out. On a trace
 * that shows nothing of the page cache it costs a look-up a line.
 *
 * @module
 */
import {
  checkPageCache,
  createPageCacheCheck,
  finishPageCache,
  type PageCacheSettings,
} from "../../../model/check/page_cache/check.ts";
import type { PageCacheNumbers } from "../../../model/check/page_cache/findings.ts";
import type { PageCacheObservation } from "../../../model/check/page_cache/observation.ts";
import type { PageCacheCheck } from "../../../model/check/page_cache/subject.ts";
import {
  type PageCacheReading,
  pageCacheResults,
} from "../../../model/check/page_cache/verdict.ts";
import type { InvariantResult } from "../../../model/check/verdict.ts";
import type { Why } from "../../../model/check/why.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import type { TraceHeader } from "../record.ts";

/** What a reader must know of what was judged. */
export type PageCacheNote =
  /** How much was looked at: a verdict that nothing is wrong rests on it. */
  | { readonly kind: "page_cache"; readonly numbers: PageCacheNumbers }
  /** Why these invariants could not have been broken. */
  | { readonly kind: "idle"; readonly ids: readonly string[]; readonly why: Why };

/** What the judge found. */
interface PageCacheJudged {
  readonly results: readonly InvariantResult[];
  readonly notes: readonly PageCacheNote[];
}

/** A judge of one trace. */
interface PageCacheJudge {
  /** What is under judgement, for onlookers. */
  readonly check: PageCacheCheck;
  readonly observe: (seen: PageCacheObservation) => void;
  /**
   * The trace is over. Empty if it showed nothing of the page cache; and if it shows DAX, and of the
   * page cache less than would decide anything.
   */
  readonly end: (reading: PageCacheReading, hasDax: boolean) => PageCacheJudged;
}

/** A judge that has seen nothing but what the trace says of itself. */
export function createPageCacheJudge(
  settings: PageCacheSettings,
  { facts }: TraceHeader,
): PageCacheJudge {
  const check = createPageCacheCheck(settings);
  const [dev] = facts?.mount?.split(" ") ?? [];
  if (dev !== undefined && facts?.writeCache !== undefined) {
    checkPageCache(check, {
      kind: "write_cache",
      dev,
      volatile: facts.writeCache === "write back",
    });
  }
  return {
    check,
    observe: (seen) => checkPageCache(check, seen),
    end: (reading, hasDax) => {
      finishPageCache(check);
      const { numbers, judged, violations, absent, unjudged } = check.findings;
      const found = judged.size > 0 || violations.kept.length > 0 || absent.kept.length > 0;
      const looked = numbers.writebacks > 0 || numbers.directWrites > 0 || found ||
        (!hasDax && unjudged.size > 0);
      if (!looked) return { results: [], notes: [] };
      const all = pageCacheResults(check, reading);
      // A trace of DAX that shows something else, too: what it does not show of folios is none of it.
      const results = hasDax && numbers.writebacks === 0 && numbers.directWrites === 0
        ? all.filter(({ why }) => why?.kind !== "unjudged_calls")
        : all;
      return { results, notes: [{ kind: "page_cache", numbers }, ...idleNotes(results)] };
    },
  };
}

function idleNotes(results: readonly InvariantResult[]): readonly PageCacheNote[] {
  const idle = results.flatMap(({ id, verdict, why }) =>
    verdict === "unexercised" && why !== undefined ? [{ id, why }] : []
  );
  return [...Map.groupBy(idle, ({ why }) => why.kind).values()].flatMap((group) =>
    group.slice(0, 1).map(({ why }) => ({
      kind: "idle" as const,
      ids: group.map(({ id }) => id),
      why,
    }))
  );
}

/**
 * The verdicts of both checks, in the order of the chapters. An id that both judge has one verdict.
 *
 * @param hasDax false if no line of the trace tells of DAX: then nothing of it is in doubt
 */
export function mergeResults(
  dax: readonly InvariantResult[],
  pageCache: readonly InvariantResult[],
  hasDax: boolean,
): readonly InvariantResult[] {
  if (pageCache.length === 0) return dax;
  return invariants.flatMap(({ id }) => {
    const found = dax.find((each) => each.id === id);
    const one = found === undefined || hasDax || found.verdict === "unexercised"
      ? found
      : { ...found, verdict: "unexercised" as const, why: undefined };
    const other = pageCache.find((each) => each.id === id);
    if (one === undefined || other === undefined) return one ?? other ?? [];
    return [both(one, other)];
  });
}

/** From the best to the worst: what one of two checks says of an invariant, the trace says of it. */
const worse = ["unexercised", "holds", "undecided", "violated"] as const;

function both(one: InvariantResult, other: InvariantResult): InvariantResult {
  const worst = worse.indexOf(one.verdict) >= worse.indexOf(other.verdict) ? one : other;
  return {
    ...worst,
    judged: one.judged + other.judged,
    breaches: [...one.breaches, ...other.breaches],
    more: one.more + other.more,
    open: one.open + other.open,
  };
}
