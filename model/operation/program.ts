/**
 * How operations run: each is a program of atomic steps on the world.
 *
 * @module
 */
import type { OperationPlace, ScenarioLayout, Span } from "./layout.ts";
import { meetsBug, Status, type World } from "./world.ts";

/**
 * What follows a step: the step behind it, the step of this label, or `done`. A step that is `blocked`
 * changed nothing; `none` says that there is no such way to take it.
 */
export type Next = string;

/** Whose step it is, and which of the ways in which it can go. */
export interface Turn {
  readonly world: World;
  process: number;
  place: OperationPlace;
  way: number;
}

/** One atomic step. */
export interface CallStep {
  /** Unique in its program; what a schedule prints. */
  readonly label: string;
  readonly take: (turn: Turn) => Next;
}

/** The steps of an operation, from the first. */
export type Program = readonly CallStep[];

/** A step that can go one way only. */
export function step(label: string, take: (turn: Turn) => Next): CallStep {
  return { label, take: (turn) => turn.way > 0 ? "none" : take(turn) };
}

/** A step that can go several ways: `take` says `none` behind the last. */
export function choice(label: string, take: (turn: Turn) => Next): CallStep {
  return { label, take };
}

/** Steps that stand in a program a second time, under labels of their own. */
export function relabelled(steps: readonly CallStep[], suffix: string): readonly CallStep[] {
  const labels = new Set(steps.map(({ label }) => label));
  return steps.map(({ label, take, ...rest }) => ({
    ...rest,
    label: label + suffix,
    take: (turn) => {
      const next = take(turn);
      return labels.has(next) ? next + suffix : next;
    },
  }));
}

/** The operation ends with this status. */
export function finish({ world, place }: Turn, status: number): Next {
  world.status[place.index] = status;
  return "done";
}

/** The page at which the operation stands. */
export function cursorOf({ world, process }: Turn): number {
  return world.cursor[process] ?? 0;
}

/** Moves the operation to another page. */
export function moveCursor({ world, process }: Turn, page: number): void {
  world.cursor[process] = page;
}

/** Atoms of a page that lie in a span. */
export function atomsIn({ pages }: ScenarioLayout, page: number, span: Span): Span {
  const { first, end } = pages[page] ?? { first: 0, end: 0 };
  return { first: Math.max(first, span.first), end: Math.min(end, span.end) };
}

/** True if the page begins at or behind the end of its file. */
export function isBeyond({ layout, size }: World, page: number): boolean {
  const { from, file } = layout.pages[page] ?? { from: 0, file: 0 };
  return from >= (size[file] ?? 0);
}

/** A copy of a page's atoms in any order, one a step: the next atom of this turn, or -1. */
export function nextAtom({ world, process, way }: Turn, { first, end }: Span): number {
  const copied = world.note[process] ?? 0;
  let open = way;
  for (let atom = first; atom < end; atom++) {
    if ((copied & (1 << (atom - first))) === 0 && open-- === 0) return atom;
  }
  return -1;
}

/** Notes that an atom is copied; true if it was the last of the span. */
export function noteAtom({ world, process }: Turn, { first, end }: Span, atom: number): boolean {
  const copied = (world.note[process] ?? 0) | (1 << (atom - first));
  const all = (1 << (end - first)) - 1;
  world.note[process] = copied === all ? 0 : copied;
  return copied === all;
}

/** Takes the inode's semaphore; false if somebody holds it otherwise. */
export function lockInode({ world, process, place: { file } }: Turn, exclusive: boolean): boolean {
  if ((world.inodeWriter[file] ?? 0) > 0) return false;
  if (!exclusive) {
    world.inodeReaders[file] = (world.inodeReaders[file] ?? 0) + 1;
    return true;
  }
  if ((world.inodeReaders[file] ?? 0) > 0) return false;
  world.inodeWriter[file] = process + 1;
  return true;
}

/** Gives the inode's semaphore back, however it was taken. */
export function unlockInode({ world, place: { file } }: Turn): void {
  if ((world.inodeWriter[file] ?? 0) > 0) world.inodeWriter[file] = 0;
  else world.inodeReaders[file] = (world.inodeReaders[file] ?? 1) - 1;
}

/** Takes invalidate_lock for removal; false if a fill or another removal holds it. */
export function lockInvalidate({ world, process, place: { file } }: Turn): boolean {
  if ((world.invalidateWriter[file] ?? 0) > 0) return false;
  if ((world.invalidateReaders[file] ?? 0) > 0) return false;
  world.invalidateWriter[file] = process + 1;
  return true;
}

/** Gives invalidate_lock back after a removal. */
export function unlockInvalidate({ world, place: { file } }: Turn): void {
  world.invalidateWriter[file] = 0;
}

/** True if the write is synchronous: by a flag of its descriptor, or by its own. */
export function isSynchronous({ world, place: { fd, operation } }: Turn): boolean {
  if (world.layout.fds[fd]?.isSync === true) return true;
  if (operation.kind !== "pwrite" || operation.dsync !== true) return false;
  return !meetsBug(world, "write-flag-dsync-ignored");
}

/** The operation ends well. */
export function succeed(turn: Turn): Next {
  return finish(turn, Status.OK);
}
