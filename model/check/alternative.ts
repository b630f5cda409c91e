/**
 * One way in which an observation can have come about, and the events that such ways are made of.
 *
 * @module
 */
import type { Event, Removal } from "../event.ts";
import type { Order } from "../xarray.ts";

/** One way in which an observation can have come about. */
export interface Alternative {
  readonly events: readonly Event[];
  /** Things that no released kernel does, each of which this alternative needs. */
  readonly departures: number;
  /** The watched mapping's process has exited: refuted as soon as one of its tasks is seen. */
  readonly gone?: boolean;
  /** Rests on a removal that the recording does not show. */
  readonly silent?: boolean;
  /** Rests on the mapping having been undone by something that the recording does not show. */
  readonly undone?: boolean;
  /** Rests on two tasks sharing their memory, which the recording does not tell. */
  readonly assumed?: boolean;
  /**
   * Rests on two things that the recording does not show: on such a removal, and on the removed block
   * having been written again, say. It is not believed where less will do.
   */
  readonly farfetched?: boolean;
}

/** The world's only page. */
export const page = 0;
/** The world's only mapping. */
export const mapping = 0;
/** Whoever acts, on the world's page. */
export const on = { task: 0, page } as const;

/** A call enters the file system's code. */
export const callBegin: Event = { kind: "call_begin", ...on };
/** A call leaves the file system's code. */
export const callEnd: Event = { kind: "call_end", ...on };
/** The entry is unlocked. */
export const unlock: Event = { kind: "unlock_entry", ...on };
/** The block map is looked up. */
export const lookUp: Event = { kind: "look_up", ...on };
/** A block is allocated. */
export const allocate: Event = { kind: "allocate", ...on };
/** The mapping's PTE of the page is cleared. */
export const unmap: Event = { kind: "unmap_page", mapping, page };
/** The entry is locked, for a mapping of this size. */
export const lock = (order: Order): Event => ({ kind: "lock_entry", ...on, order });

/** The entry goes because pages [0, to) of the small world are removed. */
export function removeEntry(why: Removal, to: 0 | 1): Event {
  return { kind: "remove_entry", ...on, why, from: 0, to };
}

/** Something that is not recorded has removed the entry, all of it. */
export const silentRemoval = removeEntry("layout", 1);

/** The alternative of these events. */
export function alternative(events: readonly Event[], departures = 0): Alternative {
  return { events, departures };
}
