/**
 * Page table entries of a DAX file, and what CPUs do through them.
 *
 * @module
 */
import { Block, Pte, Slot, Status } from "../../model/operation/world.ts";
import { Pte as Shown, pteAccess, pteIndex } from "../../model/page_table.ts";
import { isPmdEntry, type Order, pmdStart } from "../../model/xarray.ts";
import { bitsOf } from "./file_world.ts";
import { emit, endOf, type FileMoment, isOne, onPage, pagesOf } from "./moment.ts";

/** An entry of the file's page tables, before and after the step. */
interface Seen {
  readonly page: number;
  readonly mapping: number;
  /** The mapping as events name it. */
  readonly number: number;
  readonly was: number;
  readonly is: number;
}

function entriesOf({ transcript: { file }, before, after }: FileMoment): readonly Seen[] {
  return file.pages.flatMap((page) =>
    file.mappings.map((mapping): Seen => {
      const at = mapping * file.layout.pages.length + page;
      const [was, is] = [before.pte[at] ?? Pte.NONE, after.pte[at] ?? Pte.NONE];
      return { page, mapping, number: file.mappingOf(mapping), was, is };
    })
  );
}

/** A PMD entry becomes entries of pages, and so does what maps it. */
export function splitEvents(moment: FileMoment): void {
  const { transcript, before, after } = moment;
  const { file, state } = transcript;
  for (const page of file.pages) {
    const on = onPage(moment, page);
    const splits = before.pmd[page] === 1 && after.pmd[page] === 0 &&
      after.entry[page] !== Slot.NONE;
    if (!splits || !isPmdEntry(state, on.page)) continue;
    emit(transcript, { kind: "split_entry", ...on });
    const start = pmdStart(state, on.page);
    for (let mapping = 0; mapping < state.bounds.mappings; mapping++) {
      if (!isHuge(moment, mapping, start)) continue;
      const access = pteAccess(state, mapping, start) === Shown.WRITE ? "write" : "read";
      emit(transcript, { kind: "unmap_page", mapping, page: start });
      for (let each = start; each < start + state.bounds.pmdPages; each++) {
        const pte = { task: on.task, page: each, mapping, order: "pte", access } as const;
        emit(transcript, { kind: "map_page", ...pte });
      }
    }
  }
}

function isHuge({ transcript: { state } }: FileMoment, mapping: number, page: number): boolean {
  return ((state.pte[pteIndex(state, mapping, page)] ?? 0) & Shown.HUGE) !== 0;
}

/** Entries that go, or show a block in place of zeros. */
export function unmapEvents(moment: FileMoment): void {
  const { transcript } = moment;
  const { file, state } = transcript;
  for (const { page, number, was, is } of entriesOf(moment)) {
    const goes = was !== Pte.NONE && is === Pte.NONE;
    const fills = was === Pte.DAX_ZERO && (is === Pte.DAX_READ || is === Pte.DAX_WRITE);
    const at = file.pageOf(page);
    // A PMD goes as a whole.
    if ((!goes && !fills) || pteAccess(state, number, at) === Shown.NONE) continue;
    emit(transcript, { kind: "unmap_page", mapping: number, page: at });
  }
}

/** Entries that were writable and only read now. */
export function protectEvents(moment: FileMoment): void {
  const { transcript } = moment;
  for (const { page, number, was, is } of entriesOf(moment)) {
    const on = onPage(moment, page);
    if (was !== Pte.DAX_WRITE || is !== Pte.DAX_READ) continue;
    if (pteAccess(transcript.state, number, on.page) !== Shown.WRITE) continue;
    emit(transcript, { kind: "mkclean", ...on, mapping: number });
  }
}

/** What a fault maps. */
export function mapPageEvents(moment: FileMoment): void {
  const { transcript } = moment;
  const { state } = transcript;
  for (const { page, mapping, number, was, is } of entriesOf(moment)) {
    const on = onPage(moment, page);
    if (is === Pte.NONE || is === was || (was === Pte.DAX_WRITE && is === Pte.DAX_READ)) continue;
    const access = accessOf(is);
    const order = access === "write" ? orderOf(moment, mapping, page) : "pte";
    const isThere = isHuge(moment, number, on.page) &&
      pteAccess(state, number, on.page) === Shown.WRITE;
    if (order === "pmd" && isThere) continue;
    emit(transcript, { kind: "map_page", ...on, mapping: number, order, access });
  }
}

