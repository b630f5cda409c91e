/**
 * Direct reads and writes of cached files, with a buffer of the process's own or in a mapping.
 * Sources: fs/iomap/direct-io.c, mm/filemap.c invalidate_inode_pages2_range(), block/bio.c.
 *
 * @module
 */
import { extend, finishRead, noteRead, writeSteps } from "./buffered.ts";
import { recordError, report } from "./errors.ts";
import { commit, folioOf, heldAt, noteChange, readAtom, removeFolio, unmapPage } from "./folio.ts";
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
  type Program,
  step,
  succeed,
  type Turn,
  unlockInode,
} from "./program.ts";
import { fillSteps, mkwrite, type PageTouch, pteAt } from "./touch.ts";
import { commitSteps, rangePages, writeBackSteps, writeShared } from "./writeback.ts";
import { Block, meetsBug, Pte, Status } from "./world.ts";

/** get_user_pages of the buffer. */
const buffer: PageTouch = {
  mapping: ({ place }) => place.bufferMapping,
  page: ({ place }) => place.bufferPages.first,
  refused: () => "refuse",
  failed: () => "refuse",
};

/** Counts the write in or out of the pages that it goes over. */
function markInFlight({ world, place: { pages } }: Turn, by: 1 | -1): void {
  for (let page = pages.first; page < pages.end; page++) {
    world.direct[page] = (world.direct[page] ?? 0) + by;
  }
}

/** Drops cached pages of the range; `then` when all are gone, `dirty` if one must not be dropped. */
function invalidate(label: string, then: string, dirty: string): CallStep {
  return step(label, (turn) => {
    const { world, place: { pages } } = turn;
    for (let page = pages.first; page < pages.end; page++) {
      const folio = folioOf(world, page);
      if (folio < 0) continue;
      if ((world.locked[folio] ?? 0) > 0 || (world.writeback[folio] ?? 0) > 0) return "blocked";
    }
    let next: Next = then;
    for (let page = pages.first; page < pages.end; page++) {
      const folio = folioOf(world, page);
      if (folio < 0) continue;
      unmapPage(world, page, false);
      if (world.dirty[folio] === 1 && !meetsBug(world, "invalidation-drops-dirty-folio")) {
        next = dirty;
      } else removeFolio(world, page);
    }
    return next;
  });
}

/** Writes the operation's atoms of all pages to the device, into blocks that it allocates. */
function submit(turn: Turn): void {
  const { world, place } = turn;
  const { layout, block } = world;
  const { atoms, range, operation, bufferAtoms, bufferPages } = place;
  const written = new Set<number>();
  for (let atom = atoms.first; atom < atoms.end; atom++) {
    const at = layout.atoms[atom]?.block ?? 0;
    if (block[at] === Block.HOLE || block[at] === Block.DELALLOC) block[at] = Block.UNWRITTEN;
    written.add(at);
  }
  layout.atoms.forEach(({ block: at, from, to }, atom) => {
    if (!written.has(at)) return;
    const inside = atom >= atoms.first && atom < atoms.end && range.from <= from && to <= range.to;
    if (inside && operation.kind === "pwrite") {
      const source = atom - atoms.first + bufferAtoms.first;
      const value = place.bufferMapping < 0
        ? layout.values.indexOf(operation.value ?? 0)
        : world.folio[heldAt(world, bufferPages.first, source)] ?? 0;
      writeShared(world, atom, value);
    } else if (block[at] !== Block.MAPPED) {
      writeShared(world, atom, 0);
    }
  });
}

/** Blocks that were unwritten hold data now, and the file may be longer. */
function complete({ world, place }: Turn): void {
  const { layout, block } = world;
  const { atoms, range, file } = place;
  if (!meetsBug(world, "direct-write-leaves-blocks-unwritten")) {
    for (let atom = atoms.first; atom < atoms.end; atom++) {
      const at = layout.atoms[atom]?.block ?? 0;
      if (block[at] === Block.UNWRITTEN) block[at] = Block.MAPPED;
    }
  }
  extend(world, file, range.to, range.from);
}

const invalidateFirst = invalidate("invalidate", "begin", "fall back");
const invalidateAgain = invalidate("invalidate again", "complete", "collide");

/**
 * True if the write keeps every other one out: it extends the file, or it cuts a block that holds no
 * data yet, of which it zeros the rest (ext4_dio_write_checks, xfs_file_dio_write_unaligned).
 */
