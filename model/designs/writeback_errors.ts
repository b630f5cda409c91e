/**
 * System B: how fsync tells of a writeback error (DUR-5).
 *
 * Two programs have the file open and call fsync twice each; at some time a page cannot be written.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import type { Event } from "../event.ts";
import type { State } from "../state.ts";
import { environment, task } from "./calls.ts";
import { choice } from "./program.ts";

const page = 0;

/** The call begins and looks for an error. */
function reports(number: number, says: "EIO" | "ok", clears = false): readonly Event[] {
  return [
    { kind: "fsync_begin", task: number },
    { kind: "report_error", task: number, page, says, ...(clears ? { clears: true } : {}) },
  ];
}

/** What it has found is what it returns. */
function returns(number: number, first: string, next: string): Step {
  return choice(`${first}.return`, "fsync() returns", {
    events: [{ kind: "fsync_end", task: number }],
    goto: next,
  });
}

/** Since v4.13: every open file remembers the last error that it has told. */
function errseq(number: number): Actor {
  const unseen = (state: State): boolean => state.seenErr[number] !== state.wbErr[0];
  const fsync = (first: string, next: string): readonly Step[] => [
    choice(
      first,
      "fsync(): file_check_and_advance_wb_err",
      {
        result: "EIO",
        when: unseen,
        events: reports(number, "EIO"),
      },
      {
        result: "0",
        when: (state) => !unseen(state),
        events: reports(number, "ok"),
      },
    ),
    returns(number, first, next),
  ];
  return task(`P${number + 1}`, number, fsync, fsync);
}

/** Before: one flag of the mapping, which the first fsync tests and clears. */
function testAndClear(number: number): Actor {
  const flagged = (state: State): boolean => state.eio[0] === 1;
  const fsync = (first: string, next: string): readonly Step[] => [
    choice(
      first,
      "fsync(): test_and_clear_bit(AS_EIO)",
      {
        result: "EIO",
        when: flagged,
        events: reports(number, "EIO", true),
      },
      {
        result: "0",
        when: (state) => !flagged(state),
        events: reports(number, "ok"),
      },
    ),
    returns(number, first, next),
  ];
  return task(`P${number + 1}`, number, fsync, fsync);
}

function fault(): Actor {
  return environment("B", 2, (first, next) => [choice(first, "writeback of the page fails", {
    events: [{ kind: "set_wb_error", task: 2, page }],
    goto: next,
  })]);
}

function design(
  id: string,
  title: string,
  source: string,
  actors: readonly Actor[],
  breaks: readonly string[],
): Design {
  return {
    id,
    system: "B",
    title,
    source,
    bounds: {
      pages: 1,
      pmdPages: 1,
      mappings: 0,
      tasks: 3,
      locals: 1,
      blocks: 1,
      durable: true,
    },
    actors: [...actors, fault()],
    breaks,
  };
}

/** Errors of writeback. */
export const writebackErrorDesigns: readonly Design[] = [
  design(
    "B-errseq",
    "every open file learns of a writeback error once",
    "errseq_t (v4.13); generic/441, generic/442",
    [errseq(0), errseq(1)],
    [],
  ),
  design(
    "B-as-eio",
    "one flag of the mapping, which the first fsync clears for all",
    "before v4.13",
    [testAndClear(0), testAndClear(1)],
    ["DUR-5"],
  ),
];
