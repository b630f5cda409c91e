/**
 * System B by hand: what leads to the data: block maps, sizes, the journal.
 *
 * @module
 */
import { cachedWorld, crash, dataOnDisk, fsync, unwrittenOnDisk } from "./durable_calls.ts";
import { direct, folio, writeFolioBack } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, fstests, kernel, litmus, seed } from "./sequence.ts";

const D = direct({ task: 0 }, 2);
const diskWorld = { pages: 1, mappings: 0, tasks: 3, blocks: 1, durable: true } as const;
/** Block 0 is allocated beyond the end of an empty file. */
const beyondEnd = { ...dataOnDisk, size: [0], diskSize: [0] };
const grow = { kind: "set_size", task: 0, file: 0, size: 1 } as const;
const punched = { kind: "remove_extent", task: 0, page: 0, becomes: "hole" } as const;
const dsync = { kind: "dsync_end", task: 0, page: 0, writes: 2 } as const;
const P = folio({ task: 0 });
const stale = { media: [128], visible: [128], pending: [128] };

/** Delayed allocation: the page gets a block that still holds what its last owner left. */
const allocateStale = [
  { kind: "find_folio", task: 1, page: 0 },
  { kind: "allocate", task: 1, page: 0, unzeroed: true },
  { kind: "mark_dirty", task: 1, page: 0 },
] as const;
const W = writeFolioBack({ task: 1 });
const writeStale = [W.lock, W.clearDirty, W.start, W.unlock, W.write, W.end, W.put];

/** Block maps, sizes, journals. */
export const metadata: readonly Authored[] = [
  {
    name: "punch-fdatasync-crash",
    system: "B",
    about: "META-2",
    says:
      "A hole is punched and fdatasync called: no page is dirty, and the hole is committed all the " +
      "same",
    references: [litmus("K17"), seed("001")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [punched, ...fsync(0, "commit"), crash],
  },
  {
    name: "fdatasync-of-a-data-clean-file",
    system: "B",
    about: "META-2",
    says: "fdatasync finds no dirty page and returns: after a crash the hole is full again",
    references: [litmus("K17"), litmus("E5"), seed("001")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [punched, ...fsync(0, "nothing"), breaks("META-2", crash)],
  },
  {
    name: "punch-without-sync",
    system: "B",
    about: "DUR-4",
    says:
      "A hole punch that nobody synced may be undone by a crash, and shows the file's own old data",
    references: [litmus("K18")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [punched, crash],
  },
  {
    name: "preallocated-written-fdatasync-crash",
    system: "B",
    about: "META-2",
    says: "A direct write into preallocated blocks, and fdatasync: the conversion is committed",
    references: [litmus("K19"), litmus("E5"), seed("001")],
    bounds: diskWorld,
    start: unwrittenOnDisk,
    events: [D.begin, D.write, D.convert, D.end, ...fsync(0, "commit"), crash],
  },
  {
    name: "conversion-not-committed",
    system: "B",
    about: "META-2",
    says:
      "The data of a direct write is on the media, and fdatasync leaves the extent unwritten there",
    references: [litmus("K19"), litmus("E5"), seed("001")],
    bounds: diskWorld,
    start: unwrittenOnDisk,
    exempt: ["DUR-1"],
    events: [
      D.begin,
      D.write,
      D.convert,
      D.end,
      ...fsync(0, "flush_device"),
      breaks("META-2", crash),
    ],
  },
  {
    name: "overwrite-without-sync",
    system: "B",
    about: "DUR-4",
    says: "A direct write that nobody synced is in the device's volatile cache, and may be lost",
    references: [litmus("K20")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [D.begin, D.write, D.end, crash],
  },
  {
    name: "overwrite-and-fdatasync",
    system: "B",
    about: "DUR-1",
    says:
      "A direct write over written blocks, and fdatasync: nothing to commit, the device to flush",
    references: [litmus("K21"), litmus("K24")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [D.begin, D.write, D.end, ...fsync(0, "flush_device"), crash],
  },
  {
    name: "nothing-to-commit-nothing-flushed",
    system: "B",
    about: "DUR-1",
    says: "fdatasync finds nothing to commit and does not flush the device",
    references: [litmus("K21")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [D.begin, D.write, D.end, ...fsync(0, "nothing"), breaks("DUR-1", crash)],
  },
  {
    name: "synchronous-write-that-extends",
    system: "B",
    about: "DUR-2",
    says: "An O_DSYNC direct write that extends the file commits the new size before it returns",
    references: [litmus("K22"), litmus("K23"), commit("7684e2c4384d"), fstests("generic/737")],
    bounds: diskWorld,
    start: beyondEnd,
    events: [D.begin, D.write, grow, { kind: "commit", task: 0 }, D.end, dsync, crash],
  },
  {
    name: "size-not-committed",
    system: "B",
    about: "DUR-2",
    says:
      "An O_DSYNC direct write makes its data durable and not the size: after a crash it lies beyond " +
      "the end",
    references: [litmus("K22"), litmus("K23"), commit("7684e2c4384d"), fstests("generic/737")],
    bounds: diskWorld,
    start: beyondEnd,
    events: [
      D.begin,
      D.write,
      grow,
      { kind: "flush_device", task: 0 },
      D.end,
      dsync,
      breaks("DUR-2", crash),
    ],
  },
  {
    name: "committed-before-the-data",
    system: "B",
    about: "DUR-4",
    says:
      "The journal commits a new block before its data is written: after a crash the file shows what " +
      "the block's last owner left",
    references: [litmus("K30"), kernel("ext4 data=ordered: what it prevents")],
    bounds: { ...cachedWorld, mappings: 0, folios: 1 },
    start: stale,
    events: [
      P.writeNew(1),
      grow,
      ...allocateStale,
      { kind: "commit", task: 2 },
      breaks("DUR-4", crash),
    ],
  },
  {
    name: "committed-after-the-data",
    system: "B",
    about: "DUR-4",
    says:
      "The data of a new block is written and the device flushed before the commit that leads to it",
    references: [litmus("K30"), kernel("ext4 data=ordered")],
    bounds: { ...cachedWorld, mappings: 0, folios: 1 },
    start: stale,
    events: [
      P.writeNew(1),
      grow,
      ...allocateStale,
      writeStale,
      { kind: "commit", task: 2 },
      crash,
    ],
  },
  {
    name: "data-writeback-mode",
    system: "B",
    about: "INV-2",
    says:
      "With data=writeback the journal may commit first: after a crash the page holds the write, " +
      "zeros or stale content, and nobody is to blame",
    references: [litmus("K45"), kernel("ext4 data=writeback")],
    bounds: { ...cachedWorld, mappings: 0, folios: 1 },
    start: stale,
    exempt: ["DUR-4"],
    events: [P.writeNew(1), grow, ...allocateStale, { kind: "commit", task: 2 }, crash],
  },
  {
    name: "zeroed-before-it-is-committed",
    system: "B",
    about: "DUR-4",
    says:
      "A new block is zeroed, the commit that leads to it flushes the zeros first: after a crash the " +
      "page reads as zeros",
    references: [litmus("K30"), litmus("K13")],
    bounds: diskWorld,
    start: stale,
    events: [grow, { kind: "allocate", task: 0, page: 0 }, { kind: "commit", task: 2 }, crash],
  },
];
