/**
 * FICLONE: the source is written back, then two files share its blocks.
 * Sources: fs/remap_range.c generic_remap_file_range_prep(), fs/xfs/xfs_reflink.c.
 *
 * @module
 */
import { cleanSteps } from "./dax_file.ts";
import { breakLayouts, removeEntry } from "./dax_removal.ts";
import { removeFolio, unmapPage } from "./folio.ts";
import { type CallStep, moveCursor, type Program, step, succeed, type Turn } from "./program.ts";
import { type Pages, writeBackSteps } from "./writeback.ts";
import { Block, meetsBug } from "./world.ts";

/** The file that is cloned; that of the operation becomes the clone. */
function sourceOf({ world: { layout: { fds } }, place: { operation } }: Turn): number {
  return fds.find((each) => operation.kind === "reflink" && each.operation.fd === operation.from)
    ?.file ?? -1;
}

const sourcePages: Pages = (turn) =>
  turn.world.layout.filePages[sourceOf(turn)] ?? { first: 0, end: 0 };

/** Blocks and size of the source are the clone's too; `forget` drops what of it was in memory. */
function share(turn: Turn, forget: (page: number) => void): void {
  const { world, place } = turn;
  const { layout } = world;
  const from = sourceOf(turn);
  layout.atoms.forEach((atom, at) => {
    if (layout.pages[atom.page]?.file !== place.file) return;
    const source = layout.atoms.findIndex((each) =>
      layout.pages[each.page]?.file === from && each.from === atom.from
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
  layout.pages.forEach(({ file }, page) => {
    if (file === place.file) forget(page);
  });
  world.size[place.file] = world.size[from] ?? 0;
}

/** Takes the semaphores of both files in one step: XFS and btrfs take them in the order of the inodes. */
const lockBoth: CallStep = step("lock inodes", (turn) => {
  const { world, process, place } = turn;
  const files = [place.file, sourceOf(turn)];
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
  return meetsBug(world, "clone-misses-dirty-folios") ? "share" : "next";
});

/** FICLONE of a cached file. */
export const reflink: Program = [
  lockBoth,
  ...writeBackSteps(sourcePages, "share"),
  step("share", (turn) => {
    for (const file of [turn.place.file, sourceOf(turn)]) {
      turn.world.inodeWriter[file] = turn.world.invalidateWriter[file] = 0;
    }
    share(turn, (page) => {
      unmapPage(turn.world, page, false);
      removeFolio(turn.world, page);
    });
    return succeed(turn);
  }),
];

/** FICLONE of a DAX file. */
export const daxReflink: Program = [
  step("break layouts", (turn) => breakLayouts(turn, sourceOf(turn))),
  ...cleanSteps(sourcePages, "share"),
  step("share", (turn) => {
    share(turn, (page) => removeEntry(turn.world, page));
    return succeed(turn);
  }),
];
