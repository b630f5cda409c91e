/**
 * ftruncate and fallocate on DAX files: entries and mappings of the range go before its blocks do. An
 * entry can be larger than the range (chapter 4).
 * Source: fs/dax.c dax_break_layout(), ext4_punch_hole(), xfs_file_fallocate().
 *
 * @module
 */
import { extend } from "./buffered.ts";
import { flushPage } from "./dax_file.ts";
import { entryPages, unmapDaxPage } from "./dax_touch.ts";
import { clearPrivate, unmapPage, writeAtom } from "./folio.ts";
import { type CallStep, type Program, step, succeed, type Turn, unlockInode } from "./program.ts";
import { keepsSize, lockInodeStep, lockInvalidateStep, unlock } from "./removal.ts";
import { Block, meetsBug, Pte, Slot, type World } from "./world.ts";

function isInside({ world: { layout }, place: { range } }: Turn, page: number): boolean {
  const { from, to } = layout.pages[page] ?? { from: 0, to: 0 };
  return range.from <= from && to <= range.to;
}

/**
 * Breaking layouts, with which every call begins that changes blocks or size: nobody may pin a page any
 * more. Entries stay, but since bde708f1a65d (v6.15) every entry of the file goes, DIRTY or not.
 */
export function breakLayouts(
  { world, place }: Turn,
  file: number = place.file,
): "next" | "blocked" {
  if (!meetsBug(world, "layout-break-drops-every-entry")) return "next";
  const { first, end } = world.layout.filePages[file] ?? { first: 0, end: 0 };
  if ((world.invalidateReaders[file] ?? 0) > 0) return "blocked";
  if (world.entryLock.subarray(first, end).some((holder) => holder > 0)) return "blocked";
  for (let page = first; page < end; page++) removeEntry(world, page);
  return "next";
}

/** Unmaps and deletes every entry that the range meets; what else a PMD entry held is flushed first. */
function removeEntries(turn: Turn, withPrivate: boolean): "next" | "blocked" {
  const { world, place: { pages } } = turn;
  if (breakLayouts(turn) === "blocked") return "blocked";
  for (let page = pages.first; page < pages.end; page++) {
    if (entryPages(world, page).some((each) => (world.entryLock[each] ?? 0) > 0)) return "blocked";
  }
  for (let page = pages.first; page < pages.end; page++) {
    for (const each of entryPages(world, page)) {
      const kept = !isInside(turn, each);
      const loses = kept && world.tag[each] === 1 &&
        meetsBug(world, "removal-drops-whole-pmd-entry");
      if (kept && !loses && world.tag[each] === 1) flushPage(world, each);
      const goes = withPrivate && !kept;
      const keeps = meetsBug(world, goes ? "truncate-keeps-mappings" : "punch-keeps-mappings");
      removeEntry(world, each, keeps);
      if (goes && !keeps) unmapPage(world, each, true);
    }
  }
  return "next";
}

/** The entry of a page goes, and with it what maps it, private copies aside. */
export function removeEntry(world: World, page: number, keepsMappings = false): void {
  if (!keepsMappings) unmapDaxPage(world, page);
  world.entry[page] = Slot.NONE;
  world.pmd[page] = world.tag[page] = world.towrite[page] = 0;
}

/** Whole blocks of the range change; the rest of the range is cleared. */
function remap(turn: Turn, becomes: number): void {
  const { world, place: { atoms, range } } = turn;
  const { layout } = world;
  for (let atom = atoms.first; atom < atoms.end; atom++) {
    const { block } = layout.atoms[atom] ?? { block: 0 };
    const { from, to } = layout.blocks[block] ?? { from: 0, to: 0 };
    if (range.from <= from && to <= range.to) world.block[block] = becomes;
    else if (world.block[block] === Block.MAPPED) writeAtom(world, atom, 0);
  }
}

