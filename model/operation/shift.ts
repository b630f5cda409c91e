/**
 * FALLOC_FL_COLLAPSE_RANGE and FALLOC_FL_INSERT_RANGE: what lies behind moves, data in memory included.
 * Sources: ext4_collapse_range(), ext4_insert_range(), xfs_collapse_file_space().
 *
 * @module
 */
import { folioOf, removeFolio, unmapPage } from "./folio.ts";
import { type Program, step, type Turn } from "./program.ts";
import { lockInodeStep, lockInvalidateStep, unlock } from "./removal.ts";
import type { Pages } from "./writeback.ts";
import { writeBackSteps } from "./writeback.ts";
import { Block, has } from "./world.ts";

/** Everything from the offset on moves. */
const movedPages: Pages = ({ world: { layout }, place: { file, range } }) => {
  const { first, end } = layout.filePages[file] ?? { first: 0, end: 0 };
  let page = first;
  while (page < end && (layout.pages[page]?.to ?? 0) <= range.from) page++;
  return { first: page, end };
};

/** Atoms and blocks move by this many bytes from this byte on; what is uncovered is a hole. */
function shift({ world, place: { file, range } }: Turn, by: number): void {
  const { layout } = world;
  const from = by < 0 ? range.to : range.from;
  const device = world.device.slice();
  const block = world.block.slice();
  const isMoved = (byte: number): boolean => byte - by >= from;
  layout.atoms.forEach((atom, at) => {
    if (layout.pages[atom.page]?.file !== file || atom.from < range.from) return;
    const source = layout.atoms.findIndex((each) =>
      layout.pages[each.page]?.file === file && each.from === atom.from - by
    );
    const moves = isMoved(atom.from) && source >= 0;
    world.device[at] = moves ? device[source] ?? 0 : 0;
    world.durable[at] = 1 << (world.device[at] ?? 0);
  });
  layout.blocks.forEach((each, at) => {
    if (each.file !== file || each.from < range.from) return;
    const source = layout.blocks.findIndex((old) =>
      old.file === file && old.from === each.from - by
    );
    const moves = isMoved(each.from) && source >= 0;
    world.block[at] = moves ? block[source] ?? Block.HOLE : Block.HOLE;
  });
  world.size[file] = (world.size[file] ?? 0) + by;
}

/** The program that moves by the length of the range, down or up. */
function shiftProgram(sign: 1 | -1): Program {
  return [
    lockInodeStep,
    step("begin", (turn) => {
      const early = has(turn.world, "shift-writes-back-outside-lock");
      return early || has(turn.world, "shift-drops-dirty-folios") ? "skip" : "lock invalidate";
    }),
    step(
      "skip",
      (turn) =>
        has(turn.world, "shift-drops-dirty-folios") ? "lock invalidate late" : "write back early",
    ),
    ...writeBackSteps(movedPages, "lock invalidate late").map((each) => ({
      ...each,
      label: `${each.label} early`,
      take: (turn: Turn) => {
        const next = each.take(turn);
        return next === "write back" ? "write back early" : next;
      },
    })),
    { ...lockInvalidateStep, label: "lock invalidate late" },
    step("locked late", () => "remove folios"),
    lockInvalidateStep,
    ...writeBackSteps(movedPages, "remove folios"),
    step("remove folios", (turn) => {
      const { world } = turn;
      const { first, end } = movedPages(turn);
      for (let page = first; page < end; page++) {
        const folio = folioOf(world, page);
        if (folio < 0) continue;
        if ((world.locked[folio] ?? 0) > 0 || (world.writeback[folio] ?? 0) > 0) return "blocked";
      }
      for (let page = first; page < end; page++) {
        unmapPage(world, page, true);
        if (!has(world, "shift-keeps-folios")) removeFolio(world, page);
      }
      return "next";
    }),
    step("shift", (turn) => {
      const { from, to } = turn.place.range;
      shift(turn, sign * (to - from));
      return "next";
    }),
    unlock,
  ];
}

export const collapseRange: Program = shiftProgram(-1);
export const insertRange: Program = shiftProgram(1);
