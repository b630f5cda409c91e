/**
 * Loads and stores through mappings of DAX files. There is one copy of the data; what faults decide is
 * whether a mapping shows it or zeros, and whether fsync will know of a store.
 * Source: fs/dax.c dax_iomap_pte_fault(), dax_iomap_pmd_fault(), dax_finish_sync_fault().
 *
 * @module
 */
import { commitMetadata, flushDevice, writeAtom } from "./folio.ts";
import {
  choice,
  finish,
  isBeyond,
  type Next,
  type Program,
  step,
  succeed,
  type Turn,
} from "./program.ts";
import { pmdSize } from "./scenario.ts";
import { pteAt } from "./touch.ts";
import { Block, meetsBug, Pte, Slot, Status, type World } from "./world.ts";

/** Pages of the page's PMD that have a number, or the page alone. */
export function entryPages(world: World, page: number): readonly number[] {
  return world.pmd[page] === 1 ? groupOf(world, page) : [page];
}

/**
 * True if the page is one of a shared extent that a PMD was loaded from, and not the first of it: the
 * PMD is clean, for nobody stores to shared blocks through it.
 */
export function isSharedBelowPmd(world: World, page: number): boolean {
  const { layout, shared, pte } = world;
  const { first, from } = layout.pages[page] ?? { first: 0, from: 0 };
  if (from % pmdSize === 0 || shared[layout.atoms[first]?.block ?? 0] !== 1) return false;
  return layout.mappings.some(({ isHuge }, mapping) =>
    isHuge &&
    groupOf(world, page).some((each) => pte[pteAt(world, mapping, each)] === Pte.DAX_READ)
  );
}

/** True if the page has blocks. */
function isMapped({ layout, block }: World, page: number): boolean {
  const { first } = layout.pages[page] ?? { first: 0 };
  return block[layout.atoms[first]?.block ?? 0] === Block.MAPPED;
}

/** Gives the page zeroed blocks, unless it has blocks. */
export function allocatePage(world: World, page: number, zeroed = true): void {
  const { layout } = world;
  const { first, end } = layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    const at = layout.atoms[atom]?.block ?? 0;
    if (world.block[at] === Block.MAPPED) continue;
    if (zeroed) {
      world.device[atom] = 0;
      world.durable[atom] = 1;
      world.cached[atom] = 0;
    }
  }
  for (let atom = first; atom < end; atom++) {
    world.block[layout.atoms[atom]?.block ?? 0] = Block.MAPPED;
  }
}

/** Clears every shared mapping's entry for the page; private copies stay. */
export function unmapDaxPage({ layout, pte }: World, page: number, only?: number): void {
  layout.mappings.forEach((_, mapping) => {
    const at = mapping * layout.pages.length + page;
    if (pte[at] === Pte.ANONYMOUS || (only !== undefined && pte[at] !== only)) return;
    pte[at] = Pte.NONE;
  });
}

/** Takes the entry lock; false if somebody holds it or a removal excludes faults. */
function lockEntry(turn: Turn, page: number): boolean {
  const { world, process, place } = turn;
  if ((world.invalidateWriter[place.file] ?? 0) > 0) return false;
  const pages = entryPages(world, page);
  if (pages.some((each) => (world.entryLock[each] ?? 0) > 0)) return false;
  for (const each of pages) world.entryLock[each] = process + 1;
  world.invalidateReaders[place.file] = (world.invalidateReaders[place.file] ?? 0) + 1;
  return true;
}

function unlockEntry({ world, process, place }: Turn): void {
  world.entryLock.forEach((holder, page) => {
    if (holder === process + 1) world.entryLock[page] = 0;
  });
  world.invalidateReaders[place.file] = (world.invalidateReaders[place.file] ?? 1) - 1;
}

/** What the entry of the operation's mapping shows. */
function entryOf({ world, place }: Turn): number {
  return world.pte[pteAt(world, place.mapping, place.pages.first)] ?? Pte.NONE;
}

/** A CPU load of one byte. */
export const daxLoad: Program = [
  step("load", (turn) => {
    const { world, place } = turn;
    const entry = entryOf(turn);
    const atom = place.atoms.first;
    if (entry === Pte.NONE) return "look up";
    const value = entry === Pte.DAX_ZERO
      ? 0
      : entry === Pte.ANONYMOUS
      ? world.anonymous[place.mapping * world.layout.atoms.length + atom]
      : world.device[atom];
    world.read[world.readAt[place.index] ?? 0] = value ?? 0;
    world.count[place.index] = 1;
    return succeed(turn);
  }),
  choice("look up", (turn) => {
    const { world, process, place } = turn;
    const page = place.pages.first;
    // Whether a private mapping goes on to see what others store is left open by POSIX.
    if (turn.way > (world.layout.mappings[place.mapping]?.isPrivate ? 1 : 0)) return "none";
    if (turn.way === 1) return copyPage(turn, "load");
    if (isBeyond(world, page)) return finish(turn, Status.SIGBUS);
    if (meetsBug(world, "hole-looked-up-outside-entry-lock")) {
      world.note[process] = isMapped(world, page) ? 1 : 0;
      return "lock late";
    }
    if (!lockEntry(turn, page)) return "blocked";
    world.note[process] = isMapped(world, page) ? 1 : 0;
    return "map";
  }),
  step("lock late", (turn) => lockEntry(turn, turn.place.pages.first) ? "map" : "blocked"),
  step("map", (turn) => {
    const { world, process, place } = turn;
    const page = place.pages.first;
    const isData = world.note[process] === 1;
    const at = pteAt(world, place.mapping, page);
    if (isData && world.entry[page] !== Slot.PFN) world.entry[page] = Slot.PFN;
    if (!isData && world.entry[page] === Slot.NONE) world.entry[page] = Slot.ZERO;
    if (isData && world.layout.mappings[place.mapping]?.isHuge === true) {
      replaceEntries(world, page);
    }
    world.pte[at] = isData ? Pte.DAX_READ : Pte.DAX_ZERO;
    world.note[process] = 0;
    unlockEntry(turn);
    return "load";
  }),
];

