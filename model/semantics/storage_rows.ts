/**
 * What the events of locks with modes, of direct I/O, and of memory, device and journal do.
 *
 * @module
 */
import type { DirectEvent } from "../events/direct_io.ts";
import type { LockEvent } from "../events/lock.ts";
import type { StorageEvent } from "../events/storage.ts";
import type { EventRows } from "./row.ts";

const locks = ["locks"] as const;
const blocks = ["blocks"] as const;
const durable = ["durable"] as const;

const ofPage = "b = block[page] - 1";
const all = "for p in [0, pages): ";

/** Rows of locks whose holders share them in one mode at a time. */
export const lockRows: EventRows<LockEvent> = {
  lock: {
    world: locks,
    possible: "all t in [0, tasks): (recursive and t == task) or " +
      "admits(lock, t, number_of(mode))",
    does: [
      "i = lock * tasks + task",
      "lock[i] = 16 * lock[i] + number_of(mode)",
    ],
  },
  unlock: {
    world: locks,
    does: [
      "i = lock * tasks + task",
      "open = mode_of(lock, task) == BLOCK and direct[task] != 0",
      "if open: direct[task] gains REOPENED + WAS_REOPENED",
      "lock[i] = lock[i] / 16",
    ],
  },
  contend: { world: locks },
};

/** Rows of direct I/O. */
export const directRows: EventRows<DirectEvent> = {
  direct_begin: {
    world: blocks,
    does: [
      "direct[task] = page + 1 + (extent[page] == UNWRITTEN ? WAS_UNWRITTEN : 0)",
      "expected[task] = read_of(page)",
    ],
  },
  invalidated: { world: blocks, does: ["direct[task] loses REOPENED"] },
  direct_write: {
    world: blocks,
    does: [
      ofPage,
      "do forget_writes(page)",
      "do write_block(b, writes)",
      "if b >= 0: content[page] = DATA",
      "if fua: do drain()",
    ],
  },
  direct_read: { world: blocks },
  convert_unwritten: { does: ["extent[page] = MAPPED", "do change_map()"] },
  invalidate_again: { world: blocks },
  set_wb_error: { world: blocks, does: ["wbErr[file_of(page)] = 1", "eio[file_of(page)] = 1"] },
  direct_end: {
    world: blocks,
    does: [
      "direct[task] = 0",
      "expected[task] = 0",
      "returned[page] gains writes",
      "do note_write(page, writes)",
    ],
  },
};

/** Rows of what happens between memory, device and journal. */
export const storageRows: EventRows<StorageEvent> = {
  store_line: {
    world: durable,
    possible: "may_store(mapping, page)",
    does: [
      "visible[block[page] - 1] gains writes",
      "completed[page] gains writes",
      "if tags(page) & DIRTY: tracked[page] gains writes",
    ],
  },
  write_back_line: {
    world: durable,
    does: [ofPage, "pending[b] = with_line(pending[b], visible[b], line)"],
  },
  fence: {
    world: durable,
    does: [
      ofPage,
      "if writes & 0x55: media[b] = with_line(media[b], pending[b], 0)",
      "if writes & 0xaa: media[b] = with_line(media[b], pending[b], 1)",
      "fenced[page] gains writes",
    ],
  },
  evict_line: {
    world: durable,
    does: [
      ofPage,
      "pending[b] = with_line(pending[b], visible[b], line)",
      "media[b] = with_line(media[b], pending[b], line)",
    ],
  },
  drain_device: { world: durable, does: [ofPage, "media[b] = pending[b]"] },
  flush_device: { world: durable, does: ["do drain()"] },
  commit: {
    world: durable,
    does: [
      "do drain()",
      `${all}diskExtent[p] = extent[p]`,
      `${all}diskBlock[p] = block[p]`,
      "for f in [0, files): diskSize[f] = size[f]",
      "journal[COMMITTED] = journal[IN_CORE]",
    ],
  },
  fsync_begin: {
    world: durable,
    does: [
      `${all}promise[task * pages + p] = completed[p]`,
      "promisedMap[task] = journal[IN_CORE]",
      "owedErr[task] = wbErr[0] == seenErr[task] ? 0 : wbErr[0]",
    ],
  },
  fsync_end: {
    world: durable,
    does: [
      `${all}synced[p] gains promise[task * pages + p] & tracked[p]`,
      `if not allFiles: ${all}covered[p] gains promise[task * pages + p]`,
      `${all}promise[task * pages + p] = 0`,
      "if promisedMap[task] > journal[PROMISED]: journal[PROMISED] = promisedMap[task]",
      "promisedMap[task] = 0",
    ],
  },
  dsync_end: { world: durable, does: ["dsynced[page] gains writes"] },
  mark_inode_dirty: { world: durable, does: ["inodeDirty[file_of(page)] = 1"] },
  mmap: {},
  freeze: { world: durable, does: ["frozen[file] = 1"] },
  refuse_change: {},
  report_error: {
    world: durable,
    does: [
      'if says == "EIO": seenErr[task] = wbErr[file_of(page)]',
      `if says == "EIO": ${all}promise[task * pages + p] = 0`,
      'if says == "EIO": promisedMap[task] = 0',
      "if clears: eio[file_of(page)] = 0",
    ],
  },
  crash: {
    world: durable,
    does: [
      "only media, diskExtent, diskBlock, diskSize, journal, frozen, synced, covered, dsynced, " +
      "fenced stay",
      `${all}extent[p] = diskExtent[p]`,
      `${all}block[p] = diskBlock[p]`,
      "for f in [0, files): size[f] = diskSize[f]",
      `${all}if block[p] != 0: owner[block[p] - 1] = p + 1`,
      "for b in [0, blocks): visible[b] = media[b]",
      "for b in [0, blocks): pending[b] = media[b]",
      "journal[IN_CORE] = journal[COMMITTED]",
      "crashed[0] = 1",
    ],
  },
};
