/**
 * Folios of the page cache, and the page table entries that show them.
 *
 * @module
 */
import type { RemoveFolio } from "../../model/events/page_cache.ts";
import { folioOf } from "../../model/operation/folio.ts";
import { pageSize } from "../../model/page_size.ts";
import { Pte, Status } from "../../model/operation/world.ts";
import { bitsOf, type WorldEvidence } from "./file_world.ts";
import {
  atomCopied,
  emit,
  endOf,
  type FileMoment,
  isOne,
  type OnPage,
  onPage,
  pagesOf,
} from "./moment.ts";

/** A page with its folio before and after the step, -1 for none. */
interface Seen {
  readonly moment: FileMoment;
  readonly page: number;
  readonly was: number;
  readonly is: number;
  /** Whose step it is, on the page as events name it. */
  readonly on: OnPage;
}

function forEachPage(moment: FileMoment, ...parts: readonly ((seen: Seen) => void)[]): void {
  const { transcript, before, after } = moment;
  for (const page of transcript.file.pages) {
    const [was, is] = [folioOf(before, page), folioOf(after, page)];
    if (was >= 0 && is >= 0 && was !== is) transcript.gap ??= "a page with two folios";
    for (const part of parts) part({ moment, page, was, is, on: onPage(moment, page) });
  }
}

/** Folios that go, come, are locked and filled: before blocks change. */
export function folioEvents(moment: FileMoment): void {
  forEachPage(moment, zapped, removed, taken, filled);
}

/** What is written into them and from them: once the page has blocks. */
export function contentEvents(moment: FileMoment): void {
  forEachPage(moment, copied, dirtied, cleaned, written);
}

/** Writeback that ends, entries that are made, locks that are given back; then the CPU's store. */
export function releaseEvents(moment: FileMoment): void {
  forEachPage(moment, ended, mapped, released);
  stored(moment);
}

/** The mappings of the file with the index of their entry for a page. */
function entriesOf({ moment: { transcript: { file } }, page }: Seen) {
  return file.mappings.map((mapping) => ({
    mapping: file.mappingOf(mapping),
    at: mapping * file.layout.pages.length + page,
  }));
}

/** True if the entry shows a folio of the file. */
function shows({ pte }: WorldEvidence, at: number): boolean {
  return pte[at] !== Pte.NONE && pte[at] !== Pte.ANONYMOUS;
}

function isWritable({ pte }: WorldEvidence, at: number): boolean {
  return pte[at] === Pte.WRITE_1 || pte[at] === Pte.WRITE_2;
}

/** Lets something happen to the folio, which the task finds and lets go if it has it not in its hand. */
function withFolio({ moment: { transcript }, on }: Seen, body: () => void): void {
  const holds = transcript.state.hand[on.task] !== 0;
  if (!holds) emit(transcript, { kind: "find_folio", ...on });
  body();
  if (!holds) emit(transcript, { kind: "put_folio", ...on });
}

/** Lets something happen under the folio's lock. */
function withLock(seen: Seen, body: () => void): void {
  const { moment: { transcript }, on } = seen;
  withFolio(seen, () => {
    emit(transcript, { kind: "lock_folio", ...on });
    body();
    emit(transcript, { kind: "unlock_folio", ...on });
  });
}

/** Entries that go while the folio stays. */
function zapped(seen: Seen): void {
  const { moment: { transcript, before, after }, is, on } = seen;
  for (const { mapping, at } of entriesOf(seen)) {
    if (is < 0 || !shows(before, at) || shows(after, at)) continue;
    emit(transcript, { kind: "zap_folio", mapping, page: on.page });
  }
}

function removed({ moment, was, is, on }: Seen): void {
  if (was < 0 || is >= 0) return;
  emit(moment.transcript, { kind: "remove_folio", ...on, why: whyRemoved(moment) });
}

function whyRemoved({ place }: FileMoment): RemoveFolio["why"] {
  const { operation } = place ?? {};
  if (operation === undefined) return "reclaim";
  if (operation.kind === "ftruncate" || operation.kind === "reflink") return "truncate";
  if (operation.kind !== "fallocate") return "invalidate";
  if (operation.mode === "preallocate") return "invalidate";
  return operation.mode === "punch_hole" || operation.mode === "zero_range" ? "punch" : "collapse";
}

function taken({ moment: { transcript, before, after }, was, is, on }: Seen): void {
  if (is < 0 || after.locked[is] === 0) return;
  if (was < 0) emit(transcript, { kind: "add_folio", ...on });
  else if (before.locked[was] === 0) {
    emit(transcript, { kind: "find_folio", ...on });
    emit(transcript, { kind: "lock_folio", ...on });
  }
}

/** A new folio is read, or the part of it that write(2) leaves. */
function filled({ moment, was, is, on }: Seen): void {
  const { transcript, before, after, place, label } = moment;
  const isOwn = place !== undefined && before.locked[was] === place.process + 1;
  const reads = label.startsWith("read folio") && isOwn && is >= 0;
  const begins = label === "write_begin" && was < 0 && is >= 0 && after.locked[is] !== 0;
  if (!reads && !begins) return;
  emit(transcript, { kind: "map_blocks", ...on });
  emit(transcript, { kind: reads ? "read_folio" : "write_begin", ...on });
}

