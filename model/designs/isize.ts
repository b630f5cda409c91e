/**
 * System F: truncate against a read fault (chapter 6, mutation `isizeRecheck`).
 *
 * T truncates a file of one page to nothing; R reads the page through a mapping.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { Extent } from "../extent.ts";
import type { State } from "../state.ts";
import { cacheFolio, lockFolio, notCached } from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";
import { guard } from "./semaphore_steps.ts";

const page = 0;
const file = 0;
const inside = (state: State): boolean => state.size[file] === 1;
const outside = (state: State): boolean => state.size[file] === 0;

function truncate(): Actor {
  const task = 0;
  const lock = guard(task, "invalidate_lock", "exclusive");
  return {
    name: "T",
    task,
    environment: false,
    program: [
      ...lock.take,
      does("i_size", "i_size_write(0)", { kind: "set_size", task, file, size: 0 }),
      choice("drop", "truncate_pagecache(0)", {
        result: "folio",
        when: (state) => !notCached(page)(state),
        events: [{ kind: "remove_folio", task, page, why: "truncate" }],
      }, { result: "nothing cached", when: notCached(page) }),
      does("free", `free blocks of page ${page}`, {
        kind: "remove_extent",
        task,
        page,
        becomes: "hole",
      }),
      ...lock.give,
      does("return", "ftruncate(0) returns", { kind: "removal_end", task, page }),
    ],
  };
}

function readFault(rechecks: boolean): Actor {
  const task = 1;
  const lock = guard(task, "invalidate_lock", "shared");
  const recheck: Step = choice(
    "recheck",
    `check i_size again for page ${page}`,
    { when: inside },
    {
      result: "SIGBUS",
      when: outside,
      events: [{ kind: "unlock_folio", task, page }, { kind: "put_folio", task, page }],
      goto: "end",
    },
  );
  return {
    name: "R",
    task,
    environment: false,
    program: [
      choice(
        "check",
        `check i_size for page ${page}`,
        { when: inside },
        { result: "SIGBUS", when: outside, goto: "end" },
      ),
      ...cacheFolio({ task, page }, {
        lock: lock.take,
        unlock: lock.give,
        finds: ["MAPPED", "HOLE"],
        hit: "lock",
      }),
      lockFolio({ task, page }, "check"),
      ...(rechecks ? [recheck] : []),
      does(
        "map",
        `set_pte_range(${page})`,
        { kind: "map_folio", task, page, mapping: 0, access: "read" },
        { kind: "unlock_folio", task, page },
        { kind: "put_folio", task, page },
      ),
    ],
  };
}

function design(id: string, title: string, rechecks: boolean, breaks: readonly string[]): Design {
  return {
    id,
    system: "F",
    title,
    source: rechecks
      ? "filemap_fault, mm/filemap.c, all versions"
      : "a mutation: filemap_fault() without the second look at i_size",
    bounds: {
      pages: 1,
      pmdPages: 1,
      mappings: 1,
      tasks: 2,
      locals: 1,
      rwsems: 1,
      folios: 2,
      blocks: 1,
    },
    start: (state) => {
      state.extent[page] = Extent.MAPPED;
      state.block[page] = 1;
      state.owner[0] = page + 1;
      state.media[0] = 1;
      state.size[file] = 1;
    },
    actors: [truncate(), readFault(rechecks)],
    breaks,
  };
}

/** Truncate and the end of the file. */
export const isizeDesigns: readonly Design[] = [
  design("F2-truncate", "a fault checks i_size again under the folio lock", true, []),
  design("F2-truncate-unchecked", "a fault checks i_size only at its beginning", false, [
    "DAX-SIZE-1",
  ]),
];
