/**
 * Loads and stores through mappings of cached files: page faults, write faults and the access itself.
 * Sources: mm/filemap.c filemap_fault(), mm/memory.c do_wp_page() and do_shared_fault(), ->page_mkwrite.
 *
 * @module
 */
import {
  folioOf,
  heldAt,
  insertFolio,
  noteChange,
  readFolio,
  removeFolio,
  reserveBlocks,
} from "./folio.ts";
import {
  type CallStep,
  choice,
  finish,
  isBeyond,
  type Next,
  type Program,
  step,
  succeed,
  type Turn,
} from "./program.ts";
import { meetsBug, Pte, Status, type World } from "./world.ts";

/** Which page an access faults on, through which mapping, and what it gets where there is no page. */
export interface PageTouch {
  readonly mapping: (turn: Turn) => number;
  readonly page: (turn: Turn) => number;
  /** What follows where the file has no such page: SIGBUS for a CPU. */
  readonly refused: (turn: Turn) => Next;
  /** What follows where the page cannot be read: SIGBUS for a CPU. */
  readonly failed: (turn: Turn) => Next;
}

/** A CPU's access to the operation's own byte. */
const own: PageTouch = {
  mapping: ({ place }) => place.mapping,
  page: ({ place }) => place.pages.first,
  refused: (turn) => finish(turn, Status.SIGBUS),
  failed: (turn) => finish(turn, Status.SIGBUS),
};

/** Index of a mapping's page table entry for a page. */
export function pteAt({ layout }: World, mapping: number, page: number): number {
  return mapping * layout.pages.length + page;
}

/** The folio bit of an entry: 0 or 1 for the first or second folio of the page. */
function shownBit(entry: number): number {
  return entry === Pte.READ_2 || entry === Pte.WRITE_2 ? 1 : 0;
}

function isWritable(entry: number | undefined): boolean {
  return entry === Pte.WRITE_1 || entry === Pte.WRITE_2;
}

/** What a load of an atom through a present entry gives; undefined if the entry is absent. */
export function shownAt(world: World, mapping: number, atom: number): number | undefined {
  const page = world.layout.atoms[atom]?.page ?? 0;
  const entry = world.pte[pteAt(world, mapping, page)] ?? Pte.NONE;
  if (entry === Pte.NONE) return undefined;
  return entry === Pte.ANONYMOUS
    ? world.anonymous[mapping * world.layout.atoms.length + atom]
    : world.folio[atom * 2 + shownBit(entry)];
}

/** Steps from a missing page to an uptodate folio, then on to the step that maps it. */
export function fillSteps({ page, refused, failed }: PageTouch, then: string): readonly CallStep[] {
  return [
    step("fault", (turn) => {
      const { world, process } = turn;
      const at = page(turn);
      const file = world.layout.pages[at]?.file ?? 0;
      if (isBeyond(world, at)) return refused(turn);
      const folio = folioOf(world, at);
      if (folio >= 0) return world.uptodate[folio] === 1 ? then : "blocked";
      const excluded = (world.invalidateWriter[file] ?? 0) > 0;
      if (excluded && !meetsBug(world, "fault-ignores-invalidate-lock")) return "blocked";
      if (!excluded) world.invalidateReaders[file] = (world.invalidateReaders[file] ?? 0) + 1;
      world.held[process] = excluded ? 1 : 0;
      insertFolio(world, at, process);
      return "next";
    }),
    step("read folio", (turn) => {
      const { world, process } = turn;
      const at = page(turn);
      const file = world.layout.pages[at]?.file ?? 0;
      readFolio(world, at);
      if (world.damaged[at] === 0) return "next";
      removeFolio(world, at);
      if (world.held[process] === 0) {
        world.invalidateReaders[file] = (world.invalidateReaders[file] ?? 1) - 1;
      }
      return failed(turn);
    }),
    step("unlock folio", (turn) => {
      const { world, process } = turn;
      const at = page(turn);
      const file = world.layout.pages[at]?.file ?? 0;
      const folio = folioOf(world, at);
      if (folio >= 0) {
        world.uptodate[folio] = 1;
        world.locked[folio] = 0;
      }
      if (world.held[process] === 0) {
        world.invalidateReaders[file] = (world.invalidateReaders[file] ?? 1) - 1;
      }
      world.held[process] = 0;
      return then;
    }),
  ];
}

