/**
 * System E by hand: what writeback of the page cache must do to a folio before it may call it clean,
 * and who must be asked before it is dirtied again.
 *
 * @module
 */
import { cachedWorld, crash, dataOnDisk, fsync } from "./durable_calls.ts";
import { folio, writeFolioBack } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, fstests, implies, litmus } from "./sequence.ts";

const P = folio({ task: 0 });
const Q = folio({ task: 2, mapping: 1 });
const W = writeFolioBack({ task: 1 }, 0);
const both = writeFolioBack({ task: 1 }, 0, 1);
const on = { task: 1, page: 0 } as const;
const stored = [P.cache, P.mkwrite, P.store(2)];
const syncBegin = { kind: "fsync_begin", task: 1 } as const;
const syncEnd = [{ kind: "flush_device", task: 1 }, { kind: "fsync_end", task: 1 }] as const;
const tag = { kind: "tag_towrite", task: 1 } as const;

/** A folio that two processes map, and both store to. */
const twoMappings = { ...cachedWorld, mappings: 2 };
const storedByBoth = [stored, Q.writeFault, Q.store(4)];

/** A page whose blocks are half as large as it is, and a file that ends after the first. */
const small = { pages: 1, mappings: 1, tasks: 2, folios: 1, blocks: 1 };
const halfFile = {
  extent: [2],
  slot: [1],
  folio: [1],
  backing: [1],
  block: [1],
  owner: [1],
  size: [1],
};
const storeTo = (part: number, writes: number) =>
  ({ kind: "store_folio", mapping: 0, page: 0, writes, part }) as const;
const reserve = { kind: "reserve_blocks", task: 0, page: 0 } as const;
const fault = [P.find, P.lock, reserve, P.markDirty, P.mapWritable, P.unlock, P.put];
const grow = { kind: "set_size", task: 1, file: 0, size: 2 } as const;

