/**
 * Two designs small enough to read at a glance, for tests of what reads, prints and runs designs: a
 * hole load and an allocation without any lock, and with the entry lock around look-up and install.
 */
import type { Actor, Branch, Design, Step } from "../model/design.ts";
import { Extent, readsAsHole } from "../model/extent.ts";
import type { Event } from "../model/event.ts";
import type { State } from "../model/state.ts";

const page = 0;

function oneWay(name: string, ...events: readonly Event[]): Step {
  return { label: name, name, branches: [branch("", () => true, events)] };
}

function branch(
  result: string,
  when: (state: State) => boolean,
  events: readonly Event[],
  goto?: string,
): Branch {
  return goto === undefined ? { result, when, events } : { result, when, events, goto };
}

function isHole(state: State): boolean {
  return readsAsHole(state.extent[page] ?? Extent.HOLE);
}

function reader(locks: boolean): Actor {
  const task = 0;
  const lookUp: Step = {
    label: "get_block",
    name: "get_block(0)",
    branches: [
      branch("HOLE", isHole, [{ kind: "look_up", task, page }]),
      branch("MAPPED", (state) => !isHole(state), [{ kind: "look_up", task, page }], "put"),
    ],
  };
  const load = oneWay(
    "dax_load_hole(0)",
    { kind: "insert_entry", task, page, order: "pte", value: "zero", dirty: false },
    { kind: "map_page", task, page, mapping: 0, order: "pte", access: "zero" },
  );
  return actor("R", task, locks, [lookUp, load]);
}

function writer(locks: boolean): Actor {
  const task = 1;
  return actor("W", task, locks, [
    oneWay("get_block(0, create)", { kind: "allocate", task, page }),
    oneWay(
      "dax_insert_mapping(0)",
      { kind: "insert_entry", task, page, order: "pte", value: "pfn", dirty: true },
      { kind: "unmap_page", mapping: 0, page },
      { kind: "map_page", task, page, mapping: 1, order: "pte", access: "write" },
    ),
  ]);
}

function actor(name: string, task: number, locks: boolean, steps: readonly Step[]): Actor {
  const enter: Step = locks
    ? oneWay("grab_mapping_entry(0)", { kind: "call_begin", task, page }, {
      kind: "lock_entry",
      task,
      page,
      order: "pte",
    })
    : oneWay("enter", { kind: "call_begin", task, page });
  const leave: readonly Event[] = [{ kind: "call_end", task, page }];
  const put: Step = {
    label: "put",
    name: locks ? "put_unlocked_entry(0)" : "return",
    branches: [
      branch("", () => true, locks ? [{ kind: "unlock_entry", task, page }, ...leave] : leave),
    ],
  };
  return { name, task, environment: false, program: [enter, ...steps, put] };
}

function design(id: string, title: string, locks: boolean, breaks: readonly string[]): Design {
  return {
    id,
    system: "A",
    title,
    source: "seed 000",
    bounds: { pages: 1, pmdPages: 1, mappings: 2, tasks: 2, locals: 1 },
    start: (state) => {
      // The slot holds an entry from before, so that an insert finds something to replace.
      state.entry[page] = 1;
    },
    actors: [reader(locks), writer(locks)],
    breaks,
  };
}

/** The race of the first seed. */
export const unlocked: Design = design("unlocked", "no lock between look-up and install", false, [
  "DAX-HOLE-1",
  "DAX-HOLE-2",
]);

/** The entry lock, as merged in v4.7. */
export const entryLocked: Design = design("locked", "entry lock around both", true, []);
