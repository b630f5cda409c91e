/**
 * System calls on DAX files: reads and writes without a cache, sync calls over entries.
 * Source: fs/dax.c dax_iomap_rw(), dax_writeback_one(); chapter 4.
 *
 * @module
 */
import { extend, finishRead, noteRead } from "./buffered.ts";
import { allocatePage, entryPages, isSharedBelowPmd, unmapDaxPage } from "./dax_touch.ts";
import { report, reportOfSyncfs } from "./errors.ts";
import { mkclean, readAtom } from "./folio.ts";
import {
  type CallStep,
  choice,
  cursorOf,
  isSynchronous,
  lockInode,
  moveCursor,
  nextAtom,
  noteAtom,
  type Program,
  step,
  succeed,
  unlockInode,
} from "./program.ts";
import { pteAt } from "./touch.ts";
import { commitSteps, filePages, type PagesOfCall, rangePages } from "./writeback.ts";
import { meetsBug, Pte, Slot, type World } from "./world.ts";

/** pread: the bytes are copied from where they are. */
export const daxRead: Program = [
  choice("copy", (turn) => {
    const { world, place: { atoms, file } } = turn;
    const size = world.size[file] ?? 0;
    let end = atoms.first;
    while (end < atoms.end && (world.layout.atoms[end]?.to ?? 0) <= size) end++;
    if (end === atoms.first) return turn.way > 0 ? "none" : finishRead(turn, end);
    const span = { first: atoms.first, end };
    const atom = nextAtom(turn, span);
    if (atom < 0) return "none";
    noteRead(turn, atom, readAtom(world, atom));
    return noteAtom(turn, span, atom) ? finishRead(turn, end) : "copy";
  }),
];

/** pwrite: blocks, then the bytes past the CPU's cache, then mappings of zeros go. */
export const daxWrite: Program = [
  step("lock inode", (turn) => lockInode(turn, true) ? "next" : "blocked"),
  step("allocate", ({ world, place: { pages } }) => {
    for (let page = pages.first; page < pages.end; page++) {
      if ((world.entryLock[page] ?? 0) > 0) return "blocked";
    }
    for (let page = pages.first; page < pages.end; page++) allocatePage(world, page);
    return "next";
  }),
  choice("copy", (turn) => {
    const { world, place: { atoms, operation } } = turn;
    const atom = nextAtom(turn, atoms);
    if (atom < 0 || operation.kind !== "pwrite") return "none";
    const value = world.layout.values.indexOf(operation.value ?? 0);
    world.device[atom] = value;
    world.durable[atom] = (world.durable[atom] ?? 0) | (1 << value);
    world.cached[atom] = 0;
    return noteAtom(turn, atoms, atom) ? "next" : "copy";
  }),
  step("invalidate", (turn) => {
    const { world, place: { pages, file, range } } = turn;
    for (let page = pages.first; page < pages.end; page++) {
      if ((world.entryLock[page] ?? 0) > 0) return "blocked";
    }
    for (let page = pages.first; page < pages.end; page++) {
      if (meetsBug(world, "write-drops-dirty-entry")) {
        world.entry[page] = Slot.NONE;
        world.tag[page] = 0;
        unmapDaxPage(world, page);
      }
      if (world.entry[page] !== Slot.ZERO) continue;
      if (meetsBug(world, "write-keeps-mappings-of-zeros")) continue;
      world.entry[page] = Slot.NONE;
      unmapDaxPage(world, page, Pte.DAX_ZERO);
    }
    extend(world, file, range.to);
    unlockInode(turn);
    if (!isSynchronous(turn)) return succeed(turn);
    return meetsBug(world, "dsync-write-not-synced") ? succeed(turn) : "commit";
  }),
  ...commitSteps("return"),
  report,
];

