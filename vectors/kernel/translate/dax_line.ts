/**
 * What one line says of DAX files, handed to what its task is in the middle of.
 *
 * @module
 */
import type { TaskRecord } from "../record.ts";
import type { DaxReading } from "../rows/dax_reading.ts";
import type { TaskState } from "../task.ts";
import { faultBegins, faultEnds, holeLoaded, syncMapped, userFault } from "./faults.ts";
import { entryDeleted, nameClone, nameRemovalCall, nameTruncate } from "./naming.ts";
import { pairPassEnd } from "./pairs.ts";
import { syncEntered, syncLeft } from "./sync_events.ts";
import { pagesWritten, type Translation } from "./translation.ts";
import { entryCleaned, lastVisitVacant, passBegins, visited, worksOnEntry } from "./writeback.ts";

/** Takes one line. A `switch`: a long recording has hundreds of thousands. */
export function daxLine(
  translation: Translation,
  task: TaskState,
  record: TaskRecord,
  reading: DaxReading,
): void {
  switch (reading.kind) {
    case "user_fault":
      return userFault(translation, task, record, reading);
    case "dax_fault_begun":
      return faultBegins(translation, task, record, reading);
    case "dax_fault_ended":
      return faultEnds(translation, task, record, reading);
    case "hole_loaded":
      return holeLoaded(translation, task, record, reading);
    case "huge_hole_loaded":
      task.hole = true;
      return;
    case "sync_fault_mapped":
      return syncMapped(translation, task, record, reading);
    case "pass_begun":
      return passBegins(translation, task, record, reading);
    case "pass_ended":
      return pairPassEnd(translation, task, record);
    case "entry_cleaned":
      return entryCleaned(translation, task, record, reading);
    case "sync_function":
      return syncEntered(translation, task, record, reading.file);
    case "sync_function_left":
      return syncLeft(translation, task, record, reading.status);
    case "removal_named":
      return nameRemovalCall(translation, task, record, reading.file, 0);
    case "truncate_named":
      return nameTruncate(translation, task, record, reading.file, reading.newSize);
    case "clone_named":
      return nameClone(translation, task, record, reading.file, reading.to);
    case "pages_written":
      return pagesWritten(translation, record, reading);
    case "mkclean_visits":
      return visited(translation, task, reading.by, reading.visit);
    case "visit_vacant":
      return lastVisitVacant(task);
    case "pass_works":
      return worksOnEntry(task);
    case "entry_deleted":
      return entryDeleted(translation, task, record, reading.pgoff);
    default:
      return reading satisfies never;
  }
}
