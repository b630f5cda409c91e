/**
 * Stand-ins for states and events that note what is read of them.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import type { Field, State } from "../../../model/state.ts";

/** A state that notes the names of the views that are read. */
export function watchState(state: State, reads: Set<Field>): State {
  return new Proxy(state, {
    get: (target, name, receiver) => {
      if (isView(target, name)) reads.add(name);
      return Reflect.get(target, name, receiver);
    },
  });
}

/** An event that notes the fields that are read, as `kind.name`. */
export function watchEvent(event: Event, reads: Set<string>): Event {
  return new Proxy(event, {
    get: (target, name, receiver) => {
      if (typeof name === "string" && name !== "kind") reads.add(`${target.kind}.${name}`);
      return Reflect.get(target, name, receiver);
    },
  });
}

function isView(state: State, name: string | symbol): name is Field {
  return typeof name === "string" && name in state && name !== "bounds" && name !== "bytes";
}
