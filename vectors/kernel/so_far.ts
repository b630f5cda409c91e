/**
 * How far a check has come, for whoever watches a trace that has not ended.
 *
 * @module
 */
import { keptCount } from "../../model/check/kept.ts";
import type { RecordingUnderCheck } from "../../model/check/recording.ts";
import { invariants } from "../../model/invariants/catalogue.ts";
import { unmet } from "../../model/line_class.ts";
import { shownClasses } from "./line_classes.ts";

/** An invariant of which something was judged. No verdict yet: a later line may take a breach back. */
export interface SoFar {
  /** Id of the invariant. */
  readonly id: string;
  /** Occasions on which it could have been broken, and was not. */
  readonly kept: number;
  /** Breaches that stand: one a call or pass. */
  readonly breaches: number;
}

/** All of which something was judged, in the order of the chapters. */
export function judgedSoFar(check: RecordingUnderCheck): readonly SoFar[] {
  const [dax, cached] = [check.dax.findings, check.pageCache.findings];
  return invariants.flatMap(({ id, needs }) => {
    // The worlds judge all that the model states; what no line shows is no result.
    const isShown = unmet(needs, shownClasses).length === 0;
    const kept = (isShown ? keptCount(dax.judged, id) : 0) + (cached.judged.get(id) ?? 0);
    const breaches = (isShown ? dax.violations.found(id) : 0) +
      cached.violations.found(id);
    return kept + breaches === 0 ? [] : [{ id, kept, breaches }];
  });
}
