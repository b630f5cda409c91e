/**
 * System C by hand: direct I/O against the page cache.
 *
 * @module
 */
import { direct, folio, preallocated, writeFolioBack, written } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, fstests, implies, litmus, seed } from "./sequence.ts";

const NEW = 2;
const STORE = 4;
const bounds = { pages: 1, mappings: 1, tasks: 4, folios: 3, blocks: 1 };

const D = direct({ task: 0 }, NEW);
const reader = folio({ task: 1 });
const mapper = folio({ task: 2 });
const W = writeFolioBack({ task: 3 }, 0);
const later = folio({ task: 3 });
const sameTask = folio({ task: 0 });

/** Direct writes and what is cached meanwhile. */
export const directIo: readonly Authored[] = [
  {
    name: "invalidated-once",
    system: "C",
    about: "COH-1",
    says:
      "A direct write shoots the page cache down before it writes and not again: a folio that was " +
      "read in between stays, with the old data",
    references: [litmus("L9"), litmus("E7"), seed("002")],
    bounds,
    start: written,
    events: [
      D.begin,
      D.invalidated,
      reader.cache,
      D.write,
      breaks("COH-1", D.end),
      reader.put,
      implies("COH-3", later.observe),
    ],
  },
  {
    name: "invalidated-before-and-after",
    system: "C",
    about: "COH-3",
    says: "A direct write shoots the page cache down before and after: whoever reads once it has " +
      "returned sees the new data",
    references: [litmus("L8"), litmus("L9"), litmus("E7"), seed("002")],
    bounds,
    start: written,
    events: [
      D.begin,
      D.invalidated,
      reader.cache,
      D.write,
      reader.put,
      sameTask.remove("invalidate"),
      D.again,
      D.end,
      later.observe,
      reader.readMiss,
    ],
  },
  {
    name: "asynchronous-completion",
    system: "C",
    about: "COH-1",
    says:
      "A direct write completes where nothing can be invalidated, and a folio that was read while " +
      "it was in flight stays",
    references: [litmus("L12"), fstests("generic/451"), commit("c58cb165bd44")],
    bounds,
    start: written,
    events: [
      D.begin,
      D.invalidated,
      [reader.add, reader.mapBlocks, reader.read],
      D.write,
      D.end,
      breaks("COH-1", reader.unlock),
      reader.put,
    ],
  },
  {
    name: "dirtied-while-in-flight",
    system: "C",
    about: "COH-2",
    says:
      "A store dirties the page while a direct write is in flight; the second invalidation fails, " +
      "nothing is recorded, and writeback puts the old data back",
    references: [litmus("L11"), commit("5a9d929d6e13")],
    bounds,
    start: written,
    events: [
      D.begin,
      D.invalidated,
      mapper.cache,
      mapper.mkwrite,
      mapper.store(STORE),
      D.write,
      D.again,
      D.end,
      [W.find, W.lock, W.protect, W.clearDirty, W.start, W.unlock],
      breaks("COH-2", W.write),
      W.end,
      W.put,
      implies("COH-3", later.observe),
    ],
  },
  {
    name: "dirtied-while-in-flight-and-told",
    system: "C",
    about: "COH-2",
    says:
      "The same loss is allowed if it is told: the second invalidation fails, and the file's next " +
      "fsync says EIO",
    references: [litmus("L11"), litmus("K32"), commit("5a9d929d6e13")],
    bounds,
    start: written,
    events: [
      D.begin,
      D.invalidated,
      mapper.cache,
      mapper.mkwrite,
      mapper.store(STORE),
      D.write,
      { kind: "set_wb_error", task: 0, page: 0 },
      D.again,
      D.end,
      W.all,
      later.observe,
    ],
  },
  {
    name: "store-after-a-direct-write",
    system: "C",
    about: "COH-2",
    says:
      "A store that faults after the direct write has returned finds the new data: writeback keeps " +
      "both",
    references: [litmus("L10"), litmus("L11")],
    bounds,
    start: written,
    events: [
      D.begin,
      D.invalidated,
      D.write,
      D.again,
      D.end,
      mapper.cache,
      mapper.mkwrite,
      mapper.store(STORE),
      W.all,
      later.observe,
    ],
  },
  {
    name: "dirty-page-not-written-first",
    system: "C",
    about: "COH-4",
    says:
      "A direct read does not write the dirty page back first, and misses a store that was complete",
    references: [litmus("L13")],
    bounds,
    start: written,
    events: [
      mapper.cache,
      mapper.mkwrite,
      mapper.store(STORE),
      D.begin,
      breaks("COH-4", { kind: "direct_read", task: 0, page: 0 }),
    ],
  },
  {
    name: "dirty-page-written-first",
    system: "C",
    about: "COH-4",
    says: "A direct read writes the dirty page back first and sees the store",
    references: [litmus("L13"), litmus("L10")],
    bounds,
    start: written,
    events: [
      mapper.cache,
      mapper.mkwrite,
      mapper.store(STORE),
      D.begin,
      W.all,
      { kind: "direct_read", task: 0, page: 0 },
      { kind: "direct_end", task: 0, page: 0, writes: 0 },
    ],
  },
  {
    name: "invalidated-before-the-conversion",
    system: "C",
    about: "COH-5",
    says:
      "The page cache is shot down before the extent is converted: a reader in between finds it " +
      "unwritten and caches zeros for good",
    references: [litmus("L14"), seed("002")],
    bounds,
    start: preallocated,
    events: [
      D.begin,
      D.invalidated,
      D.write,
      breaks("COH-5", D.again),
      [reader.add, reader.mapBlocks, reader.read],
      D.convert,
      D.end,
      implies("COH-1", reader.unlock),
      reader.put,
      implies("COH-3", later.observe),
    ],
  },
  {
    name: "converted-before-the-invalidation",
    system: "C",
    about: "COH-5",
    says: "The extent is converted first: zeros that a reader has cached before are shot down",
    references: [litmus("L14")],
    bounds,
    start: preallocated,
    events: [
      D.begin,
      D.invalidated,
      D.write,
      reader.cache,
      reader.put,
      D.convert,
      sameTask.remove("invalidate"),
      D.again,
      D.end,
      later.observe,
      reader.readMiss,
    ],
  },
  {
    name: "folio-of-a-write-not-invalidated",
    system: "C",
    about: "COH-1",
    says:
      "A page that write(2) has put into the cache is clean again when a direct write replaces it " +
      "on the disk, and nobody invalidates it",
    references: [litmus("L9"), commit("c58cb165bd44")],
    bounds,
    start: written,
    events: [
      reader.writeNew(8),
      W.all,
      D.begin,
      D.write,
      breaks("COH-1", D.end),
      implies("COH-3", later.observe),
    ],
  },
  {
    name: "partial-write-keeps-the-rest",
    system: "C",
    about: "COH-2",
    says:
      "write(2) of a part of a page takes the rest from the disk first: what a direct write put there " +
      "is still in it",
    references: [litmus("L10")],
    bounds,
    start: written,
    events: [
      D.begin,
      D.invalidated,
      D.write,
      D.again,
      D.end,
      reader.add,
      reader.mapBlocks,
      { kind: "write_begin", task: 1, page: 0 },
      { kind: "copy_in", task: 1, page: 0, writes: 8 },
      [reader.markDirty, reader.unlock, reader.put],
      W.all,
      later.observe,
    ],
  },
  {
    name: "partial-write-forgets-the-rest",
    system: "C",
    about: "COH-2",
    says:
      "write(2) of a part of a page leaves the rest as zeros: writeback overwrites what a direct " +
      "write had put there",
    references: [litmus("L10"), commit("d7b64041164c")],
    bounds,
    start: { ...written, media: [0] },
    events: [
      D.begin,
      D.invalidated,
      D.write,
      D.again,
      D.end,
      reader.add,
      { kind: "copy_in", task: 1, page: 0, writes: 1 },
      [reader.markDirty, reader.unlock, reader.put],
      [W.find, W.lock, W.protect, W.clearDirty, W.start, W.unlock],
      breaks("COH-2", W.write),
      W.end,
      W.put,
      implies("COH-3", later.observe),
    ],
  },
];
