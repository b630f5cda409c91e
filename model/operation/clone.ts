/**
 * FICLONE: the source is written back, then two files share its blocks.
 * Sources: fs/remap_range.c generic_remap_file_range_prep(), fs/xfs/xfs_reflink.c.
 *
 * @module
 */
import { cleanSteps } from "./dax_file.ts";
import { breakLayouts, removeEntry } from "./dax_removal.ts";
import { removeFolio, unmapPage } from "./folio.ts";
import { type Program, step, succeed, type Turn } from "./program.ts";
import { type Pages, writeBackSteps } from "./writeback.ts";
import { Block } from "./world.ts";

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

/** FICLONE of a cached file. */
export const reflink: Program = [
  ...writeBackSteps(sourcePages, "share"),
  step("share", (turn) => {
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
