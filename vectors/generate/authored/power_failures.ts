/**
 * System B by hand: stores, sync calls and power failures.
 *
 * @module
 */
import {
  cachedWorld,
  cleanEntry,
  crash,
  dataOnDisk,
  daxFault,
  daxWorld,
  fsync,
  holeOnDisk,
  storeLine,
} from "./durable_calls.ts";
import { folio, writeFolioBack } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, kernel, litmus, seed } from "./sequence.ts";

const P = folio({ task: 0 });
const writeback = writeFolioBack({ task: 1 }, 0).all;
/** write(2) of a page that has no block yet, and what writeback does for it. */
const writeNew = P.writeNew(2);
const writeBackNew = (() => {
  const { find, lock, clearDirty, start, unlock, write, end, put } = writeFolioBack({ task: 1 });
  const on = { task: 1, page: 0 } as const;
  return [
    find,
    { kind: "allocate", ...on } as const,
    { kind: "mark_dirty", ...on } as const,
    [lock, clearDirty, start, unlock, write, end, put],
  ];
})();

/** What must be there when the machine comes up again, and what need not. */
export const powerFailures: readonly Authored[] = [
  {
    name: "write-without-sync",
    system: "B",
    about: "DUR-4",
    says: "A write that nobody synced may be lost: after a crash the page is as it was",
    references: [litmus("K1"), litmus("K43")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [P.cache, P.mkwrite, P.store(2), crash],
  },
  {
    name: "write-fsync-crash",
    system: "B",
    about: "DUR-1",
    says: "A write to a new page, and fsync: data and block map are there after a crash",
    references: [litmus("K2"), seed("001")],
    bounds: cachedWorld,
    start: holeOnDisk,
    events: [writeNew, { kind: "fsync_begin", task: 1 }, writeBackNew, ...ends("commit"), crash],
  },
  {
    name: "fsync-without-commit",
    system: "B",
    about: "DUR-1",
    says:
      "fsync writes the data and leaves the block map in the running transaction: after a crash the " +
      "page is a hole",
    references: [litmus("K2"), seed("001")],
    bounds: cachedWorld,
    start: holeOnDisk,
    events: [
      writeNew,
      { kind: "fsync_begin", task: 1 },
      writeBackNew,
      ...ends("flush_device"),
      breaks("DUR-1", crash),
    ],
  },
  {
    name: "store-fsync-crash",
    system: "B",
    about: "DUR-1",
    says: "A store through a mapping of the page cache, and fsync: it is there after a crash",
    references: [litmus("K3")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      P.cache,
      P.mkwrite,
      P.store(2),
      ...fsync(1, "flush_device", ...writeback),
      crash,
    ],
  },
  {
    name: "fsync-without-device-flush",
    system: "B",
    about: "DUR-1",
    says: "fsync writes the folio and does not flush the device: its volatile cache is lost",
    references: [litmus("K3"), litmus("K42")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      P.cache,
      P.mkwrite,
      P.store(2),
      ...fsync(1, "nothing", ...writeback),
      breaks("DUR-1", crash),
    ],
  },
  {
    name: "written-back-and-not-synced",
    system: "B",
    about: "DUR-4",
    says: "sync_file_range writes the folio and promises nothing: a crash may take the data",
    references: [litmus("K42")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [P.cache, P.mkwrite, P.store(2), writeback, crash],
  },
  {
    name: "dax-store-and-fsync",
    system: "B",
    about: "DUR-1",
    says:
      "A store to a hole of a DAX file, and fsync: mkclean, flush, commit; it is there after a crash",
    references: [litmus("K3"), litmus("K24"), seed("001")],
    bounds: daxWorld,
    start: holeOnDisk,
    events: [
      daxFault(0, 0, { allocates: true }),
      storeLine(0, 1),
      ...fsync(1, "commit", ...cleanEntry(1, 0, 1)),
      crash,
    ],
  },
  {
    name: "second-store-not-synced",
    system: "B",
    about: "DUR-1",
    says:
      "Of two stores with an fsync between, the first is there after a crash and the second may be",
    references: [litmus("K4")],
    bounds: daxWorld,
    start: holeOnDisk,
    events: [
      daxFault(0, 0, { allocates: true }),
      storeLine(0, 1),
      ...fsync(1, "commit", ...cleanEntry(1, 0, 1)),
      daxFault(0, 0),
      storeLine(0, 4),
      crash,
    ],
  },
  {
    name: "two-stores-two-fsyncs",
    system: "B",
    about: "DUR-1",
    says: "Of two stores, each with an fsync behind it, both are there after a crash",
    references: [litmus("K5"), litmus("K7")],
    bounds: daxWorld,
    start: holeOnDisk,
    events: [
      daxFault(0, 0, { allocates: true }),
      storeLine(0, 1),
      ...fsync(1, "commit", ...cleanEntry(1, 0, 1)),
      daxFault(0, 0),
      storeLine(0, 4),
      ...fsync(1, "flush_device", ...cleanEntry(1, 0, 1)),
      crash,
    ],
  },
  {
    name: "store-behind-mkclean",
    system: "B",
    about: "DAX-CLEAN-2",
    says:
      "The first fsync leaves a mapping writable, the store through it marks nothing, the second " +
      "fsync finds nothing, and a crash takes the store",
    references: [litmus("K5"), litmus("K6"), seed("003"), commit("f729c8c9b24f")],
    bounds: daxWorld,
    start: dataOnDisk,
    events: [
      daxFault(0, 0),
      daxFault(2, 1),
      { kind: "fsync_begin", task: 1 },
      ...cleanEntry(1, 0).map((event) =>
        event.kind === "clear_dirty" ? breaks("DAX-CLEAN-2", event) : event
      ),
      { kind: "flush_device", task: 1 },
      { kind: "fsync_end", task: 1 },
      storeLine(1, 4),
    ],
  },
  {
    name: "munmap-without-sync",
    system: "B",
    about: "DUR-4",
    says: "A store and munmap promise nothing: after a crash the data is there or not",
    references: [litmus("K9"), litmus("K43")],
    bounds: daxWorld,
    start: dataOnDisk,
    events: [
      daxFault(0, 0),
      storeLine(0, 2),
      { kind: "unmap_page", mapping: 0, page: 0 },
      crash,
    ],
  },
  {
    name: "munmap-then-fsync",
    system: "B",
    about: "DUR-1",
    says: "A store, munmap and fsync: the mark is the entry's, and outlives the mapping",
    references: [litmus("K10")],
    bounds: daxWorld,
    start: dataOnDisk,
    events: [
      daxFault(0, 0),
      storeLine(0, 2),
      { kind: "unmap_page", mapping: 0, page: 0 },
      ...fsync(1, "flush_device", ...cleanEntry(1, 0, 1)),
      crash,
    ],
  },
  {
    name: "evicted-lines-in-any-order",
    system: "B",
    about: "DUR-4",
    says:
      "Without a flush the CPU may evict the second line and not the first: any of two stores may " +
      "survive",
    references: [litmus("K38"), litmus("K9")],
    bounds: daxWorld,
    start: dataOnDisk,
    events: [
      daxFault(0, 0),
      storeLine(0, 4),
      storeLine(0, 2),
      { kind: "evict_line", page: 0, line: 1 },
      crash,
    ],
  },
  {
    name: "cache-inside-the-power-domain",
    system: "B",
    about: "DUR-4",
    says: "Where the power domain holds CPU caches, a store is on the media at once",
    references: [litmus("K44"), kernel("drivers/dax/super.c: the write cache is off")],
    bounds: daxWorld,
    start: dataOnDisk,
    events: [daxFault(0, 0), storeLine(0, 4), { kind: "evict_line", page: 0, line: 0 }, crash],
  },
  {
    name: "store-while-fsync-runs",
    system: "B",
    about: "DUR-1",
    says:
      "fsync owes the store that was complete when it began, not the one that comes while it runs",
    references: [litmus("K36"), litmus("K37")],
    bounds: daxWorld,
    start: dataOnDisk,
    events: [
      daxFault(0, 0),
      storeLine(0, 2),
      { kind: "fsync_begin", task: 1 },
      cleanEntry(1, 0, 1),
      daxFault(0, 0),
      storeLine(0, 4),
      ...ends("flush_device"),
      crash,
    ],
  },
  {
    name: "syncfs-of-a-plain-mapping",
    system: "B",
    about: "DUR-1",
    says: "syncfs finds the file because a fault has marked its inode dirty, and flushes the store",
    references: [litmus("K34")],
    bounds: daxWorld,
    start: dataOnDisk,
    events: [
      { kind: "mark_inode_dirty", task: 0, page: 0 },
      daxFault(0, 0),
      storeLine(0, 2),
      { kind: "fsync_begin", task: 1 },
      cleanEntry(1, 0, 1),
      { kind: "flush_device", task: 1 },
      { kind: "fsync_end", task: 1, allFiles: true },
      crash,
    ],
  },
];

/** The end of task 1's sync call. */
function ends(last: "commit" | "flush_device") {
  return [{ kind: last, task: 1 }, { kind: "fsync_end", task: 1 }] as const;
}
