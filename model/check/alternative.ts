/**
 * Ways in which an observation can have come about, and the events of the small world that they are
 * made of: task 0 acts on page 0, and mapping 0 is the watched one.
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
}

const actor = 0;
export const page = 0;
export const mapping = 0;
export const on = { task: actor, page } as const;

export const callBegin: Event = { kind: "call_begin", ...on };
export const callEnd: Event = { kind: "call_end", ...on };
export const unlock: Event = { kind: "unlock_entry", ...on };
export const lookUp: Event = { kind: "look_up", ...on };
export const allocate: Event = { kind: "allocate", ...on };
export const unmap: Event = { kind: "unmap_page", mapping, page };
export const lock = (order: Order): Event => ({ kind: "lock_entry", ...on, order });
export const removeEntry = (why: Removal, to: 0 | 1): Event => ({
  kind: "remove_entry",
  ...on,
  why,
  from: 0,
  to,
});
export const silentRemoval = removeEntry("layout", 1);

/** An alternative that asks for nothing unusual, or for some departures. */
export function alternative(events: readonly Event[], departures = 0): Alternative {
  return { events, departures };
}