/** mkclean, marks and mkwrite of the page cache. */
export const pageCacheCleaning: readonly Authored[] = [
  {
    name: "cleaned-while-writable",
    system: "E",
    about: "WB-CLEAN-1",
    says: "Writeback clears PG_dirty and leaves a PTE writable: the next store is in no fsync",
    references: [litmus("K5"), commit("f729c8c9b24f")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      stored,
      syncBegin,
      W.find,
      W.lock,
      breaks("WB-CLEAN-1", W.clearDirty),
      [W.start, W.unlock, W.write, W.end, W.put],
      syncEnd,
      P.store(4),
      ...fsync(1, "flush_device"),
    ],
  },
  {
    name: "protected-before-cleaned",
    system: "E",
    about: "WB-CLEAN-1",
    says:
      "Writeback protects the PTE, clears PG_dirty and writes; the next store faults and is in the " +
      "next fsync",
    references: [litmus("K3"), litmus("K5")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      stored,
      ...fsync(1, "flush_device", ...W.all),
      P.writeFault,
      P.store(4),
      ...fsync(1, "flush_device", ...W.all),
      crash,
    ],
  },
  {
    name: "one-of-two-mappings-missed",
    system: "E",
    about: "WB-CLEAN-1",
    says:
      "Two processes map the folio writable, and mkclean visits one of them: the next store of the " +
      "other is in no fsync",
    references: [commit("3ee6dafc677a")],
    bounds: twoMappings,
    start: dataOnDisk,
    events: [
      storedByBoth,
      syncBegin,
      [W.find, W.lock, ...W.protect],
      breaks("WB-CLEAN-1", W.clearDirty),
      [W.start, W.unlock, W.write, W.end, W.put],
      syncEnd,
      Q.store(8),
      ...fsync(1, "flush_device"),
      implies("DUR-1", crash),
    ],
  },
  {
    name: "other-of-two-mappings-missed",
    system: "E",
    about: "WB-CLEAN-1",
    says: "The same, and it is the mapping that was made first which mkclean does not visit",
    references: [commit("3ee6dafc677a")],
    bounds: twoMappings,
    start: dataOnDisk,
    events: [
      storedByBoth,
      syncBegin,
      [W.find, W.lock],
      { kind: "protect_folio", ...on, mapping: 1 },
      breaks("WB-CLEAN-1", W.clearDirty),
      [W.start, W.unlock, W.write, W.end, W.put],
      syncEnd,
      P.store(8),
      ...fsync(1, "flush_device"),
      implies("DUR-1", crash),
    ],
  },
  {
    name: "both-mappings-protected",
    system: "E",
    about: "WB-CLEAN-1",
    says:
      "Two processes map the folio writable, mkclean visits both, and a store between the two visits " +
      "is written with the folio",
    references: [commit("3ee6dafc677a")],
    bounds: twoMappings,
    start: dataOnDisk,
    events: [
      storedByBoth,
      syncBegin,
      [both.find, both.lock, ...W.protect],
      Q.store(8),
      { kind: "protect_folio", ...on, mapping: 1 },
      [both.clearDirty, both.start, both.unlock, both.write, both.end, both.put],
      syncEnd,
      Q.writeFault,
      Q.store(16),
      ...fsync(1, "flush_device", ...both.all),
      P.writeFault,
      P.store(32),
      ...fsync(1, "flush_device", ...both.all),
      crash,
    ],
  },
  {
    name: "cleaned-before-the-tlb-flush",
    system: "E",
    about: "WB-CLEAN-1",
    says:
      "munmap clears the PTE and flushes the TLB later; writeback finds nothing mapped and clears " +
      "PG_dirty while another thread can still store",
    references: [commit("1cf35d47712d")],
    bounds: { ...cachedWorld, tlbs: true },
    start: dataOnDisk,
    events: [
      stored,
      { kind: "zap_folio", mapping: 0, page: 0, tlbFlush: "deferred" },
      syncBegin,
      W.find,
      W.lock,
      W.protect,
      breaks("WB-CLEAN-1", W.clearDirty),
      [W.start, W.unlock, W.write, W.end, W.put],
      syncEnd,
      P.store(4),
      { kind: "flush_tlb", mapping: 0, page: 0 },
    ],
  },
  {
    name: "writeback-without-the-folio-lock",
    system: "E",
    about: "WB-CLEAN-1",
    says: "The folio is unlocked between clearing PG_dirty and the start of writeback",
    references: [litmus("K33")],
    bounds: cachedWorld,
    start: dataOnDisk,
    exempt: ["COH-1"],
    events: [
      stored,
      W.find,
      W.lock,
      W.protect,
      W.clearDirty,
      { kind: "clear_mark", ...on, mark: "DIRTY" },
      W.unlock,
      breaks("WB-CLEAN-1", W.start),
    ],
  },
  {
    name: "mapped-writable-without-mkwrite",
    system: "E",
    about: "WB-MKWRITE-1",
    says: "A read fault maps a clean folio writable, and the file system never hears of the store",
    references: [commit("9637a5efd4fb")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      P.cache,
      P.lock,
      breaks("WB-MKWRITE-1", P.mapWritable),
      P.unlock,
      P.put,
      P.store(2),
      ...fsync(1, "flush_device"),
      implies("DUR-1", crash),
    ],
  },
  {
    name: "mapped-readable-first",
    system: "E",
    about: "WB-MKWRITE-1",
    says:
      "A read fault maps the folio read-only, and the store faults again to ask the file system",
    references: [commit("9637a5efd4fb")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      [P.cache, P.lock, P.mapReadable, P.unlock, P.put],
      P.writeFault,
      P.store(2),
      ...fsync(1, "flush_device", ...W.all),
      crash,
    ],
  },
  {
    name: "towrite-cleared-by-somebody-else",
    system: "E",
    about: "WB-TOWRITE-1",
    says:
      "A commit of the journal clears TOWRITE of a folio that it does not write, and the fsync that " +
      "had set it passes the folio",
    references: [litmus("K33"), commit("1c8349a17137")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      stored,
      syncBegin,
      tag,
      { kind: "find_folio", task: 2, page: 0 },
      { kind: "lock_folio", task: 2, page: 0 },
      breaks("WB-TOWRITE-1", { kind: "clear_mark", task: 2, page: 0, mark: "TOWRITE" }),
      { kind: "unlock_folio", task: 2, page: 0 },
      { kind: "put_folio", task: 2, page: 0 },
      syncEnd,
      implies("DUR-1", crash),
    ],
  },
  {
    name: "towrite-kept-by-somebody-else",
    system: "E",
    about: "WB-TOWRITE-1",
    says:
      "A commit that cannot write the folio leaves its mark, and the fsync that had set it writes it",
    references: [litmus("K33"), commit("1c8349a17137")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      stored,
      syncBegin,
      tag,
      { kind: "find_folio", task: 2, page: 0 },
      { kind: "lock_folio", task: 2, page: 0 },
      { kind: "unlock_folio", task: 2, page: 0 },
      { kind: "put_folio", task: 2, page: 0 },
      W.all,
      syncEnd,
      crash,
    ],
  },
  {
    name: "mark-left-behind",
    system: "E",
    about: "WB-TAG-1",
    says: "Writeback of a folio over a hole cleans it and leaves the DIRTY mark of its slot",
    references: [litmus("K33"), commit("1c8349a17137")],
    bounds: cachedWorld,
    start: { tag: [1], slot: [1], folio: [3, 0], size: [1], diskSize: [1] },
    events: [W.find, W.lock, W.clearDirty, breaks("WB-TAG-1", W.unlock)],
  },
  {
    name: "mark-and-flag-agree",
    system: "E",
    about: "WB-TAG-1",
    says: "Whenever a folio is unlocked, its PG_dirty and the DIRTY mark of its slot say the same",
    references: [litmus("K33")],
    bounds: cachedWorld,
    start: { tag: [1], slot: [1], folio: [3, 0], size: [1], diskSize: [1] },
    events: [W.find, W.lock, W.unlock, W.lock, W.clearDirty, W.start, W.unlock, W.end, W.put],
  },
  {
    name: "last-page-stays-writable",
    system: "E",
    about: "WB-MKWRITE-2",
    says:
      "The file grows within its last page, which stays writable: a store to the new block was never " +
      "reserved",
    references: [litmus("L17"), commit("90a8020278c1"), commit("c364b22c9580")],
    bounds: small,
    start: halfFile,
    configuration: { blocks: "smaller" },
    events: [fault, storeTo(0, 2), grow, breaks("WB-MKWRITE-2", storeTo(1, 4))],
  },
  {
    name: "last-page-protected",
    system: "E",
    about: "WB-MKWRITE-2",
    says:
      "The file grows within its last page, which is write-protected: the next store faults and " +
      "reserves the new block",
    references: [litmus("L17"), commit("90a8020278c1"), fstests("generic/030")],
    bounds: small,
    start: halfFile,
    configuration: { blocks: "smaller" },
    events: [
      fault,
      storeTo(0, 2),
      { kind: "protect_folio", task: 1, page: 0, mapping: 0 },
      grow,
      fault,
      storeTo(1, 4),
    ],
  },
];