function isExclusive({ world, place: { range, file, atoms } }: Turn): boolean {
  if (range.to > (world.size[file] ?? 0)) return true;
  for (let atom = atoms.first; atom < atoms.end; atom++) {
    const at = world.layout.atoms[atom]?.block ?? 0;
    const { from, to } = world.layout.blocks[at] ?? range;
    const isCut = from < range.from || range.to < to;
    if (!isCut || world.block[at] === Block.MAPPED) continue;
    return !meetsBug(world, "unaligned-direct-writes-share-the-lock");
  }
  return false;
}

/** pwrite with O_DIRECT. */
export const directWrite: Program = [
  step("lock inode", (turn) => {
    return lockInode(turn, isExclusive(turn)) ? "next" : "blocked";
  }),
  ...writeBackSteps(rangePages, "invalidate"),
  step("invalidate", (turn) => {
    const { world, place } = turn;
    const excludes = meetsBug(world, "direct-write-excludes-faults");
    if (excludes && (world.invalidateReaders[place.file] ?? 0) > 0) return "blocked";
    const nothing = meetsBug(world, "direct-write-invalidates-nothing");
    const next = nothing ? "begin" : invalidateFirst.take(turn);
    if (next !== "begin") return next;
    if (excludes) world.invalidateWriter[place.file] = turn.process + 1;
    markInFlight(turn, 1);
    return place.bufferMapping < 0 ? "submit" : "pin buffer";
  }),
  // A buffer that maps the file itself may be refused rather than faulted in (LOCK-2).
  choice("pin buffer", ({ world, place, way }) => {
    const entry = world.pte[pteAt(world, place.bufferMapping, place.bufferPages.first)];
    const isOwn = world.layout.mappings[place.bufferMapping]?.file === place.file;
    if (way > 0) return way === 1 && isOwn ? "refuse" : "none";
    return entry === Pte.NONE ? "fault" : "submit";
  }),
  ...fillSteps(buffer, "map buffer"),
  step("map buffer", (turn) => {
    const { world, place } = turn;
    const page = place.bufferPages.first;
    const folio = folioOf(world, page);
    if (isBeyond(world, page)) return "refuse";
    if (folio < 0 || world.uptodate[folio] === 0) return "fault";
    if ((world.locked[folio] ?? 0) > 0) return "blocked";
    world.pte[pteAt(world, place.bufferMapping, page)] = Pte.READ_1 + folio % 2;
    return "submit";
  }),
  step("submit", (turn) => {
    const { world } = turn;
    if (turn.place.bufferMapping >= 0 && folioOf(world, turn.place.bufferPages.first) < 0) {
      return "pin buffer";
    }
    if (world.failNext[0] === 1) return "fail";
    submit(turn);
    if (meetsBug(world, "direct-write-invalidates-before-conversion")) return "invalidate early";
    return "convert";
  }),
  invalidate("invalidate early", "convert late", "collide early"),
  step("collide early", ({ world, place }) => {
    recordError(world, place.file);
    return "next";
  }),
  step("convert late", (turn) => {
    complete(turn);
    return "complete";
  }),
  step("convert", (turn) => {
    complete(turn);
    const { world } = turn;
    const once = meetsBug(world, "direct-write-invalidates-once");
    return once || meetsBug(world, "direct-write-invalidates-nothing") ? "complete" : "next";
  }),
  invalidateAgain,
  step("collide", ({ world, place }) => {
    if (!meetsBug(world, "collision-not-reported")) recordError(world, place.file);
    return "next";
  }),
  step("complete", (turn) => {
    const { world, place } = turn;
    markInFlight(turn, -1);
    if (world.invalidateWriter[place.file] === turn.process + 1) {
      world.invalidateWriter[place.file] = 0;
    }
    unlockInode(turn);
    if (!isSynchronous(turn)) return succeed(turn);
    if (meetsBug(world, "dsync-write-not-synced")) return succeed(turn);
    if (meetsBug(world, "dsync-write-leaves-size")) return "sync data";
    return "commit";
  }),
  step("sync data", (turn) => {
    const { world, place } = turn;
    const before = world.diskSize[place.file] ?? 0;
    commit(world);
    world.diskSize[place.file] = before;
    return succeed(turn);
  }),
  ...commitSteps("return"),
  report,
  // What is on the device after a write that failed nobody promises: the old bytes or the new.
  choice("fail", (turn) => {
    if (turn.way > 1) return "none";
    turn.world.failNext[0] = 0;
    if (turn.way === 1) submit(turn);
    if (meetsBug(turn.world, "direct-write-error-lost")) return "complete";
    markInFlight(turn, -1);
    unlockInode(turn);
    return finish(turn, Status.EIO);
  }),
  step("refuse", (turn) => {
    markInFlight(turn, -1);
    unlockInode(turn);
    return finish(turn, Status.EFAULT);
  }),
  step("fall back", (turn) => {
    const { operation: { id }, bufferMapping } = turn.place;
    if (bufferMapping >= 0) {
      throw new RangeError(`${id}: a direct write from a mapping cannot fall back`);
    }
    unlockInode(turn);
    return "next";
  }),
  step("lock inode again", (turn) => {
    moveCursor(turn, turn.place.pages.first);
    return lockInode(turn, true) ? "next" : "blocked";
  }),
  ...writeSteps("flush fallback"),
  step("flush fallback", (turn) => {
    unlockInode(turn);
    return isSynchronous(turn) ? "sync fallback" : succeed(turn);
  }),
];

