/**
 * System F by hand: hole punch, truncation and collapse against faults and reads.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import type { Rwsem } from "../../../model/rwsem.ts";
import { folio, writeFolioBack, written } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, fstests, implies, kernel, litmus } from "./sequence.ts";

/** A file with a block, and another file that has none yet. */
const bounds = { pages: 2, mappings: 1, tasks: 4, rwsems: 2, folios: 3, blocks: 2, files: 2 };
const start = { extent: [2, 0], block: [1, 0], owner: [1, 0], media: [1, 0], size: [1, 1] };
/** No semaphore is asked to keep anybody out. */
const unlocked = { ...bounds, rwsems: 0 };

const T = 0;
const puncher = folio({ task: T });
const reader = folio({ task: 1 });
const later = folio({ task: 3 });
const punched: Event = { kind: "remove_extent", task: T, page: 0, becomes: "hole" };
const returns: Event = { kind: "removal_end", task: T, page: 0 };
const other: Event = { kind: "allocate", task: 2, page: 1 };

function down(task: number, mode: "shared" | "exclusive", lock: Rwsem = "invalidate_lock"): Event {
  return { kind: "acquire", task, lock, mode };
}

function up(task: number, lock: Rwsem = "invalidate_lock"): Event {
  return { kind: "release", task, lock };
}