/** Gives a private mapping its own copy of a page. */
function copyPage(turn: Turn, then: string): Next {
  const { world, place: { mapping, pages, file } } = turn;
  const page = pages.first;
  if (isBeyond(world, page)) return finish(turn, Status.SIGBUS);
  if ((world.invalidateWriter[file] ?? 0) > 0) return "blocked";
  const { first, end } = world.layout.pages[page] ?? { first: 0, end: 0 };
  for (let atom = first; atom < end; atom++) {
    world.anonymous[mapping * world.layout.atoms.length + atom] = isMapped(world, page)
      ? world.device[atom] ?? 0
      : 0;
  }
  world.pte[pteAt(world, mapping, page)] = Pte.ANONYMOUS;
  return then;
}

/** What a lookup that overlooks the entry of a page does: a clean PMD entry takes its place. */
function replaceEntries(world: World, page: number): void {
  const { groups } = world.layout;
  const small = groups.some((group, each) =>
    group === groups[page] && world.tag[each] === 1 && world.pmd[each] === 0
  );
  if (!small || !meetsBug(world, "pmd-entry-replaces-pte-entry")) return;
  groups.forEach((group, each) => {
    if (group !== groups[page]) return;
    world.entry[each] = Slot.PFN;
    world.pmd[each] = 1;
    world.tag[each] = 0;
  });
}

/** A CPU store of one byte. */
export const daxStore: Program = [
  step("store", (turn): Next => {
    const { world, place } = turn;
    const { operation, mapping, atoms: { first } } = place;
    if (operation.kind !== "store") return "none";
    const value = world.layout.values.indexOf(operation.value);
    const entry = entryOf(turn);
    if (entry === Pte.ANONYMOUS) {
      world.anonymous[mapping * world.layout.atoms.length + first] = value;
      return succeed(turn);
    }
    if (entry !== Pte.DAX_WRITE) {
      return world.layout.mappings[mapping]?.isPrivate ? "copy" : "allocate";
    }
    world.device[first] = value;
    world.durable[first] = (world.durable[first] ?? 0) | (1 << value);
    world.cached[first] = 1;
    return succeed(turn);
  }),
  step(
    "copy",
    (turn) =>
      meetsBug(turn.world, "private-store-reaches-file") ? "allocate" : copyPage(turn, "store"),
  ),
  step("allocate", (turn) => {
    const { world, place } = turn;
    const page = place.pages.first;
    if (isBeyond(world, page)) return finish(turn, Status.SIGBUS);
    if (!lockEntry(turn, page)) return "blocked";
    const isNew = !isMapped(world, page);
    for (const each of wanted(turn, page)) allocatePage(world, each);
    if (meetsBug(world, "block-zeroed-after-mapping")) world.note[turn.process] = isNew ? 1 : 0;
    return "insert";
  }),
  step("zero late", ({ world, process, place: { pages } }) => {
    const { first, end } = world.layout.pages[pages.first] ?? { first: 0, end: 0 };
    for (let atom = first; atom < end; atom++) {
      writeAtom(world, atom, 0);
      world.cached[atom] = 0;
    }
    world.note[process] = 0;
    return "store";
  }),
  step("insert", (turn) => {
    const { world, place: { pages, mapping } } = turn;
    const isSync = world.layout.mappings[mapping]?.operation.sync === true;
    const huge = wanted(turn, pages.first);
    const isPmd = isPmdFault(turn);
    for (const page of huge) {
      const keeps = meetsBug(world, "zero-mappings-outlive-allocation");
      if (world.entry[page] === Slot.ZERO && !keeps) unmapDaxPage(world, page, Pte.DAX_ZERO);
      world.entry[page] = Slot.PFN;
      if (isPmd) world.pmd[page] = 1;
    }
    const first = pages.first;
    if (isSharedBelowPmd(world, first) && meetsBug(world, "shared-page-replaces-pmd-entry")) {
      for (const page of groupOf(world, first)) world.tag[page] = 0;
    }
    const untracked = isSync && meetsBug(world, "sync-mapping-not-tracked");
    for (const page of entryPages(world, pages.first)) if (!untracked) world.tag[page] = 1;
    if (isSync && !meetsBug(world, "sync-fault-maps-before-commit")) {
      flushDevice(world);
      commitMetadata(world);
    }
    for (const page of huge) world.pte[pteAt(world, mapping, page)] = Pte.DAX_WRITE;
    unlockEntry(turn);
    return world.note[turn.process] === 1 ? "zero late" : "store";
  }),
];

/** Pages that a write fault maps: all of the PMD, or one. */
function wanted(turn: Turn, page: number): readonly number[] {
  return isPmdFault(turn) ? groupOf(turn.world, page) : [page];
}

/** True if mapping and entries let a write fault map a whole PMD: entries of pages always win. */
function isPmdFault({ world, place: { mapping, pages } }: Turn): boolean {
  if (world.layout.mappings[mapping]?.isHuge !== true) return false;
  return groupOf(world, pages.first).every((each) =>
    world.entry[each] === Slot.NONE || world.pmd[each] === 1
  );
}

function groupOf({ layout: { groups } }: World, page: number): readonly number[] {
  return groups.flatMap((group, each) => group === groups[page] ? [each] : []);
}