/** A step that a buffer which is mapped read-only passes over. */
function unlessReadOnly({ label, take }: CallStep, otherwise: string): CallStep {
  return {
    label,
    take: (turn) => {
      const { world: { layout }, place, way } = turn;
      const { protection } = layout.mappings[place.bufferMapping]?.operation ?? {};
      return protection === "read" && way === 0 ? otherwise : take(turn);
    },
  };
}

/** pread with O_DIRECT: dirty pages are written first, then the device is read. */
export const directRead: Program = [
  step("lock inode", (turn) => {
    if (!lockInode(turn, false)) return "blocked";
    return meetsBug(turn.world, "direct-read-ignores-dirty-folios") ? "pin buffer" : "write back";
  }),
  ...writeBackSteps(rangePages, "pin buffer"),
  step("pin buffer", ({ world, place }) => {
    if (place.bufferMapping < 0) return "read device";
    if (world.layout.mappings[place.bufferMapping]?.operation.protection === "read") {
      return meetsBug(world, "pin-ignores-protection") ? "pin forced" : "refuse";
    }
    const page = place.bufferPages.first;
    const entry = world.pte[pteAt(world, place.bufferMapping, page)];
    if (entry !== Pte.WRITE_1 && entry !== Pte.WRITE_2) return "fault";
    world.pins[page] = (world.pins[page] ?? 0) + 1;
    return "fill buffer";
  }),
  step("refuse", (turn) => {
    unlockInode(turn);
    return finish(turn, Status.EFAULT);
  }),
  step("pin forced", ({ world, place }) => {
    const page = place.bufferPages.first;
    const folio = folioOf(world, page);
    if (folio < 0 || world.uptodate[folio] === 0) return "fault";
    if ((world.locked[folio] ?? 0) > 0) return "blocked";
    world.pte[pteAt(world, place.bufferMapping, page)] = Pte.READ_1 + folio % 2;
    world.pins[page] = (world.pins[page] ?? 0) + 1;
    return "fill buffer";
  }),
  ...fillSteps(buffer, "mkwrite"),
  unlessReadOnly(mkwrite(buffer, "pin buffer"), "pin forced"),
  step("fill buffer", ({ world, place: { atoms, bufferAtoms, bufferPages } }) => {
    const page = bufferPages.first;
    const folio = folioOf(world, page);
    const unstable = world.layout.medium.stableWrites && (world.writeback[folio] ?? 0) > 0;
    if (unstable && !meetsBug(world, "device-writes-during-writeback")) return "blocked";
    for (let atom = atoms.first; folio >= 0 && atom < atoms.end; atom++) {
      const target = heldAt(world, page, atom - atoms.first + bufferAtoms.first);
      world.folio[target] = readAtom(world, atom);
    }
    noteChange(world, page);
    return "next";
  }),
  step("release buffer", (turn) => {
    const { world, place: { bufferPages: { first } } } = turn;
    const folio = folioOf(world, first);
    if (folio >= 0 && !meetsBug(world, "pin-released-clean")) world.dirty[folio] = 1;
    world.pins[first] = (world.pins[first] ?? 1) - 1;
    unlockInode(turn);
    return succeed(turn);
  }),
  step("read device", (turn) => {
    const { world, place } = turn;
    const page = cursorOf(turn);
    const size = world.size[place.file] ?? 0;
    const { first, end } = atomsIn(world.layout, page, place.atoms);
    if (world.damaged[page] === 1) {
      unlockInode(turn);
      return finish(turn, Status.EIO);
    }
    for (let atom = first; atom < end; atom++) {
      if ((world.layout.atoms[atom]?.to ?? 0) > size) return endRead(turn, atom);
      noteRead(turn, atom, readAtom(world, atom));
    }
    moveCursor(turn, page + 1);
    return page + 1 < place.pages.end ? "read device" : endRead(turn, end);
  }),
];

function endRead(turn: Turn, end: number): "done" {
  unlockInode(turn);
  return finishRead(turn, end);
}