/** Removals of pages and of blocks. */
export const removalRaces: readonly Authored[] = [
  {
    name: "read-of-a-freed-block",
    system: "F",
    about: "INV-1",
    says:
      "A read looks the block up, a hole punch frees it and returns, and the read fills its folio " +
      "from it",
    references: [litmus("L15"), commit("ea3d7209ca01"), commit("d4f5258eae7b")],
    bounds: unlocked,
    start,
    events: [
      reader.add,
      reader.mapBlocks,
      punched,
      returns,
      breaks("INV-1", reader.read),
      implies("COH-1", reader.unlock),
      reader.put,
      implies("INV-4", later.observe),
    ],
  },
  {
    name: "read-waits-for-the-punch",
    system: "F",
    about: "INV-4",
    says:
      "A read that adds a folio shares invalidate_lock, so a hole punch waits for it, drops the " +
      "folio and frees the block; whoever reads afterwards sees zeros",
    references: [litmus("L15"), commit("730633f0b7f9"), commit("d4f5258eae7b")],
    bounds,
    start,
    events: [
      down(1, "shared"),
      reader.readMiss,
      up(1),
      down(T, "exclusive"),
      puncher.remove("punch"),
      punched,
      up(T),
      returns,
      later.observe,
      down(1, "shared"),
      reader.readMiss,
      up(1),
      later.observe,
    ],
  },
  {
    name: "second-look-for-folios",
    system: "F",
    about: "INV-4",
    says:
      "A hole punch that drops the page cache again after it has freed the block leaves nothing to " +
      "read",
    references: [litmus("L15"), commit("e251f9bca99c")],
    bounds: unlocked,
    start,
    events: [reader.readMiss, punched, puncher.remove("punch"), returns, later.observe],
  },
  {
    name: "store-to-a-freed-block",
    system: "F",
    about: "INV-2",
    says:
      "A fault makes a folio dirty whose block a hole punch has just freed: its writeback would " +
      "overwrite whatever file gets the block next",
    references: [commit("ea3d7209ca01"), commit("075a924d45cc")],
    bounds: unlocked,
    start,
    events: [
      reader.cache,
      punched,
      other,
      reader.lock,
      breaks("INV-2", reader.markDirty),
      reader.mapWritable,
      reader.unlock,
      reader.put,
    ],
  },
  {
    name: "store-after-a-punch",
    system: "F",
    about: "INV-2",
    says: "A fault after the punch finds the folio gone, and gets a block of its own",
    references: [commit("ea3d7209ca01"), litmus("K18")],
    bounds,
    start,
    events: [
      down(1, "shared"),
      reader.cache,
      up(1),
      down(T, "exclusive"),
      puncher.remove("punch"),
      punched,
      up(T),
      returns,
      reader.put,
      other,
      down(1, "shared"),
      [reader.add, reader.mapBlocks, reader.read],
      { kind: "allocate", task: 1, page: 0 },
      reader.markDirty,
      reader.mapWritable,
      reader.unlock,
      reader.put,
      up(1),
      reader.store(2),
      writeFolioBack({ task: 3 }, 0).all,
    ],
  },
  {
    name: "readahead-under-an-exclusive-lock",
    system: "F",
    about: "INV-3",
    says: "Readahead adds a folio without invalidate_lock while a hole punch holds it",
    references: [litmus("L15"), kernel("before 5.15, ext4: read(2) and readahead")],
    bounds,
    start,
    events: [down(T, "exclusive"), breaks("INV-3", reader.add)],
  },
  {
    name: "readahead-under-a-shared-lock",
    system: "F",
    about: "INV-3",
    says: "Readahead shares invalidate_lock while it adds a folio",
    references: [commit("730633f0b7f9"), commit("d4f5258eae7b")],
    bounds,
    start,
    events: [down(1, "shared"), down(2, "shared"), reader.readMiss, up(1), up(2)],
  },
  {
    name: "collapse-drops-a-dirty-folio",
    system: "F",
    about: "INV-5",
    says: "Collapse range writes back before it locks: a store between the two is thrown away",
    references: [litmus("L18"), commit("32ebffd3bbb4")],
    bounds: { pages: 2, mappings: 1, tasks: 2, rwsems: 1, folios: 2, blocks: 2 },
    start: { extent: [2, 2], block: [1, 2], owner: [1, 2], media: [1, 1], size: [2] },
    events: [
      down(1, "shared"),
      folio({ task: 1, page: 1 }).cache,
      folio({ task: 1, page: 1 }).mkwrite,
      up(1),
      folio({ task: 1, page: 1 }).store(2),
      down(T, "exclusive"),
      breaks("INV-5", folio({ task: T, page: 1 }).remove("collapse")),
    ],
  },
  {
    name: "collapse-writes-back-under-the-lock",
    system: "F",
    about: "INV-5",
    says: "Collapse range writes back under the lock: the store moves down with its page",
    references: [litmus("L18"), commit("32ebffd3bbb4")],
    bounds: { pages: 2, mappings: 1, tasks: 2, rwsems: 1, folios: 2, blocks: 2 },
    start: { extent: [2, 2], block: [1, 2], owner: [1, 2], media: [1, 1], size: [2] },
    events: [
      down(1, "shared"),
      folio({ task: 1, page: 1 }).cache,
      folio({ task: 1, page: 1 }).mkwrite,
      up(1),
      folio({ task: 1, page: 1 }).store(2),
      down(T, "exclusive"),
      writeFolioBack({ task: T, page: 1 }, 0).all,
      folio({ task: T, page: 1 }).remove("collapse"),
      { kind: "remove_extent", task: T, page: 0, becomes: "hole" },
      { kind: "shift_extent", task: T, page: 1, to: 0 },
      up(T),
      down(1, "shared"),
      folio({ task: 1, page: 0 }).readMiss,
      up(1),
      folio({ task: 1, page: 0 }).observe,
    ],
  },
  {
    name: "iomap-used-after-a-conversion",
    system: "F",
    about: "INV-6",
    says:
      "write(2) looks an unwritten extent up; writeback converts it and reclaim drops the folio; " +
      "write(2) then fills the rest of its page with zeros",
    references: [commit("d7b64041164c"), commit("304a68b9c63b"), fstests("xfs/559")],
    bounds: { pages: 1, mappings: 0, tasks: 3, folios: 2, blocks: 1 },
    start: {
      extent: [1],
      tag: [1],
      slot: [1],
      folio: [3, 0],
      memory: [1, 0],
      backing: [1, 0],
      block: [1],
      owner: [1],
      size: [1],
    },
    events: [
      folio({ task: 0 }).mapBlocks,
      converting(1),
      folio({ task: 2 }).remove("reclaim"),
      folio({ task: 0 }).add,
      breaks("INV-6", { kind: "write_begin", task: 0, page: 0 }),
    ],
  },
  {
    name: "iomap-looked-up-again",
    system: "F",
    about: "INV-6",
    says: "write(2) finds under the folio lock that the extent has changed, and looks it up again",
    references: [commit("d7b64041164c"), commit("304a68b9c63b"), fstests("xfs/559")],
    bounds: { pages: 1, mappings: 0, tasks: 3, folios: 2, blocks: 1 },
    start: {
      extent: [1],
      tag: [1],
      slot: [1],
      folio: [3, 0],
      memory: [1, 0],
      backing: [1, 0],
      block: [1],
      owner: [1],
      size: [1],
    },
    events: [
      folio({ task: 0 }).mapBlocks,
      converting(1),
      folio({ task: 2 }).remove("reclaim"),
      folio({ task: 0 }).add,
      folio({ task: 0 }).mapBlocks,
      { kind: "write_begin", task: 0, page: 0 },
      { kind: "copy_in", task: 0, page: 0, writes: 2 },
      folio({ task: 0 }).markDirty,
      folio({ task: 0 }).unlock,
      folio({ task: 0 }).put,
    ],
  },
  {
    name: "fault-beyond-the-new-end",
    system: "F",
    about: "DAX-SIZE-1",
    says:
      "A fault checks i_size only before it reads: a truncation comes between, and the page beyond " +
      "the end stays mapped",
    references: [litmus("L16"), commit("653c60b633a9")],
    bounds: { pages: 1, mappings: 1, tasks: 2, folios: 2, blocks: 1 },
    start: written,
    events: [
      { kind: "set_size", task: T, file: 0, size: 0 },
      { kind: "remove_extent", task: T, page: 0, becomes: "beyond" },
      returns,
      reader.cache,
      reader.lock,
      breaks("DAX-SIZE-1", reader.mapReadable),
      reader.unlock,
      reader.put,
    ],
  },
  {
    name: "fault-sees-the-new-end",
    system: "F",
    about: "DAX-SIZE-1",
    says: "A fault maps before the truncation gets the folio's lock, and the truncation unmaps it",
    references: [litmus("L16"), commit("653c60b633a9")],
    bounds: { pages: 1, mappings: 1, tasks: 2, folios: 2, blocks: 1 },
    start: written,
    events: [
      { kind: "set_size", task: T, file: 0, size: 0 },
      reader.cache,
      [reader.lock, reader.mapReadable, reader.unlock, reader.put],
      puncher.remove("truncate"),
      { kind: "remove_extent", task: T, page: 0, becomes: "beyond" },
      returns,
    ],
  },
  {
    name: "write-into-a-freed-block",
    system: "F",
    about: "INV-2",
    says:
      "write(2) has taken the rest of its page from a block that a hole punch then frees, and marks " +
      "the folio dirty for it",
    references: [commit("32ebffd3bbb4"), commit("d7b64041164c")],
    bounds: unlocked,
    start,
    events: [
      reader.add,
      reader.mapBlocks,
      { kind: "write_begin", task: 1, page: 0 },
      punched,
      other,
      { kind: "copy_in", task: 1, page: 0, writes: 2 },
      breaks("INV-2", reader.markDirty),
      reader.unlock,
      reader.put,
    ],
  },
];

/** Writeback of a dirty folio over an unwritten extent, by task. */
function converting(task: number): readonly Event[] {
  const { find, lock, clearDirty, start, unlock, write, end, put } = writeFolioBack({ task });
  const convert: Event = { kind: "convert_unwritten", task, page: 0 };
  return [find, lock, clearDirty, start, unlock, write, convert, end, put];
}
