/**
 * System E by hand: pages that a device may still write to.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import { cachedWorld, crash, dataOnDisk, fsync } from "./durable_calls.ts";
import { folio, writeFolioBack } from "./page_cache_calls.ts";
import {
  type Authored,
  breaks,
  commit,
  cve,
  fstests,
  implies,
  kernel,
  litmus,
  seed,
} from "./sequence.ts";

const P = folio({ task: 0 });
/** G has the pin. */
const G = 2;
const W = writeFolioBack({ task: 1 }, 0);
const onG = { task: G, page: 0 } as const;
const stored = [P.cache, P.mkwrite, P.store(2)];
const pin: Event = { kind: "pin", ...onG, mapping: 0 };
const dma: Event = { kind: "dma_write", ...onG, writes: 4 };
const dirty: Event = { kind: "mark_pinned_dirty", ...onG };
const unpin: Event = { kind: "unpin", ...onG };

/** A DAX file with a block, a task with a pin on it, and one that punches it out. */
const daxWorld = { pages: 2, mappings: 1, tasks: 3, blocks: 1, rwsems: 1, files: 2 };
const daxStart = { extent: [2, 0], block: [1, 0], owner: [1], media: [1], size: [1, 1] };
const pinBlock: Event = { kind: "pin_block", ...onG };
const unpinBlock: Event = { kind: "unpin_block", ...onG };
const dmaBlock: Event = { kind: "dma_write_block", ...onG, writes: 4 };
const T = 1;
const down: Event = { kind: "acquire", task: T, lock: "invalidate_lock", mode: "exclusive" };
const up: Event = { kind: "release", task: T, lock: "invalidate_lock" };
const sleep: Event = { kind: "sleep_on_pins", task: T, page: 0 };
const punch: Event = { kind: "remove_extent", task: T, page: 0, becomes: "hole" };