/**
 * Maps a cached page for reading. Whether a private mapping goes on to see what others store is left
 * open by POSIX: the page itself, or a copy.
 */
const mapRead: CallStep = choice("map page", (turn) => {
  const { world, place: { mapping, pages }, way } = turn;
  const page = pages.first;
  const folio = folioOf(world, page);
  if (way > (world.layout.mappings[mapping]?.isPrivate ? 1 : 0)) return "none";
  if (isBeyond(world, page)) return way > 0 ? "none" : finish(turn, Status.SIGBUS);
  if (folio < 0 || world.uptodate[folio] === 0) return way > 0 ? "none" : "fault";
  if ((world.locked[folio] ?? 0) > 0) return "blocked";
  if (way === 1) copyFolio(world, mapping, page);
  else world.pte[pteAt(world, mapping, page)] = Pte.READ_1 + folio % 2;
  return "load";
});

/** Gives a private mapping its own copy of a cached page. */
function copyFolio(world: World, mapping: number, page: number): void {
  const { atoms, pages } = world.layout;
  const { first, end } = pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    world.anonymous[mapping * atoms.length + atom] = world.folio[heldAt(world, page, atom)] ?? 0;
  }
  world.pte[pteAt(world, mapping, page)] = Pte.ANONYMOUS;
}

/** ->page_mkwrite: blocks are reserved and the folio is dirty before the entry is writable. */
export function mkwrite({ mapping, page, refused }: PageTouch, then: string): CallStep {
  return step("mkwrite", (turn) => {
    const { world } = turn;
    const { layout: { medium, mappings } } = world;
    const at = page(turn);
    const through = mapping(turn);
    const folio = folioOf(world, at);
    const file = world.layout.pages[at]?.file ?? 0;
    if (isBeyond(world, at)) return refused(turn);
    if (folio < 0 || world.uptodate[folio] === 0) return "fault";
    if ((world.locked[folio] ?? 0) > 0) return "blocked";
    const entry = pteAt(world, through, at);
    if (mappings[through]?.isPrivate && !meetsBug(world, "private-store-reaches-file")) {
      copyFolio(world, through, at);
      return then;
    }
    const excluded = (world.invalidateWriter[file] ?? 0) > 0;
    if (excluded && !meetsBug(world, "fault-ignores-invalidate-lock")) return "blocked";
    const unstable = medium.stableWrites && (world.writeback[folio] ?? 0) > 0;
    if (unstable && !meetsBug(world, "store-during-writeback")) return "blocked";
    reserveBlocks(world, at);
    if (!meetsBug(world, "mkwrite-leaves-folio-clean")) world.dirty[folio] = 1;
    world.pte[entry] = Pte.WRITE_1 + folio % 2;
    return then;
  });
}

/** A CPU load of one byte. */
export const load: Program = [
  step("load", (turn) => {
    const { world, place } = turn;
    const value = shownAt(world, place.mapping, place.atoms.first);
    if (value === undefined) return "fault";
    world.read[world.readAt[place.index] ?? 0] = value;
    world.count[place.index] = 1;
    return succeed(turn);
  }),
  ...fillSteps(own, "map page"),
  mapRead,
];

/** A CPU store of one byte. */
export const store: Program = [
  step("store", (turn): Next => {
    const { world, place } = turn;
    const { operation, mapping, pages, atoms } = place;
    const entry = world.pte[pteAt(world, mapping, pages.first)] ?? Pte.NONE;
    if (operation.kind !== "store") return "none";
    const value = world.layout.values.indexOf(operation.value);
    if (entry === Pte.ANONYMOUS) {
      world.anonymous[mapping * world.layout.atoms.length + atoms.first] = value;
      return succeed(turn);
    }
    if (!isWritable(entry)) return "fault";
    world.folio[atoms.first * 2 + shownBit(entry)] = value;
    noteChange(world, pages.first);
    return succeed(turn);
  }),
  ...fillSteps(own, "mkwrite"),
  mkwrite(own, "store"),
];
