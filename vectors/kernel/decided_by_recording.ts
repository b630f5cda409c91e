/**
 * Whether what leaves a verdict undecided is something that another recording would have: lines that
 * `plan` switches on. The rest is for the user to tell, or for the recording to be larger or whole.
 *
 * @module
 */
import { match } from "../../model/match.ts";
import type { PageCacheWhy, Unjudged } from "../../model/check/page_cache/why.ts";
import type { Undecided, Why } from "../../model/check/why.ts";

/** True if the lines that `plan` switches on would decide it. */
export function decidedByRecording(why: Why): boolean {
  return match(why)
    .with({ kind: "looks_broken" }, ({ but }) => decidedByRecording(but))
    .with({ kind: "open" }, ({ unknown }) => opensByRecording(unknown))
    .with(
      { kind: "not_shown" },
      { kind: "event_missing" },
      { kind: "left_out" },
      { kind: "coarse_clock" },
      { kind: "out_of_order" },
      { kind: "cleaning_unrecorded" },
      { kind: "endless_faults" },
      { kind: "untied_stores" },
      { kind: "passes_unrecorded" },
      { kind: "misfit" },
      { kind: "departs" },
      { kind: "unseen_removal" },
      { kind: "nameless_removal" },
      { kind: "nameless_syncs" },
      { kind: "untold_syncs" },
      { kind: "half" },
      () => true,
    )
    .with(
      { kind: "only_breach_shown" },
      { kind: "implied" },
      { kind: "no_store_followed" },
      { kind: "uncounted" },
      { kind: "thinned_out" },
      { kind: "fits_marking_kernels" },
      { kind: "crowded_syncs" },
      { kind: "lost" },
      { kind: "unread_line" },
      { kind: "unread_fields" },
      { kind: "overwritten" },
      { kind: "taken_out" },
      { kind: "more_gaps" },
      () => false,
    )
    .with(
      { kind: "rests_on_absence" },
      { kind: "unjudged_calls" },
      { kind: "unmarked_stores" },
      { kind: "stable_not_needed" },
      { kind: "stable_not_shown" },
      ofPageCache,
    )
    .exhaustive();
}

/** Of an occasion that was left open: kernels are told, and what fits both ways stays so. */
function opensByRecording(unknown: Undecided): boolean {
  return match(unknown)
    .with("protection", "remover", "presence_at_removal", "presence_at_sync", () => true)
    .with("kernel", "newer_kernel", "breach", () => false)
    .exhaustive();
}

function ofPageCache(why: PageCacheWhy): boolean {
  return match(why)
    .with(
      { kind: "rests_on_absence" },
      { kind: "unjudged_calls" },
      ({ missing }) => isRecorded(missing),
    )
    .with({ kind: "stable_not_shown" }, () => true)
    .with({ kind: "unmarked_stores" }, { kind: "stable_not_needed" }, () => false)
    .exhaustive();
}

/**
 * What programs wrote they must mark; an error that went to another caller is no missing line, nor is a
 * count of pages that came too late. That the lines of a call are of one call a count of events tells.
 */
function isRecorded(missing: Unjudged): boolean {
  return !["change", "error", "count", "pairing"].includes(missing);
}
