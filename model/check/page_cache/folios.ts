/**
 * Folios: what each line says of one, for the sync calls that owe it and for its small worlds.
 *
 * @module
 */
import { fileKey, type Where } from "../observation.ts";
import { anyFolio, type FolioHappening, happens, withFlags } from "./folio_world.ts";
import { mappingsHappen } from "./mappings.ts";
import { folioIn, forgetFolio, forgetMappings, rememberFolio } from "./folio_record.ts";
import { blocksDue, blocksWritten, bytesCopied, forgetBlocks, isUnsent } from "./folio_blocks.ts";
import { createFolioSectors, type FolioSectors } from "./folio_sectors.ts";
import type { FolioEvent, FolioEventKind, FolioFlags, FolioMarkedSeen } from "./observation.ts";
import { settleAwaiting } from "./awaiting.ts";
import { owedBegun, owedEnded, owedRedirtied, owedUnsent, oweTaken } from "./owed.ts";
import { folioLeaves } from "./removals.ts";
import { beginMarks, cleanMarks, endMarks, lockMarks, redirtyMarks } from "./marks.ts";
import { fileDirtied } from "./silent_syncs.ts";
import { judgeFolio } from "./stable.ts";
import { endUnseen } from "./unseen_end.ts";
import type { Writing } from "./folio_parts.ts";
import { commitsNow } from "./journal.ts";
import { journalOf } from "./storage.ts";
import {
  type FolioUnderCheck,
  type PageCacheCheck,
  type PageCacheFile,
  pageCacheFile,
} from "./subject.ts";

/** Takes a folio past one line, and returns it; undefined if it is not cached any more. */
export function checkFolio(
  check: PageCacheCheck,
  file: PageCacheFile,
  event: FolioEvent,
): FolioUnderCheck | undefined {
  const { where, folio: seen } = event;
  if (event.kind === "folio_removed") {
    const folio = file.folios.get(seen.index);
    if (folio !== undefined) removed(check, folio, where);
    return undefined;
  }
  const folio = folioIn(check, file, seen);
  if (seen.pages !== undefined) folio.sizedAt = where.line;
  rememberFolio(folio, where);
  happened(check, folio, event.kind, event);
  return folio;
}

function happened(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  kind: Exclude<FolioEventKind, "folio_removed">,
  event: FolioEvent,
): void {
  const { where, folio: seen } = event;
  if (seen.flags?.writeback === false && kind !== "writeback_begun") endUnseen(check, folio, where);
  switch (kind) {
    case "folio_added":
      // No folio enters where one is: this is another inode of the same number.
      if (folio.added !== undefined) check.findings.twins.add(fileKey(folio.file.id));
      if (folio.pages > 1) forgetInside(folio);
      forgetFolio(folio);
      folio.added = where;
      folio.markings = 0;
      return;
    case "folio_dirtied":
      return dirtied(check, folio, event);
    case "folio_redirtied":
      folio.dirty = where;
      folio.markings = undefined;
      folio.dirtiedBy = "writeback";
      folio.marked = where;
      folio.file.unsafe.add(folio);
      owedRedirtied(folio);
      forgetBlocks(folio);
      redirtyMarks(folio);
      return advance(check, folio, "dirtied", where, undefined);
    case "folio_cleaned":
      return cleaned(check, folio, where);
    case "folio_taken":
      return check.probes ? undefined : taken(check, folio, where, createFolioSectors());
    case "writeback_begun":
      return begun(check, folio, event);
    case "writeback_ended":
      return ended(check, folio, where);
    case "folio_copied":
      check.findings.numbers.copies++;
      if (event.bytes !== undefined) bytesCopied(folio, event.bytes);
      if (seen.flags?.locked === true) lockMarks(check, folio, where);
      judgeFolio(check, folio, "copied", where, seen.flags);
      return;
    default:
      return kind satisfies never;
  }
}

