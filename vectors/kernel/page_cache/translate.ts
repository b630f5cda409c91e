/**
 * From records of a kernel trace to observations of the page cache, by the rows of the table.
 *
 * @module
 */
import type { RecordHead } from "../record.ts";
import type { KindedHead } from "../record_head.ts";
import { commitWaited, isWriting, syncFunction, syncFunctionLeft, syncRange } from "./calls.ts";
import { numberOf } from "./descriptor_names.ts";
import { onPartition } from "./disk_of_files.ts";
import { bioLine } from "./bio_lines.ts";
import { folioEvent } from "./folio_events.ts";
import { directLine } from "./direct_calls.ts";
import { showFaults } from "./markers.ts";
import { completion, ioUringLine, writesNext } from "./io_uring_calls.ts";
import { faultOver, madeWritable } from "./made_writable.ts";
import { memoryBegins } from "./mapped_ranges.ts";
import { mappingShown, ownerOf, syncFaultMapped } from "./sync_mapping_calls.ts";
import { inodeLine } from "./inode_lines.ts";
import { blocksMapped, mapsBlocks, marksInodes } from "./mapped_blocks.ts";
import { placeOf, sinceOf } from "./place.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import type { LineOutcome } from "../rows/row.ts";
import { removalLine } from "./removal_calls.ts";
import { dirtyingOver, fileSystemSynced } from "./syncfs_calls.ts";
import { interrupt, type PageCacheTask } from "./tasks.ts";
import { knownTask, noteCpu, type PageCacheTranslation, taskOf, whereOf } from "./translation.ts";
import { marksWritten } from "./xfs_changes.ts";

/** A record comes: its CPU has set the mark that the line before it told of, with interrupts off. */
export function recordBegins(
  { marking, emit }: PageCacheTranslation,
  record: RecordHead,
): void {
  const told = marking[record.cpu];
  if (told === undefined) return;
  marking[record.cpu] = undefined;
  const { line, folio } = told;
  emit({ kind: "folio_marked", where: whereOf(record, "DIRTY is set"), line, folio });
}

/** A record has been taken, whether anything in it concerns the page cache or not. */
export function recordEnds(translation: PageCacheTranslation, record: RecordHead): void {
  const task = knownTask(translation, record.pid);
  if (task === undefined) return;
  // Numbers, and not the record: with it all that was read along with it would be kept.
  task.lastLine = record.line;
  task.lastTime = record.time;
  task.lastCpu = record.cpu;
}

/** Some probe on the page cache is recorded. */
export function probeSeen(translation: PageCacheTranslation): void {
  if (translation.probes) return;
  translation.probes = true;
  translation.emit({ kind: "probes" });
}

/** Rows of which it is asked whether their lines are recorded. */
const shown: ReadonlySet<string> = new Set([mapsBlocks, marksInodes, completion, ...showFaults]);

/** Takes what a line says; hands observations on in the order in which they hold. */
export function cacheLine(
  translation: PageCacheTranslation,
  record: KindedHead,
  source: string,
  reading: LineOutcome<CacheReading>,
): void {
  if (shown.has(source)) translation.seen.add(source);
  if (source === mapsBlocks) {
    const where = whereOf(record, "blocks are mapped");
    blocksMapped(translation, taskOf(translation, record), where, reading);
  }
  if (reading === undefined) return cacheGap(translation, record.line);
  if (reading === "nothing" || saysNothing(reading)) return;
  const task = taskOf(translation, record);
  // What a program asks for by io_uring, or makes of itself, shows nothing of what others do.
  if (!task.read && !ofPrograms.has(reading.kind)) task.read = true;
  noteCpu(translation, record.cpu);
  observe(translation, task, record, onPartition(translation.disks, reading));
}

/** True for a line that tells of DAX files alone: a fault that needs no sync call. */
function saysNothing(reading: CacheReading): boolean {
  return (reading.kind === "dax_fault_ended" && reading.result !== "sync-pending") ||
    (reading.kind === "sync_fault_mapped" && !reading.mapped);
}

/** What a program does that is recorded alone. */
const ofPrograms: ReadonlySet<CacheReading["kind"]> = new Set([
  "process_made",
  "request_submitted",
  "request_taken",
  "request_completed",
]);

/** What the release of pins prints of itself. */
const ofPins: ReadonlySet<CacheReading["kind"]> = new Set([
  "pins_released",
  "folio_dirtied",
  "inode_changes",
]);

