/**
 * Who meets in system C: a direct write, and readers and writers of the page cache (chapter 3).
 *
 * @module
 */
import type { Actor, Step } from "../design.ts";
import type { State } from "../state.ts";
import { Tag } from "../xarray.ts";
import { invalidate } from "./direct_write_steps.ts";
import {
  cacheFolio,
  lockFolio,
  mkwriteEvents,
  notCached,
  storeStep,
  uptodate,
  writeBack,
  writeFolio,
} from "./page_cache_steps.ts";
import { choice, does } from "./program.ts";
import { type Guard, none } from "./semaphore_steps.ts";

/** The page that all of them are about. */
export const page = 0;

/** Bits of the writes (`folio.ts`). */
export const Write = { OLD: 1, DIRECT: 2, STORE: 4 } as const;

/** How a direct write goes about the page cache. */
interface Direct {
  readonly lock?: Guard;
  /** What it does when the first invalidation finds a dirty folio; left out where there is none. */
  readonly busy?: "goes on" | "falls back";
  /** When it invalidates for the second time, if it does. */
  readonly again?: "after conversion" | "before conversion";
  /** True in a world in which M stores to the page. */
  readonly stores?: boolean;
  /** True in a world without background writeback. */
  readonly alone?: boolean;
  /** True if the extent is unwritten. */
  readonly unwritten?: boolean;
}

/** D: task 0. */
export function directWrite(
  { lock = none, busy, again, stores = false, alone, unwritten }: Direct,
): Actor {
  const task = 0;
  const on = { task, page };
  const next = { "goes on": "write", "falls back": "fall back" };
  const convert = does("convert", "->end_io: unwritten extent becomes written", {
    kind: "convert_unwritten",
    ...on,
  });
  const second = invalidate(
    "invalidate again",
    on,
    [{ kind: "invalidate_again", ...on }],
    stores
      ? { events: [{ kind: "set_wb_error", ...on }, { kind: "invalidate_again", ...on }] }
      : undefined,
  );
  const end = does(
    "end",
    "the direct write returns",
    { kind: "direct_end", ...on, writes: Write.DIRECT },
  );
  return {
    name: "D",
    task,
    environment: false,
    program: [
      does("begin", `iomap_dio_rw(write, ${page})`, { kind: "direct_begin", ...on }),
      ...lock.take,
      ...(stores ? writeBack(on, [0], alone) : []),
      invalidate(
        "invalidate",
        on,
        [{ kind: "invalidated", ...on }],
        busy === undefined ? undefined : { goto: next[busy] },
      ),
      does("write", `the device writes page ${page}`, {
        kind: "direct_write",
        ...on,
        writes: Write.DIRECT,
      }),
      ...(again === "before conversion" ? [second] : []),
      ...(unwritten ? [convert] : []),
      ...(again === "after conversion" ? [second] : []),
      ...lock.give,
      end,
      ...(busy === "falls back" ? [...bufferedWrite(task)] : []),
    ],
  };
}

/** Direct I/O that could not invalidate writes through the page cache, and writes that back. */
function bufferedWrite(task: number): readonly Step[] {
  const on = { task, page };
  return [
    choice("returned", "done", { goto: "end" }),
    does("fall back", "-ENOTBLK: buffered write", { kind: "find_folio", ...on }),
    lockFolio(on),
    does(
      "copy",
      `copy in to folio ${page}`,
      { kind: "copy_in", ...on, writes: Write.DIRECT, whole: true },
      { kind: "mark_dirty", ...on },
      { kind: "unlock_folio", ...on },
      { kind: "put_folio", ...on },
    ),
    ...writeBack(on, [0]).map((step) => relabel(step)),
    does("buffered end", "the direct write returns", {
      kind: "direct_end",
      ...on,
      writes: Write.DIRECT,
    }),
  ];
}

/** A step that stands in one program a second time, under another label. */
function relabel(step: Step): Step {
  return {
    ...step,
    label: `buffered ${step.label}`,
    branches: step.branches.map((branch) =>
      branch.goto === undefined ? branch : { ...branch, goto: `buffered ${branch.goto}` }
    ),
  };
}

/** R, which reads with read(2): task 1. */
export function reader(lock: Guard, rivals: boolean, unwritten: boolean): Actor {
  const task = 1;
  return {
    name: "R",
    task,
    environment: false,
    program: [
      ...lock.take,
      ...cacheFolio({ task, page }, {
        rivals,
        hit: "copy",
        ...(unwritten ? { finds: ["UNWRITTEN", "MAPPED"] } : {}),
      }),
      does("copy", `copy page ${page} to the user`, { kind: "put_folio", task, page }),
      ...lock.give,
    ],
  };
}

/** M, which stores through a mapping: task 2. */
export function storer(miss: Guard, mkwrite: Guard, rivals: boolean): Actor {
  const task = 2;
  const gone = mkwrite.give.length > 0 ? "truncated" : "find";
  return {
    name: "M",
    task,
    environment: false,
    program: [
      ...cacheFolio({ task, page }, {
        lock: miss.take,
        unlock: miss.give,
        rivals,
        hit: mkwrite.take[0]?.label ?? "lock",
      }),
      ...mkwrite.take,
      lockFolio({ task, page }, gone),
      does("mkwrite", `->page_mkwrite(${page})`, ...mkwriteEvents({ task, page }, 0)),
      ...mkwrite.give,
      storeStep(page, 0, Write.STORE, "find"),
      choice("stored", "the store is done", { goto: "end" }),
      ...mkwrite.give.map((step) => ({ ...step, label: "truncated" })),
      ...(mkwrite.give.length > 0 ? [choice("fault again", "fault again", { goto: "find" })] : []),
    ],
  };
}

/** B, background writeback: task 3. */
export function writeback(): Actor {
  const task = 3;
  return {
    name: "B",
    task,
    environment: true,
    program: [
      choice("pick", "writeback finds the page DIRTY", {
        when: (state) => ((state.tag[page] ?? 0) & Tag.DIRTY) !== 0,
        events: [{ kind: "find_folio", task, page }],
      }),
      ...writeFolio({ task, page }, [0], "pick"),
    ],
  };
}

/** V, which reads after the direct write has returned: task 4. */
export function observer(): Actor {
  const task = 4;
  const returned = (state: State): boolean => state.returned[page] !== 0;
  return {
    name: "V",
    task,
    environment: true,
    program: [
      choice("pread", `pread(${page}) after the direct write`, {
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