/** A folio covers pages that were records of their own: of direct I/O, or of folios before. */
function forgetInside({ file, index, pages }: FolioUnderCheck): void {
  for (let page = index + 1; page < index + pages; page++) {
    const inside = file.folios.get(page);
    if (inside === undefined) continue;
    releaseAll(inside);
    forgetFolio(inside);
    file.folios.delete(page);
  }
}

function releaseAll({ owed }: FolioUnderCheck): void {
  for (const each of owed) each.call.owed.splice(each.call.owed.indexOf(each), 1);
}

function removed(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  folioLeaves(check, folio, where);
  settleAwaiting(check, folio, "removed", where);
  // Calls that owe it owe it no more: the page is gone from the file.
  releaseAll(folio);
  forgetFolio(folio);
  folio.file.folios.delete(folio.index);
}

function dirtied(check: PageCacheCheck, folio: FolioUnderCheck, event: FolioEvent): void {
  const { where, since, marking } = event;
  settleAwaiting(check, folio, "dirtied", where);
  folio.markings = folio.markings === 0 ? 1 : undefined;
  // What marks a folio dirty again has this line, too.
  const again = folio.dirtiedBy === "writeback" && folio.dirty?.pid === where.pid;
  if (folio.dirty !== undefined && !again) cleanedUnseen(folio);
  const before = folio.world;
  advance(check, folio, "dirtied", where, undefined);
  // With data=journal a commit marks what it has written to the journal: that is safe, and not new.
  if (commitsNow(journalOf(check, folio.file.id.dev), where)) return;
  const clean = folio.cleaned;
  if (clean !== undefined && clean.line > since.line && clean.pid !== where.pid) {
    // It may have been marked before it was declared clean: then it is clean.
    folio.dirty = undefined;
    forgetMappings(folio);
    return;
  }
  if (folio.dirty !== undefined) folio.world = before;
  folio.dirty = where;
  folio.dirtiedBy = event.copying ? "write" : "other";
  folio.marked = marking === true ? undefined : where;
  folio.file.unsafe.add(folio);
  fileDirtied(check.findings.silent, folio.file.id, where);
}

/** The DIRTY mark of a folio is set by now, if the folio was not declared clean meanwhile. */
export function folioMarked(
  check: PageCacheCheck,
  { where, line, folio: seen }: FolioMarkedSeen,
): void {
  const folio = pageCacheFile(check, seen.file).folios.get(seen.index);
  if (folio?.dirty?.line === line) folio.marked = where;
}

/**
 * The line tells of a folio that was clean, and that was dirty when last seen: it was declared clean
 * unseen, written by sectors that no extent has told of, or not written since a removal has cut it. Where
 * probes tell of writeback, try_to_free_buffers() still declares clean unseen what has no dirty buffer head.
 */
function cleanedUnseen({ owed }: FolioUnderCheck): void {
  for (const each of owed) {
    if (each.returned === undefined && each.stage === "dirty") each.unsure = true;
  }
}

function cleaned(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  endUnseen(check, folio, where);
  settleAwaiting(check, folio, "written", where);
  writtenNow(folio);
  owedBegun(folio);
  cleanMarks(check, folio, where);
  blocksDue(folio);
  folio.dirty = undefined;
  folio.cleaned = where;
  if (check.cleaners.size < 2) check.cleaners.add(where.pid);
  mappingsHappen(check, folio, "cleaned", where);
  folio.world = fitting(happens(folio.world, "cleaned").to);
}

/**
 * Whether the folio was clean in between or not: of what a call owes of it, all that is dirty is written now. The
 * line of folio_clear_dirty_for_io() comes when that returns, and another CPU may have dirtied the folio by then.
 */
function writtenNow({ owed }: FolioUnderCheck): void {
  for (const each of owed) if (each.stage === "dirty") each.unsure = false;
}

