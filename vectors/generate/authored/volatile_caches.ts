/**
 * System B by hand: what readers see of data that is in memory or in a device's cache only, and what
 * becomes of it when it is read back, overwritten or removed.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import {
  cachedWorld,
  crash,
  dataOnDisk,
  daxFault,
  daxWorld,
  fsync,
  mmapSync,
  storeLine,
  syncWorld,
} from "./durable_calls.ts";
import { direct, folio, writeFolioBack } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, kernel, litmus } from "./sequence.ts";

const P = folio({ task: 0 });
const W = writeFolioBack({ task: 1 }, 0);
const D = direct({ task: 0 }, 2);
const later = folio({ task: 2 });
const punched: Event = { kind: "remove_extent", task: 0, page: 0, becomes: "hole" };
const returns: Event = { kind: "removal_end", task: 0, page: 0 };

/** Memory, the device's cache, the media. */
export const volatileCaches: readonly Authored[] = [
  {
    name: "seen-before-it-is-durable",
    system: "B",
    about: "COH-3",
    says:
      "A direct write has returned and is in the device's cache only: readers see it all the same",
    references: [litmus("L8"), litmus("K20")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [D.begin, D.invalidated, D.write, D.again, D.end, P.readMiss, later.observe],
  },
  {
    name: "direct-read-of-a-store",
    system: "B",
    about: "COH-4",
    says: "A direct read writes the dirty page back first: it sees the store, durable or not",
    references: [litmus("L13")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      P.cache,
      P.mkwrite,
      P.store(4),
      D.begin,
      W.all,
      { kind: "direct_read", task: 0, page: 0 },
    ],
  },
  {
    name: "new-block-behind-a-punch",
    system: "B",
    about: "INV-4",
    says:
      "A punched page gets a block again before anybody stores to it: readers see zeros, whatever " +
      "the media still holds",
    references: [litmus("L15"), litmus("K18")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [punched, returns, { kind: "allocate", task: 1, page: 0 }, later.observe],
  },
  {
    name: "read-back-after-reclaim",
    system: "B",
    about: "DUR-1",
    says:
      "A synced page is reclaimed, read back and stored to: the next fsync writes the old store too",
    references: [litmus("K3"), litmus("K5")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      P.cache,
      P.mkwrite,
      P.store(2),
      ...fsync(1, "flush_device", ...W.all),
      later.remove("reclaim"),
      P.cache,
      P.mkwrite,
      P.store(4),
      ...fsync(1, "flush_device", ...W.all),
      crash,
    ],
  },
  {
    name: "store-beside-a-direct-write",
    system: "B",
    about: "DUR-1",
    says: "A direct write is synced, its page cached and stored to: the next fsync writes both",
    references: [litmus("K21"), litmus("L10")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      D.begin,
      D.invalidated,
      D.write,
      D.again,
      D.end,
      ...fsync(1, "flush_device"),
      P.cache,
      P.mkwrite,
      P.store(4),
      ...fsync(1, "flush_device", ...W.all),
      crash,
    ],
  },
  {
    name: "punched-stores-are-owed-to-nobody",
    system: "B",
    about: "META-2",
    says: "A store is removed by a hole punch: the fsync after that does not owe it",
    references: [litmus("K40"), litmus("K17")],
    bounds: syncWorld,
    start: dataOnDisk,
    events: [
      mmapSync(0, 0),
      daxFault(0, 0),
      storeLine(0, 4),
      { kind: "unmap_page", mapping: 0, page: 0 },
      { kind: "remove_entry", task: 1, page: 0, why: "punch", from: 0, to: 1 },
      punched,
      ...fsync(1, "commit"),
      crash,
    ],
  },
  {
    name: "marks-go-with-what-is-punched",
    system: "B",
    about: "DUR-4",
    says:
      "The mark that led to a store is gone with the punched page: a store of the same bytes that " +
      "bears no mark is not owed",
    references: [litmus("K16"), litmus("K40")],
    bounds: daxWorld,
    start: dataOnDisk,
    exempt: ["DAX-TAG-1"],
    events: [
      daxFault(0, 0),
      storeLine(0, 4),
      { kind: "unmap_page", mapping: 0, page: 0 },
      { kind: "remove_entry", task: 1, page: 0, why: "punch", from: 0, to: 1 },
      punched,
      daxFault(0, 0, { allocates: true, dirty: false }),
      storeLine(0, 4),
      ...fsync(1, "commit"),
      crash,
    ],
  },
  {
    name: "zeroing-goes-past-the-cache",
    system: "B",
    about: "DAX-HOLE-1",
    says:
      "The file system zeroes a block with stores that go past the CPU's cache: nothing of what was " +
      "there before is left to flush",
    references: [
      kernel("v4.2, fs/dax.c: the block is zeroed when it is mapped"),
      commit("843172978bb9"),
    ],
    bounds: { pages: 1, mappings: 1, tasks: 2 },
    exempt: ["DAX-ENTRY-4", "DAX-HOLE-2", "DAX-TAG-1"],
    events: [
      { kind: "call_begin", task: 0, page: 0 },
      { kind: "allocate", task: 0, page: 0 },
      { kind: "map_page", task: 0, page: 0, mapping: 0, order: "pte", access: "write" },
      { kind: "store", mapping: 0, page: 0 },
      { kind: "zero_block", task: 0, page: 0 },
      { kind: "call_end", task: 0, page: 0 },
      { kind: "sync_begin", task: 1 },
      { kind: "sync_end", task: 1 },
    ],
  },
  {
    name: "stale-block-behind-a-punch",
    system: "B",
    about: "INV-4",
    says:
      "A punched page gets a block that nobody has zeroed: readers see what its last owner left",
    references: [litmus("L15"), commit("5726b27b09cc")],
    bounds: cachedWorld,
    start: { ...dataOnDisk, media: [129], visible: [129], pending: [129] },
    events: [
      punched,
      returns,
      { kind: "allocate", task: 1, page: 0, unzeroed: true },
      breaks("INV-4", later.observe),
    ],
  },
];
