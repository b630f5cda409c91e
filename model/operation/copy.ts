/**
 * copy_file_range and splice between two cached files. What the source holds is read through its page
 * cache and written through that of the target; copy_file_range may clone whole blocks instead.
 * Sources: fs/read_write.c vfs_copy_file_range(), fs/splice.c do_splice_direct(), mm/filemap.c
 * filemap_splice_read().
 *
 * @module
 */
import { countRead, readSteps, writeEnds, writeSteps } from "./buffered.ts";
import { cloneSteps, lockBoth, sharedRange } from "./clone.ts";
import {
  type CallStep,
  choice,
  lockInode,
  moveCursor,
  type Next,
  type Program,
  relabelled,
  step,
  succeed,
  type Turn,
} from "./program.ts";

/** All has been read that there is: on to the target, unless it was nothing. */
function takeRead(turn: Turn, end: number): Next {
  return countRead(turn, end) === 0 ? succeed(turn) : "lock inode";
}

/** The step as one of a read of the source. */
function onSource({ label, take }: CallStep): CallStep {
  return {
    label,
    take: (turn) => {
      const { place } = turn;
      const { source, bufferAtoms, bufferPages } = place;
      turn.place = { ...place, file: source, atoms: bufferAtoms, pages: bufferPages };
      const next = take(turn);
      turn.place = place;
      return next;
    },
  };
}

const readSource: readonly CallStep[] = relabelled(readSteps(takeRead), " of source").map(onSource);

const copySteps: readonly CallStep[] = [
  step("read source", (turn) => {
    moveCursor(turn, turn.place.bufferPages.first);
    return "next page of source";
  }),
  ...readSource,
  step("lock inode", (turn) => {
    if (!lockInode(turn, true)) return "blocked";
    moveCursor(turn, turn.place.pages.first);
    return "write_begin";
  }),
  ...writeSteps("unlock inode"),
  ...writeEnds,
];

/** splice into a pipe and out of it. */
export const splice: Program = copySteps;

/** copy_file_range: a clone, where the file system can and likes to, or a copy. */
export const copyFileRange: Program = [
  choice("choose", (turn) => {
    const { world, place: { source, range } } = turn;
    if (turn.way > 1) return "none";
    if (range.from >= (world.size[source] ?? 0)) return turn.way > 0 ? "none" : succeed(turn);
    if (turn.way === 0) return "read source";
    const { from, to } = sharedRange(turn);
    if (from >= to) return "none";
    return lockBoth(turn);
  }),
  ...cloneSteps,
  ...copySteps,
];
