/**
 * System B: a frozen block map that somebody else thaws (seed 001: do programs collide, one that makes a
 * file a daxfile and one that undoes it; chapter 2).
 *
 * The file is frozen with its block. P finds it so, stores, writes back and fences. Q thaws the file and
 * punches the page out, if it may. Power fails at any time.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { commitMap } from "../storage.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import { variable } from "../variable.ts";
import { task } from "./calls.ts";
import { eviction, journal, power } from "./power_steps.ts";
import { choice } from "./program.ts";
import { flushOwn, page, storeLine, type Storer } from "./sync_mapping_steps.ts";

/** 1 once somebody has thawed the file. */
const thawed = variable("thawed");
const storer: Storer = { task: 0, mapping: 0, line: 0, writes: 1 };
const thawer = 1;

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 5,
  locals: 1,
  blocks: 1,
  durable: true,
  variables: [thawed.name],
};

/** A written block, on the disk; whether the file is frozen is for `thawed` to say. */
function preallocated(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  state.size[0] = 1;
  commitMap(state);
}

/** @param mayThaw false where only the owner of the freeze may undo it */
function thaw(mayThaw: boolean): Actor {
  const on = { task: thawer, page } as const;
  if (!mayThaw) {
    return task("Q", thawer, (first, next) => [
      choice(first, "thaw the file: EPERM", {}),
      choice(`${first}.punch`, "fallocate(PUNCH_HOLE): refused", {
        events: [{ kind: "refuse_change", ...on }],
        goto: next,
      }),
    ]);
  }
  const mayPunch = (state: State): boolean => thawed.of(state) === 1 && state.holder[page] === 0;
  const free = [
    { kind: "remove_extent", ...on, becomes: "hole" },
    { kind: "removal_end", ...on },
  ] as const;
  return task("Q", thawer, (first, next) => [
    choice(first, "thaw the file", {
      then: (state) => thawed.set(state, 1),
    }),
    choice(
      `${first}.punch`,
      "fallocate(PUNCH_HOLE, 0)",
      {
        result: "mapped",
        when: (state) => mayPunch(state) && state.entry[page] !== 0,
        events: [
          { kind: "lock_entry", ...on, order: "pte" },
          { kind: "unmap_page", mapping: 0, page },
          { kind: "remove_entry", ...on, why: "punch", from: page, to: page + 1 },
          ...free,
        ],
        goto: next,
      },
      {
        result: "not cached",
        when: (state) => mayPunch(state) && state.entry[page] === 0,
        events: free,
        goto: next,
      },
    ),
  ]);
}

function design(id: string, title: string, mayThaw: boolean, breaks: readonly string[]): Design {
  return {
    id,
    system: "B",
    title,
    source: mayThaw
      ? "seed 001, Lutomirski: two programs, one that freezes and one that thaws"
      : "seed 001, Chinner: one of the reasons for putting it under privilege",
    bounds,
    start: preallocated,
    actors: [
      task("P", 0, storeLine(storer, mayThaw ? {} : { finds: "MAPPED" }), flushOwn(storer)),
      thaw(mayThaw),
      ...(mayThaw ? [journal(2)] : []),
      eviction(3, page, 0),
      power(4),
    ],
    breaks,
  };
}

/** Who may undo a freeze. */
export const thawedMapDesigns: readonly Design[] = [
  design("B4-thawed", "a frozen file is thawed by somebody else, and its block map changes", true, [
    "META-1",
  ]),
  design("B4-privileged", "a frozen file is thawed by nobody but who froze it", false, []),
];
