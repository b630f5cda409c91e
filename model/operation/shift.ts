/**
 * FALLOC_FL_COLLAPSE_RANGE and FALLOC_FL_INSERT_RANGE: what lies behind moves, data in memory included.
 * Sources: ext4_collapse_range(), ext4_insert_range(), xfs_collapse_file_space().
 *
 * @module
 */
import { folioOf, removeFolio, unmapPage } from "./folio.ts";
import { type CallStep, type Program, relabelled, step, type Turn } from "./program.ts";
import { lockInodeStep, lockInvalidateStep, unlock } from "./removal.ts";
import type { PagesOfCall } from "./writeback.ts";
import { writeBackSteps } from "./writeback.ts";
import { Block, meetsBug } from "./world.ts";

/** Everything from the offset on moves. */
const movedPages: PagesOfCall = ({ world: { layout }, place: { file, range } }) => {
  const { first, end } = layout.filePages[file] ?? { first: 0, end: 0 };
  let page = first;
  while (page < end && (layout.pages[page]?.to ?? 0) <= range.from) page++;
  return { first: page, end };
};

/** A piece of the file, an atom or a block, and the file that it is of. */
interface Piece {
  readonly file: number;
  readonly from: number;
}

/** Atoms and blocks move by this many bytes from this byte on; what is uncovered is a hole. */
function shift({ world, place: { file, range } }: Turn, by: number): void {
  const { layout } = world;
  const from = by < 0 ? range.to : range.from;
  const device = world.device.slice();
  const block = world.block.slice();
  const atoms = layout.atoms.map((atom) => ({
    file: layout.pages[atom.page]?.file ?? -1,
    from: atom.from,
  }));
  /** Numbers of the pieces of the range and behind it, each with that of the one that moves there. */
  const moves = (pieces: readonly Piece[]): readonly (readonly [to: number, from: number])[] =>
    pieces.flatMap((piece, to) => {
      if (piece.file !== file || piece.from < range.from) return [];
      const start = piece.from - by;
      const source = pieces.findIndex((each) => each.file === file && each.from === start);
      return [[to, start >= from ? source : -1] as const];
    });
  for (const [to, source] of moves(atoms)) {
    world.device[to] = device[source] ?? 0;
    world.durable[to] = 1 << (world.device[to] ?? 0);
  }
  for (const [to, source] of moves(layout.blocks)) world.block[to] = block[source] ?? Block.HOLE;
  world.size[file] = (world.size[file] ?? 0) + by;
}

/** Dirty data is written back while faults are kept out: none of it is lost, and none is new. */
const writtenBackUnderLock: readonly CallStep[] = [
  lockInvalidateStep,
  ...writeBackSteps(movedPages, "remove folios"),
];

/** What ext4 did before 32ebffd3bbb4: data is written back first, and then faults are kept out. */
const writtenBackTooEarly: readonly CallStep[] = [
  ...relabelled(writeBackSteps(movedPages, "lock invalidate late"), " early"),
  ...relabelled([lockInvalidateStep], " late"),
  step("locked late", () => "remove folios"),
];

/** The program that moves by the length of the range, down or up. */
function shiftProgram(sign: 1 | -1): Program {
  return [
    lockInodeStep,
    step("begin", ({ world }) => {
      const early = meetsBug(world, "shift-writes-back-outside-lock");
      return early || meetsBug(world, "shift-drops-dirty-folios") ? "skip" : "lock invalidate";
    }),
    step(
      "skip",
      ({ world }) =>
        meetsBug(world, "shift-drops-dirty-folios") ? "lock invalidate late" : "write back early",
    ),
    ...writtenBackTooEarly,
    ...writtenBackUnderLock,
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
        if (!meetsBug(world, "shift-keeps-folios")) removeFolio(world, page);
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

/** fallocate with FALLOC_FL_COLLAPSE_RANGE. */
export const collapseRange: Program = shiftProgram(-1);
/** fallocate with FALLOC_FL_INSERT_RANGE. */
export const insertRange: Program = shiftProgram(1);
