/**
 * Designs without sense, for properties that must hold of every design: a few actors of a few steps
 * each, of random events under random guards.
 */
import fc from "fast-check";
import type { Actor, Design, Step } from "../model/design.ts";
import { choice, type Way } from "../model/designs/program.ts";
import type { Event } from "../model/event.ts";
import { Extent } from "../model/extent.ts";
import type { Bounds, State } from "../model/state.ts";
import { Entry, entryKind, Tag, tagOf } from "../model/xarray.ts";

const pages = 2;
const mappings = 2;

const page = fc.nat({ max: pages - 1 });
const mapping = fc.nat({ max: mappings - 1 });
const order = fc.constantFrom("pte" as const, "pmd" as const);
const mark = fc.constantFrom("DIRTY" as const, "TOWRITE" as const, "WRITEBACK" as const);

/** Events whose effects do not add up: a program may repeat them for ever. */
function event(task: number): fc.Arbitrary<Event> {
  const on = fc.record({ task: fc.constant(task), page });
  const kind = <K extends Event["kind"]>(name: K) => on.map((where) => ({ ...where, kind: name }));
  return fc.oneof(
    fc.tuple(on, order).map(([where, size]): Event => ({
      ...where,
      kind: "lock_entry",
      order: size,
    })),
    kind("unlock_entry"),
    kind("look_up"),
    kind("allocate"),
    kind("flush"),
    kind("clear_dirty"),
    fc.tuple(on, order, fc.constantFrom("zero" as const, "pfn" as const), fc.boolean()).map(
      ([where, size, value, dirty]): Event => ({
        ...where,
        kind: "insert_entry",
        order: size,
        value,
        dirty,
      }),
    ),
    on.map((where): Event => ({
      ...where,
      kind: "remove_entry",
      why: "punch",
      from: where.page,
      to: where.page + 1,
    })),
    fc.tuple(
      on,
      mapping,
      order,
      fc.constantFrom("zero" as const, "read" as const, "write" as const),
    )
      .map(([where, of, size, access]): Event => ({
        ...where,
        kind: "map_page",
        mapping: of,
        order: size,
        access,
      })),
    fc.tuple(on, mapping).map(([where, of]): Event => ({ ...where, kind: "mkclean", mapping: of })),
    fc.tuple(mapping, page).map(([of, at]): Event => ({
      kind: "unmap_page",
      mapping: of,
      page: at,
    })),
    fc.tuple(mapping, page).map(([of, at]): Event => ({ kind: "store", mapping: of, page: at })),
    fc.tuple(on, mark).map(([where, which]): Event => ({
      ...where,
      kind: "set_mark",
      mark: which,
    })),
    fc.tuple(on, mark).map(([where, which]): Event => ({
      ...where,
      kind: "clear_mark",
      mark: which,
    })),
    fc.constantFrom<Event>(
      { kind: "sync_begin", task },
      { kind: "tag_towrite", task },
      { kind: "sync_end", task },
    ),
  );
}

/** Guards on what all share, and on the actor's own second local. */
function guard(task: number): fc.Arbitrary<(state: State) => boolean> {
  const own = (state: State): number => state.local[task * state.bounds.locals + 1] ?? 0;
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(() => true) },
    page.map((at) => (state: State) => entryKind(state, at) !== Entry.NONE),
    page.map((at) => (state: State) => state.extent[at] === Extent.MAPPED),
    page.map((at) => (state: State) => (tagOf(state, at) & Tag.DIRTY) !== 0),
    fc.constant((state: State) => own(state) === 0),
  );
}

function way(task: number, steps: number): fc.Arbitrary<Way> {
  return fc.record({
    when: guard(task),
    events: fc.array(event(task), { maxLength: 3 }),
    counts: fc.boolean(),
    goto: fc.option(fc.nat({ max: steps }), { nil: undefined }),
  }).map(({ when, events, counts, goto }) => ({
    when,
    events,
    ...(counts
      ? {
        then: (state: State) => {
          const local = task * state.bounds.locals + 1;
          state.local[local] = ((state.local[local] ?? 0) + 1) % 3;
        },
      }
      : {}),
    ...(goto === undefined ? {} : { goto: goto === steps ? "end" : `s${goto}` }),
  }));
}

function actor(task: number): fc.Arbitrary<Actor> {
  const program = fc.integer({ min: 1, max: 4 }).chain((steps) =>
    fc.tuple(
      ...Array.from({ length: steps }, (_, place): fc.Arbitrary<Step> =>
        fc.array(way(task, steps), { minLength: 1, maxLength: 2 }).map((ways) =>
          choice(`s${place}`, `step ${place}`, ...ways)
        )),
    )
  );
  return fc.record({ program, environment: fc.boolean() }).map((each) => ({
    name: `T${task}`,
    task,
    ...each,
  }));
}

/** Two or three actors on two pages, with PMDs or without. */
export const anyDesign: fc.Arbitrary<Design> = fc.record({
  tasks: fc.integer({ min: 2, max: 3 }),
  pmdPages: fc.constantFrom(1, pages),
}).chain(({ tasks, pmdPages }) => {
  const bounds: Bounds = { pages, pmdPages, mappings, tasks, locals: 2 };
  return fc.tuple(...Array.from({ length: tasks }, (_, task) => actor(task))).map((actors) => ({
    id: "A0",
    system: "A",
    title: "a design without sense",
    source: "made up",
    bounds,
    actors,
    breaks: [],
  }));
});
