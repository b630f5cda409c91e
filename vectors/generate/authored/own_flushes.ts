/**
 * System B by hand: programs that flush for themselves, and what the kernel owes them.
 *
 * @module
 */
import {
  cleanEntry,
  crash,
  dataOnDisk,
  daxFault,
  daxWorld,
  flushLine,
  fsync,
  holeOnDisk,
  mmapSync,
  storeLine,
  syncFault,
  syncWorld,
} from "./durable_calls.ts";
import { type Authored, breaks, commit, fstests, kernel, litmus, seed } from "./sequence.ts";

const diskWorld = { pages: 1, mappings: 0, tasks: 3, blocks: 1, durable: true } as const;
const grow = { kind: "set_size", task: 0, file: 0, size: 1 } as const;
const punched = { kind: "remove_extent", task: 0, page: 0, becomes: "hole" } as const;

/** MAP_SYNC and its rivals. */
export const ownFlushes: readonly Authored[] = [
  {
    name: "own-flush-in-a-plain-mapping",
    system: "B",
    about: "META-1",
    says:
      "A program flushes its own store to a new page of a plain mapping: the data is on the media, " +
      "and after a crash no block map leads to it",
    references: [litmus("K11"), seed("001")],
    bounds: daxWorld,
    start: holeOnDisk,
    events: [
      daxFault(0, 0, { allocates: true }),
      storeLine(0, 1),
      flushLine(0, 0, 1),
      breaks("META-1", crash),
    ],
  },
  {
    name: "own-flush-in-a-synchronous-mapping",
    system: "B",
    about: "META-1",
    says:
      "A MAP_SYNC mapping commits the block map before the page can be stored to: what the program " +
      "flushes is there after a crash",
    references: [litmus("K12"), litmus("K13"), fstests("generic/470"), commit("b8a6176c214c")],
    bounds: syncWorld,
    start: holeOnDisk,
    events: [
      mmapSync(0, 0),
      syncFault(0, 0),
      storeLine(0, 1),
      flushLine(0, 0, 1),
      crash,
    ],
  },
  {
    name: "mapped-before-the-commit",
    system: "B",
    about: "META-1",
    says: "The write fault of a MAP_SYNC mapping maps the page first and commits afterwards",
    references: [litmus("K12"), seed("001"), commit("a39e596baa07")],
    bounds: syncWorld,
    start: holeOnDisk,
    events: [
      mmapSync(0, 0),
      daxFault(0, 0, { allocates: true }),
      storeLine(0, 1),
      flushLine(0, 0, 1),
      breaks("META-1", crash),
    ],
  },
  {
    name: "size-is-metadata-too",
    system: "B",
    about: "META-1",
    says:
      "A file is extended and stored to through a MAP_SYNC mapping: the fault's commit takes the new " +
      "size along",
    references: [litmus("K14"), commit("b8a6176c214c")],
    bounds: syncWorld,
    events: [
      grow,
      mmapSync(0, 0),
      syncFault(0, 0),
      storeLine(0, 1),
      flushLine(0, 0, 1),
      crash,
    ],
  },
  {
    name: "fence-after-fence",
    system: "B",
    about: "META-1",
    says:
      "Two stores with a flush and a fence each: if the second is there after a crash, so is the " +
      "first",
    references: [litmus("K39"), litmus("K13")],
    bounds: syncWorld,
    start: holeOnDisk,
    events: [
      mmapSync(0, 0),
      syncFault(0, 0),
      storeLine(0, 1),
      flushLine(0, 0, 1),
      storeLine(0, 2),
      flushLine(0, 1, 2),
      crash,
    ],
  },
  {
    name: "plain-mapping-in-place-of-a-synchronous-one",
    system: "B",
    about: "MSYNC-1",
    says: "mmap with MAP_SYNC succeeds, and gives a mapping that is not synchronous",
    references: [seed("001"), kernel("mmap(2): MAP_SHARED ignores flags that it does not know")],
    bounds: daxWorld,
    start: holeOnDisk,
    events: [breaks("MSYNC-1", mmapSync(0, 0, "plain"))],
  },
  {
    name: "synchronous-mapping-refused",
    system: "B",
    about: "MSYNC-1",
    says: "Where a mapping cannot be synchronous, mmap with MAP_SYNC fails",
    references: [seed("001"), kernel("mmap(2): MAP_SHARED_VALIDATE, EOPNOTSUPP")],
    bounds: daxWorld,
    start: holeOnDisk,
    events: [mmapSync(0, 0, "EOPNOTSUPP")],
  },
  {
    name: "synchronous-beside-plain",
    system: "B",
    about: "DUR-3",
    says:
      "One process stores through a MAP_SYNC mapping, another through a plain one, and fsync of the " +
      "other flushes the entry: both stores are there after a crash",
    references: [litmus("K15"), litmus("E6"), seed("001")],
    bounds: syncWorld,
    start: dataOnDisk,
    events: [
      mmapSync(0, 0),
      daxFault(0, 0),
      storeLine(0, 4),
      daxFault(1, 1),
      storeLine(1, 2),
      ...fsync(1, "flush_device", ...cleanEntry(1, 0, 1)),
      crash,
    ],
  },
  {
    name: "synchronous-writers-do-not-mark",
    system: "B",
    about: "DUR-3",
    says:
      "Writers of a MAP_SYNC mapping set no mark: the store of the other process goes through the " +
      "same entry and is in no fsync",
    references: [litmus("K16"), litmus("E6"), seed("001")],
    bounds: syncWorld,
    start: dataOnDisk,
    exempt: ["DAX-TAG-1"],
    events: [
      mmapSync(0, 0),
      daxFault(0, 0, { dirty: false }),
      storeLine(0, 4),
      ...fsync(1, "flush_device"),
      breaks("DUR-3", crash),
    ],
  },
  {
    name: "frozen-map-changed",
    system: "B",
    about: "META-3",
    says: "A hole is punched into a file whose block map is frozen",
    references: [seed("001")],
    bounds: diskWorld,
    start: { ...dataOnDisk, frozen: [1] },
    events: [breaks("META-3", punched)],
  },
  {
    name: "change-of-a-frozen-map-refused",
    system: "B",
    about: "META-3",
    says: "A file is frozen, and a hole punch is refused from then on",
    references: [seed("001")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [
      { kind: "freeze", task: 0, file: 0 },
      { kind: "refuse_change", task: 1, page: 0 },
    ],
  },
  {
    name: "syncfs-passes-a-clean-inode",
    system: "B",
    about: "DUR-1",
    says:
      "The fault of a MAP_SYNC mapping marks its entry DIRTY and not its inode: syncfs passes the " +
      "file, and a crash takes a store that nobody flushed",
    references: [
      litmus("K35"),
      kernel("5.10 to 7.2, fs/dax.c dax_insert_pfn_mkwrite(): from source"),
    ],
    bounds: syncWorld,
    start: holeOnDisk,
    events: [
      mmapSync(0, 0),
      syncFault(0, 0),
      storeLine(0, 1),
      { kind: "fsync_begin", task: 1 },
      { kind: "fsync_end", task: 1, allFiles: true },
      breaks("DUR-1", crash),
    ],
  },
  {
    name: "frozen-map-allocated",
    system: "B",
    about: "META-3",
    says: "A write into a hole of a file whose block map is frozen gets a block",
    references: [seed("001")],
    bounds: diskWorld,
    start: { ...holeOnDisk, frozen: [1] },
    events: [breaks("META-3", { kind: "allocate", task: 0, page: 0 })],
  },
  {
    name: "frozen-then-changed",
    system: "B",
    about: "META-3",
    says: "A file is frozen, and a hole punch into it is carried out",
    references: [seed("001")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [{ kind: "freeze", task: 0, file: 0 }, breaks("META-3", punched)],
  },
];