function accessOf(entry: number): "anonymous" | "zero" | "read" | "write" {
  if (entry === Pte.ANONYMOUS) return "anonymous";
  if (entry === Pte.DAX_ZERO) return "zero";
  return entry === Pte.DAX_READ ? "read" : "write";
}

/** A PMD, if the entry is one and no table of PTEs stands in its place. */
function orderOf(moment: FileMoment, mapping: number, page: number): Order {
  const { transcript: { file, state }, after } = moment;
  const at = file.pageOf(page);
  const maps = file.groupOf(page).every((each) =>
    after.pte[mapping * file.layout.pages.length + each] === Pte.DAX_WRITE
  );
  if (file.layout.mappings[mapping]?.isHuge !== true || !isPmdEntry(state, at) || !maps) {
    return "pte";
  }
  const start = pmdStart(state, at);
  const number = file.mappingOf(mapping);
  for (let each = start; each < start + state.bounds.pmdPages; each++) {
    const isSmall = pteAccess(state, number, each) !== Shown.NONE && !isHuge(moment, number, each);
    if (isSmall) return "pte";
  }
  return "pmd";
}

/** Stores, blocks that are zeroed under a fault, and lines that user space writes back. */
export function storeEvents(moment: FileMoment): void {
  const { transcript, before, place, label } = moment;
  const { file } = transcript;
  if (place === undefined) return;
  for (const page of pagesOf(moment)) {
    const event = { mapping: file.mappingOf(place.mapping), page: file.pageOf(page) };
    if (isOne(moment, "flush_cache")) writeBack(moment, page);
    if (!isOne(moment, "store")) continue;
    if (label !== "store") {
      if (isZeroed(moment, page)) emit(transcript, { kind: "zero_block", ...onPage(moment, page) });
    } else if (endOf(moment) === Status.OK) {
      transcript.written.add(event.page);
      emit(transcript, { kind: "store", ...event });
      const pte = before.pte[place.mapping * file.layout.pages.length + page];
      if (pte === Pte.ANONYMOUS) continue;
      emit(transcript, { kind: "store_line", ...event, writes: bitsOf(file, place, page) });
    }
  }
}

/** True if a block that the file had already holds zeros where it held something else. */
function isZeroed({ transcript: { file }, before, after }: FileMoment, page: number): boolean {
  const { first, end } = file.layout.pages[page] ?? { first: 0, end: 0 };
  const block = file.layout.atoms[first]?.block ?? 0;
  if (before.block[block] !== Block.MAPPED) return false;
  return before.device.subarray(first, end).some((value, at) =>
    value !== 0 && after.device[first + at] === 0
  );
}

/** CLWB and SFENCE. META-1 promises nothing to whoever has no MAP_SYNC mapping: a CPU evicts alike. */
function writeBack(moment: FileMoment, page: number): void {
  const { transcript, place } = moment;
  const { file, state } = transcript;
  const { first, end } = file.layout.pages[page] ?? { first: 0, end: 0 };
  const on = onPage(moment, page);
  const { atoms = { first, end: first }, mapping = -1 } = place ?? {};
  for (let atom = Math.max(first, atoms.first); atom < Math.min(end, atoms.end); atom++) {
    const line = (atom - first) % 2 === 0 ? 0 : 1;
    const lineMask = line === 0 ? 0x15 : 0x2a;
    const writes = (state.visible[(state.block[on.page] ?? 0) - 1] ?? 0) & lineMask;
    if (file.layout.mappings[mapping]?.operation.sync !== true) {
      emit(transcript, { kind: "evict_line", page: on.page, line });
      continue;
    }
    emit(transcript, { kind: "write_back_line", ...on, line });
    emit(transcript, { kind: "fence", ...on, writes });
  }
}
