/**
 * System C by hand: a folio that somebody lets go of is nobody's, and the next one begins empty.
 *
 * @module
 */
import { direct, folio, writeFolioBack, written } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, implies, litmus, seed } from "./sequence.ts";

const NEW = 2;
const PART = 1;
const STORE = 4;
const bounds = { pages: 1, mappings: 1, tasks: 4, folios: 1, blocks: 1 };

const D = direct({ task: 0 }, NEW);
const dropper = folio({ task: 0 });
const reader = folio({ task: 1 });
const mapper = folio({ task: 2 });
const W = writeFolioBack({ task: 3 }, 0);
const later = folio({ task: 3 });
const pin = { kind: "pin", task: 1, page: 0, mapping: 0 } as const;
const unpin = { kind: "unpin", task: 1, page: 0 } as const;

/** A direct write that nothing cached stands in the way of. */
const replaced = [D.begin, D.invalidated, D.write, D.again, D.end];

/** write(2) of a part of a page that takes nothing of the rest, and the writeback that shows it. */
const forgetful = [
  mapper.add,
  { kind: "copy_in", task: 2, page: 0, writes: PART },
  [mapper.markDirty, mapper.unlock, mapper.put],
  [W.find, W.lock, W.protect, W.clearDirty, W.start, W.unlock],
  breaks("COH-2", W.write),
  W.end,
  W.put,
  implies("COH-3", later.observe),
] as const;

/** Folios, one after another. */
export const reusedFolios: readonly Authored[] = [
  {
    name: "empty-after-put",
    system: "C",
    about: "COH-2",
    says: "A folio is removed and then let go of: the next one holds nothing of what was in it",
    references: [litmus("L10"), seed("002")],
    bounds,
    start: written,
    events: [replaced, reader.cache, dropper.remove("invalidate"), reader.put, ...forgetful],
  },
  {
    name: "empty-after-removal",
    system: "C",
    about: "COH-2",
    says:
      "A folio that nobody has in hand is removed: the next one holds nothing of what was in it",
    references: [litmus("L10"), seed("002")],
    bounds,
    start: written,
    events: [replaced, reader.readMiss, dropper.remove("invalidate"), ...forgetful],
  },
  {
    name: "empty-after-unpinning",
    system: "C",
    about: "COH-2",
    says:
      "A pinned folio is removed and then unpinned: the next one holds nothing of what was in it",
    references: [litmus("L10"), seed("004")],
    bounds,
    start: written,
    events: [
      replaced,
      reader.cache,
      reader.mkwrite,
      pin,
      W.all,
      dropper.remove("invalidate"),
      unpin,
      ...forgetful,
    ],
  },
  {
    name: "not-uptodate-after-unpinning",
    system: "C",
    about: "COH-3",
    says:
      "A folio that was pinned, removed and unpinned is new when it comes back: readers go to the disk",
    references: [litmus("L8"), seed("004")],
    bounds,
    start: written,
    events: [
      reader.cache,
      reader.mkwrite,
      pin,
      W.all,
      dropper.remove("invalidate"),
      unpin,
      replaced,
      mapper.add,
      later.observe,
    ],
  },
  {
    name: "no-block-after-unpinning",
    system: "C",
    about: "INV-2",
    says:
      "A folio that was pinned, removed and unpinned names no block when it comes back: it is " +
      "written to the one that its page has got",
    references: [seed("004"), commit("ea3d7209ca01")],
    bounds: { ...bounds, pages: 2, files: 2, blocks: 2 },
    start: { extent: [2, 0], block: [1, 0], owner: [1, 0], media: [1, 0], size: [1, 1] },
    events: [
      reader.cache,
      reader.mkwrite,
      pin,
      W.all,
      dropper.remove("punch"),
      { kind: "remove_extent", task: 0, page: 0, becomes: "hole" },
      unpin,
      { kind: "allocate", task: 0, page: 1 },
      mapper.add,
      { kind: "copy_in", task: 2, page: 0, writes: STORE, whole: true },
      { kind: "allocate", task: 2, page: 0 },
      [mapper.markDirty, mapper.unlock, mapper.put],
      W.all,
    ],
  },
  {
    name: "partial-write-under-way",
    system: "C",
    about: "COH-3",
    says:
      "write(2) has taken the rest of its page from the disk; a direct write replaces it there and " +
      "returns, and readers see the old rest in the cache",
    references: [litmus("L9"), litmus("L10")],
    bounds,
    start: written,
    events: [
      D.begin,
      D.invalidated,
      [reader.add, reader.mapBlocks],
      { kind: "write_begin", task: 1, page: 0 },
      D.write,
      D.end,
      breaks("COH-3", later.observe),
    ],
  },
  {
    name: "clean-when-writeback-ends",
    system: "C",
    about: "COH-1",
    says:
      "A direct write reaches the disk while the page's writeback is on its way: when that ends, the " +
      "folio is clean and differs from the disk",
    references: [litmus("L11"), seed("002")],
    bounds,
    start: written,
    events: [
      reader.cache,
      reader.mkwrite,
      reader.store(STORE),
      [W.find, W.lock, W.protect, W.clearDirty, W.start, W.unlock, W.write],
      D.begin,
      D.write,
      D.end,
      breaks("COH-1", W.end),
      W.put,
      implies("COH-3", later.observe),
    ],
  },
];
