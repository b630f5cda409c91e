/**
 * Entries of a DAX file: their locks, their marks, and the calls that take them.
 *
 * @module
 */
import { Slot } from "../../model/operation/world.ts";
import {
  Entry,
  entryKind,
  holderOf,
  isPmdEntry,
  type Order,
  Tag,
  tagOf,
} from "../../model/xarray.ts";
import type { WorldEvidence } from "./file_world.ts";
import {
  emit,
  endOf,
  type FileMoment,
  isOne,
  isRemoval,
  onPage,
  pagesOf,
  wholePagesOf,
} from "./moment.ts";

/** True if the operation is a page fault. */
function isFault(moment: FileMoment): boolean {
  return isOne(moment, "load", "store");
}

/** A call begins, and locks are taken; then the block map is asked. */
export function lockEvents(moment: FileMoment): void {
  enterCall(moment);
  const { transcript, before, after, place, label } = moment;
  const { file, state } = transcript;
  for (const page of file.pages) {
    const on = onPage(moment, page);
    const takes = before.entryLock[page] === 0 && after.entryLock[page] !== 0;
    // A PMD entry is one entry.
    if (!takes || holderOf(state, on.page) !== 0) continue;
    emit(transcript, { kind: "lock_entry", ...on, order: orderOf(moment, page) });
  }
  const looks = isFault(moment) && label === "look up" && transcript.inCall.has(place?.index ?? -1);
  for (const page of looks ? pagesOf(moment) : []) {
    emit(transcript, { kind: "look_up", ...onPage(moment, page) });
  }
}

/** A write fault through a huge mapping wants a PMD entry; entries of pages always win. */
function orderOf(moment: FileMoment, page: number): Order {
  const { file, state } = moment.transcript;
  const isHuge = file.layout.mappings[moment.place?.mapping ?? -1]?.isHuge === true;
  const isFree = file.groupOf(page).map((each) => file.pageOf(each)).every((each) =>
    entryKind(state, each) === Entry.NONE || isPmdEntry(state, each)
  );
  return isOne(moment, "store") && isHuge && isFree ? "pmd" : "pte";
}

/** A fault, a write or a removal enters the file system, if this step does not end or skip it. */
function enterCall(moment: FileMoment): void {
  const { transcript, after, place, label } = moment;
  if (place === undefined || transcript.inCall.has(place.index)) return;
  const enters = isFault(moment) || isOne(moment, "pwrite")
    ? label === "look up" || label === "allocate"
    : isRemoval(moment) && label === "lock invalidate";
  const isCopy = after.step[place.process] === 0;
  if (!enters || isCopy || endOf(moment) !== undefined) return;
  transcript.inCall.add(place.index);
  for (const page of pagesOf(moment)) {
    emit(transcript, { kind: "call_begin", ...onPage(moment, page) });
  }
}

/** Entries that go. What of one stays in the file is cleaned first, if it has been flushed. */
export function removalEvents(moment: FileMoment): void {
  const { transcript, before, after } = moment;
  const { file, state } = transcript;
  const [from, to] = rangeOf(moment);
  for (const page of file.pages) {
    const on = onPage(moment, page);
    if (before.entry[page] === Slot.NONE || after.entry[page] !== Slot.NONE) continue;
    if (entryKind(state, on.page) === Entry.NONE) continue;
    const covered = isPmdEntry(state, on.page) ? file.groupOf(page) : [page];
    const kept = covered.filter((each) => file.pageOf(each) < from || file.pageOf(each) >= to);
    const isDirty = (tagOf(state, on.page) & Tag.DIRTY) !== 0;
    if (isDirty && kept.length > 0 && kept.every((each) => isFlushed(after, each))) {
      emit(transcript, { kind: "lock_entry", ...on, order: "pte" });
      emit(transcript, { kind: "flush", ...on });
      emit(transcript, { kind: "clear_dirty", ...on });
    }
    emit(transcript, { kind: "remove_entry", ...on, why: whyRemoved(moment), from, to });
  }
}

