/**
 * Buffered reads and writes. Sources: mm/filemap.c filemap_read() and generic_perform_write(),
 * fs/iomap/buffered-io.c.
 *
 * @module
 */
import { report } from "./errors.ts";
import {
  clearBehindEnd,
  folioOf,
  heldAt,
  insertFolio,
  mkclean,
  readFolio,
  reserveBlocks,
} from "./folio.ts";
import {
  atomsIn,
  type CallStep,
  choice,
  cursorOf,
  finish,
  isBeyond,
  isSynchronous,
  lockInode,
  moveCursor,
  type Next,
  nextAtom,
  noteAtom,
  type Program,
  step,
  succeed,
  type Turn,
  unlockInode,
} from "./program.ts";
import { fillSteps, type PageTouch } from "./touch.ts";
import { commitSteps, rangePages, writeBackSteps } from "./writeback.ts";
import { pageSize } from "../page_size.ts";
import { meetsBug, Status, type World } from "./world.ts";

const atCursor: PageTouch = {
  mapping: () => -1,
  page: cursorOf,
  refused: succeed,
  failed: (turn) => finish(turn, Status.EIO),
};

/** Atoms of the operation that lie in the page at the cursor. */
function atomsHere(turn: Turn) {
  return atomsIn(turn.world.layout, cursorOf(turn), turn.place.atoms);
}

/** Atoms of a read at the cursor that lie before the end of the file. */
function readable(turn: Turn) {
  const { world } = turn;
  const { layout } = world;
  const { first, end } = atomsHere(turn);
  const size = world.size[turn.place.file] ?? 0;
  let last = first;
  while (last < end && (layout.atoms[last]?.to ?? 0) <= size) last++;
  return { first, end: last };
}

/** Notes what a read got of an atom. */
export function noteRead({ world, place }: Turn, atom: number, value: number): void {
  world.read[(world.readAt[place.index] ?? 0) + atom - place.atoms.first] = value;
}

/** What follows a read of all atoms before this one; those before the end of the file count. */
type AfterRead = (turn: Turn, end: number) => Next;

/** Counts the atoms that were read. */
export function countRead({ world, place }: Turn, end: number): number {
  return world.count[place.index] = Math.max(0, end - place.atoms.first);
}

/** A read ends. */
export function finishRead(turn: Turn, end: number): "done" {
  countRead(turn, end);
  succeed(turn);
  return "done";
}

/** Reads page by page from the page cache, filled where it must be. */
export function readSteps(ended: AfterRead): readonly CallStep[] {
  return [
    step("next page", (turn) => {
      const page = cursorOf(turn);
      const { first, end } = readable(turn);
      if (page >= turn.place.pages.end) return ended(turn, turn.place.atoms.end);
      if (isBeyond(turn.world, page) || first === end) return ended(turn, first);
      return "fault";
    }),
    ...fillSteps(atCursor, "hold"),
    step("hold", (turn) => {
      const { world, process } = turn;
      const page = cursorOf(turn);
      const { first, end } = readable(turn);
      const folio = folioOf(world, page);
      if (folio < 0 || world.uptodate[folio] === 0) {
        const splices = turn.place.operation.kind === "splice";
        const stops = splices && meetsBug(world, "splice-stops-at-an-invalidated-page");
        return stops ? ended(turn, first) : "next page";
      }
      if (first === end) return ended(turn, first);
      world.held[process] = world.slot[page] ?? 0;
      countRead(turn, end);
      return "next";
    }),
    choice("copy", (turn) => {
      const { world, process, place } = turn;
      const { first } = atomsHere(turn);
      const span = { first, end: place.atoms.first + (world.count[place.index] ?? 0) };
      const atom = nextAtom(turn, span);
      if (atom < 0) return "none";
      noteRead(turn, atom, world.folio[atom * 2 + (world.held[process] ?? 1) - 1] ?? 0);
      if (!noteAtom(turn, span, atom)) return "copy";
      world.held[process] = 0;
      if (span.end < atomsHere(turn).end) return ended(turn, span.end);
      moveCursor(turn, cursorOf(turn) + 1);
      return "next page";
    }),
  ];
}

/** pread through the page cache. */
export const pread: Program = readSteps(finishRead);

/** Atoms to be written to the page at the cursor: a copy has those that it has read. */
function atomsToWrite(turn: Turn) {
  const { world, place } = turn;
  const { first, end } = atomsHere(turn);
  if (place.source < 0) return { first, end };
  return { first, end: Math.min(end, place.atoms.first + (world.count[place.index] ?? 0)) };
}

