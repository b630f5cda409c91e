/**
 * FALLOC_FL_UNSHARE_RANGE of a cached file: pages whose blocks another file shares are read, called
 * dirty and written to blocks of their own. Sources: fs/iomap/buffered-io.c iomap_unshare_iter(),
 * fs/xfs/xfs_reflink.c xfs_reflink_unshare().
 *
 * @module
 */
import { extend } from "./buffered.ts";
import { folioOf, insertFolio } from "./folio.ts";
import {
  cursorOf,
  finish,
  isBeyond,
  moveCursor,
  type Program,
  step,
  type Turn,
} from "./program.ts";
import { keepsSize, lockInodeStep, unlock } from "./removal.ts";
import { fillSteps, type PageTouch } from "./touch.ts";
import { rangePages, writeBackSteps } from "./writeback.ts";
import { Block, meetsBug, Status } from "./world.ts";

const atCursor: PageTouch = {
  mapping: () => -1,
  page: cursorOf,
  refused: () => "next shared page",
  failed: (turn) => finish(turn, Status.EIO),
};

/** True if the page has a block that holds data and that another file shares. */
function isShared({ world: { layout, shared, block } }: Turn, page: number): boolean {
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  return layout.atoms.slice(first, end).some((atom) =>
    shared[atom.block] === 1 && block[atom.block] === Block.MAPPED
  );
}

/** The page at the cursor is claimed to be read, and holds zeros. */
function claimUnread(turn: Turn): void {
  const { world, process } = turn;
  const page = cursorOf(turn);
  insertFolio(world, page, process);
  const folio = folioOf(world, page);
  world.uptodate[folio] = 1;
  world.locked[folio] = 0;
}

/** fallocate with FALLOC_FL_UNSHARE_RANGE. */
export const unshareRange: Program = [
  lockInodeStep,
  step("next shared page", (turn) => {
    const { world, place: { pages } } = turn;
    for (let page = cursorOf(turn); page < pages.end; page++) {
      if (!isShared(turn, page) || isBeyond(world, page)) continue;
      moveCursor(turn, page);
      const isCached = folioOf(world, page) >= 0;
      if (isCached || !meetsBug(world, "unshare-skips-reading")) return "next";
      claimUnread(turn);
      return "dirty folio";
    }
    moveCursor(turn, pages.first);
    return "write back";
  }),
  ...fillSteps(atCursor, "dirty folio"),
  step("dirty folio", (turn) => {
    const { world } = turn;
    const folio = folioOf(world, cursorOf(turn));
    if (folio < 0 || world.uptodate[folio] === 0) return "next shared page";
    const unstable = world.layout.medium.stableWrites && (world.writeback[folio] ?? 0) > 0;
    if ((world.locked[folio] ?? 0) > 0 || unstable) return "blocked";
    world.dirty[folio] = 1;
    moveCursor(turn, cursorOf(turn) + 1);
    return "next shared page";
  }),
  ...writeBackSteps(rangePages, "unshare"),
  step("unshare", (turn) => {
    const { world, place: { file, range } } = turn;
    world.layout.blocks.forEach(({ file: own, from, to }, block) => {
      if (own !== file || to <= range.from || from >= range.to) return;
      world.shared[block] = 0;
      if (world.block[block] === Block.HOLE) world.block[block] = Block.UNWRITTEN;
    });
    if (!keepsSize(turn)) extend(world, file, range.to);
    return "next";
  }),
  unlock,
];
