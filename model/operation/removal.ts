/**
 * Calls that take blocks away, give them or change the size: ftruncate and fallocate, on cached files.
 * Sources: ext4_punch_hole(), ext4_zero_range(), xfs_file_fallocate(), mm/truncate.c.
 *
 * @module
 */
import { extend } from "./buffered.ts";
import {
  clearBehindEnd,
  folioOf,
  heldAt,
  isAtomBeyond,
  removeFolio,
  unmapPage,
  writeAtom,
} from "./folio.ts";
import {
  type CallStep,
  finish,
  lockInode,
  lockInvalidate,
  type Next,
  type Program,
  step,
  succeed,
  type Turn,
  unlockInode,
  unlockInvalidate,
} from "./program.ts";
import { rangePages, writeBackSteps } from "./writeback.ts";
import { moreThanThereIs } from "./scenario.ts";
import { Block, meetsBug, Status } from "./world.ts";

const lockInodeStep: CallStep = step(
  "lock inode",
  (turn) => lockInode(turn, true) ? "next" : "blocked",
);

/** Excludes faults and fills; a bug of the file system may leave this out. */
export const lockInvalidateStep: CallStep = step("lock invalidate", (turn) => {
  if (meetsBug(turn.world, "removal-without-invalidate-lock")) return "next";
  return lockInvalidate(turn) ? "next" : "blocked";
});

const unlock: CallStep = step("unlock", (turn) => {
  if (turn.world.invalidateWriter[turn.place.file] === turn.process + 1) unlockInvalidate(turn);
  unlockInode(turn);
  return succeed(turn);
});

/** Pages of the operation that lie in its range as a whole, and those that it cuts. */
function isWhole({ world: { layout }, place: { range } }: Turn, page: number): boolean {
  const { from, to } = layout.pages[page] ?? { from: 0, to: 0 };
  return range.from <= from && to <= range.to;
}

/** Waits for the folios of the range and takes them out of mapping and page tables. */
function removePages(turn: Turn, withPrivate: boolean): Next {
  const { world, place: { pages } } = turn;
  for (let page = pages.first; page < pages.end; page++) {
    const folio = folioOf(world, page);
    if (folio < 0) continue;
    if ((world.locked[folio] ?? 0) > 0 || (world.writeback[folio] ?? 0) > 0) return "blocked";
  }
  for (let page = pages.first; page < pages.end; page++) {
    if (!isWhole(turn, page)) continue;
    const keeps = meetsBug(world, withPrivate ? "truncate-keeps-mappings" : "punch-keeps-mappings");
    if (!keeps) unmapPage(world, page, withPrivate);
    if (withPrivate || !meetsBug(world, "punch-keeps-folios")) removeFolio(world, page);
  }
  return "next";
}

/** Zeros what the range covers of pages that it cuts: in the folio if there is one, or on the device. */
function clearCutPages(turn: Turn): void {
  const { world, place: { atoms } } = turn;
  const { layout } = world;
  for (let atom = atoms.first; atom < atoms.end; atom++) {
    const { page, block } = layout.atoms[atom] ?? { page: 0, block: 0 };
    if (isWhole(turn, page)) continue;
    const folio = folioOf(world, page);
    if (folio >= 0) {
      world.folio[heldAt(world, page, atom)] = 0;
      world.dirty[folio] = 1;
      if (world.block[block] === Block.HOLE) world.block[block] = Block.DELALLOC;
    } else if (world.block[block] === Block.MAPPED) writeAtom(world, atom, 0);
  }
}

/** Changes the block map where the range covers whole blocks. */
function remap({ world, place: { range, file } }: Turn, becomes: number): void {
  world.layout.blocks.forEach(({ file: own, from, to }, block) => {
    if (own !== file || from < range.from || to > range.to) return;
    world.block[block] = becomes;
    world.shared[block] = 0;
  });
}

/** FALLOC_FL_PUNCH_HOLE. */
export const punchHole: Program = [
  lockInodeStep,
  ...writeBackSteps(rangePages, "lock invalidate"),
  lockInvalidateStep,
  step("remove folios", (turn) => removePages(turn, false)),
  step("free blocks", (turn) => {
    if (!meetsBug(turn.world, "punch-keeps-blocks")) remap(turn, Block.HOLE);
    if (!meetsBug(turn.world, "punch-keeps-parts-of-pages")) clearCutPages(turn);
    return "next";
  }),
  unlock,
];

/** FALLOC_FL_ZERO_RANGE. */
export const zeroRange: Program = [
  lockInodeStep,
  ...writeBackSteps(rangePages, "lock invalidate"),
  lockInvalidateStep,
  step("remove folios", (turn) => removePages(turn, false)),
  step("convert blocks", (turn) => {
    const { world, place: { file, range } } = turn;
    if (!meetsBug(world, "zero-range-keeps-data")) remap(turn, Block.UNWRITTEN);
    if (!keepsSize(turn)) extend(world, file, range.to);
    clearCutPages(turn);
    return "next";
  }),
  unlock,
];

