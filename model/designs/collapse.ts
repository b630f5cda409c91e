/**
 * System F: collapse range against a store behind it (chapter 6, mutation `punchOrder`).
 *
 * The first of two pages is cut out of the file and the second moves into its place. M stores to the
 * second through a mapping.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import { Folio } from "../folio.ts";
import type { State } from "../state.ts";
import { Pte } from "../page_table.ts";
import { mkwriteEvents, notCached, storeStep, writeBack } from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";
import { guard } from "./semaphore_steps.ts";

const first = 0;
const second = 1;

function collapse(writesBackInside: boolean): Actor {
  const task = 0;
  const lock = guard(task, "invalidate_lock", "exclusive");
  const back = writeBack({ task, page: second }, [0], true);
  return {
    name: "T",
    task,
    environment: false,
    program: [
      ...(writesBackInside ? [...lock.take, ...back] : [...back, ...lock.take]),
      does("drop", `truncate_pagecache(${first})`, {
        kind: "remove_folio",
        task,
        page: second,
        why: "collapse",
      }),
      does(
        "shift",
        `blocks of page ${second} move to page ${first}`,
        { kind: "remove_extent", task, page: first, becomes: "hole" },
        { kind: "shift_extent", task, page: second, to: first },
      ),
      ...lock.give,
      does(
        "return",
        "fallocate(COLLAPSE_RANGE) returns",
        { kind: "removal_end", task, page: first },
        { kind: "removal_end", task, page: second },
      ),
    ],
  };
}

/** Writes through a mapping of the second page; once that has moved away, to nothing. */
function storer(): Actor {
  const task = 1;
  const page = second;
  const lock = guard(task, "invalidate_lock", "shared");
  return {
    name: "M",
    task,
    environment: false,
    program: [
      ...lock.take,
      choice("find", `filemap_get_folio(${page})`, {
        result: "folio",
        when: (state) => !notCached(page)(state),
        events: [{ kind: "find_folio", task, page }],
      }, { result: "beyond the end: SIGBUS", when: notCached(page), goto: "give up" }),
      does("lock", `lock folio ${page}`, { kind: "lock_folio", task, page }),
      does("mkwrite", `->page_mkwrite(${page})`, ...mkwriteEvents({ task, page }, 0)),
      ...lock.give,
      storeStep(page, 0, 2, lock.take[0]?.label ?? "find"),
      choice("stored", "the store is done", { goto: "end" }),
      ...lock.give.map((step) => ({ ...step, label: "give up" })),
    ],
  };
}

function start(state: State): void {
  for (const page of [first, second]) {
    state.extent[page] = Extent.MAPPED;
    state.block[page] = page + 1;
    state.owner[page] = page + 1;
    state.media[page] = 1;
  }
  state.slot[second] = 1;
  state.folio[0] = Folio.UPTODATE;
  state.memory[0] = 1;
  state.backing[0] = second + 1;
  state.pte[second] = Pte.READ;
  state.pfn[second] = 1;
}

function design(id: string, title: string, source: string, inside: boolean): Design {
  return {
    id,
    system: "F",
    title,
    source,
    bounds: {
      pages: 2,
      pmdPages: 1,
      mappings: 1,
      tasks: 2,
      locals: 1,
      rwsems: 1,
      folios: 1,
      blocks: 2,
    },
    start,
    actors: [collapse(inside), storer()],
    breaks: inside ? [] : ["INV-5"],
  };
}

/** Collapse range and where it writes back. */
export const collapseDesigns: readonly Design[] = [
  design("F2-collapse", "write back inside the lock", "32ebffd3bbb4; ext4 7.2", true),
  design(
    "F2-collapse-outside",
    "write back before the lock is taken",
    "before 32ebffd3bbb4",
    false,
  ),
];