/** Pages of events that the call takes away; none where it takes nothing. */
function rangeOf(moment: FileMoment): readonly [from: number, to: number] {
  const { file, state } = moment.transcript;
  if (isOne(moment, "reflink")) return [0, state.bounds.pages];
  const whole = isRemoval(moment) ? wholePagesOf(moment).map((page) => file.pageOf(page)) : [];
  return whole.length === 0 ? [0, 0] : [Math.min(...whole), Math.max(...whole) + 1];
}

function whyRemoved(
  moment: FileMoment,
): "invalidate" | "truncate" | "zero_range" | "punch" | "layout" {
  const { operation } = moment.place ?? {};
  if (operation?.kind === "pwrite") return "invalidate";
  if (operation?.kind === "ftruncate") return "truncate";
  if (operation?.kind !== "fallocate") return "layout";
  return operation.mode === "zero_range" ? "zero_range" : "punch";
}

/** No store to the page is left in a CPU's cache. */
function isFlushed({ layout, cached }: WorldEvidence, page: number): boolean {
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  return !cached.subarray(first, end).includes(1);
}

/** Entries that come, and marks that are set. */
export function insertEvents(moment: FileMoment): void {
  const { transcript, before, after } = moment;
  const { file, state } = transcript;
  for (const page of file.pages) {
    const on = onPage(moment, page);
    const isPmd = after.pmd[page] === 1;
    const comes = after.entry[page] !== Slot.NONE &&
      (before.entry[page] !== after.entry[page] || (isPmd && before.pmd[page] === 0));
    const isThere = isPmd && isPmdEntry(state, on.page) && entryKind(state, on.page) === Entry.PFN;
    const dirty = after.tag[page] === 1;
    if (comes && !isThere) {
      const value = after.entry[page] === Slot.ZERO ? "zero" : "pfn";
      const order = isPmd ? "pmd" : "pte";
      emit(transcript, { kind: "insert_entry", ...on, order, value, dirty });
    } else if (dirty && (tagOf(state, on.page) & Tag.DIRTY) === 0) {
      emit(transcript, { kind: "set_mark", ...on, mark: "DIRTY" });
    }
  }
}

/** A flush of the entry, and marks that go while it stays. */
export function cleanEvents(moment: FileMoment): void {
  const { transcript, before, after, place, label } = moment;
  const { file, state } = transcript;
  for (const page of file.pages) {
    const on = onPage(moment, page);
    const isOwn = holderOf(state, on.page) === on.task + 1;
    const isHere = place !== undefined && before.cursor[place.process] === page;
    const covered = isPmdEntry(state, on.page) ? file.groupOf(page) : [page];
    if (label === "flush" && isOwn && isHere && covered.every((each) => isFlushed(after, each))) {
      emit(transcript, { kind: "flush", ...on });
    }
    const cleans = before.tag[page] === 1 && after.tag[page] === 0 && after.entry[page] !== 0;
    if (!cleans || (tagOf(state, on.page) & Tag.DIRTY) === 0) continue;
    if (isOwn) emit(transcript, { kind: "clear_dirty", ...on });
    else emit(transcript, { kind: "clear_mark", ...on, mark: "DIRTY" });
  }
}

/** Locks that are given back, and calls that are over. */
export function unlockEvents(moment: FileMoment): void {
  const { transcript, before, after, place, label } = moment;
  const { file, state, inCall } = transcript;
  for (const page of file.pages) {
    const on = onPage(moment, page);
    const gives = before.entryLock[page] !== 0 && after.entryLock[page] === 0;
    if (gives && holderOf(state, on.page) === on.task + 1) {
      emit(transcript, { kind: "unlock_entry", ...on });
    }
  }
  if (place === undefined || !inCall.has(place.index)) return;
  const isOver = isFault(moment)
    ? !after.entryLock.includes(place.process + 1) && label !== "look up" && label !== "allocate"
    : label === "invalidate" || endOf(moment) !== undefined;
  if (!isOver) return;
  inCall.delete(place.index);
  for (const page of pagesOf(moment)) {
    emit(transcript, { kind: "call_end", ...onPage(moment, page) });
  }
}
