/**
 * Writeback of the page cache, and the calls that make data durable.
 * Sources: mm/page-writeback.c, fs/sync.c, ext4_sync_file(), xfs_file_fsync().
 *
 * @module
 */
import { recordError, report, reportOfSyncfs } from "./errors.ts";
import {
  commit,
  commitMetadata,
  flushDevice,
  folioOf,
  heldAt,
  isAtomBeyond,
  mkclean,
  writeAtom,
} from "./folio.ts";
import type { Span } from "./layout.ts";
import {
  type CallStep,
  choice,
  cursorOf,
  moveCursor,
  type Program,
  step,
  succeed,
  type Turn,
} from "./program.ts";
import { Block, FLUSHER, meetsBug, type World } from "./world.ts";

/** folio_clear_dirty_for_io and folio_start_writeback, under the folio's lock. */
function startWriteback(world: World, page: number, owner: number): void {
  const folio = folioOf(world, page);
  world.dirty[folio] = 0;
  world.writeback[folio] = owner;
  world.changed[page] = 0;
  noteOldEnd(world, page);
  if (meetsBug(world, "block-mapped-before-data")) mapPromised(world, page);
  if (meetsBug(world, "writeback-misses-a-mapping")) return mkclean(world, page, 1);
  const late = meetsBug(world, "writeback-protects-last");
  if (!late && !meetsBug(world, "writeback-leaves-entries-writable")) mkclean(world, page);
}

/** Where the file ended in the page, for a file system that does not look again. */
function noteOldEnd(world: World, page: number): void {
  const { layout: { pages, atoms } } = world;
  const { first, end, file, from, to } = pages[page] ??
    { first: 0, end: 0, file: 0, from: 0, to: 0 };
  const size = world.size[file] ?? 0;
  if (size <= from || to <= size || !meetsBug(world, "writeback-goes-by-the-old-size")) return;
  world.oldEnd[page] = 1 + atoms.slice(first, end).filter((atom) => atom.to <= size).length;
}

/** Allocates promised blocks as if they held data. */
function mapPromised({ layout, block }: World, page: number): void {
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    const at = layout.atoms[atom]?.block ?? 0;
    if (block[at] === Block.DELALLOC) block[at] = Block.MAPPED;
  }
}

/** The folio is written as it is now; blocks that were only promised get allocated. */
function writeFolio(world: World, page: number): void {
  const { layout, block } = world;
  const { first, end, file } = layout.pages[page] ?? { first: 0, end: 0, file: 0 };
  if (world.failNext[0] === 1) {
    world.failNext[0] = 0;
    recordError(world, file);
    return;
  }
  world.damaged[page] = layout.medium.stableWrites ? world.changed[page] ?? 0 : 0;
  for (let atom = first; atom < end; atom++) {
    const at = layout.atoms[atom]?.block ?? 0;
    if (block[at] === Block.DELALLOC) block[at] = Block.UNWRITTEN;
    if (block[at] === Block.HOLE) continue;
    const old = world.oldEnd[page] ?? 0;
    if (old > 0 && atom - first >= old - 1) continue;
    const value = isAtomBeyond(world, atom) ? 0 : world.folio[heldAt(world, page, atom)] ?? 0;
    writeShared(world, atom, value);
  }
}

/** Writes an atom where its block is, or where it goes because the old block is shared. */
export function writeShared(world: World, atom: number, value: number): void {
  const { layout, shared } = world;
  const { block, page, from } = layout.atoms[atom] ?? { block: 0, page: 0, from: 0 };
  if (shared[block] === 1 && meetsBug(world, "shared-extent-written-in-place")) {
    layout.atoms.forEach((other, at) => {
      const own = layout.pages[other.page]?.file === layout.pages[page]?.file;
      if (!own && other.from === from && shared[other.block] === 1) writeAtom(world, at, value);
    });
  }
  writeAtom(world, atom, value);
}

/** Blocks of the page that were unwritten hold data now; writeback has ended. */
function endWriteback(world: World, page: number): void {
  const { layout, block } = world;
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    const at = layout.atoms[atom]?.block ?? 0;
    if (block[at] === Block.UNWRITTEN) block[at] = Block.MAPPED;
  }
  const folio = folioOf(world, page);
  if (folio < 0) return;
  world.writeback[folio] = 0;
  world.oldEnd[page] = 0;
}

/** Pages that a call writes back: of the operation's range, or of the whole file. */
export type PagesOfCall = (turn: Turn) => Span;

/** Pages of the operation's range. */
export function rangePages({ place }: Turn): Span {
  return place.pages;
}

/** All pages of the operation's file. */
export function filePages({ world, place }: Turn): Span {
  return world.layout.filePages[place.file] ?? { first: 0, end: 0 };
}

const allPages: PagesOfCall = ({ world }) => ({ first: 0, end: world.layout.pages.length });

