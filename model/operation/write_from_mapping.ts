/**
 * A buffered write whose buffer is a mapping. The copy runs under the folio's lock with page faults
 * disabled: where the buffer is not mapped it stops short, the folio is unlocked, the buffer is
 * faulted in, and the copy begins anew. Where it cannot be, the write ends with what was copied before,
 * or fails if that is nothing. A file system may also look at the whole buffer first, and fail before it
 * writes anything. Sources: mm/filemap.c generic_perform_write(), fs/iomap/buffered-io.c
 * iomap_write_iter(), fs/btrfs/file.c btrfs_buffered_write().
 *
 * @module
 */
import { extend, writeEnds, writeSteps } from "./buffered.ts";
import { folioOf, heldAt, removeFolio } from "./folio.ts";
import {
  atomsIn,
  choice,
  cursorOf,
  finish,
  isBeyond,
  lockInode,
  moveCursor,
  type Program,
  step,
  type Turn,
  unlockInode,
} from "./program.ts";
import { fillSteps, type PageTouch, pteAt, shownAt } from "./touch.ts";
import { Block, meetsBug, Pte, Status } from "./world.ts";

/** The page of the buffer that goes to the page at the cursor. */
function bufferPage(turn: Turn): number {
  const { bufferPages, pages } = turn.place;
  return bufferPages.first + cursorOf(turn) - pages.first;
}

/** A fault on the buffer. */
const buffer: PageTouch = {
  mapping: ({ place }) => place.bufferMapping,
  page: bufferPage,
  refused: () => "refuse",
  failed: () => "refuse",
};

/** Copies what the buffer shows of the page at the cursor; false if it is not mapped. */
function copy(turn: Turn): boolean {
  const { world, place: { bufferMapping, bufferAtoms, atoms } } = turn;
  const page = cursorOf(turn);
  const { first, end } = atomsIn(world.layout, page, atoms);
  for (let atom = first; atom < end; atom++) {
    const value = shownAt(world, bufferMapping, atom - atoms.first + bufferAtoms.first);
    if (value === undefined) return false;
    world.folio[heldAt(world, page, atom)] = value;
  }
  return first < end;
}

/** True if a page of the buffer lies behind the end of its file. */
function isBufferShort({ world, place: { bufferPages } }: Turn): boolean {
  for (let page = bufferPages.first; page < bufferPages.end; page++) {
    if (isBeyond(world, page)) return true;
  }
  return false;
}

/** Promised blocks of the range are given back, whoever else stored to them. */
function punchPromised({ world: { layout, block }, place: { atoms } }: Turn): void {
  for (let atom = atoms.first; atom < atoms.end; atom++) {
    const at = layout.atoms[atom]?.block ?? 0;
    if (block[at] === Block.DELALLOC) block[at] = Block.HOLE;
  }
}

/** True while the write holds the lock of the folio that it copies to. */
function isTargetLocked(turn: Turn): boolean {
  const folio = folioOf(turn.world, cursorOf(turn));
  return folio >= 0 && turn.world.locked[folio] === turn.process + 1;
}

/** The folio is unlocked. One made for this write goes: who comes next reads it from the device. */
function unlockTarget(turn: Turn): void {
  const { world } = turn;
  const page = cursorOf(turn);
  const folio = folioOf(world, page);
  world.locked[folio] = 0;
  if (world.uptodate[folio] === 0) removeFolio(world, page);
}

/** pwrite through the page cache out of a mapping. */
export const writeFromMapping: Program = [
  choice("lock inode", (turn) => {
    if (turn.way > 1 || turn.way === 1 && !isBufferShort(turn)) return "none";
    if (turn.way === 1) return finish(turn, Status.EFAULT);
    return lockInode(turn, true) ? "next" : "blocked";
  }),
  ...writeSteps("unlock inode"),
  step("copy from buffer", (turn) => {
    if (copy(turn)) return "write_end";
    return meetsBug(turn.world, "copy-faults-with-folio-locked") ? "fault" : "next";
  }),
  step("short copy", (turn) => {
    unlockTarget(turn);
    if (meetsBug(turn.world, "short-copy-punches-promised-blocks")) punchPromised(turn);
    return "next";
  }),
  ...fillSteps(buffer, "map buffer"),
  step("map buffer", (turn) => {
    const { world, place: { bufferMapping } } = turn;
    const page = bufferPage(turn);
    const folio = folioOf(world, page);
    if (isBeyond(world, page)) return "refuse";
    if (folio < 0 || world.uptodate[folio] === 0) return "fault";
    if ((world.locked[folio] ?? 0) > 0) return "blocked";
    const entry = pteAt(world, bufferMapping, page);
    if (world.pte[entry] === Pte.NONE) world.pte[entry] = Pte.READ_1 + folio % 2;
    return isTargetLocked(turn) ? "copy from buffer" : "write_begin";
  }),
  step("refuse", (turn) => {
    const { world, place: { atoms, pages, index, range, file } } = turn;
    if (isTargetLocked(turn)) unlockTarget(turn);
    const copied = atomsIn(world.layout, cursorOf(turn), atoms).first - atoms.first;
    if (copied > 0) {
      world.count[index] = copied;
      if (meetsBug(world, "short-write-grows-to-what-was-asked")) extend(world, file, range.to);
      moveCursor(turn, pages.first);
      return "unlock inode";
    }
    unlockInode(turn);
    return finish(turn, Status.EFAULT);
  }),
  ...writeEnds,
];
