/**
 * System C: a direct write that is in flight when the file is truncated (chapter 3).
 *
 * D submits an asynchronous direct write and gives i_rwsem back; the request goes on. T truncates the
 * file to nothing.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import { variable } from "../variable.ts";
import { choice, does } from "./program.ts";
import { guard } from "./semaphore_steps.ts";

const page = 0;
/** Requests in flight (`i_dio_count`). */
const inFlight = variable("i_dio_count");

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 2,
  locals: 1,
  rwsems: 2,
  blocks: 1,
  variables: [inFlight.name],
};

function start(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  state.size[0] = 1;
}

function directWrite(): Actor {
  const task = 0;
  const on = { task, page } as const;
  const lock = guard(task, "i_rwsem", "shared");
  const inside = (state: State): boolean => state.size[0] === 1;
  return {
    name: "D",
    task,
    environment: false,
    program: [
      ...lock.take,
      choice(
        "begin",
        "inode_dio_begin()",
        {
          when: inside,
          events: [{ kind: "direct_begin", ...on }],
          then: (state) => inFlight.set(state, 1),
        },
        { result: "behind the end", when: (state) => !inside(state), goto: "give up" },
      ),
      ...lock.give,
      does("write", "the device writes the page", { kind: "direct_write", ...on, writes: 1 }),
      choice("end", "inode_dio_end()", {
        events: [{ kind: "direct_end", ...on, writes: 1 }],
        then: (state) => inFlight.set(state, 0),
        goto: "end",
      }),
      does("give up", "up_read(i_rwsem), EIO", { kind: "release", task, lock: "i_rwsem" }),
    ],
  };
}

function truncate(waits: boolean): Actor {
  const task = 1;
  const lock = guard(task, "i_rwsem", "exclusive");
  return {
    name: "T",
    task,
    environment: false,
    program: [
      ...lock.take,
      ...(waits
        ? [choice("wait", "inode_dio_wait()", { when: (state) => inFlight.of(state) === 0 })]
        : []),
      does(
        "truncate",
        "i_size_write(0), free the block",
        { kind: "set_size", task, file: 0, size: 0 },
        { kind: "remove_extent", task, page, becomes: "hole" },
      ),
      ...lock.give,
      does("return", "ftruncate(0) returns", { kind: "removal_end", task, page }),
    ],
  };
}

/** Truncation with and without its wait. */
export const directTruncateDesigns: readonly Design[] = [
  {
    id: "C5",
    system: "C",
    title: "a truncation waits for the direct I/O that is in flight, with i_rwsem exclusive",
    source: "9eb90f435415 (6.18, and stable); inode_dio_wait() of local file systems",
    bounds,
    start,
    actors: [directWrite(), truncate(true)],
    breaks: [],
  },
  {
    id: "C5-unserialised",
    system: "C",
    title:
      "a truncation does not wait: a direct write goes to a block that the file has given back",
    source: "before 9eb90f435415 (NFS, since a5864c999de6)",
    bounds,
    start,
    actors: [directWrite(), truncate(false)],
    breaks: ["INV-6"],
  },
];