/**
 * What a failed preallocation leaves is what was there: blocks that it has got so far are not seen, as
 * long as the file is no longer than before.
 */
const failForRoom: CallStep = step("no room", (turn) => {
  const { world, place } = turn;
  const { operation: { id }, pages, range, file } = place;
  if (range.to > (world.size[file] ?? 0) && !keepsSize(turn)) {
    throw new RangeError(`${id}: how far a file has grown when there is no more room is left open`);
  }
  if (meetsBug(world, "failed-fallocate-undoes-too-much")) {
    for (let page = pages.first; page < pages.end; page++) {
      const folio = folioOf(world, page);
      if (folio < 0) continue;
      if ((world.locked[folio] ?? 0) > 0 || (world.writeback[folio] ?? 0) > 0) return "blocked";
    }
    for (let page = pages.first; page < pages.end; page++) {
      unmapPage(world, page, false);
      removeFolio(world, page);
    }
    remap(turn, Block.HOLE);
  }
  unlockInode(turn);
  return finish(turn, Status.ENOSPC);
});

function keepsSize({ place: { operation } }: Turn): boolean {
  return operation.kind === "fallocate" && operation.keepSize === true;
}

/** fallocate without a mode. */
export const preallocate: Program = [
  step("lock inode", (turn) => {
    const { world, process, place: { file, range } } = turn;
    if (range.to > (world.size[file] ?? 0) && meetsBug(world, "preallocation-sets-stale-size")) {
      world.note[process] = 1;
      return "lock inode again";
    }
    return lockInode(turn, true) ? "allocate" : "blocked";
  }),
  step("lock inode again", (turn) => lockInode(turn, true) ? "next" : "blocked"),
  step("allocate", (turn) => {
    const { world, process, place: { file, range } } = turn;
    if (range.to - range.from >= moreThanThereIs) return "no room";
    const exposes = meetsBug(world, "preallocation-shows-old-blocks");
    world.layout.blocks.forEach(({ file: own, from, to }, block) => {
      if (own !== file || to <= range.from || from >= range.to) return;
      const { HOLE, DELALLOC, MAPPED, UNWRITTEN } = Block;
      if (world.block[block] === HOLE) world.block[block] = exposes ? MAPPED : UNWRITTEN;
      else if (world.block[block] === DELALLOC) world.block[block] = UNWRITTEN;
    });
    if (!keepsSize(turn)) {
      extend(world, file, range.to);
      if (world.note[process] === 1) world.size[file] = range.to;
    }
    return "next";
  }),
  unlock,
  failForRoom,
];

/** ftruncate, up or down. */
export const ftruncate: Program = [
  step("lock inode", (turn) => {
    const { world, place: { file, range } } = turn;
    if (!lockInode(turn, true)) return "blocked";
    return range.from < (world.size[file] ?? 0) ? "lock invalidate" : "extend";
  }),
  step("extend", (turn) => {
    const { world, place: { file, range } } = turn;
    extend(world, file, range.from);
    unlockInode(turn);
    return succeed(turn);
  }),
  lockInvalidateStep,
  step("set size", ({ world, place: { file, range } }) => {
    world.size[file] = range.from;
    return "next";
  }),
  step("remove folios", (turn) => {
    const { world, place: { pages } } = turn;
    const next = removePages(turn, true);
    if (next === "blocked" || !meetsBug(world, "truncate-drops-the-last-page")) return next;
    for (let page = pages.first; page < pages.end; page++) {
      unmapPage(world, page, false);
      removeFolio(world, page);
    }
    return next;
  }),
  step("free blocks", (turn) => {
    if (!meetsBug(turn.world, "truncate-keeps-blocks")) remap(turn, Block.HOLE);
    if (!meetsBug(turn.world, "truncate-keeps-the-tail")) clearTail(turn);
    return "next";
  }),
  unlock,
];

/** Zeros what lies behind the new end in the page that it cuts. */
function clearTail(turn: Turn): void {
  const { world, place: { atoms, pages } } = turn;
  for (let page = pages.first; page < pages.end; page++) {
    if (isWhole(turn, page)) continue;
    const folio = folioOf(world, page);
    if (folio >= 0) {
      clearBehindEnd(world, page);
      world.dirty[folio] = 1;
    }
  }
  for (let atom = atoms.first; atom < atoms.end; atom++) {
    const { block, page } = world.layout.atoms[atom] ?? { block: 0, page: 0 };
    if (isWhole(turn, page) || !isAtomBeyond(world, atom)) continue;
    if (world.block[block] === Block.MAPPED) writeAtom(world, atom, 0);
  }
}

export { keepsSize, lockInodeStep, removePages, unlock };
