/**
 * System B: a journal with a running and a committing transaction, and fast commits (chapter 2).
 *
 * A program changes the block map of its file and calls fdatasync, which looks for the transaction that
 * the change is in. The journal commits on its own. Power fails at any time. The `commit` event is the
 * commit record: until then a transaction that has been closed is as good as lost.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { commitMap } from "../storage.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import { variable } from "../variable.ts";
import { type Call, environment, task } from "./calls.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;
const on = { task: 0, page } as const;

/** 1 while the change is in the running transaction, 2 while that one commits (`i_datasync_tid`). */
const transaction = variable("transaction");
const In = { NONE: 0, RUNNING: 1, COMMITTING: 2 } as const;

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 3,
  locals: 1,
  blocks: 1,
  durable: true,
  variables: [transaction.name],
};

function start(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  for (const copy of [state.media, state.pending, state.visible]) copy[0] = 1;
  state.size[0] = 1;
  commitMap(state);
}

/** A call that changes the block map, in the running transaction. */
function change(name: string, becomes: "hole" | "unwritten"): Call {
  return (first, next) => [choice(first, name, {
    events: [{ kind: "remove_extent", ...on, becomes }, { kind: "removal_end", ...on }],
    then: (state) => transaction.set(state, In.RUNNING),
    goto: next,
  })];
}

/** The journal closes the running transaction and, some time later, writes its commit record. */
function jbd2(number: number): Actor {
  return environment("jbd2", number, (first, next) => [
    choice(first, "the running transaction becomes the committing one", {
      when: (state) => transaction.of(state) === In.RUNNING,
      then: (state) => transaction.set(state, In.COMMITTING),
    }),
    choice(`${first}.record`, "the commit record is written", {
      when: (state) => transaction.of(state) === In.COMMITTING,
      events: [{ kind: "commit", task: number }],
      then: (state) => transaction.set(state, In.NONE),
      goto: next,
    }),
  ]);
}

/** What fdatasync does about the transaction that its file's last change is in. */
type Waits =
  /** The running one is started, and whichever has the tid waited for. */
  | "for the tid"
  /** Where the change is in no running one, nothing is waited for. */
  | "for the running one";

function fdatasync(waits: Waits): Call {
  const isDone = (state: State): boolean => transaction.of(state) === In.NONE;
  return (first, next) => [
    does(first, "fdatasync()", { kind: "fsync_begin", task: 0 }),
    choice(
      `${first}.tid`,
      "jbd2_complete_transaction(i_datasync_tid)",
      {
        result: "running: it commits",
        when: (state) => transaction.of(state) === In.RUNNING,
        events: [{ kind: "commit", task: 0 }],
        then: (state) => transaction.set(state, In.NONE),
      },
      waits === "for the tid"
        ? { result: "committed", when: isDone, events: [{ kind: "flush_device", task: 0 }] }
        : {
          result: "no running transaction",
          when: (state) => transaction.of(state) !== In.RUNNING,
          events: [{ kind: "flush_device", task: 0 }],
        },
    ),
    choice(`${first}.end`, "fdatasync() = 0", {
      events: [{ kind: "fsync_end", task: 0 }],
      goto: next,
    }),
  ];
}

/** A fast commit writes the ranges that were tracked since the last full commit, and nothing else. */
const fastFdatasync = (isTracked: boolean): Call => (first, next) => [
  does(first, "fdatasync()", { kind: "fsync_begin", task: 0 }),
  choice(`${first}.fast`, "ext4_fc_commit()", {
    result: isTracked ? "writes the range" : "no range was tracked",
    events: [isTracked ? { kind: "commit", task: 0 } : { kind: "flush_device", task: 0 }],
  }),
  choice(`${first}.end`, "fdatasync() = 0", {
    events: [{ kind: "fsync_end", task: 0 }],
    goto: next,
  }),
];

interface Told {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly actors: readonly Actor[];
  readonly breaks?: readonly string[];
}

function design({ id, title, source, actors, breaks = [] }: Told): Design {
  return { id, system: "B", title, source, bounds, start, actors: [...actors, power(2)], breaks };
}

const punch = change("fallocate(PUNCH_HOLE)", "hole");
const zeroRange = change("fallocate(ZERO_RANGE), a whole block", "unwritten");
const truncate = change("ftruncate() of unwritten blocks behind the end", "hole");

/** Transactions and their numbers. */
export const journalDesigns: readonly Design[] = [
  design({
    id: "B-tid",
    title: "fdatasync waits for the transaction of its file's last change, running or committing",
    source: "fs/ext4/fsync.c, fs/jbd2/journal.c jbd2_complete_transaction(), 6.12 and 7.3",
    actors: [task("P", 0, punch, fdatasync("for the tid")), jbd2(1)],
  }),
  design({
    id: "B-tid-running",
    title: "fdatasync looks at the running transaction alone",
    source: "a mutation of B-tid",
    actors: [task("P", 0, punch, fdatasync("for the running one")), jbd2(1)],
    breaks: ["META-2"],
  }),
  design({
    id: "B-fc-zero-range",
    title: "a fast commit has the range that was made unwritten",
    source: "5e4d0eba1cca (5.17); generic/677, generic/679",
    actors: [task("P", 0, zeroRange, fastFdatasync(true))],
  }),
  design({
    id: "B-fc-zero-range-untracked",
    title: "the same, but the range was not tracked: the fast commit does not have it",
    source: "before 5e4d0eba1cca",
    actors: [task("P", 0, zeroRange, fastFdatasync(false))],
    breaks: ["META-2"],
  }),
  design({
    id: "B-fc-truncate",
    title: "a fast commit has the unwritten range that a truncation took away",
    source: "9725958bb75c (5.17)",
    actors: [task("P", 0, truncate, fastFdatasync(true))],
  }),
  design({
    id: "B-fc-truncate-untracked",
    title: "the same, but the range was not tracked: the fast commit does not have it",
    source: "before 9725958bb75c",
    actors: [task("P", 0, truncate, fastFdatasync(false))],
    breaks: ["META-2"],
  }),
];