function begun(check: PageCacheCheck, folio: FolioUnderCheck, event: FolioEvent): void {
  const { where, keepsTowrite, folio: { flags } } = event;
  endUnseen(check, folio, where);
  settleAwaiting(check, folio, "written", where);
  check.findings.numbers.writebacks++;
  // What ext4 cannot write in a commit it has marked dirty again by then, and writes another time.
  const staysDirty = folio.dirty !== undefined && flags?.dirty === true;
  if (!staysDirty) folio.dirty = undefined;
  folio.file.unsafe.add(folio);
  folio.writing = writingOf(folio, where);
  if (!staysDirty) owedBegun(folio);
  oweTaken(check, folio, folio.marks.cleaned?.where, where);
  beginMarks(folio, where, keepsTowrite);
  judgeFolio(check, folio, flags?.locked === false ? "begunUnlocked" : "begun", where, undefined);
  mappingsHappen(check, folio, "begun", where);
}

function ended(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  settleAwaiting(check, folio, "ended", where);
  endMarks(check, folio, where);
  // Where the beginning is missing nobody knows what the folio held then.
  if (folio.writing === undefined) {
    forgetMappings(folio);
    check.findings.misfit ??= where;
  }
  const lacksBytes = blocksWritten(check, folio, where);
  const writing = folio.writing ?? writingOf(folio, where);
  for (const bio of writing.bios) check.bios.get(bio)?.folios.delete(folio);
  if (lacksBytes || isUnsent(check, folio)) owedUnsent(folio);
  arrived(check, folio, writing, where);
}

function arrived(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  writing: Writing,
  where: Where,
): void {
  writing.over = true;
  folio.writing = undefined;
  const at = writing.bioEnded ?? where;
  const written = writing.failed === undefined ? { at, dev: writing.dev } : undefined;
  owedEnded(folio, written, writing.failed);
  folio.cached = written;
  if (written !== undefined) folio.file.unsafe.add(folio);
  else if (folio.dirty === undefined) folio.file.unsafe.delete(folio);
  judgeFolio(check, folio, "ended", where, undefined);
  mappingsHappen(check, folio, "ended", where);
}

/** Writeback takes the folio, as plain tracepoints show it: declared clean, and under writeback. */
export function taken(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  where: Where,
  sectors: FolioSectors,
): void {
  // While a part of it is on its way, writeback does not begin again: the line of its end is missing.
  if ((folio.writing?.sectors?.pending.size ?? 0) > 0) check.findings.misfit ??= where;
  // How far an earlier writeback came, of which not all was dirty, no line tells.
  for (const owed of folio.owed) if (owed.stage === "writing") owed.unsure = true;
  settleAwaiting(check, folio, "written", where);
  check.findings.numbers.writebacks++;
  owedBegun(folio);
  folio.dirty = undefined;
  folio.markings = undefined;
  folio.cleaned = where;
  folio.file.unsafe.add(folio);
  mappingsHappen(check, folio, "cleaned", where);
  folio.world = fitting(happens(folio.world, "cleaned").to);
  folio.writing = { ...writingOf(folio, where), sectors };
  judgeFolio(check, folio, "begun", where, undefined);
  mappingsHappen(check, folio, "begun", where);
}

/** All of the folio that was on its way has arrived; or a part that nobody had taken, as direct I/O. */
export function written(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  where: Where,
  dev: string,
): void {
  const { writing } = folio;
  if (writing !== undefined) return arrived(check, folio, writing, where);
  folio.cached = { at: where, dev };
  folio.file.unsafe.add(folio);
}

function writingOf({ file }: FolioUnderCheck, begin: Where): Writing {
  return {
    begin,
    bios: [],
    bioEnded: undefined,
    failed: undefined,
    over: false,
    dev: file.id.dev,
  };
}

function advance(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  what: FolioHappening,
  where: Where,
  flags: FolioFlags | undefined,
): void {
  const set = flags === undefined ? folio.world : withFlags(folio.world, flags);
  folio.world = fitting(happens(set, what).to);
  mappingsHappen(check, folio, what, where);
}

function fitting<S extends { readonly keys: readonly string[] }>(set: S): S | typeof anyFolio {
  return set.keys.length === 0 ? anyFolio : set;
}
