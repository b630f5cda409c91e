/**
 * A folio by itself: what changes it while it is under writeback (STABLE-1, STABLE-2), and who holds
 * its lock when that begins (WB-CLEAN-1).
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Where } from "../observation.ts";
import { breachOf } from "./findings.ts";
import { anyFolio, type FolioHappening, happens, withFlags } from "./folio_world.ts";
import type { FolioFlags } from "./observation.ts";
import type { FittingStep } from "./state_sets.ts";
import type { FolioUnderCheck, PageCacheCheck } from "./subject.ts";

const aboutStable: ReadonlySet<string> = new Set(["STABLE-1", "STABLE-2"]);

/**
 * Steps the folio's world and takes down what its invariants say.
 *
 * @param flags its flags as the line shows them, which are exact only under the folio's lock
 */
export function judgeFolio(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  what: FolioHappening,
  where: Where,
  flags: FolioFlags | undefined,
): void {
  const fits = flags === undefined ? folio.world : withFlags(folio.world, flags);
  const before = fits.keys.length > 0
    ? fits
    : flags === undefined
    ? anyFolio
    : withFlags(anyFolio, flags);
  const step = happens(before, what);
  takeDown(check, folio, step, where, what);
  folio.world = step.to.keys.length === 0 ? anyFolio : step.to;
}

/** Where stable pages are needed: what all states that fit have kept or broken. */
function takeDown(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  { says }: FittingStep,
  where: Where,
  what: FolioHappening,
): void {
  const isStable = needsStable(check, folio);
  if (!isStable && what !== "begunUnlocked") return;
  for (const [id, agreement] of says) {
    if (aboutStable.has(id) ? !isStable : what !== "begunUnlocked") continue;
    if (agreement === "kept") tick(check.findings.judged, id);
    if (agreement !== "broken") continue;
    check.findings.violations.push(breachOf(id, {
      file: folio.file.id,
      pgoffs: [folio.index],
      at: where,
      because: folio.history,
    }));
  }
}

/** True if the folio must not change while it is under writeback, by what the trace or the user says. */
export function needsStable(
  { settings }: PageCacheCheck,
  { file }: Pick<FolioUnderCheck, "file">,
): boolean {
  return settings.stableWrites || (file.stable ?? false);
}
