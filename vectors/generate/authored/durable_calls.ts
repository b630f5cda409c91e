/**
 * Calls in a world where power can fail: what the hand-written vectors of system B are put together
 * from.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import type { CacheLine } from "../../../model/events/storage.ts";
import type { Start } from "../../format/event_vector.ts";
import type { WorldSize } from "./sequence.ts";

/** One page of a DAX file: two mappings, three tasks, one block. */
export const daxWorld: WorldSize = { pages: 1, mappings: 2, tasks: 3, blocks: 1, durable: true };

/** One page of a DAX file, of which the first mapping is synchronous. */
export const syncWorld: WorldSize = { ...daxWorld, syncBelow: 1 };

/** One page in the page cache: one mapping, three tasks, one block. */
export const cachedWorld: WorldSize = {
  pages: 1,
  mappings: 1,
  tasks: 3,
  folios: 2,
  blocks: 1,
  durable: true,
};

/** A file of one page that is a hole. */
export const holeOnDisk: Start = { size: [1], diskSize: [1] };

/** A file of one page whose block is allocated, committed and never written. */
export const unwrittenOnDisk: Start = {
  extent: [1],
  block: [1],
  owner: [1],
  size: [1],
  diskExtent: [1],
  diskBlock: [1],
  diskSize: [1],
};

/** A file of one page with data, bit 0, all of it committed and on the media. */
export const dataOnDisk: Start = {
  extent: [2],
  block: [1],
  owner: [1],
  media: [1],
  size: [1],
  visible: [1],
  pending: [1],
  diskExtent: [2],
  diskBlock: [1],
  diskSize: [1],
};

/** A power failure. */
export const crash: Event = { kind: "crash" };

/** A DAX write fault: with a new block, and with the DIRTY mark. */
export function daxFault(
  task: number,
  mapping: number,
  { allocates = false, dirty = true } = {},
): readonly Event[] {
  const on = { task, page: 0 } as const;
  return [
    { kind: "lock_entry", ...on, order: "pte" },
    ...(allocates ? [{ kind: "allocate", ...on } as const] : []),
    { kind: "insert_entry", ...on, order: "pte", value: "pfn", dirty },
    { kind: "map_page", ...on, mapping, order: "pte", access: "write" },
    { kind: "unlock_entry", ...on },
  ];
}

/** The write fault of a MAP_SYNC mapping commits the block map before it maps the page. */
export function syncFault(task: number, mapping: number): readonly Event[] {
  const on = { task, page: 0 } as const;
  return [
    { kind: "lock_entry", ...on, order: "pte" },
    { kind: "allocate", ...on },
    { kind: "insert_entry", ...on, order: "pte", value: "pfn", dirty: false },
    { kind: "unlock_entry", ...on },
    { kind: "commit", task },
    { kind: "lock_entry", ...on, order: "pte" },
    { kind: "set_mark", ...on, mark: "DIRTY" },
    { kind: "map_page", ...on, mapping, order: "pte", access: "write" },
    { kind: "unlock_entry", ...on },
  ];
}

/** mmap with MAP_SYNC. */
export function mmapSync(
  task: number,
  mapping: number,
  gets: "synchronous" | "plain" | "EOPNOTSUPP" = "synchronous",
): Event {
  return { kind: "mmap", task, mapping, asksSync: true, gets };
}

/** A store to a cache line; even bits are in the first. */
export function storeLine(mapping: number, writes: number): Event {
  return { kind: "store_line", mapping, page: 0, writes };
}

/** CLWB and SFENCE of a program that relies on them. */
export function flushLine(task: number, line: CacheLine, writes: number): readonly Event[] {
  const on = { task, page: 0 } as const;
  return [{ kind: "write_back_line", ...on, line }, { kind: "fence", ...on, writes }];
}

/** A pass over the DAX entry, in these mappings. */
export function cleanEntry(task: number, ...mappings: readonly number[]): readonly Event[] {
  const on = { task, page: 0 } as const;
  return [
    { kind: "lock_entry", ...on, order: "pte" },
    ...mappings.map((mapping): Event => ({ kind: "mkclean", ...on, mapping })),
    { kind: "flush", ...on },
    { kind: "clear_dirty", ...on },
    { kind: "unlock_entry", ...on },
  ];
}

/** fsync around what it does in between; `last` is how it makes the device's cache empty. */
export function fsync(
  task: number,
  last: "commit" | "flush_device" | "nothing",
  ...between: readonly Event[]
): readonly Event[] {
  return [
    { kind: "fsync_begin", task },
    ...between,
    ...(last === "nothing" ? [] : [{ kind: last, task } as const]),
    { kind: "fsync_end", task },
  ];
}
