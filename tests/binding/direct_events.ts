/**
 * Direct requests, write(2) to a DAX file, pins on buffers, and ranges that move.
 *
 * @module
 */
import { Extent } from "../../model/extent.ts";
import { folioOf } from "../../model/operation/folio.ts";
import type { OperationPlace } from "../../model/operation/layout.ts";
import { bitsOf, directTaskOf, extentOf, taskOf } from "./file_world.ts";
import {
  atomCopied,
  emit,
  type FileMoment,
  isDirect,
  isOne,
  type OnPage,
  pagesOf,
} from "./moment.ts";

/** A page of a request, as events name it. */
function requestOn(
  { transcript: { file } }: FileMoment,
  place: OperationPlace,
  page: number,
): OnPage {
  return { task: directTaskOf(file, place, page), page: file.pageOf(page) };
}

/** True if what the operation writes goes past the page cache. */
function writesDirectly(moment: FileMoment): boolean {
  return isOne(moment, "pwrite") && (isDirect(moment) || moment.transcript.file.isDax);
}

/** The request goes into flight, before it does anything to a page. */
export function requestEvents(moment: FileMoment): void {
  const { transcript, before, after, place, label } = moment;
  if (place === undefined || !writesDirectly(moment)) return;
  for (const page of pagesOf(moment)) {
    const begins = transcript.file.isDax
      ? label === "allocate"
      : (after.direct[page] ?? 0) > (before.direct[page] ?? 0);
    if (begins) emit(transcript, { kind: "direct_begin", ...requestOn(moment, place, page) });
  }
}

/** What goes to the device, and what is read from it. */
export function transferEvents(moment: FileMoment): void {
  const { transcript, before, place, label } = moment;
  const { file, state } = transcript;
  if (place === undefined) return;
  for (const page of pagesOf(moment)) {
    const on = requestOn(moment, place, page);
    if (state.direct[on.task] === 0) continue;
    if (writesDirectly(moment)) {
      if (label === "invalidate" && !file.isDax) emit(transcript, { kind: "invalidated", ...on });
      written(moment, place, page);
    } else if (isOne(moment, "pread")) {
      const isHere = label === "fill buffer" ||
        (label === "read device" && before.cursor[place.process] === page);
      if (isHere) emit(transcript, { kind: "direct_read", ...on });
    }
  }
}

/** A direct write to a part of a page leaves the rest of it as it is. */
function written(moment: FileMoment, place: OperationPlace, page: number): void {
  const { transcript, before, label } = moment;
  const { file, state } = transcript;
  const atom = file.isDax ? atomCopied(moment, page) : undefined;
  if (label !== "submit" && (label !== "copy" || atom === undefined)) return;
  const on = requestOn(moment, place, page);
  const kept = extentOf(file, before, page) === Extent.MAPPED
    ? state.visible[(state.block[on.page] ?? 0) - 1] ?? 0
    : 0;
  transcript.written.add(on.page);
  const writes = bitsOf(file, place, page, atom) | kept;
  emit(transcript, { kind: "direct_write", ...on, writes });
  // COH-2 goes by what is on the media. Where power does not fail, nobody minds when it gets there.
  if (!file.layout.crashes) emit(transcript, { kind: "drain_device", page: on.page });
}

/** The page cache is shot down again, and the request is over. */
export function completionEvents(moment: FileMoment): void {
  const { transcript, before, after, place, label } = moment;
  const { file, state } = transcript;
  if (place === undefined || !writesDirectly(moment)) return;
  for (const page of pagesOf(moment)) {
    const on = requestOn(moment, place, page);
    if (state.direct[on.task] === 0) continue;
    if (label.startsWith("invalidate ")) emit(transcript, { kind: "invalidate_again", ...on });
    const isOver = file.isDax
      ? label === "invalidate"
      : (after.direct[page] ?? 0) < (before.direct[page] ?? 0);
    if (!isOver) continue;
    const writes = label === "refuse" || label === "fail" ? 0 : bitsOf(file, place, page);
    emit(transcript, { kind: "direct_end", ...on, writes });
  }
}

/** The request found a dirty folio that it could not drop. */
export function collisionEvents(moment: FileMoment): void {
  const { transcript: { file }, transcript, before, after, place } = moment;
  const isNew = before.fileError[file.file] === 0 && after.fileError[file.file] === 1;
  if (place === undefined || !isNew || !writesDirectly(moment)) return;
  emit(transcript, { kind: "set_wb_error", task: taskOf(file, place), page: 0 });
}

/** What a device does to a buffer that maps the file. */
export function pinEvents(moment: FileMoment): void {
  const { transcript, before, after, place, label } = moment;
  const { file } = transcript;
  const mapping = file.mappingOf(place?.bufferMapping ?? -1);
  if (place === undefined || mapping < 0) return;
  const page = place.bufferPages.first;
  const on = { task: taskOf(file, place), page: file.pageOf(page) };
  const [was, is] = [before.pins[page] ?? 0, after.pins[page] ?? 0];
  if (is > was) emit(transcript, { kind: "pin", ...on, mapping });
  if (label === "fill buffer" && folioOf(after, page) >= 0) {
    transcript.written.add(on.page);
    emit(transcript, { kind: "dma_write", ...on, writes: bitsOf(file, place, page) });
  }
  if (is >= was) return;
  if (after.dirty[folioOf(after, page)] === 1) {
    emit(transcript, { kind: "mark_pinned_dirty", ...on });
  }
  emit(transcript, { kind: "unpin", ...on });
}

/** Blocks move with what is on them; those of a collapsed range go. */
export function shiftEvents(moment: FileMoment): void {
  const { transcript, place, label } = moment;
  const { file, file: { layout } } = transcript;
  if (place?.operation.kind !== "fallocate" || label !== "shift") return;
  if (!isOne(moment, "fallocate")) return;
  const { range: { from, to }, operation: { mode } } = place;
  const down = mode === "collapse_range";
  const task = taskOf(file, place);
  const startOf = (page: number): number => layout.pages[page]?.from ?? 0;
  for (const page of down ? pagesOf(moment) : []) {
    emit(transcript, { kind: "remove_extent", task, page: file.pageOf(page), becomes: "hole" });
  }
  const moves = file.pages.filter((page) => startOf(page) >= (down ? to : from));
  for (const page of down ? moves : moves.toReversed()) {
    const start = startOf(page) + (down ? from - to : to - from);
    const target = file.pages.find((each) => startOf(each) === start);
    if (target === undefined) continue;
    const event = { task, page: file.pageOf(page), to: file.pageOf(target) };
    emit(transcript, { kind: "shift_extent", ...event });
  }
}