/** Cleans every entry of a span that carries DIRTY (dax_writeback_one), then goes on. */
export function cleanSteps(pages: PagesOfCall, then: string): readonly CallStep[] {
  return [
    step("tag", (turn) => {
      const { world } = turn;
      const { first, end } = pages(turn);
      if (meetsBug(world, "sync-passes-entries-that-another-cleans")) {
        for (let page = first; page < end; page++) world.towrite[page] = world.tag[page] ?? 0;
      }
      moveCursor(turn, first);
      return "next";
    }),
    // msync of a part of a PMD entry may clean the whole of it, or split it first.
    choice("lock entry", (turn) => {
      const { world, process, place, way } = turn;
      const passes = meetsBug(world, "sync-passes-entries-that-another-cleans");
      const { first, end } = pages(turn);
      for (let page = Math.max(first, cursorOf(turn)); page < end; page++) {
        if (world.tag[page] !== 1 || (passes && world.towrite[page] !== 1)) continue;
        const entry = entryPages(world, page);
        const splits = place.operation.kind === "msync" && entry.length > 1;
        if (way > (splits ? 1 : 0)) return "none";
        if (entry.some((each) => (world.entryLock[each] ?? 0) > 0)) {
          if (meetsBug(world, "sync-passes-locked-entries")) continue;
          return "blocked";
        }
        if (way === 1) { for (const each of entry) world.pmd[each] = 0; }
        for (const each of entryPages(world, page)) {
          world.entryLock[each] = process + 1;
          world.towrite[each] = 0;
        }
        moveCursor(turn, page);
        return meetsBug(world, "mkclean-after-flush") ? "flush" : "next";
      }
      if (way > 0) return "none";
      moveCursor(turn, first);
      return then;
    }),
    step("mkclean", (turn) => {
      const { world } = turn;
      protect(world, cursorOf(turn));
      return meetsBug(world, "mkclean-after-flush") ? "clear DIRTY" : "next";
    }),
    step("flush", (turn) => {
      const { world } = turn;
      for (const page of entryPages(world, cursorOf(turn))) flushPage(world, page);
      return meetsBug(world, "mkclean-after-flush") ? "mkclean" : "next";
    }),
    step("clear DIRTY", (turn) => {
      const { world } = turn;
      for (const page of entryPages(world, cursorOf(turn))) {
        world.tag[page] = 0;
        world.entryLock[page] = 0;
      }
      moveCursor(turn, cursorOf(turn) + 1);
      return "lock entry";
    }),
  ];
}

/** dax_flush: lines leave the CPU's cache; the fence is the flush of the device. */
export function flushPage({ layout, cached }: World, page: number): void {
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) cached[atom] = 0;
}

/** Write-protects what maps the entry, as far as this file system's reverse map finds it. */
function protect(world: World, page: number): void {
  const { layout } = world;
  const covered = entryPages(world, page);
  const head = covered[0] ?? page;
  const isHuge = world.pmd[page] === 1;
  if (meetsBug(world, "mkclean-protects-nothing")) return;
  const isOverPmd = !isHuge && isSharedBelowPmd(world, page);
  if (isOverPmd && meetsBug(world, "shared-page-replaces-pmd-entry")) return;
  const first = meetsBug(world, "mkclean-finds-mappings-of-first-page");
  const small = meetsBug(world, "mkclean-misses-pmd-mappings");
  for (const each of covered) {
    if (!first && !small) {
      mkclean(world, each);
      continue;
    }
    layout.mappings.forEach(({ operation, isHuge: huge }, mapping) => {
      const start = layout.pages[head]?.from ?? 0;
      const groupStart = start - start % (512 * 4096);
      const { offset, length } = operation;
      const covers = offset <= groupStart && groupStart < offset + length;
      const reached = small ? !(isHuge && huge) : !isHuge || (covers && (huge || each === head));
      const at = pteAt(world, mapping, each);
      if (reached && world.pte[at] === Pte.DAX_WRITE) world.pte[at] = Pte.DAX_READ;
    });
  }
}

const tail: Program = [...commitSteps("return"), report];

/** fsync and fdatasync. */
export const daxFsync: Program = [
  step("begin", ({ world, place }) => {
    if (!meetsBug(world, "sync-returns-if-clean")) return "tag";
    const { first, end } = world.layout.filePages[place.file] ?? { first: 0, end: 0 };
    return world.tag.subarray(first, end).includes(1) ? "tag" : "return";
  }),
  ...cleanSteps(filePages, "commit"),
  ...tail,
];

/** syncfs: as fsync here, where all dirty inodes are this one. */
export const daxSyncfs: Program = [
  ...cleanSteps(({ world: { layout } }) => ({ first: 0, end: layout.pages.length }), "commit"),
  ...commitSteps("return"),
  reportOfSyncfs,
];

/** msync with MS_SYNC of a range. */
export const daxMsync: Program = [
  step("begin", (turn) => {
    const { world, place: { operation, mapping } } = turn;
    if (operation.kind !== "msync" || operation.flags === "MS_ASYNC") return succeed(turn);
    if (world.layout.mappings[mapping]?.isPrivate === true) return succeed(turn);
    return meetsBug(world, "msync-does-nothing") ? succeed(turn) : "next";
  }),
  ...cleanSteps(rangePages, "commit"),
  ...tail,
];

/** CLWB of a range and SFENCE: the lines are on the media, reachable or not. */
export const flushCache: Program = [
  step("flush", (turn) => {
    const { world, place: { atoms } } = turn;
    for (let atom = atoms.first; atom < atoms.end; atom++) {
      world.cached[atom] = 0;
      world.durable[atom] = 1 << (world.device[atom] ?? 0);
    }
    return succeed(turn);
  }),
];