/** The steps of a buffered write once the inode is locked, and what follows when all is written. */
export function writeSteps(then: string): readonly CallStep[] {
  return [
    step("write_begin", (turn) => {
      const { world, process, place } = turn;
      const page = cursorOf(turn);
      const { first, end: last } = atomsToWrite(turn);
      if (page >= place.pages.end || first >= last) {
        moveCursor(turn, place.pages.first);
        return then;
      }
      const cached = folioOf(world, page);
      if (cached >= 0) {
        const unstable = world.layout.medium.stableWrites && (world.writeback[cached] ?? 0) > 0;
        if ((world.locked[cached] ?? 0) > 0) return "blocked";
        if (unstable && !meetsBug(world, "store-during-writeback")) return "blocked";
        world.locked[cached] = process + 1;
        const end = Math.min(place.range.to, world.layout.pages[page]?.to ?? 0);
        if (
          end > (world.size[place.file] ?? 0) && meetsBug(world, "append-shows-size-before-data")
        ) {
          extend(world, place.file, end, place.range.from);
        }
        return "next";
      }
      insertFolio(world, page, process);
      readFolio(world, page);
      return "next";
    }),
    choice("copy", (turn) => {
      const { world, place } = turn;
      const span = atomsToWrite(turn);
      const atom = nextAtom(turn, span);
      if (atom < 0) return "none";
      if (place.bufferMapping >= 0) return turn.way > 0 ? "none" : "copy from buffer";
      const value = valueOf(turn, atom);
      if (meetsBug(world, "write-goes-past-mappings")) separate(world, cursorOf(turn));
      world.folio[heldAt(world, cursorOf(turn), atom)] = value;
      return noteAtom(turn, span, atom) ? "next" : "copy";
    }),
    step("write_end", (turn) => {
      const { world, place } = turn;
      const page = cursorOf(turn);
      const folio = folioOf(world, page);
      const { first, end } = atomsToWrite(turn);
      const { atoms } = world.layout;
      extend(world, place.file, atoms[end - 1]?.to ?? 0, atoms[first]?.from ?? 0);
      world.uptodate[folio] = 1;
      world.locked[folio] = 0;
      const isCleaned = (world.oldEnd[page] ?? 0) > 0;
      const isMoved = place.operation.kind === "splice" &&
        meetsBug(world, "splice-moves-unprepared-pages");
      if (!isMoved) {
        if (!isCleaned && !meetsBug(world, "write-leaves-folio-clean")) world.dirty[folio] = 1;
        reserveBlocks(world, page);
      }
      moveCursor(turn, page + 1);
      return "write_begin";
    }),
  ];
}

/** What a write puts into an atom: its value, or what a copy has read there. */
function valueOf({ world, place }: Turn, atom: number): number {
  const { operation, atoms, index } = place;
  if (operation.kind === "pwrite") return world.layout.values.indexOf(operation.value ?? 0);
  return world.read[(world.readAt[index] ?? 0) + atom - atoms.first] ?? 0;
}

/** The write gets a folio of its own, and mappings keep showing the old one. */
function separate(world: World, page: number): void {
  const old = world.slot[page] ?? 0;
  const shown = world.layout.mappings.some((_, mapping) =>
    (world.pte[mapping * world.layout.pages.length + page] ?? 0) > 0
  );
  if (!shown || old !== 1) return;
  const { first, end } = world.layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    world.folio[atom * 2 + 1] = world.folio[atom * 2] ?? 0;
  }
  for (const flags of [world.locked, world.uptodate, world.dirty, world.writeback]) {
    flags[page * 2 + 1] = flags[page * 2] ?? 0;
    flags[page * 2] = 0;
  }
  world.slot[page] = 2;
}

/**
 * The file grows to this size, if it is larger. What a mapping stored behind the old end is cleared up
 * to `kept`, and where blocks are smaller than pages the page of the old end is write-protected: its
 * new blocks are not reserved yet (pagecache_isize_extended).
 */
export function extend(world: World, file: number, size: number, kept = size): void {
  const { layout: { pages, medium } } = world;
  const old = world.size[file] ?? 0;
  if (size <= old) return;
  pages.forEach((page, at) => {
    if (page.file !== file || old <= page.from || page.to <= old || folioOf(world, at) < 0) return;
    if (!meetsBug(world, "extension-shows-bytes-behind-the-end")) clearBehindEnd(world, at, kept);
    if (medium.blockSize < pageSize && !meetsBug(world, "extension-keeps-entries-writable")) {
      mkclean(world, at);
    }
  });
  world.size[file] = size;
}

/** The inode is given back, and what O_DSYNC adds follows. */
export const writeEnds: readonly CallStep[] = [
  step("unlock inode", (turn) => {
    unlockInode(turn);
    const { world } = turn;
    if (!isSynchronous(turn)) return succeed(turn);
    return meetsBug(world, "dsync-write-not-synced") ? succeed(turn) : "write back";
  }),
  ...writeBackSteps(rangePages, "commit"),
  ...commitSteps("return"),
  report,
];

/** pwrite through the page cache, and the sync that O_DSYNC adds. */
export const pwrite: Program = [
  step("lock inode", (turn) => lockInode(turn, true) ? "next" : "blocked"),
  ...writeSteps("unlock inode"),
  ...writeEnds,
];
