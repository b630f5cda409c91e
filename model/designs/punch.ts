/**
 * System F: hole punch against faults and reads (chapter 6, mutation `punchLock`).
 *
 * The file has one page, with data in its block. T punches it out; W faults it in to store there; RD
 * reads it with read(2); G is another file that takes the freed block; V reads after the punch.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { Removed } from "../effects/blocks.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import {
  buffersMapped,
  cacheFolio,
  type CacheOptions,
  lockFolio,
  mkwriteEvents,
  notCached,
  storeStep,
  uptodate,
} from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";
import { type Guard, guard, none } from "./semaphore_steps.ts";

const page = 0;
const otherPage = 1;

/** Bits of the writes (`folio.ts`). */
const Write = { OLD: 1, STORE: 2, FOREIGN: 4 } as const;

/** Two files of a page each; the second has nothing yet. */
export const bounds: Bounds = {
  pages: 2,
  pmdPages: 1,
  mappings: 1,
  tasks: 5,
  locals: 1,
  rwsems: 2,
  folios: 3,
  blocks: 2,
  files: 2,
};

/** The page has its data in block 0. */
function start(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  state.media[0] = Write.OLD;
  state.size.fill(1);
}

function punch(locks: readonly Guard[], again: boolean): Actor {
  const task = 0;
  const drop = (label: string): Step =>
    choice(label, `truncate_pagecache_range(${page})`, {
      result: "folio",
      when: (state) => !notCached(page)(state),
      events: [{ kind: "remove_folio", task, page, why: "punch" }],
    }, { result: "nothing cached", when: notCached(page) });
  return {
    name: "T",
    task,
    environment: false,
    program: [
      ...locks.flatMap(({ take }) => take),
      drop("drop"),
      does("free", `free blocks of page ${page}`, {
        kind: "remove_extent",
        task,
        page,
        becomes: "hole",
      }),
      ...(again ? [drop("drop again")] : []),
      ...locks.toReversed().flatMap(({ give }) => give),
      does("return", "fallocate(PUNCH_HOLE) returns", { kind: "removal_end", task, page }),
    ],
  };
}

/** Where the locks of a write fault are: around all of it, or around a miss and around mkwrite. */
type FaultLock = "none" | "whole" | "parts";

/** A write fault on the page and its store, which may meet a removal. */
export function writeFault(
  lock: FaultLock,
  rivals: boolean,
  finds: NonNullable<CacheOptions["finds"]> = ["MAPPED", "HOLE"],
): Actor {
  const task = 1;
  const whole = lock === "whole" ? guard(task, "invalidate_lock", "shared") : none;
  const miss = lock === "parts" ? guard(task, "invalidate_lock", "shared", "miss") : none;
  const make = lock === "parts" ? guard(task, "invalidate_lock", "shared", "mkwrite") : none;
  const gone = lock === "whole" ? undefined : lock === "parts" ? "truncated" : "find";
  const options: CacheOptions = {
    lock: miss.take,
    unlock: miss.give,
    rivals,
    finds,
    hit: make.take[0]?.label ?? "lock",
  };
  return {
    name: "W",
    task,
    environment: false,
    program: [
      ...whole.take,
      ...cacheFolio({ task, page }, options),
      ...make.take,
      lockFolio({ task, page }, gone),
      choice(
        "mkwrite",
        `->page_mkwrite(${page})`,
        ...(finds.includes("MAPPED")
          ? [{
            result: "buffers mapped",
            when: buffersMapped(task),
            events: mkwriteEvents({ task, page }, 0),
          }]
          : []),
        {
          result: "NEW",
          when: (state) => !buffersMapped(task)(state),
          events: [{ kind: "allocate", task, page }, ...mkwriteEvents({ task, page }, 0)],
        },
      ),
      ...make.give,
      ...whole.give,
      storeStep(page, 0, Write.STORE, whole.take[0]?.label ?? "find"),
      choice("stored", "the store is done", { goto: "end" }),
      ...(make.give.length > 0
        ? [
          ...make.give.map((step) => ({ ...step, label: "truncated" })),
          choice("fault again", "fault again", { goto: "find" }),
        ]
        : []),
    ],
  };
}

