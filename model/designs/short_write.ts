/**
 * System F: a write(2) that reserves blocks, copies nothing and takes them back (chapter 6).
 *
 * The page is a hole. S writes to it from a buffer that cannot be read; it cleans up behind itself. W
 * faults the page in and stores.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import type { State } from "../state.ts";
import { notCached } from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";
import { bounds, writeFault } from "./punch.ts";
import { guard, none } from "./semaphore_steps.ts";

const page = 0;

function start(state: State): void {
  state.size.fill(1);
}

function shortWrite(excludesFaults: boolean): Actor {
  const task = 0;
  const lock = excludesFaults ? guard(task, "invalidate_lock", "exclusive") : none;
  const drop: Step = choice("drop", `truncate_pagecache_range(${page})`, {
    result: "folio",
    when: (state) => !notCached(page)(state),
    events: [{ kind: "remove_folio", task, page, why: "truncate" }],
  }, { result: "nothing cached", when: notCached(page) });
  return {
    name: "S",
    task,
    environment: false,
    program: [
      does("reserve", `->iomap_begin(${page}): reserve a block`, {
        kind: "allocate",
        task,
        page,
        unwritten: true,
      }),
      choice("copy", "copy_folio_from_iter_atomic() = 0", {}),
      ...lock.take,
      drop,
      does("punch", `xfs_bmap_punch_delalloc_range(${page})`, {
        kind: "remove_extent",
        task,
        page,
        becomes: "hole",
      }),
      ...lock.give,
      choice("return", "write(2) = EFAULT", {}),
    ],
  };
}

function design(
  id: string,
  title: string,
  source: string,
  excludesFaults: boolean,
  breaks: readonly string[],
): Design {
  return {
    id,
    system: "F",
    title,
    source,
    bounds,
    start,
    actors: [shortWrite(excludesFaults), writeFault("parts", false, ["UNWRITTEN", "HOLE"])],
    breaks,
  };
}

/** Taking a reservation back. */
export const shortWriteDesigns: readonly Design[] = [
  design(
    "F4",
    "a write that failed drops folio and reservation with invalidate_lock exclusive",
    "198dd8aedee6 (6.2)",
    true,
    [],
  ),
  design(
    "F4-unlocked",
    "a write that failed drops the folio, then the reservation, and a fault comes between",
    "before 198dd8aedee6",
    false,
    ["INV-2"],
  ),
];