/** Pins, and what becomes of their pages. */
export const pins: readonly Authored[] = [
  {
    name: "reclaimed-while-pinned",
    system: "E",
    about: "PIN-1",
    says: "Reclaim frees a clean page that is pinned",
    references: [seed("004"), kernel("before 6.1, mm/vmscan.c")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [stored, pin, W.all, breaks("PIN-1", P.remove("reclaim"))],
  },
  {
    name: "reclaimed-after-unpinning",
    system: "E",
    about: "PIN-1",
    says: "Reclaim passes a page while it is pinned, and frees it afterwards",
    references: [seed("004"), kernel("6.1 to 7.2, mm/vmscan.c")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [stored, pin, W.all, unpin, P.remove("reclaim")],
  },
  {
    name: "truncated-while-pinned",
    system: "E",
    about: "PIN-2",
    says:
      "A page of the page cache may leave its file while it is pinned: the device writes to memory " +
      "that belongs to nobody else",
    references: [litmus("L25"), seed("004")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [stored, pin, dma, dirty, P.remove("truncate"), unpin],
  },
  {
    name: "unpinned-clean",
    system: "E",
    about: "PIN-2",
    says:
      "A device wrote to a page that writeback had cleaned meanwhile, and the pin is given back " +
      "without marking the page dirty",
    references: [litmus("L22"), litmus("E10"), seed("004")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      stored,
      pin,
      ...fsync(1, "flush_device", ...W.all),
      dma,
      breaks("PIN-2", unpin),
      ...fsync(1, "flush_device"),
      implies("DUR-1", crash),
    ],
  },
  {
    name: "unpinned-dirty",
    system: "E",
    about: "PIN-2",
    says:
      "The page is marked dirty when its pin is given back, and the fsync after that writes what the " +
      "device wrote",
    references: [litmus("L22"), litmus("E10"), seed("004")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      stored,
      pin,
      dma,
      dirty,
      unpin,
      ...fsync(1, "flush_device", ...W.all),
      crash,
    ],
  },
  {
    name: "dirtied-without-asking",
    system: "E",
    about: "PIN-3",
    says: "A page that its file system has cleaned is marked dirty by the owner of a pin",
    references: [seed("004"), commit("247e743cbe6e")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [stored, pin, W.all, dma, breaks("PIN-3", dirty), unpin],
  },
  {
    name: "dirtied-while-dirty",
    system: "E",
    about: "PIN-3",
    says: "Marking a page dirty that is dirty already asks nothing of the file system",
    references: [seed("004")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [stored, pin, dma, dirty, unpin, W.all],
  },
  {
    name: "pinned-for-long",
    system: "E",
    about: "PIN-5",
    says:
      "A page of a shared file mapping is pinned for writing and for as long as the program likes",
    references: [commit("a6e79df92e4a")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [stored, breaks("PIN-5", { ...onG, kind: "pin", mapping: 0, longterm: true })],
  },
  {
    name: "long-pin-refused",
    system: "E",
    about: "PIN-5",
    says: "A long-term pin on a page of a shared file mapping is refused",
    references: [commit("a6e79df92e4a")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [stored, { ...onG, kind: "refuse_pin", mapping: 0, longterm: true }],
  },
  {
    name: "pinned-through-a-read-only-mapping",
    system: "E",
    about: "RO-1",
    says: "A direct read into a buffer that is mapped read-only pins it for writing all the same",
    references: [
      litmus("L21"),
      commit("ef947b2529f9"),
      fstests("generic/462"),
      cve("CVE-2016-5195"),
    ],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      [P.cache, P.lock, P.mapReadable, P.unlock, P.put],
      breaks("RO-1", pin),
    ],
  },
  {
    name: "read-only-mapping-refused",
    system: "E",
    about: "RO-1",
    says: "A direct read into a buffer that is mapped read-only fails with EFAULT",
    references: [litmus("L21"), commit("ef947b2529f9"), fstests("generic/462")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      [P.cache, P.lock, P.mapReadable, P.unlock, P.put],
      { ...onG, kind: "refuse_pin", mapping: 0 },
    ],
  },
  {
    name: "block-freed-while-pinned",
    system: "E",
    about: "LAYOUT-1",
    says:
      "A hole punch frees a DAX block that a device may still write to: the device then writes into " +
      "whatever file gets it next",
    references: [litmus("L24"), litmus("L25"), commit("d6dc57e251a4"), fstests("generic/503")],
    bounds: daxWorld,
    start: daxStart,
    events: [pinBlock, down, breaks("LAYOUT-1", punch), up, dmaBlock, unpinBlock],
  },
  {
    name: "punch-waits-for-the-pin",
    system: "E",
    about: "LAYOUT-1",
    says: "A hole punch drops its lock and waits until the pin is given back, then frees the block",
    references: [litmus("L24"), commit("5fac7408d828"), fstests("generic/503")],
    bounds: daxWorld,
    start: daxStart,
    events: [pinBlock, down, up, sleep, dmaBlock, unpinBlock, down, punch, up],
  },
  {
    name: "sleeps-with-the-lock-held",
    system: "E",
    about: "LAYOUT-2",
    says: "A hole punch sleeps until the pin is given back without dropping invalidate_lock",
    references: [commit("d6dc57e251a4"), seed("004")],
    bounds: daxWorld,
    start: daxStart,
    events: [pinBlock, down, breaks("LAYOUT-2", sleep)],
  },
  {
    name: "sleeps-without-the-lock",
    system: "E",
    about: "LAYOUT-2",
    says:
      "A hole punch drops invalidate_lock before it sleeps, so that whoever has the pin can fault",
    references: [commit("d6dc57e251a4"), seed("004")],
    bounds: daxWorld,
    start: daxStart,
    events: [
      pinBlock,
      down,
      up,
      sleep,
      { kind: "acquire", task: G, lock: "invalidate_lock", mode: "shared" },
      { kind: "release", task: G, lock: "invalidate_lock" },
      unpinBlock,
      down,
      punch,
      up,
    ],
  },
  {
    name: "pinned-again-after-a-punch",
    system: "E",
    about: "PIN-2",
    says:
      "A page that a device wrote to is punched out; a second pin through which nothing is written " +
      "owes nothing",
    references: [seed("004"), litmus("E10")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      stored,
      pin,
      dma,
      dirty,
      unpin,
      P.remove("punch"),
      { kind: "remove_extent", task: 0, page: 0, becomes: "hole" },
      [P.add, P.mapBlocks, P.read],
      { kind: "allocate", task: 0, page: 0 },
      [P.markDirty, P.mapWritable, P.unlock, P.put],
      pin,
      unpin,
      ...fsync(1, "commit", ...W.all),
      crash,
    ],
  },
];
