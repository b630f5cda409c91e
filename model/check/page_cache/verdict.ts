/**
 * What a check of the page cache comes to, invariant by invariant.
 *
 * @module
 */
import type { BreachFound } from "../breaches.ts";
import type { InvariantResult, Verdict } from "../verdict.ts";
import { invariants } from "../../invariants/catalogue.ts";
import { callKey } from "./collected.ts";
import { type PageCacheId, pageCacheIds } from "./ids.ts";
import type { PageCacheCheck } from "./subject.ts";
import type { Loss, Why } from "../why.ts";

/** What else a verdict rests on: of the reader and the translator. */
export interface PageCacheReading {
  /** Why nothing can be said to hold: lost events, lines that are missing. */
  readonly loss: Loss | undefined;
  /** Why even a breach cannot be relied on. */
  readonly untrusted: Why | undefined;
  /** True if the text is known to be whole. */
  readonly whole: boolean;
  /** True if lines of the kernel's own tasks were seen: not one program alone was recorded. */
  readonly everybody: boolean;
}

/** The verdicts. */
export function pageCacheResults(
  check: PageCacheCheck,
  reading: PageCacheReading,
): readonly InvariantResult[] {
  const results = pageCacheIds.map((id) => conclude(id, check, reading));
  const implied = new Map(
    results.filter(({ verdict }) => verdict === "violated").flatMap(({ id }) =>
      (invariants.find((each) => each.id === id)?.implies ?? []).map((each) => [each, id] as const)
    ),
  );
  return results.map((result) => {
    const by = implied.get(result.id);
    return by === undefined ? result : {
      ...result,
      verdict: "undecided",
      breaches: [],
      why: { kind: "implied", by },
    };
  });
}

function conclude(
  id: PageCacheId,
  check: PageCacheCheck,
  reading: PageCacheReading,
): InvariantResult {
  const { findings } = check;
  const judged = findings.judged.get(id) ?? 0;
  const absence = reading.whole && reading.everybody && reading.loss === undefined &&
    findings.misfit === undefined;
  const more = findings.violations.beyond(id) + (absence ? findings.absent.beyond(id) : 0);
  const result = (
    verdict: Verdict,
    why?: Why,
    breaches: readonly BreachFound[] = [],
  ): InvariantResult => ({
    id,
    verdict,
    judged,
    breaches,
    more: verdict === "violated" ? more : 0,
    why,
    open: 0,
  });
  const absent = findings.absent.kept.filter(({ breach }) => breach.violation.id === id);
  const breaches = oneACall([
    ...findings.violations.kept.filter(({ violation }) => violation.id === id),
    ...absence ? absent.map(({ breach }) => breach) : [],
  ]);
  const [first] = breaches;
  if (first !== undefined) {
    if (reading.untrusted === undefined) return result("violated", undefined, breaches);
    const { line } = first.violation.at;
    return result("undecided", { kind: "looks_broken", line, but: reading.untrusted });
  }
  const [missing] = absent;
  if (missing !== undefined) {
    const { line } = missing.breach.violation.at;
    return result("undecided", { kind: "rests_on_absence", line, missing: missing.missing });
  }
  const [[unjudged, occasions] = []] = findings.unjudged.get(id) ?? [];
  if (unjudged !== undefined && occasions !== undefined) {
    const { first: { line }, count } = occasions;
    return result("undecided", {
      kind: "unjudged_calls",
      line,
      more: count - 1,
      missing: unjudged,
    });
  }
  if (judged > 0) {
    if (reading.loss !== undefined) return result("undecided", reading.loss);
    if (id === "STABLE-1" && findings.numbers.stores === 0) {
      return result("undecided", { kind: "unmarked_stores" });
    }
    return result("holds");
  }
  return result("unexercised", idle(id, check));
}

/** Why an invariant could not have been broken, where that has a reason of its own. */
function idle(
  id: PageCacheId,
  { settings, files, findings }: PageCacheCheck,
): Why | undefined {
  if (id !== "STABLE-1" && id !== "STABLE-2") return undefined;
  if (findings.numbers.writebacks === 0 || settings.stableWrites === true) return undefined;
  const told = settings.stableWrites === false ||
    [...files.values()].some(({ stable }) => stable !== undefined);
  return { kind: told ? "stable_not_needed" : "stable_not_shown" };
}

/** By line, and one for each call, however many folios it concerns. */
function oneACall(breaches: readonly BreachFound[]): readonly BreachFound[] {
  const groups = Map.groupBy(
    breaches,
    callKey,
  );
  return [...groups.values()].flatMap((group) => {
    const pgoffs = [...new Set(group.flatMap((each) => each.pgoffs))].sort((a, b) => a - b);
    const longest = group.reduce((one, other) =>
      other.violation.because.length > one.violation.because.length ? other : one
    );
    return [{ ...longest, pgoffs }];
  }).sort((one, other) => one.violation.at.line - other.violation.at.line);
}
