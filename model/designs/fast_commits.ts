/**
 * System B: two callers of fsync on ext4 with fast commits, of which one is under way (chapter 2).
 *
 * Each writes a page of one file into a hole and calls fsync twice. It writes what is dirty, maps a
 * block for it and tracks that. A fast commit takes what was tracked before it began. What `commit`
 * takes counts as written and flushed from then on. The kernel may lose it until the last block is
 * written, but nobody has been promised it yet.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { Folio, isCached } from "../folio.ts";
import type { Bounds, State } from "../state.ts";
import { commitMap } from "../storage.ts";
import { variable } from "../variable.ts";
import { type Call, task } from "./calls.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";

/** `s_fc_subtid`: fast commits that have ended. */
const ended = variable("subtid");
/** 1 while a fast commit is under way (`JBD2_FAST_COMMIT_ONGOING`). */
const underWay = variable("under way");
/** What `s_fc_subtid` was when the caller entered `ext4_fc_commit()`. */
const atEntry = [variable("A's subtid"), variable("B's subtid")] as const;

const bounds: Bounds = {
  pages: 2,
  pmdPages: 1,
  mappings: 0,
  tasks: 3,
  locals: 1,
  folios: 2,
  blocks: 2,
  durable: true,
  variables: [ended, underWay, ...atEntry].map(({ name }) => name),
};

function start(state: State): void {
  state.size[0] = 2;
  commitMap(state);
}

/** write(2) into the hole of the caller's page. */
function write(caller: 0 | 1): Call {
  const on = { task: caller, page: caller };
  return (first, next) => [choice(first, `write(2) to page ${caller}`, {
    events: [
      { kind: "add_folio", ...on },
      { kind: "copy_in", ...on, writes: 1, whole: true },
      { kind: "mark_dirty", ...on },
      { kind: "unlock_folio", ...on },
      { kind: "put_folio", ...on },
    ],
    goto: next,
  })];
}

/** When fsync takes a fast commit that it has waited for as one of its own. */
type Takes =
  /** If any has ended since `ext4_fc_commit()` was entered. */
  | "any that has ended"
  /** If one has begun and ended since: the second that ends, at the earliest. */
  | "one that has begun since";

/** fsync writes a page that is dirty, maps a block for it, and tracks that. */
function writeOut(caller: 0 | 1, page: number, label: string): Step {
  const on = { task: caller, page };
  const isDirty = (state: State): boolean => isCached(state, page, Folio.DIRTY);
  return choice(label, `ext4_writepages(${page})`, {
    result: "block tracked",
    when: isDirty,
    events: [
      { kind: "find_folio", ...on },
      { kind: "lock_folio", ...on },
      { kind: "allocate", ...on },
      { kind: "mark_dirty", ...on },
      { kind: "clear_dirty_for_io", ...on },
      { kind: "start_writeback", ...on },
      { kind: "unlock_folio", ...on },
      { kind: "write_folio", ...on },
      { kind: "end_writeback", ...on },
      { kind: "put_folio", ...on },
    ],
  }, { result: "clean", when: (state) => !isDirty(state) });
}

function fsync(caller: 0 | 1, takes: Takes): Call {
  const subtid = atEntry[caller];
  const isTaken = (state: State): boolean =>
    ended.of(state) - subtid.of(state) >= (takes === "any that has ended" ? 1 : 2);
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    return [
      does(first, "fsync()", { kind: "fsync_begin", task: caller }),
      writeOut(caller, 0, at("page 0")),
      writeOut(caller, 1, at("page 1")),
      choice(at("enter"), "ext4_fc_commit()", {
        then: (state) => subtid.set(state, ended.of(state)),
      }),
      choice(
        at("begin"),
        "jbd2_fc_begin_commit()",
        {
          result: "begins",
          when: (state) => underWay.of(state) === 0,
          then: (state) => underWay.set(state, 1),
          goto: at("take"),
        },
        { result: "waits", when: (state) => underWay.of(state) === 1 },
      ),
      choice(
        at("waited"),
        "-EALREADY",
        {
          result: "committed",
          when: (state) => underWay.of(state) === 0 && isTaken(state),
          goto: at("end"),
        },
        {
          result: "begins again",
          when: (state) => underWay.of(state) === 0 && !isTaken(state),
          goto: at("begin"),
        },
      ),
      does(at("take"), "the queue is taken", { kind: "commit", task: caller }),
      choice(at("write"), "written; s_fc_subtid + 1", {
        then: (state) => {
          ended.set(state, ended.of(state) + 1);
          underWay.set(state, 0);
        },
      }),
      choice(at("end"), "fsync() = 0", {
        events: [{ kind: "fsync_end", task: caller }],
        goto: next,
      }),
    ];
  };
}

function design(
  { id, title, source, takes, breaks = [] }: {
    readonly id: string;
    readonly title: string;
    readonly source: string;
    readonly takes: Takes;
    readonly breaks?: readonly string[];
  },
): Design {
  // Of two fast commits of one caller the other may sleep through both, and take the second.
  const caller = (name: string, number: 0 | 1): Actor =>
    task(name, number, write(number), fsync(number, takes), fsync(number, takes));
  const actors = [caller("A", 0), caller("B", 1), power(2)];
  return { id, system: "B", title, source, bounds, start, actors, breaks };
}

/** Two callers, and which fast commit the second one relies on. */
export const fastCommitDesigns: readonly Design[] = [
  design({
    id: "B-fc-two",
    title: "of two callers of fsync the second takes only a fast commit that began after its call",
    source: "the change in spec/findings.md",
    takes: "one that has begun since",
  }),
  design({
    id: "B-fc-two-any",
    title: "of two callers of fsync the second takes the fast commit that it found under way",
    source: "fs/ext4/fast_commit.c ext4_fc_commit(), 6.12 and 7.3",
    takes: "any that has ended",
    breaks: ["DUR-1"],
  }),
];