function removal(change: CallStep, withPrivate: boolean): Program {
  return [
    lockInodeStep,
    lockInvalidateStep,
    step("remove entries", (turn) => removeEntries(turn, withPrivate)),
    change,
    unlock,
  ];
}

/** FALLOC_FL_PUNCH_HOLE. */
export const daxPunchHole: Program = removal(
  step("free blocks", (turn) => {
    if (!meetsBug(turn.world, "punch-keeps-blocks")) remap(turn, Block.HOLE);
    return "next";
  }),
  false,
);

/** FALLOC_FL_ZERO_RANGE. */
export const daxZeroRange: Program = removal(
  step("convert blocks", (turn) => {
    const { world, place: { file, range } } = turn;
    if (!meetsBug(world, "zero-range-keeps-data")) remap(turn, Block.UNWRITTEN);
    if (!keepsSize(turn)) extend(world, file, range.to);
    return "next";
  }),
  false,
);

/** Blocks of the range that another file shares get copies of their own, whole blocks. */
function unshare({ world, place: { range, file } }: Turn): void {
  const { layout } = world;
  layout.blocks.forEach(({ file: own, from, to, first, end }, block) => {
    if (own !== file || to <= range.from || from >= range.to) return;
    const copied = world.shared[block] === 1 && world.block[block] === Block.MAPPED;
    if (copied && meetsBug(world, "unshare-copies-only-the-range")) {
      for (let atom = first; atom < end; atom++) {
        const { from = 0, to = 0 } = layout.atoms[atom] ?? {};
        if (range.from <= from && to <= range.to) continue;
        writeAtom(world, atom, layout.values.length - 1);
      }
    }
    world.shared[block] = 0;
    if (world.block[block] === Block.HOLE) world.block[block] = Block.UNWRITTEN;
  });
}

/** FALLOC_FL_UNSHARE_RANGE: entries go, since the blocks that they name do. */
export const daxUnshareRange: Program = [
  lockInodeStep,
  lockInvalidateStep,
  step("unshare", (turn) => {
    const { world, place: { pages, file, range } } = turn;
    if (breakLayouts(turn) === "blocked") return "blocked";
    for (let page = pages.first; page < pages.end; page++) {
      if (entryPages(world, page).some((each) => world.entryLock[each] !== 0)) return "blocked";
    }
    for (let page = pages.first; page < pages.end; page++) {
      for (const each of entryPages(world, page)) {
        if (world.tag[each] === 1) flushPage(world, each);
        removeEntry(world, each);
      }
    }
    unshare(turn);
    if (!keepsSize(turn)) extend(world, file, range.to);
    return "next";
  }),
  unlock,
];

/** ftruncate. */
export const daxTruncate: Program = [
  lockInodeStep,
  step("compare", (turn) => {
    const { world, place: { file, range } } = turn;
    return range.from < (world.size[file] ?? 0) ? "lock invalidate" : "next";
  }),
  step("extend", (turn) => {
    const { world, place: { file, range } } = turn;
    if (breakLayouts(turn) === "blocked") return "blocked";
    extend(world, file, range.from);
    unlockInode(turn);
    return succeed(turn);
  }),
  lockInvalidateStep,
  step("set size", ({ world, place: { file, range } }) => {
    world.size[file] = range.from;
    return "next";
  }),
  step("remove entries", (turn) => removeEntries(turn, true)),
  step("free blocks", (turn) => {
    if (!meetsBug(turn.world, "truncate-keeps-blocks")) remap(turn, Block.HOLE);
    return "next";
  }),
  unlock,
];

/** munmap: entries go, what they made dirty stays known. */
export function unmapMapping(world: World, mapping: number): void {
  const { layout, pte } = world;
  layout.pages.forEach((_, page) => {
    const at = mapping * layout.pages.length + page;
    if (pte[at] === Pte.ANONYMOUS) clearPrivate(world, mapping, page);
    pte[at] = Pte.NONE;
  });
  world.mapped[mapping] = 0;
}
