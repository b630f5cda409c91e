/**
 * Sync calls by io_uring: a worker makes them, in no system call, and the completion of their request is
 * their return. The worker prints `io_uring_file_get` for a request, and then makes its call; so the call
 * is of that request, and what ends it names the same.
 *
 * Nothing tells which request a worker goes on with that is of a registered file, or that was tried in its
 * submitter before, as writes are. Their calls stay open.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import type { RecordHead } from "../record.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import { endInTask, endOfRequest, leaveTask } from "./calls.ts";
import type { PageCacheTask } from "./tasks.ts";
import type { OpenRequest, PageCacheTranslation } from "./translation.ts";

type Of<K extends CacheReading["kind"]> = Extract<CacheReading, { kind: K }>;

/** The line of a request that is over. */
export const completion = "io_uring_complete";

/** Takes what a line of io_uring says. */
export function ioUringLine(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  reading: Of<"request_submitted" | "request_taken" | "request_completed">,
): void {
  match(reading)
    .with({ kind: "request_submitted" }, (each) => requestSubmitted(translation, record, each))
    .with({ kind: "request_taken" }, (each) => requestTaken(translation, task, record, each))
    .with(
      { kind: "request_completed" },
      (each) => requestCompleted(translation, task, record, each),
    )
    .exhaustive();
}

/** A request begins: whatever was of one at its address has ended unseen. */
function requestSubmitted(
  translation: PageCacheTranslation,
  record: RecordHead,
  { request, syncs, first }: Of<"request_submitted">,
): void {
  const { requests } = translation;
  const before = requests.get(request);
  if (before !== undefined) leave(translation, before, record, request, undefined);
  if (!syncs) requests.delete(request);
  else if (first || before === undefined || before.task !== undefined) {
    requests.set(request, { submitted: first, task: undefined, left: [] });
  }
}

/** The task goes on with a request: it is done with the one before. */
function requestTaken(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  { request }: Of<"request_taken">,
): void {
  if (translation.seen.has(completion)) awaitSubmitter(translation, task);
  goOn(translation, task, record);
  const known = translation.requests.get(request);
  if (known === undefined) return;
  leave(translation, known, record, request, undefined);
  known.task = task;
  task.request = request;
}

/** What a request that writes may print before it syncs, and an fsync does not. */
const ofWrites: ReadonlySet<CacheReading["kind"]> = new Set([
  "folio_dirtied",
  "folio_added",
  "buffered_write",
  "direct_ahead",
  "direct_begun",
]);

/**
 * If the worker writes, it is done with the fsync that it has gone on with: that was of a file whose sync
 * calls print no line. What it syncs next is what it writes.
 */
export function writesNext(task: PageCacheTask, kind: CacheReading["kind"]): void {
  if (ofWrites.has(kind)) task.request = undefined;
}

/**
 * A request is over. Its worker says so, or the task that has submitted it; of the latter it is only known
 * to be the same request if the line of a later one at its address would have been seen.
 */
function requestCompleted(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  { request, result }: Of<"request_completed">,
): void {
  const known = translation.requests.get(request);
  translation.requests.delete(request);
  if (known !== undefined) {
    // A worker that has gone on with another request tells nothing of this one any more.
    const isSame = known.task === task ? known.left.length === 0 : known.submitted;
    leave(translation, known, record, request, isSame && result <= 0 ? result : undefined);
  }
  goOn(translation, task, record);
}

/** The sync call that was made for the request has ended. */
function leave(
  translation: PageCacheTranslation,
  { task, left }: OpenRequest,
  record: RecordHead,
  request: string,
  status: number | undefined,
): void {
  endOfRequest(translation, left, record, status);
  if (task === undefined) return;
  if (task.request === request) task.request = undefined;
  if (task.syncs.at(-1)?.request === request) endInTask(translation, task, record, status);
}

/** The task is done with what it made before, if that was in no system call. */
function goOn(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
): void {
  task.request = undefined;
  if (task.syscall === undefined) endInTask(translation, task, record, undefined);
}

/** Of a call that its task is done with, its submitter may tell later how it ended: till then it has not. */
function awaitSubmitter({ requests }: PageCacheTranslation, task: PageCacheTask): void {
  const request = task.syscall === undefined ? task.syncs.at(-1)?.request : undefined;
  const known = request === undefined ? undefined : requests.get(request);
  if (known?.task === task) known.left = [...known.left, ...leaveTask(task)];
}
