/**
 * System C: a direct write against readers and writers of the page cache (chapter 3,
 * mutation `dioInvalidate`, `aioInvalidate`, `dioLock`).
 *
 * One page with old data on the disk. D writes it directly; R reads it with read(2); M stores to it
 * through a mapping; B is background writeback; V reads after the direct write has returned.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import {
  directWrite,
  observer,
  page,
  reader,
  storer,
  Write,
  writeback,
} from "./direct_write_actors.ts";
import { modeGuard } from "./mode_lock_steps.ts";
import { choice } from "./program.ts";
import { type Guard, guard, none } from "./semaphore_steps.ts";

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 5,
  locals: 1,
  rwsems: 1,
  folios: 3,
  blocks: 1,
  locks: 1,
};

function start(extent: number): (state: State) => void {
  return (state) => {
    state.extent[page] = extent;
    state.block[page] = 1;
    state.owner[0] = page + 1;
    state.media[0] = extent === Extent.MAPPED ? Write.OLD : 0;
    state.size[0] = 1;
  };
}

interface Told {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly actors: readonly Actor[];
  readonly breaks?: readonly string[];
  readonly extent?: number;
}

function design({ id, title, source, actors, breaks = [], extent = Extent.MAPPED }: Told): Design {
  return { id, system: "C", title, source, bounds, start: start(extent), actors, breaks };
}

const everybody = [reader(none, true, false), storer(none, none, true), writeback(), observer()];

function lockedOut(readerLocks = true): readonly Actor[] {
  const add = (task: number, label?: string): Guard =>
    modeGuard({ task, lock: 0, mode: "ADD" }, "X", label);
  return [
    directWrite({ lock: modeGuard({ task: 0, lock: 0, mode: "BLOCK" }, "X"), stores: true }),
    reader(readerLocks ? add(1) : none, true, false),
    storer(add(2, "miss"), add(2, "mkwrite"), true),
    writeback(),
    observer(),
  ];
}

function invalidateLocked(): readonly Actor[] {
  const shared = (task: number, label?: string): Guard =>
    guard(task, "invalidate_lock", "shared", label);
  return [
    directWrite({ lock: guard(0, "invalidate_lock", "exclusive"), stores: true }),
    reader(shared(1), true, false),
    storer(shared(2, "miss"), shared(2, "mkwrite"), true),
    writeback(),
    observer(),
  ];
}

/** pin_user_pages faults on the very file whose invalidate_lock the task holds. */
function ownBuffer(): Actor {
  const held = guard(0, "invalidate_lock", "exclusive");
  const fault = guard(0, "invalidate_lock", "shared", "fault");
  return {
    name: "D",
    task: 0,
    environment: false,
    program: [
      ...held.take,
      choice("pin", `pin_user_pages(mapping of page ${page}): fault`, {}),
      ...fault.take,
      choice("submit", `the device writes page ${page}`, {}),
    ],
  };
}

/** Direct writes and what keeps the page cache coherent with them. */
export const directWriteDesigns: readonly Design[] = [
  design({
    id: "C0",
    title: "invalidate once, before the write",
    source: "seed 002: one invalidation, before the write",
    actors: [directWrite({ busy: "goes on", stores: true }), ...everybody],
    breaks: ["COH-1", "COH-2", "COH-3"],
  }),
  design({
    id: "C1",
    title: "invalidate before and after the write",
    source: "5a9d929d6e13 (v4.16); all generic and iomap direct I/O",
    actors: [
      directWrite({ busy: "goes on", again: "after conversion", stores: true }),
      ...everybody,
    ],
    breaks: ["COH-3"],
  }),
  design({
    id: "C1-no-writeback",
    title: "as C1, in a world without background writeback",
    source: "as C1",
    actors: [
      directWrite({ busy: "goes on", again: "after conversion", stores: true, alone: true }),
      reader(none, true, false),
      storer(none, none, true),
      observer(),
    ],
  }),
  design({
    id: "C1a",
    title: "asynchronous direct I/O does not invalidate when it completes",
    source: "before 332391a9935d; generic/451",
    actors: [directWrite({}), reader(none, false, false), observer()],
    breaks: ["COH-1", "COH-3"],
  }),
  design({
    id: "C1b",
    title: "the second invalidation comes before the conversion of unwritten extents",
    source: "before c771c14baa33",
    actors: [
      directWrite({ again: "before conversion", unwritten: true }),
      reader(none, false, true),
      observer(),
    ],
    breaks: ["COH-1", "COH-3", "COH-5"],
    extent: Extent.UNWRITTEN,
  }),
  design({
    id: "C1b-after",
    title: "the second invalidation comes after the conversion of unwritten extents",
    source: "c771c14baa33; iomap_dio_complete, all versions since",
    actors: [
      directWrite({ again: "after conversion", unwritten: true }),
      reader(none, false, true),
      observer(),
    ],
    extent: Extent.UNWRITTEN,
  }),
  design({
    id: "C1c",
    title: "a first invalidation that fails makes it a buffered write",
    source: "iomap since v5.9",
    actors: [
      directWrite({ busy: "falls back", again: "after conversion", stores: true }),
      ...everybody,
    ],
    breaks: ["COH-3"],
  }),
  design({
    id: "C2",
    title: "invalidate_lock exclusive around the direct write",
    source: "seed 002",
    actors: invalidateLocked(),
  }),
  design({
    id: "C3",
    title: "a two-state lock between direct I/O and additions to the page cache",
    source: "seed 002; bcachefs, v6.7 to v6.17",
    actors: lockedOut(),
  }),
  design({
    id: "C3-no-read",
    title: "as C3, but read(2) and readahead do not take the lock",
    source: "mutant of C3",
    actors: lockedOut(false),
    breaks: ["ADD-2", "COH-1", "COH-2", "COH-3"],
  }),
  design({
    id: "C2-self",
    title: "as C2, the buffer being a mapping of the page itself",
    source: "seed 002",
    actors: [ownBuffer()],
    breaks: ["LOCK-1"],
  }),
];