function observe(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: KindedHead,
  reading: CacheReading,
): void {
  const { emit } = translation;
  // Whoever does something else has done with the pins, and the line that says so is missing.
  if (task.released !== undefined && !ofPins.has(reading.kind)) task.released = undefined;
  if (task.request !== undefined) writesNext(task, reading.kind);
  switch (reading.kind) {
    // What is frequent comes first: the names are compared in this order.
    case "folio_dirtied":
      task.dirtying = true;
      faultOver(translation, task, record, reading.folio);
      task.released?.push({
        kind: "pinned_dirtied",
        folio: reading.folio,
        where: placeOf(record, reading),
      });
      translation.marking[record.cpu] = { line: record.line, folio: reading.folio };
      return emit(folioEvent(task, record, reading, true));
    case "folio_taken":
      task.wroteBack = record.line;
      task.xfsChange = undefined;
      return emit(folioEvent(task, record, reading, undefined));
    case "folio_added":
    case "folio_removed":
    case "folio_cleaned":
    case "folio_redirtied":
    case "folio_copied":
    case "writeback_begun":
    case "writeback_ended":
      return emit(folioEvent(task, record, reading, undefined));
    // The same as by default, for what is frequent: where one shape comes by, it is copied fast.
    case "folio_in_bio":
      return emit({ ...reading, where: placeOf(record, reading) });
    case "sectors_queued":
      return emit({ ...reading, where: placeOf(record, reading) });
    case "sectors_ended":
      return emit({ ...reading, where: placeOf(record, reading) });
    case "extent_seen":
      return emit({ ...reading, where: placeOf(record, reading) });
    case "user_fault":
      // The user has faulted: it was in no call.
      dirtyingOver(translation, task, record);
      if (task.store !== undefined) task.store.faulted = true;
      return;
    case "faulting":
      if (task.store !== undefined) task.store.faulted = true;
      return;
    case "mkwrite":
      return madeWritable(translation, task, record, reading);
    case "process_made": {
      const memory = reading.shares ? task.group : reading.pid;
      memoryBegins(translation, String(reading.pid), ownerOf(task, record));
      return emit({
        kind: "process_born",
        where: placeOf(record, reading),
        group: reading.pid,
        memory,
      });
    }
    case "request_submitted":
    case "request_taken":
    case "request_completed":
      return ioUringLine(translation, task, record, reading);
    case "pins_released":
      if (!reading.begins) { for (const told of task.released ?? []) emit(told); }
      task.released = reading.begins ? [] : undefined;
      return;
    case "dax_fault_ended": {
      const { file, pgoff, address } = reading;
      task.needsSync = {
        file,
        pgoff,
        since: placeOf(record, reading),
        entered: false,
        synced: undefined,
      };
      const shown = {
        file,
        address,
        gets: "synchronous",
        where: placeOf(record, reading),
      } as const;
      return mappingShown(translation, task, record, shown);
    }
    case "sync_fault_mapped":
      return syncFaultMapped(translation, task, placeOf(record, reading), reading);
    case "writepages": {
      const { file, sync } = reading;
      task.wroteBack = record.line;
      syncRange(translation, task, record, { ...reading, ahead: false });
      return emit({ kind: "writepages_begun", where: placeOf(record, reading), file, sync });
    }
    case "writepages_ended":
      task.mayMap = undefined;
      task.treeChanged = undefined;
      task.inserted = undefined;
      task.changing = undefined;
      return emit({ ...reading, where: placeOf(record, reading) });
    case "inode_changes":
    case "inode_dirtied":
    case "may_map":
    case "tree_changed":
    case "inode_grows":
    case "inode_logged":
    case "extent_changed":
    case "disk_size_grows":
    case "inode_pinned":
    case "converting":
      return inodeLine(translation, task, record, reading);
    case "sync_function":
      return syncFunction(translation, task, record, reading);
    case "sync_function_left":
      return syncFunctionLeft(translation, task, record, reading);
    case "buffered_write":
      // If it syncs, it syncs what it has written; else the range goes with its call.
      if (isWriting(task)) syncRange(translation, task, record, { ...reading, ahead: true });
      return;
    case "file_system_synced":
      return fileSystemSynced(translation, task, record, reading.dev);
    case "sync_range":
      return syncRange(translation, task, record, reading, !reading.ahead);
    case "commit_waited":
      return commitWaited(translation, task, record, reading.tid);
    case "committed_up_to": {
      const dev = reading.dev ?? task.syncs.at(-1)?.file.dev;
      if (dev === undefined) return;
      return emit({ ...reading, dev, where: placeOf(record, reading) });
    }
    case "flush_asked":
    case "flush_returned":
    case "bio_queued":
    case "bio_ended":
      return bioLine(translation, task, record, reading);
    case "direct_ahead":
    case "direct_begun":
    case "direct_queued":
    case "direct_completed":
    case "direct_returned":
    case "direct_first_invalidated":
    case "range_invalidated":
    case "direct_invalidates_again":
    case "direct_invalidated_again":
      return directLine(translation, task, record, reading);
    case "direct_converted":
      marksWritten(task, reading);
      return directLine(translation, task, record, reading);
    case "truncate_named":
      return removalLine(translation, task, record, { ...reading, kind: "removal_named" });
    case "removal_named":
    case "cut_begun":
    case "cut_ended":
      return removalLine(translation, task, record, reading);
    case "error_told": {
      const descriptor = numberOf(task, record);
      const { file, error } = reading;
      task.errorTold = error;
      // A probe names the open file itself.
      if (descriptor === undefined || translation.probes) return;
      const told = { reported: true, current: true } as const;
      const seen = {
        where: placeOf(record, reading),
        since: sinceOf(task),
        file,
        descriptor,
        error,
      };
      return emit({ kind: "error_checked", ...seen, ...told });
    }
    case "error_checked": {
      const { stable, file, ...checked } = reading;
      const { errorTold } = task;
      task.errorTold = undefined;
      if (stable !== undefined) {
        emit({ kind: "stable_pages", where: placeOf(record, reading), file, needed: stable });
      }
      // A return without arguments does not say which error it was; the tracepoint in it does.
      const error = checked.error ?? (checked.reported ? errorTold : undefined);
      return emit({
        ...checked,
        error,
        file,
        where: placeOf(record, reading),
        since: sinceOf(task),
      });
    }
    default:
      return emit({ ...reading, where: placeOf(record, reading) });
  }
}

/** Events are missing: nobody is known to be in the middle of anything. */
export function cacheGap(translation: PageCacheTranslation, line: number): void {
  for (const task of translation.tasks.values()) interrupt(task);
  translation.direct.clear();
  translation.requests.clear();
  translation.asked = [];
  translation.mapped.clear();
  translation.descriptors.clear();
  translation.emit({ kind: "page_cache_gap", line });
}
