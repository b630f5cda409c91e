/**
 * What the check of a recording comes to: one verdict on each invariant.
 *
 * @module
 */
import { invariants } from "../invariants/catalogue.ts";
import { daxGrounds } from "./dax_verdict.ts";
import { silentOf } from "./page_cache/silent_syncs.ts";
import type { PageCacheCheck } from "./page_cache/subject.ts";
import { pageCacheGrounds } from "./page_cache/verdict.ts";
import type { RecordingUnderCheck } from "./recording.ts";
import { type InvariantResult, joined, type Reading, verdictsOf } from "./verdict.ts";

/** The verdicts, in the order of the chapters. An id that both parts of the check judge has one verdict. */
export function summarise(
  { dax, pageCache }: RecordingUnderCheck,
  reading: Reading,
): readonly InvariantResult[] {
  const ofDax = verdictsOf(daxGrounds(dax, reading));
  if (!showsPageCache(pageCache, reading)) return ofDax;
  const cached = new Map(pageCacheVerdicts(pageCache, reading).map((each) => [each.id, each]));
  const direct = new Map(ofDax.map((each) => [each.id, each]));
  return invariants.flatMap(({ id }) => {
    const found = direct.get(id);
    const one = found === undefined || reading.dax ? found : outOfQuestion(found);
    const other = cached.get(id);
    if (one === undefined || other === undefined) return one ?? other ?? [];
    return [joined(one, other)];
  });
}

/** No line tells of DAX: then nothing of it is in doubt. */
function outOfQuestion(found: InvariantResult): InvariantResult {
  return found.verdict === "unexercised"
    ? found
    : { ...found, verdict: "unexercised", why: undefined };
}

/**
 * True if the recording shows the page cache; where it shows DAX, too, it must show of the page cache what
 * decides something.
 */
export function showsPageCache({ findings }: PageCacheCheck, { dax }: Reading): boolean {
  const { judged, violations, absent, paired, unjudged, silent } = findings;
  const open = unjudged.size > 0 || silentOf(silent) !== undefined;
  const found = judged.size > 0 ||
    [violations, absent, paired].some(({ kept }) => kept.length > 0);
  return writes(findings) || found || (!dax && open);
}

function writes({ numbers }: PageCacheCheck["findings"]): boolean {
  return numbers.writebacks > 0 || numbers.directWrites > 0;
}

function pageCacheVerdicts(check: PageCacheCheck, reading: Reading): readonly InvariantResult[] {
  const all = verdictsOf(pageCacheGrounds(check, reading));
  // A recording of DAX that shows something else, too: what it does not show of folios is none of it.
  return reading.dax && !writes(check.findings)
    ? all.filter(({ why }) => why?.kind !== "unjudged_calls")
    : all;
}
