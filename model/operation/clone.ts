/**
 * FICLONE, and copy_file_range where it clones: the source is written back, then two files share its
 * blocks. Sources: fs/remap_range.c generic_remap_file_range_prep(), fs/xfs/xfs_reflink.c.
 *
 * @module
 */
import type { Range } from "./cut.ts";
import { cleanSteps } from "./dax_file.ts";
import { breakLayouts, removeEntry } from "./dax_removal.ts";
import { removeFolio, unmapPage } from "./folio.ts";
import {
  type CallStep,
  moveCursor,
  type Next,
  type Program,
  relabelled,
  step,
  succeed,
  type Turn,
} from "./program.ts";
import { type PagesOfCall, rangePages, writeBackSteps } from "./writeback.ts";
import { Block, meetsBug } from "./world.ts";

const sourcePages: PagesOfCall = ({ place }) => place.bufferPages;

/**
 * Bytes that the two files can share: whole blocks, and a part of one where both files end in it. What
 * else was asked for is left to the caller, who is told how much it was (generic_remap_check_len).
 */
export function sharedRange({ world, place }: Turn): Range {
  const { layout: { medium: { blockSize } }, size } = world;
  const { operation, source, file, range: { from, to } } = place;
  const end = Math.min(to, size[source] ?? 0);
  const isWhole = end % blockSize === 0 || (end === size[source] && end >= (size[file] ?? 0));
  if (operation.kind === "reflink" && !isWhole) {
    throw new RangeError(`${operation.id}: a part of a block cannot be cloned into a longer file`);
  }
  const takesAll = isWhole || meetsBug(world, "copy-clones-the-last-block-whole");
  return { from, to: from % blockSize > 0 ? from : takesAll ? end : end - end % blockSize };
}

/** Blocks of the source are the clone's too; `forget` drops what of them was in memory. */
function share(turn: Turn, { from, to }: Range, forget: (page: number) => void): void {
  const { world, place } = turn;
  const { layout, layout: { medium: { blockSize } } } = world;
  const end = Math.ceil(to / blockSize) * blockSize;
  layout.atoms.forEach((atom, at) => {
    const isIn = from <= atom.from && atom.to <= end;
    if (layout.pages[atom.page]?.file !== place.file || !isIn) return;
    const source = layout.atoms.findIndex((each) =>
      layout.pages[each.page]?.file === place.source && each.from === atom.from
    );
    const block = layout.atoms[source]?.block ?? 0;
    const isHole = world.block[block] === Block.HOLE && world.block[atom.block] !== Block.HOLE;
    if (isHole && meetsBug(world, "clone-keeps-data-at-holes")) return;
    world.device[at] = world.device[source] ?? 0;
    world.durable[at] = (world.durable[at] ?? 0) | (world.durable[source] ?? 1);
    world.cached[at] = world.cached[source] ?? 0;
    world.block[atom.block] = world.block[block] ?? Block.HOLE;
    world.shared[atom.block] = world.shared[block] = 1;
  });
  layout.pages.forEach((page, at) => {
    if (page.file === place.file && page.from < end && from < page.to) forget(at);
  });
  world.size[place.file] = Math.max(to, world.size[place.file] ?? 0);
}

/**
 * Takes the semaphores of both files in one step: XFS and btrfs take them in the order of the inodes.
 * What follows are the {@linkcode cloneSteps}.
 */
export function lockBoth(turn: Turn): Next {
  const { world, process, place } = turn;
  const files = [place.file, place.source];
  const locks = [
    world.inodeWriter,
    world.inodeReaders,
    world.invalidateWriter,
    world.invalidateReaders,
  ];
  if (files.some((file) => locks.some((lock) => (lock[file] ?? 0) > 0))) return "blocked";
  for (const file of files) {
    world.inodeWriter[file] = world.invalidateWriter[file] = process + 1;
  }
  moveCursor(turn, sourcePages(turn).first);
  return meetsBug(world, "clone-misses-dirty-folios") ? "flush target" : "write back of source";
}

/** What is cached of both files goes to the device, and then they share blocks. */
export const cloneSteps: readonly CallStep[] = [
  ...relabelled(writeBackSteps(sourcePages, "flush target"), " of source"),
  step("flush target", (turn) => {
    moveCursor(turn, rangePages(turn).first);
    return meetsBug(turn.world, "clone-drops-dirty-neighbours") ? "share" : "next";
  }),
  ...relabelled(writeBackSteps(rangePages, "share"), " of target"),
  step("share", (turn) => {
    const { world, place } = turn;
    for (const file of [place.file, place.source]) {
      world.inodeWriter[file] = world.invalidateWriter[file] = 0;
    }
    const range = sharedRange(turn);
    const keeps = meetsBug(world, "clone-keeps-folios-of-the-target");
    share(turn, range, (page) => {
      if (keeps) return;
      unmapPage(world, page, false);
      removeFolio(world, page);
    });
    const { atoms } = world.layout;
    const { first, end } = place.bufferAtoms;
    world.count[place.index] = atoms.slice(first, end)
      .filter(({ from, to }) => range.from <= from && to <= range.to).length;
    return succeed(turn);
  }),
];

/** FICLONE of a cached file. */
export const reflink: Program = [
  step("lock inodes", lockBoth),
  ...cloneSteps,
];

/** FICLONE of a DAX file. */
export const daxReflink: Program = [
  step("break layouts", (turn) => breakLayouts(turn, turn.place.source)),
  ...cleanSteps(sourcePages, "share"),
  step("share", (turn) => {
    share(turn, sharedRange(turn), (page) => removeEntry(turn.world, page));
    return succeed(turn);
  }),
];