function copied({ moment, page, was, on }: Seen): void {
  const { transcript, before, after, place, label } = moment;
  if (place === undefined || !isOne(moment, "pwrite", "copy_file_range", "splice")) return;
  const isShort = after.step[place.process] === (before.step[place.process] ?? 0) + 1;
  const fromBuffer = label === "copy from buffer" && !isShort;
  if (!fromBuffer && (label !== "copy" || place.bufferMapping >= 0)) return;
  if (before.cursor[place.process] !== page || was < 0) return;
  transcript.written.add(on.page);
  const atom = fromBuffer ? undefined : atomCopied(moment, page);
  const writes = bitsOf(transcript.file, place, page, atom);
  emit(transcript, { kind: "copy_in", ...on, writes });
}

/** True if the folio got dirty in the step. */
function getsDirty({ moment: { before, after }, was, is }: Seen): boolean {
  return is >= 0 && after.dirty[is] === 1 && (was < 0 || before.dirty[was] === 0);
}

/** A folio gets dirty by a call. By a fault it does before the entry is made, and by a pin after it. */
function dirtied(seen: Seen): void {
  const { moment: { transcript, label }, on } = seen;
  if (!getsDirty(seen) || label === "mkwrite" || label === "release buffer") return;
  const mark = (): void => emit(transcript, { kind: "mark_dirty", ...on });
  if (label === "write_end") withFolio(seen, mark);
  else withLock(seen, mark);
}

/** Writeback begins, or a folio is clean without it. */
function cleaned(seen: Seen): void {
  const { moment: { transcript, before, after }, was, is, on } = seen;
  if (was < 0 || is < 0) return;
  const begins = before.writeback[was] === 0 && after.writeback[is] !== 0;
  if (!begins && (before.dirty[was] === 0 || after.dirty[is] === 1)) return;
  emit(transcript, { kind: "find_folio", ...on });
  if (begins) emit(transcript, { kind: "lock_folio", ...on });
  protectedEntries(seen);
  emit(transcript, { kind: "clear_dirty_for_io", ...on });
  if (begins) {
    emit(transcript, { kind: "start_writeback", ...on });
    emit(transcript, { kind: "unlock_folio", ...on });
  } else emit(transcript, { kind: "put_folio", ...on });
}

/** Entries that were writable and only read now. */
function protectedEntries(seen: Seen): void {
  const { moment: { transcript, before, after }, on } = seen;
  for (const { mapping, at } of entriesOf(seen)) {
    if (!isWritable(before, at) || isWritable(after, at) || !shows(after, at)) continue;
    emit(transcript, { kind: "protect_folio", ...on, mapping });
  }
}

/** The device takes the folio, or fails to. */
function written({ moment, was, is, on }: Seen): void {
  const { transcript, before, after, place, label } = moment;
  const owner = before.writeback[was] ?? 0;
  if (was < 0 || owner === 0) return;
  const isTheirs = place === undefined
    ? after.writeback[is] === 0
    : owner === place.process + 1 && label.startsWith("write folio");
  if (!isTheirs) return;
  const fails = before.failNext[0] === 1 && after.failNext[0] === 0;
  emit(transcript, { kind: fails ? "set_wb_error" : "write_folio", ...on });
}

function ended(seen: Seen): void {
  const { moment: { transcript, before, after }, was, is, on } = seen;
  if (was < 0 || is < 0) return;
  if (before.writeback[was] !== 0 || after.writeback[is] === 0) protectedEntries(seen);
  if (before.writeback[was] === 0 || after.writeback[is] !== 0) return;
  emit(transcript, { kind: "end_writeback", ...on });
  emit(transcript, { kind: "put_folio", ...on });
}

/** A fault makes an entry; ->page_mkwrite comes before one that is writable. */
function mapped(seen: Seen): void {
  const { moment: { transcript, before, after }, on } = seen;
  for (const { mapping, at } of entriesOf(seen)) {
    const access = isWritable(after, at) ? "write" : "read";
    const raises = access === "write" && !isWritable(before, at);
    if (!shows(after, at) || (shows(before, at) && !raises)) continue;
    withLock(seen, () => {
      if (access === "write") {
        emit(transcript, { kind: "reserve_blocks", ...on });
        if (getsDirty(seen)) emit(transcript, { kind: "mark_dirty", ...on });
      }
      emit(transcript, { kind: "map_folio", ...on, mapping, access });
    });
  }
}

function released({ moment: { transcript, before, after }, was, is, on }: Seen): void {
  if (was < 0 || is < 0 || before.locked[was] === 0 || after.locked[is] !== 0) return;
  emit(transcript, { kind: "unlock_folio", ...on });
  emit(transcript, { kind: "put_folio", ...on });
}

/** A CPU store goes to the folio that the entry shows. */
function stored(moment: FileMoment): void {
  const { transcript, before, place, label } = moment;
  const { file } = transcript;
  if (place === undefined || !isOne(moment, "store") || label !== "store") return;
  if (endOf(moment) !== Status.OK) return;
  const { blockSize } = file.layout.medium;
  const part = blockSize < pageSize
    ? { part: Math.floor(place.range.from % pageSize / blockSize) }
    : {};
  for (const page of pagesOf(moment)) {
    if (!shows(before, place.mapping * file.layout.pages.length + page)) continue;
    const event = { mapping: file.mappingOf(place.mapping), page: file.pageOf(page) };
    transcript.written.add(event.page);
    const writes = bitsOf(file, place, page);
    emit(transcript, { kind: "store_folio", ...event, writes, ...part });
  }
}
