/**
 * System B by hand: a folio of two blocks, each dirty by itself. PG_dirty is one flag of both.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import { cachedWorld, crash, dataOnDisk } from "./durable_calls.ts";
import { folio, writeFolioBack } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, implies } from "./sequence.ts";

const P = folio({ task: 0 });
const W = writeFolioBack({ task: 1 }, 0);
const bounds = { ...cachedWorld, subpage: true };
const syncBegin = { kind: "fsync_begin", task: 1 } as const;
const flushed = { kind: "flush_device", task: 1 } as const;
const syncEnd = { kind: "fsync_end", task: 1 } as const;
const references = [commit("4ce02c679722")] as const;

/** write(2) to one block of a cached page. */
function write(part: 0 | 1, writes: number): readonly Event[] {
  const on = { task: 0, page: 0 } as const;
  const copy: Event = { kind: "copy_in", ...on, writes };
  return [P.find, P.lock, copy, { kind: "mark_dirty", ...on, part }, P.unlock, P.put];
}

/** The device takes one block of the folio. */
const submit = (part: 0 | 1): Event => ({ kind: "write_folio", task: 1, page: 0, part });
const cached = [...P.cache, P.put];
const taken = [W.find, W.lock, ...W.protect, W.clearDirty, W.start, W.unlock];

/** A write fault at the first block, which marks only that dirty. */
const halfFault = [
  P.find,
  P.lock,
  { kind: "mark_dirty", task: 0, page: 0, part: 0 },
  P.mapWritable,
  P.unlock,
  P.put,
] as const;

/** Dirty blocks, and what writeback does with them. */
export const dirtyBlocks: readonly Authored[] = [
  {
    name: "second-block-not-written",
    system: "B",
    about: "WB-BLOCK-1",
    says:
      "write(2) dirties both blocks of a folio; writeback takes the first, and the folio is clean",
    references,
    bounds,
    start: dataOnDisk,
    events: [
      cached,
      write(0, 4),
      write(1, 2),
      syncBegin,
      taken,
      submit(0),
      breaks("WB-BLOCK-1", W.end, "COH-1"),
      W.put,
      flushed,
      syncEnd,
      implies("DUR-1", crash),
    ],
  },
  {
    name: "second-block-not-written",
    system: "B",
    about: "DUR-1",
    says:
      "write(2) dirties both blocks of a folio; writeback takes the first, which is written to again, " +
      "and fsync returns",
    references,
    bounds,
    start: dataOnDisk,
    events: [
      cached,
      write(0, 4),
      write(1, 2),
      syncBegin,
      taken,
      submit(0),
      write(0, 16),
      W.end,
      W.put,
      flushed,
      syncEnd,
      breaks("DUR-1", crash),
    ],
  },
  {
    name: "both-blocks-written",
    system: "B",
    about: "WB-BLOCK-1",
    says: "write(2) dirties both blocks of a folio; writeback takes each before it ends",
    references,
    bounds,
    start: dataOnDisk,
    events: [
      cached,
      write(0, 4),
      write(1, 2),
      syncBegin,
      taken,
      submit(0),
      submit(1),
      W.end,
      W.put,
      flushed,
      syncEnd,
      crash,
    ],
  },
  {
    name: "only-the-dirty-block-written",
    system: "B",
    about: "WB-BLOCK-1",
    says:
      "Of a folio of which one block is dirty, writeback writes that one: the other is on the disk",
    references,
    bounds,
    start: dataOnDisk,
    events: [
      cached,
      write(1, 2),
      syncBegin,
      taken,
      submit(1),
      W.end,
      W.put,
      flushed,
      syncEnd,
      crash,
    ],
  },
  {
    name: "fault-dirties-one-block",
    system: "B",
    about: "COH-1",
    says:
      "A write fault makes the page writable and marks one block dirty: a store to the other is not " +
      "written",
    references,
    bounds,
    start: dataOnDisk,
    events: [
      cached,
      halfFault,
      P.store(2),
      syncBegin,
      taken,
      submit(0),
      breaks("COH-1", W.end),
    ],
  },
];
