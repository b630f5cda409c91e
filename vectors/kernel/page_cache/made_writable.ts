/**
 * Faults that make a page writable: `->page_mkwrite` has returned, and the folio is locked. It may still be
 * clean: then the fault marks it dirty, before it gives the lock back.
 *
 * Source: mm/memory.c, do_page_mkwrite(), fault_dirty_shared_page().
 *
 * @module
 */
import { sameFile } from "../../../model/check/observation.ts";
import type { FolioSeen } from "../../../model/check/page_cache/observation.ts";
import { pageSize } from "../../../model/page_size.ts";
import type { RecordHead } from "../record.ts";
import type { KindedHead } from "../record_head.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import { rangeMapped } from "./mapped_ranges.ts";
import { placeOf, sinceOf } from "./place.ts";
import { mappingShown, ownerOf } from "./sync_mapping_calls.ts";
import type { PageCacheTask } from "./tasks.ts";
import { mappingOf, type PageCacheTranslation, whereOf } from "./translation.ts";

/** `->page_mkwrite` has returned, and the kernel makes the page writable next. */
export function madeWritable(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: KindedHead,
  reading: Extract<CacheReading, { kind: "mkwrite" }>,
): void {
  const { folio, pgoff, address, refused } = reading;
  const { store } = task;
  if (store !== undefined) store.faulted = true;
  faultOver(translation, task, record, undefined);
  const mapping = mappingOf(record, task, address - pgoff * pageSize);
  const where = placeOf(record, reading);
  const shown = { file: folio.file, address, gets: "plain", where } as const;
  mappingShown(translation, task, record, shown);
  if (folio.flags?.dirty === false && !refused) {
    task.madeWritable = { folio, pgoff, mapping, made: where };
    task.dirtying = true;
  }
  translation.emit({
    kind: "made_writable",
    where,
    since: sinceOf(task),
    folio,
    pgoff,
    mapping,
    storing: store !== undefined && isOnPage(store.address, address),
    refused,
    bare: rangeMapped(translation, ownerOf(task, record), address, 1)?.bare,
  });
}

/** The task marks this folio dirty, or has done with its fault if there is none. */
export function faultOver(
  { emit }: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  dirtied: FolioSeen | undefined,
): void {
  const { madeWritable: made } = task;
  if (made === undefined) return;
  const isOther = dirtied !== undefined &&
    (!sameFile(dirtied.file, made.folio.file) || dirtied.index !== made.folio.index);
  if (isOther) return;
  task.madeWritable = undefined;
  const where = whereOf(record, dirtied === undefined ? "the fault is over" : "marked dirty");
  emit({ kind: "fault_marked", where, ...made, dirty: dirtied !== undefined });
}

function isOnPage(address: number, page: number): boolean {
  return Math.floor(address / pageSize) === Math.floor(page / pageSize);
}
