/**
 * What programs say of themselves: values that they write and read, and stores to mapped pages.
 *
 * @module
 */
import { fileKey } from "../../../model/check/observation.ts";
import { pageSize } from "../../../model/page_size.ts";
import type { MarkerRecord } from "../record.ts";
import type { PageCacheTask } from "./tasks.ts";
import { rangeMapped } from "./mapped_ranges.ts";
import { ownerOf } from "./sync_mapping_calls.ts";
import { mappingOf, type PageCacheTranslation, whereOf } from "./translation.ts";
import { valueMarker } from "./value_markers.ts";

/** Rows whose lines show whether a store has faulted. */
export const showFaults: readonly string[] = ["page_fault_user", "do_page_mkwrite() returns"];

/** True if mmap was seen to make a private mapping at the address that the marker names. */
export function isPrivate(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: MarkerRecord,
): boolean {
  const { address } = record.says;
  if (address === undefined) return false;
  return rangeMapped(translation, ownerOf(task, record), address, 1)?.shared === false;
}

/** What a program says of itself. */
export function cacheMarker(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: MarkerRecord,
): void {
  const { operation, done, file: named, offset, address } = record.says;
  if (named !== undefined) {
    task.declared = named;
    translation.declared.set(fileKey(named), named);
  }
  // A load or store in a private mapping is of the process's own copy, and tells nothing of the file.
  if (isPrivate(translation, task, record)) task.told = undefined;
  else valueMarker(translation, task, record.says, () => whereOf(record, record.text));
  const { store } = task;
  if (operation === "store" && !done) {
    const { line, time, cpu } = record;
    task.store = offset === undefined || address === undefined
      ? undefined
      : { since: { line, time, cpu }, offset, address, faulted: false };
  } else if (store !== undefined) {
    task.store = undefined;
    const [only, ...others] = translation.declared.values();
    const file = task.declared ?? (others.length === 0 ? only : undefined);
    const faults = showFaults.some((source) => translation.seen.has(source));
    if (file !== undefined && faults) {
      const mapped = rangeMapped(translation, ownerOf(task, record), store.address, 1);
      const pgoff = Math.floor(store.offset / pageSize);
      translation.emit({
        kind: "page_store",
        where: whereOf(record, `store to page ${pgoff}`),
        since: store.since,
        file,
        pgoff,
        mapping: mappingOf(record, task, store.address - store.offset),
        faulted: store.faulted,
        shared: mapped?.shared,
        bare: mapped?.bare,
      });
    }
  }
}
