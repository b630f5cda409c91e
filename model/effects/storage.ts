/**
 * What happens between memory, device and journal (`events/storage.ts`).
 *
 * @module
 */
import { commitMap, drainAll, Journal, linesOf, noteWrite, withLine } from "../storage.ts";
import type { FsyncEnd, StorageEvent } from "../events/storage.ts";
import { blockOf, fileOf } from "../folio.ts";
import { clearing, type Field, type State, viewNames } from "../state.ts";
import { mayStore } from "../tlb.ts";
import { Tag, tagOf } from "../xarray.ts";

/** Applies an event of memory, device or journal in place. */
export function storageStep(state: State, event: StorageEvent): void {
  switch (event.kind) {
    case "store_line": {
      const block = blockOf(state, event.page);
      state.visible[block] = (state.visible[block] ?? 0) | event.writes;
      const tracked = (tagOf(state, event.page) & Tag.DIRTY) !== 0;
      return noteWrite(state, event.page, event.writes, tracked);
    }
    case "write_back_line":
      return moveLine(state.visible, state.pending, blockOf(state, event.page), event.line);
    case "fence": {
      const block = blockOf(state, event.page);
      for (const line of linesOf(event.writes)) moveLine(state.pending, state.media, block, line);
      state.fenced[event.page] = (state.fenced[event.page] ?? 0) | event.writes;
      return;
    }
    case "evict_line": {
      const block = blockOf(state, event.page);
      moveLine(state.visible, state.pending, block, event.line);
      return moveLine(state.pending, state.media, block, event.line);
    }
    case "drain_device": {
      const block = blockOf(state, event.page);
      if (block >= 0) state.media[block] = state.pending[block] ?? 0;
      return;
    }
    case "flush_device":
      return drainAll(state);
    case "commit":
      drainAll(state);
      return commitMap(state);
    case "fsync_begin":
      for (let page = 0; page < state.bounds.pages; page++) {
        state.promise[event.task * state.bounds.pages + page] = state.completed[page] ?? 0;
      }
      state.promisedMap[event.task] = state.journal[Journal.IN_CORE] ?? 0;
      state.owedErr[event.task] = unreported(state, event.task);
      return;
    case "fsync_end":
      return keepPromise(state, event);
    case "dsync_end":
      state.dsynced[event.page] = (state.dsynced[event.page] ?? 0) | event.writes;
      return;
    case "mark_inode_dirty":
      state.inodeDirty[fileOf(state, event.page)] = 1;
      return;
    case "freeze":
      state.frozen[event.file] = 1;
      return;
    case "report_error": {
      const file = fileOf(state, event.page);
      if (event.says === "EIO") {
        state.seenErr[event.task] = state.wbErr[file] ?? 0;
        breakPromise(state, event.task);
      }
      if (event.clears) state.eio[file] = 0;
      return;
    }
    case "crash":
      return crash(state);
    case "mmap":
    case "refuse_change":
      return;
    default:
      return event satisfies never;
  }
}

/** True if an event of memory, device or journal can happen at all in this state. */
export function storageEnabled(state: State, event: StorageEvent): boolean {
  return event.kind !== "store_line" || mayStore(state, event.mapping, event.page);
}

function moveLine(from: Uint8Array, to: Uint8Array, block: number, line: 0 | 1): void {
  if (block >= 0) to[block] = withLine(to[block] ?? 0, from[block] ?? 0, line);
}

/** Number of the first file's error, which is what programs sync, if the task has not been told. */
function unreported({ wbErr, seenErr }: State, task: number): number {
  const error = wbErr[0] ?? 0;
  return error === seenErr[task] ? 0 : error;
}

/** Who is told of an error is promised nothing. */
function breakPromise(state: State, task: number): void {
  const { pages } = state.bounds;
  state.promise.fill(0, task * pages, (task + 1) * pages);
  state.promisedMap[task] = 0;
}

function keepPromise(state: State, { task, allFiles }: FsyncEnd): void {
  const { pages } = state.bounds;
  for (let page = 0; page < pages; page++) {
    const promised = state.promise[task * pages + page] ?? 0;
    state.synced[page] = (state.synced[page] ?? 0) | (promised & (state.tracked[page] ?? 0));
    if (!allFiles) state.covered[page] = (state.covered[page] ?? 0) | promised;
    state.promise[task * pages + page] = 0;
  }
  const map = Math.max(state.journal[Journal.PROMISED] ?? 0, state.promisedMap[task] ?? 0);
  state.journal[Journal.PROMISED] = map;
  state.promisedMap[task] = 0;
}

/** What a power failure leaves, and what it must leave: the latter so that it can be judged. */
const survives: ReadonlySet<Field> = new Set([
  "media",
  "diskExtent",
  "diskBlock",
  "diskSize",
  "journal",
  "frozen",
  "synced",
  "covered",
  "dsynced",
  "fenced",
  "local",
]);

const clearVolatile = clearing(viewNames.filter((field) => !survives.has(field)));

function crash(state: State): void {
  clearVolatile(state);
  const { extent, diskExtent, block, diskBlock, owner, size, diskSize } = state;
  const { visible, pending, media, journal } = state;
  copyView(extent, diskExtent);
  copyView(block, diskBlock);
  copyView(size, diskSize);
  for (let page = 0; page < block.length; page++) {
    const own = block[page] ?? 0;
    if (own !== 0) owner[own - 1] = page + 1;
  }
  copyView(visible, media);
  copyView(pending, media);
  journal[Journal.IN_CORE] = journal[Journal.COMMITTED] ?? 0;
  state.crashed[0] = 1;
}

/** A few bytes: a loop is faster than `set`. */
function copyView(to: Uint8Array, from: Uint8Array): void {
  for (let index = 0; index < to.length; index++) to[index] = from[index] ?? 0;
}
