/**
 * Direct I/O in the words of its lines: which request a line is of. A request belongs to its task until
 * that goes on without it; its end is known by file and position then.
 *
 * @module
 */
import { type FileId, fileKey, sameFile } from "../../../model/check/observation.ts";
import type { RecordHead } from "../record.ts";
import { lineText } from "./line_text.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import type { OpenDirect, PageCacheTask } from "./tasks.ts";
import { type PageCacheTranslation, whereOf } from "./translation.ts";

type Of<K extends CacheReading["kind"]> = Extract<CacheReading, { kind: K }>;

/** What one line says of direct I/O. */
type DirectReading = Of<
  | "direct_ahead"
  | "direct_begun"
  | "direct_queued"
  | "direct_completed"
  | "direct_returned"
  | "direct_first_invalidated"
  | "range_invalidated"
  | "direct_invalidates_again"
  | "direct_invalidated_again"
  | "direct_converted"
>;

const reads: ReadonlySet<string> = new Set(["read", "readv", "pread64", "preadv", "preadv2"]);
const writes: ReadonlySet<string> = new Set(["write", "writev", "pwrite64", "pwritev", "pwritev2"]);

/** Takes one line of direct I/O. */
export function directLine(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  reading: DirectReading,
): void {
  const { emit } = translation;
  const where = whereOf(record, lineText(reading));
  switch (reading.kind) {
    case "direct_ahead":
      task.directWrites = reading.writes;
      return;
    case "direct_begun":
      return begun(translation, task, record, reading);
    case "direct_queued":
      task.direct = undefined;
      return;
    case "direct_first_invalidated": {
      if (task.direct === undefined) return;
      task.direct.submitted = true;
      return emit({ kind: "direct_told", where, request: task.direct.request, writes: true });
    }
    case "range_invalidated": {
      const { file, pages, failed } = reading;
      if (pages !== undefined) emit({ kind: "pages_counted", where, file, pages });
      const open = task.direct ?? task.ending;
      if (open === undefined || !sameFile(open.file, reading.file)) return;
      const again = open.submitted;
      // Before there was kiocb_invalidate_pages(), the first invalidation is nothing but this.
      open.submitted = true;
      return emit({
        kind: "direct_invalidated",
        where,
        request: open.request,
        again,
        failed,
      });
    }
    case "direct_invalidates_again": {
      const open = task.direct ?? asyncAt(translation, reading.file, reading.from);
      if (open === undefined || !covers(open, reading)) return;
      open.submitted = true;
      task.ending = open;
      return emit({ kind: "direct_invalidates_again", where, request: open.request });
    }
    case "direct_invalidated_again":
      task.ending = undefined;
      return;
    case "direct_converted": {
      const open = task.direct ?? asyncAt(translation, reading.file, reading.from);
      if (open === undefined || !covers(open, reading)) return;
      return emit({ kind: "direct_converted", where, request: open.request });
    }
    case "direct_returned":
      if (task.direct !== undefined) end(translation, task.direct, record, reading.result);
      return;
    case "direct_completed": {
      const { file, result } = reading;
      const at = reading.end - Math.max(result, 0);
      const own = task.direct;
      const open = own !== undefined && own.from === at && sameFile(own.file, file)
        ? own
        : openAt(translation, file, at);
      if (open !== undefined) end(translation, open, record, result);
      return;
    }
    default:
      return reading satisfies never;
  }
}

function begun(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  reading: Of<"direct_begun">,
): void {
  const { file, from, to, async } = reading;
  // One that began at the same place and is not over has ended unseen.
  const before = openAt(translation, file, from);
  if (before !== undefined) end(translation, before, record, undefined);
  endDirect(translation, task, record);
  const request = ++translation.calls;
  const name = task.syscall?.name;
  const told = name === undefined
    ? undefined
    : reads.has(name)
    ? false
    : writes.has(name)
    ? true
    : undefined;
  const isWrite = told ?? task.directWrites ?? reading.writes;
  const open: OpenDirect = {
    request,
    file,
    from,
    to,
    async,
    writes: isWrite,
    submitted: false,
  };
  translation.direct.set(placeOf(file, from), open);
  task.direct = open;
  translation.emit({
    kind: "direct_begun",
    where: whereOf(record, lineText(reading)),
    request,
    file,
    range: { from, to },
    writes: isWrite,
  });
  task.directWrites = undefined;
}

/** The task is in no direct I/O any more: what is synchronous and not over has ended unseen. */
export function endDirect(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
): void {
  const { direct } = task;
  task.direct = undefined;
  task.ending = undefined;
  if (direct !== undefined && !direct.async) end(translation, direct, record, undefined);
}

function end(
  translation: PageCacheTranslation,
  open: OpenDirect,
  record: RecordHead,
  result: number | undefined,
): void {
  const place = placeOf(open.file, open.from);
  if (translation.direct.get(place) !== open) return;
  translation.direct.delete(place);
  for (const task of translation.tasks.values()) if (task.direct === open) task.direct = undefined;
  translation.emit({
    kind: "direct_ended",
    where: whereOf(record, result === undefined ? "direct I/O ends" : `direct I/O -> ${result}`),
    request: open.request,
    result,
  });
}

/** What another task than the one that began it may end. */
function asyncAt(translation: PageCacheTranslation, file: FileId, from: number) {
  const open = openAt(translation, file, from);
  return open?.async === true ? open : undefined;
}

function openAt({ direct }: PageCacheTranslation, file: FileId, from: number) {
  return direct.get(placeOf(file, from));
}

function covers({ file, from, to }: OpenDirect, seen: {
  readonly file: FileId;
  readonly from: number;
  readonly to: number;
}): boolean {
  return sameFile(file, seen.file) && seen.from < to && seen.to > from;
}

function placeOf(file: FileId, from: number): string {
  return `${fileKey(file)} ${from}`;
}