/** Writes dirty pages of a span and waits for those that others write; then goes on. */
export function writeBackSteps(pages: PagesOfCall, then: string): readonly CallStep[] {
  return [
    step("write back", (turn) => {
      const { world, process } = turn;
      const { first, end } = pages(turn);
      for (let page = Math.max(first, cursorOf(turn)); page < end; page++) {
        const folio = folioOf(world, page);
        if (folio < 0) continue;
        const written = world.writeback[folio] ?? 0;
        if (written > 0 && !meetsBug(world, "sync-skips-writeback-under-way")) return "blocked";
        if (world.dirty[folio] === 0) continue;
        if (written > 0) continue;
        if ((world.locked[folio] ?? 0) > 0 || (world.direct[page] ?? 0) > 0) return "blocked";
        moveCursor(turn, page);
        startWriteback(world, page, process + 1);
        return "next";
      }
      moveCursor(turn, first);
      return then;
    }),
    step("write folio", (turn) => {
      writeFolio(turn.world, cursorOf(turn));
      return "next";
    }),
    step("end writeback", (turn) => {
      const { world } = turn;
      if (meetsBug(world, "writeback-protects-last")) mkclean(world, cursorOf(turn));
      endWriteback(world, cursorOf(turn));
      moveCursor(turn, cursorOf(turn) + 1);
      return "write back";
    }),
  ];
}

/**
 * The journal commit and the flush of the device that end every sync call. What is committed of other
 * files is left open: a journal commits all of them, a log of fsyncs one.
 */
export function commitSteps(then: string): readonly CallStep[] {
  return [
    choice("commit", ({ world, place, way }) => {
      const { kind } = place.operation;
      const { files, programs } = world.layout;
      const takesAny = programs.length > 1 && meetsBug(world, "sync-takes-a-commit-under-way");
      if (takesAny && world.committing[0] === 1) return way > 0 ? "none" : "other commit";
      if (way > 1 || way === 1 && (files.length < 2 || kind === "syncfs")) return "none";
      const file = way === 1 ? place.file : undefined;
      if (meetsBug(world, "sync-skips-flush")) commitMetadata(world, file);
      else if (meetsBug(world, "sync-skips-commit")) flushDevice(world);
      else if (kind === "fdatasync" && meetsBug(world, "fdatasync-skips-commit")) {
        flushDevice(world);
      } else if (world.renamed[place.file] === 1) flushDevice(world);
      else if (isCommitted(world) && meetsBug(world, "sync-flushes-only-with-commit")) return then;
      else commit(world, file);
      if (!takesAny) return then;
      world.committing[0] = 1;
      return "commit ends";
    }),
    step("commit ends", ({ world }) => {
      world.committing[0] = 0;
      return then;
    }),
    step("other commit", ({ world }) => world.committing[0] === 1 ? "blocked" : then),
  ];
}

function isCommitted({ block, diskBlock, size, diskSize }: World): boolean {
  return block.every((each, at) => each === diskBlock[at]) &&
    size.every((each, at) => each === diskSize[at]);
}

/** fsync and fdatasync. */
export const fsync: Program = [
  step("begin", ({ world, place }) => {
    const pages = world.layout.filePages[place.file] ?? { first: 0, end: 0 };
    if (!meetsBug(world, "sync-returns-if-clean")) return "write back";
    return isClean(world, pages) ? "return" : "write back";
  }),
  ...writeBackSteps(filePages, "commit"),
  ...commitSteps("return"),
  report,
];

function isClean(world: World, { first, end }: Span): boolean {
  for (let page = first; page < end; page++) {
    const folio = folioOf(world, page);
    if (folio >= 0 && (world.dirty[folio] === 1 || (world.writeback[folio] ?? 0) > 0)) return false;
  }
  return true;
}

/** syncfs: every file. */
export const syncfs: Program = [
  ...writeBackSteps(allPages, "commit"),
  ...commitSteps("return"),
  reportOfSyncfs,
];

/** msync: a range, and nothing at all for MS_ASYNC and private mappings. */
export const msync: Program = [
  step("begin", (turn) => {
    const { world, place } = turn;
    const { operation, mapping } = place;
    if (operation.kind !== "msync" || operation.flags === "MS_ASYNC") return succeed(turn);
    if (world.layout.mappings[mapping]?.isPrivate === true) return succeed(turn);
    if (meetsBug(world, "msync-does-nothing")) return succeed(turn);
    forgetOthers(turn);
    return "next";
  }),
  ...writeBackSteps(rangePages, "commit"),
  ...commitSteps("return"),
  report,
];

/** What a ranged sync may wrongly do: pages of the file outside of its range are no longer dirty. */
function forgetOthers({ world, place: { file, pages } }: Turn): void {
  const { first, end } = world.layout.filePages[file] ?? { first: 0, end: 0 };
  for (let page = first; page < end; page++) {
    const folio = folioOf(world, page);
    if (folio < 0 || world.dirty[folio] === 0 || pages.first <= page && page < pages.end) continue;
    if (!meetsBug(world, "ranged-sync-forgets-other-pages")) continue;
    mkclean(world, page);
    world.dirty[folio] = 0;
  }
}

/** sync_file_range: pages of a range, without metadata and without a flush. */
export const syncFileRange: Program = [...writeBackSteps(rangePages, "return"), report];

/** What the flusher threads may do with a page at any time: start, and then end. */
export function flusherMoves(world: World, page: number): (() => void) | undefined {
  const folio = folioOf(world, page);
  if (folio < 0 || (world.locked[folio] ?? 0) > 0) return undefined;
  if (world.writeback[folio] === FLUSHER) {
    return () => {
      writeFolio(world, page);
      if (meetsBug(world, "writeback-protects-last")) mkclean(world, page);
      endWriteback(world, page);
    };
  }
  if (world.dirty[folio] === 0 || (world.writeback[folio] ?? 0) > 0) return undefined;
  if ((world.direct[page] ?? 0) > 0) return undefined;
  return () => startWriteback(world, page, FLUSHER);
}
