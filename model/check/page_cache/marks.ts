/**
 * The marks of folios in their mapping: what is dirty is found by its mark (WB-TAG-1), and what a sync
 * call has marked for itself stays marked until it is written (WB-TOWRITE-1).
 *
 * No line prints a mark. That DIRTY is set is where `writeback_dirty_folio` stands; TOWRITE is set of all
 * that is dirty where `->writepages` of a sync call begins; both are taken by
 * `__folio_start_writeback`, unless it is told to keep TOWRITE.
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { FileId, Where } from "../observation.ts";
import { breachOf, leaveOpen } from "./findings.ts";
import { isUnsent } from "./folio_blocks.ts";
import { marked, marksHappen, towrite } from "./mark_world.ts";
import { isMarkedBefore } from "./marked_before.ts";
import { type FolioUnderCheck, type PageCacheCheck, pageCacheFile } from "./subject.ts";

/** A sync call begins to write a file back: it marks all that is dirty. */
export function listDirty(check: PageCacheCheck, id: FileId, where: Where): void {
  if (!check.probes) return;
  for (const folio of pageCacheFile(check, id).unsafe) {
    if (isMarkedBefore(check, folio, where)) folio.marks.listed ??= where;
  }
}

/** The folio is declared clean: it was dirty, and writeback has found it. */
export function cleanMarks(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  const { marks } = folio;
  const before = marks.listed === undefined ? marked : towrite;
  if (folio.dirty !== undefined) judge(check, folio, marksHappen(before, "seenDirty").says, where);
  marks.cleaned = { set: marksHappen(before, "cleaned").to, where };
  marks.taken = undefined;
}

/** Whoever declared it clean marks it dirty again, under the lock: its mark in the mapping is right. */
export function redirtyMarks({ marks }: FolioUnderCheck): void {
  marks.cleaned = undefined;
}

/** Writeback of the folio begins; `keeps` if it is told to leave TOWRITE. */
export function beginMarks(
  { marks }: FolioUnderCheck,
  where: Where,
  keeps: boolean | undefined,
): void {
  if (marks.cleaned !== undefined && keeps === false && marks.listed !== undefined) {
    marks.taken = where;
  }
  marks.cleaned = undefined;
}

/** A bio carries the folio: that TOWRITE was taken is right. */
export function submitMarks(check: PageCacheCheck, folio: FolioUnderCheck): void {
  const { marks } = folio;
  if (marks.taken === undefined) return;
  const cleaned = marksHappen(towrite, "cleaned").to;
  if (marksHappen(cleaned, "begun").says.get("WB-TOWRITE-1") === "kept") {
    tick(check.findings.judged, "WB-TOWRITE-1");
  }
  marks.taken = undefined;
  marks.listed = undefined;
}

/** Writeback has ended. If no bio has carried the folio and it is dirty still, its mark is gone. */
export function endMarks(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  const { marks } = folio;
  const { taken } = marks;
  marks.taken = undefined;
  if (taken === undefined) return;
  if (folio.dirty === undefined || folio.dirty.line < taken.line) {
    // Some other end than that of a bio may have been due: all of it was beyond the end of the file.
    if (isUnsent(check, folio)) leaveOpen(check.findings, "WB-TOWRITE-1", "bio", where);
    return;
  }
  // Where it is not recorded which folios bios carry, none is missing.
  if (!check.carries) return;
  judge(check, folio, marksHappen(towrite, "unmarked").says, where);
}

/** Another task has the folio's lock: whoever declared it clean has given it up. */
export function lockMarks(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  const { cleaned } = folio.marks;
  if (cleaned === undefined || cleaned.where.pid === where.pid) return;
  folio.marks.cleaned = undefined;
  // Where beginnings of writeback are not recorded, none is missing.
  if (check.findings.numbers.writebacks === 0) return;
  judge(check, folio, marksHappen(cleaned.set, "unlocked").says, where);
}

function judge(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  says: ReadonlyMap<string, string>,
  where: Where,
): void {
  for (const [id, agreement] of says) {
    if (agreement === "kept") tick(check.findings.judged, id);
    if (agreement !== "broken") continue;
    const breach = breachOf(id, {
      file: folio.file.id,
      pgoffs: [folio.index],
      at: where,
      because: folio.history,
    });
    check.findings.absent.push({ breach, missing: "write" });
  }
}
