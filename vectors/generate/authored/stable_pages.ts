/**
 * System E by hand: pages that must not change while they are written out.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import { cachedWorld, dataOnDisk } from "./durable_calls.ts";
import { folio, writeFolioBack } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, fstests, implies, litmus, seed } from "./sequence.ts";

const stableWorld = { ...cachedWorld, stableWrites: true };
const stableDevice = { stableWrites: "required" } as const;
const P = folio({ task: 0 });
/** G has the pin. */
const G = 2;
const W = writeFolioBack({ task: 1 }, 0);
/** Writeback by a task that pins nothing. */
const late = writeFolioBack({ task: 2 }, 0);
const onG = { task: G, page: 0 } as const;
const stored = [P.cache, P.mkwrite, P.store(2)];
const pin: Event = { kind: "pin", ...onG, mapping: 0 };
const dma: Event = { kind: "dma_write", ...onG, writes: 4 };
const unpin: Event = { kind: "unpin", ...onG };
const settle: Event = { kind: "settle_buffer", ...onG };
const send: Event = { kind: "send_buffer", ...onG };

/** Checksums, parity, and who changes what they are made of. */
export const stablePages: readonly Authored[] = [
  {
    name: "device-writes-under-writeback",
    system: "E",
    about: "STABLE-1",
    says:
      "A device writes through a pin while the page is under writeback: what reaches the disk does " +
      "not match its checksum",
    references: [litmus("L23"), litmus("E9"), seed("004")],
    bounds: stableWorld,
    start: dataOnDisk,
    configuration: stableDevice,
    events: [
      stored,
      pin,
      [W.find, W.lock, W.protect, W.clearDirty, W.start, W.unlock],
      dma,
      breaks("STABLE-1", W.write),
      W.end,
      W.put,
    ],
  },
  {
    name: "pinned-folio-bounced",
    system: "E",
    about: "STABLE-1",
    says:
      "Writeback of a pinned folio sends a copy that was made when it began: the checksum matches " +
      "whatever the device writes meanwhile",
    references: [litmus("E9"), seed("004")],
    bounds: stableWorld,
    start: dataOnDisk,
    configuration: stableDevice,
    events: [
      stored,
      pin,
      [W.find, W.lock, W.protect, W.clearDirty, W.start, W.unlock],
      dma,
      { kind: "write_folio", task: 1, page: 0, bounced: true },
      W.end,
      W.put,
    ],
  },
  {
    name: "torn-where-nobody-minds",
    system: "E",
    about: "WB-CLEAN-1",
    says: "Where the device needs no stable pages, a page may change under writeback",
    references: [commit("1d1d1a767206")],
    bounds: cachedWorld,
    start: dataOnDisk,
    events: [
      stored,
      pin,
      [W.find, W.lock, W.protect, W.clearDirty, W.start, W.unlock],
      dma,
      [W.write, W.end, W.put],
    ],
  },
  {
    name: "store-does-not-wait",
    system: "E",
    about: "STABLE-2",
    says:
      "A write fault maps a page writable that is under writeback to a device that needs stable pages",
    references: [commit("1d1d1a767206")],
    bounds: stableWorld,
    start: dataOnDisk,
    configuration: stableDevice,
    events: [
      stored,
      [W.find, W.lock, W.protect, W.clearDirty, W.start, W.unlock],
      [P.find, P.lock, P.markDirty],
      breaks("STABLE-2", P.mapWritable),
      P.unlock,
      P.put,
      P.store(8),
      implies("STABLE-1", W.write),
    ],
  },
  {
    name: "store-waits-for-writeback",
    system: "E",
    about: "STABLE-2",
    says: "A write fault waits until writeback of the page has ended",
    references: [commit("1d1d1a767206")],
    bounds: stableWorld,
    start: dataOnDisk,
    configuration: stableDevice,
    events: [stored, W.all, P.writeFault, P.store(8), W.all],
  },
  {
    name: "buffer-changes-under-way",
    system: "E",
    about: "STABLE-3",
    says: "The buffer of a direct write changes between its checksum and the device's reading it",
    references: [commit("968f19c5b1b7"), fstests("generic/761")],
    bounds: stableWorld,
    start: dataOnDisk,
    configuration: stableDevice,
    events: [stored, pin, settle, P.store(8), breaks("STABLE-3", send), unpin],
  },
  {
    name: "buffer-bounced",
    system: "E",
    about: "STABLE-3",
    says: "A direct write to a device that needs stable pages sends a copy of its buffer",
    references: [commit("c9d114846b38"), commit("3373503df025"), fstests("generic/761")],
    bounds: stableWorld,
    start: dataOnDisk,
    configuration: stableDevice,
    events: [
      stored,
      pin,
      settle,
      P.store(8),
      { ...onG, kind: "send_buffer", bounced: true },
      unpin,
    ],
  },
  {
    name: "buffer-left-alone",
    system: "E",
    about: "STABLE-3",
    says:
      "A buffer that nobody changes between its checksum and the device's reading it needs no copy",
    references: [commit("968f19c5b1b7")],
    bounds: stableWorld,
    start: dataOnDisk,
    configuration: stableDevice,
    events: [stored, pin, settle, send, unpin],
  },
  {
    name: "write-does-not-wait",
    system: "E",
    about: "STABLE-2",
    says: "write(2) copies into a page that is under writeback to a device that needs stable pages",
    references: [commit("1d1d1a767206")],
    bounds: stableWorld,
    start: dataOnDisk,
    configuration: stableDevice,
    events: [
      stored,
      [late.find, late.lock, late.protect, late.clearDirty, late.start, late.unlock],
      [P.find, P.lock],
      breaks("STABLE-2", { kind: "copy_in", task: 0, page: 0, writes: 8 }),
      [P.markDirty, P.unlock, P.put],
      implies("STABLE-1", late.write),
    ],
  },
];