function reader(locks: { readonly miss: Guard; readonly whole: Guard }, rivals: boolean): Actor {
  const task = 2;
  return {
    name: "RD",
    task,
    environment: false,
    program: [
      ...locks.whole.take,
      ...cacheFolio({ task, page }, {
        lock: locks.miss.take,
        unlock: locks.miss.give,
        rivals,
        finds: ["MAPPED", "HOLE"],
        hit: "copy",
      }),
      does("copy", `copy page ${page} to the user`, { kind: "put_folio", task, page }),
      ...locks.whole.give,
    ],
  };
}

function otherFile(): Actor {
  const task = 3;
  return {
    name: "G",
    task,
    environment: true,
    program: [
      does("allocate", "another file allocates a block", {
        kind: "allocate",
        task,
        page: otherPage,
      }),
      does("write", "and writes to it", {
        kind: "direct_write",
        task,
        page: otherPage,
        writes: Write.FOREIGN,
      }),
    ],
  };
}

function observer(): Actor {
  const task = 4;
  const returned = (state: State): boolean => ((state.removed[page] ?? 0) & Removed.RETURNED) !== 0;
  return {
    name: "V",
    task,
    environment: true,
    program: [
      choice("pread", `pread(${page}) after the punch`, {
        result: "cached",
        when: (state) => returned(state) && uptodate(page)(state),
        events: [{ kind: "observe", task, page }],
      }, {
        result: "from disk",
        when: (state) => returned(state) && notCached(page)(state),
        events: [{ kind: "observe", task, page }],
      }),
    ],
  };
}

function design(
  id: string,
  title: string,
  source: string,
  actors: readonly Actor[],
  breaks: readonly string[],
  exempt?: Readonly<Record<string, string>>,
): Design {
  const base = { id, system: "F", title, source, bounds, start, actors, breaks } as const;
  return exempt === undefined ? base : { ...base, exempt };
}

const exclusive = guard(0, "invalidate_lock", "exclusive");
const shared = guard(2, "invalidate_lock", "shared");
const noLocks = { miss: none, whole: none };

/** Hole punch and its locks. */
export const punchDesigns: readonly Design[] = [
  design(
    "F0",
    "punch without a lock against faults",
    "before ea3d7209ca01 (v4.5)",
    [punch([], false), writeFault("none", false), otherFile(), observer()],
    ["COH-1", "INV-1", "INV-2", "INV-4"],
  ),
  design(
    "F0-again",
    "punch drops the page cache a second time",
    "e251f9bca99c",
    [punch([], true), writeFault("none", false), otherFile(), observer()],
    ["COH-1", "INV-1", "INV-2"],
  ),
  design(
    "F1",
    "a semaphore in punch and in faults, not in read(2)",
    "ea3d7209ca01 (v4.5) to v5.14: ext4 i_mmap_sem",
    [punch([exclusive], false), reader(noLocks, false), observer()],
    ["COH-1", "INV-1", "INV-4"],
    { "INV-3": "v5.15 and later: before, each file system chose what its own lock kept out" },
  ),
  design(
    "F1-xfs",
    "as F1, and reads hold the inode's lock shared",
    "XFS up to v5.14: IOLOCK and MMAPLOCK (653c60b633a9)",
    [
      punch([guard(0, "i_rwsem", "exclusive"), exclusive], false),
      writeFault("whole", true),
      reader({ miss: none, whole: guard(2, "i_rwsem", "shared") }, true),
      otherFile(),
      observer(),
    ],
    [],
  ),
  design(
    "F2",
    "invalidate_lock in punch, and in whatever adds a folio",
    "730633f0b7f9, d4f5258eae7b (v5.15)",
    [
      punch([exclusive], false),
      writeFault("parts", true),
      reader({ miss: shared, whole: none }, true),
      otherFile(),
      observer(),
    ],
    [],
  ),
  design(
    "F2-no-readahead",
    "invalidate_lock everywhere but in readahead",
    "mutant of F2",
    [punch([exclusive], false), writeFault("parts", true), reader(noLocks, true), observer()],
    ["COH-1", "INV-1", "INV-2", "INV-3", "INV-4"],
  ),
];
