/**
 * What happened to one folio, with what its task is doing.
 *
 * @module
 */
import type { FolioEvent } from "../../../model/check/page_cache/observation.ts";
import type { RecordHead } from "../record.ts";
import type { FolioReading } from "../rows/cache_reading.ts";
import { isWriting } from "./calls.ts";
import { placeOfFolio, sinceOf } from "./place.ts";
import type { PageCacheTask } from "./tasks.ts";

/**
 * The event that a line tells of.
 *
 * @param marking true if the mark of a folio that is marked dirty is set only by a later line
 */
export function folioEvent(
  task: PageCacheTask,
  record: RecordHead,
  reading: FolioReading,
  marking: true | undefined,
): FolioEvent {
  return {
    kind: reading.kind,
    where: placeOfFolio(record, reading),
    since: sinceOf(task),
    folio: reading.folio,
    copying: isWriting(task),
    bytes: reading.bytes,
    keepsTowrite: reading.keepsTowrite,
    marking,
  };
}
