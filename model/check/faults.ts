/**
 * Faults, hole loads, stores and unmaps, brought to the worlds that they reach.
 *
 * @module
 */
import type { SeenProjection } from "./projection.ts";
import { dirtiedLine, seenOf } from "./bystanders.ts";
import { type Elsewhere, isOwn, passBy } from "./elsewhere.ts";
import { endFault, hasFaults, mayHaveFaulted } from "./faults_in_flight.ts";
import { baseOf } from "./mapping_id.ts";
import { hasHappened, Last, lastBefore, lastLine, setLast } from "./moments.ts";
import type { FaultSeen, HoleSeen, SizeSeen, StoreSeen, UnmapSeen, Where } from "./observation.ts";
import { keepBlocks, keepWhole, observe } from "./observe.ts";
import { SeenAlike } from "./seen_alike.ts";
import { mappedBetween } from "./mapped_worlds.ts";
import { noteSize, pageOf, reachedPages, worldOf } from "./pages.ts";
import { pmdOf } from "../page_size.ts";
import { doubt } from "./findings.ts";
import type { Check, FileUnderCheck, PageUnderCheck, SmallWorld, Task } from "./subject.ts";
import { fileOf, knownWorld, mappingOf, rangeOf } from "./files.ts";
import { remember } from "./world.ts";

/** Worlds of a page that are taken past a fault one by one; more of them are together. */
const fewWorlds = 4;

/** Brings a fault to the worlds that it reaches: of its own page, or PMD range, and to bystanders. */
function reach(check: Check, file: FileUnderCheck, fault: FaultInHand | HoleInHand): void {
  const { seen } = fault;
  const own = pageOf(check, file, seen.pgoff);
  worldOf(check, own, seen.mapping);
  const base = baseOf(seen.mapping);
  if (seen.order === "pte") {
    reachPage(check, fault, own, base);
    passBy(check, own, fault);
  } else for (const page of own.range.pages) reachPage(check, fault, page, base);
}

function reachPage(
  check: Check,
  fault: FaultInHand | HoleInHand,
  page: PageUnderCheck,
  base: number,
): void {
  const { worlds } = page;
  if (fault.kind === "fault" && fault.isPlain && worlds.length > fewWorlds) {
    fault.seeTogether(page, base);
  } else {
    for (const world of worlds) {
      // Of a page that a hundred processes map, at most few mappings are at this address.
      fault.see(world, world.vma?.base === base ? isOwn(fault.seen, world.mapping) : false);
    }
  }
  noteSize(check, page);
}

/** A fault that ended with a mapping. */
export function checkFault(check: Check, seen: FaultSeen): void {
  const { where, pgoff, order, write } = seen;
  const file = fileOf(check, seen.file);
  endFault(file, where);
  const holesHidden = holesMustBeHidden(check, file, seen);
  showBlock(check, file, seen, holesHidden);
  if (seen.found === "protected") showMapped(check, file, seen);
  reach(check, file, new FaultInHand(check, file, seen, seen.holeVisible || !holesHidden));
  if (order === "pmd" && write) rangeOf(file, pgoff).fault = where;
}

/** A fault on its way to the worlds that it reaches. */
class FaultInHand implements Elsewhere {
  readonly kind = "fault";
  readonly check: Check;
  readonly file: FileUnderCheck;
  readonly seen: FaultSeen;
  readonly holeVisible: boolean;
  /** What faults of other tasks may have done meanwhile, and what a PMD shows, is for each world by itself. */
  readonly isPlain: boolean;
  readonly write: boolean;
  /** What such faults are to worlds, as far as that was asked before. */
  readonly projections: (SeenProjection | undefined)[];

  constructor(check: Check, file: FileUnderCheck, seen: FaultSeen, holeVisible: boolean) {
    this.check = check;
    this.file = file;
    this.seen = seen;
    this.holeVisible = holeVisible;
    this.isPlain = seen.order === "pte" && !hasFaults(file);
    this.write = seen.write;
    const { write, order, found, outcome, allocated } = seen;
    const how = (write ? 1 : 0) + (order === "pmd" ? 2 : 0) + (outcome === "mapped" ? 4 : 0) +
      (holeVisible ? 8 : 0) +
      16 * (found === undefined ? 0 : found === "nothing" ? 1 : 2) +
      64 * (allocated === undefined ? 0 : allocated ? 1 : 2);
    this.projections = check.automaton.faults[how] ??= [];
  }

  elsewhere(own: boolean | undefined): SeenProjection {
    return projectionOf(this, false, own, own !== false, false);
  }

  see(world: SmallWorld, own: boolean | undefined): void {
    const { check, seen } = this;
    const { where, order, write, since } = seen;
    const here = world.pgoff === seen.pgoff;
    const covers = here || order === "pmd";
    const before = world.set;
    if (covers) mayHaveFaulted(check, world, where);
    const fresh = own !== false && isFresh(check, world, seen);
    const overtaken = !lastBefore(check, world, Last.cleaned, since);
    const projection = projectionOf(this, here, own, fresh, overtaken);
    if (covers) remember(check, world, where);
    if (order === "pmd" && seen.outcome === "mapped") keepWhole(check, world, where);
    observe(check, world, projection, where);
    if (own !== false && covers) setLast(check, world, Last.touched, where);
    else if (before.mayMapZero && world.set !== before) setLast(check, world, Last.emptied, where);
    if (own && covers) world.visitor = where.pid;
    if (!write) return;
    if (own && covers) world.writer = writerOf(check, world.writer, where);
    if (covers) setLast(check, world, Last.allocated, where);
    if (covers && (!here || seen.allocated !== false)) world.created = where.line;
    if (covers || world.set.mayBeHuge) setLast(check, world, Last.dirtied, where);
  }

  /** Takes all worlds of the fault's own page past it. */
  seeTogether(page: PageUnderCheck, base: number): void {
    const { check, file, seen, write } = this;
    const { where, since } = seen;
    // What cleans an entry does so for all worlds of its page.
    const overtaken = !lastBefore(check, page.entry, Last.cleaned, since);
    const projection = projectionOf(this, true, false, false, overtaken);
    const others = new SeenAlike(check, file, projection, where);
    for (const world of page.worlds) {
      const own = world.vma?.base === base ? isOwn(seen, world.mapping) : false;
      if (own !== false) {
        this.see(world, own);
        continue;
      }
      remember(check, world, where);
      const { set } = world;
      others.take(world);
      if (set.mayMapZero) setLast(check, world, Last.emptied, where);
      if (!write) continue;
      setLast(check, world, Last.allocated, where);
      if (seen.allocated !== false) world.created = where.line;
      setLast(check, world, Last.dirtied, where);
    }
    others.end();
  }
}

/**
 * True if the PTE is as the CPU has found it. Whether it was touched since matters of the faulting mapping
 * alone; and where something was mapped, that may have been the zero page, which other mappings' faults undo.
 */
function isFresh(check: Check, world: SmallWorld, { since, found }: FaultSeen): boolean {
  return lastBefore(check, world, Last.touched, since) &&
    (found !== "protected" || lastBefore(check, world, Last.emptied, since));
}

function projectionOf(
  { check, seen, projections, holeVisible }: FaultInHand,
  here: boolean,
  own: boolean | undefined,
  fresh: boolean,
  overtaken: boolean,
): SeenProjection {
  const number = (here ? 1 : 0) + (own === undefined ? 16 : own ? 2 : 0) + (fresh ? 4 : 0) +
    (overtaken ? 8 : 0);
  return projections[number] ??= check.automaton.project({
    kind: seen.write ? "write_fault" : "read_fault",
    order: seen.order,
    here,
    own: own === true,
    perhapsOwn: own === undefined,
    fresh,
    found: seen.found,
    overtaken,
    certain: seen.outcome === "mapped",
    holeVisible,
    allocated: seen.allocated,
  });
}

/** The task, as the same object as long as it is the same, of this world or of the last that was written to. */
function writerOf(check: Check, known: Task | undefined, { pid, task: name }: Where): Task {
  if (known?.pid === pid && known.name === name) return known;
  const { lastWriter } = check;
  if (lastWriter?.pid === pid && lastWriter.name === name) return lastWriter;
  return check.lastWriter = { pid, name };
}

/**
 * A fault that finds a block shows that the file was not truncated there since the block was made; if
 * its size is what it was, too, it was not truncated at all.
 */
function showBlock(check: Check, file: FileUnderCheck, seen: FaultSeen, hidden: boolean): void {
  const { write, outcome, allocated, pgoff, where } = seen;
  const shows = write ? allocated === false : outcome === "mapped" && (seen.holeVisible || !hidden);
  if (!shows || file.open === undefined) return;
  const created = file.pages.get(pgoff)?.entry.created ?? 0;
  const { size } = file;
  for (const [range, worlds] of file.open) {
    // Of what lies behind the block only the size tells.
    if (size === undefined && range > pmdOf(pgoff)) continue;
    for (const world of worlds) {
      if ((size === undefined && world.pgoff > pgoff) || !mayKeepBlocks(check, world)) continue;
      const dirtied = dirtiedLine(check, world);
      if (created > dirtied) continue;
      const sameSize = size !== undefined && size.pages > world.pgoff &&
        size.since <= dirtied && size.seen > seenOf(world);
      if (world.pgoff <= pgoff || sameSize) keepBlocks(check, world, where);
    }
  }
}

/** False where `keepBlocks` would change nothing. */
function mayKeepBlocks(check: Check, { set, gaps }: SmallWorld): boolean {
  return set.mayBeRewritten || gaps !== check.gaps;
}

/** A fault that finds its page mapped shows that it was not truncated since it was mapped. */
function showMapped(check: Check, file: FileUnderCheck, seen: FaultSeen): void {
  const open = file.open?.get(pmdOf(seen.pgoff));
  if (open?.values().some((world) => mayKeepBlocks(check, world)) !== true) return;
  for (const page of reachedPages(file, seen.pgoff, seen.order)) {
    const { entry } = page;
    const world = knownWorld(page, seen.mapping);
    if (world === undefined || !hasHappened(check, world, Last.touched)) continue;
    if (!open.has(entry)) continue;
    const touched = lastLine(check, world, Last.touched);
    if (touched <= dirtiedLine(check, entry)) keepBlocks(check, entry, seen.where);
  }
}

/** A PMD fault tells the size of the file. */
export function checkSize(check: Check, { file: id, pages, where: { line } }: SizeSeen): void {
  const file = fileOf(check, id);
  const since = file.size?.pages === pages ? file.size.since : line;
  file.size = { pages, since, seen: line };
}

/**
 * As long as nothing speaks against it, the mapping of zeros is taken to be recorded along with the ends of
 * faults. What speaks against it is a read fault that maps no hole where there must be one.
 */
function holesMustBeHidden(check: Check, file: FileUnderCheck, seen: FaultSeen): boolean {
  const { findings } = check;
  if (findings.holesHidden || seen.holeVisible || seen.write) return findings.holesHidden;
  const page = file.pages.get(seen.pgoff);
  if (page === undefined || !page.entry.set.surelyHole) return false;
  findings.holesHidden = true;
  doubt(findings, 0, seen.where.line);
  return true;
}

/** The zero page is mapped. */
export function checkHole(check: Check, seen: HoleSeen): void {
  const file = fileOf(check, seen.file);
  if (seen.order === "pmd") endFault(file, seen.where);
  reach(check, file, new HoleInHand(check, seen));
}

/** A fault that maps the zero page, on its way to the worlds that it reaches. */
class HoleInHand implements Elsewhere {
  readonly kind = "hole";
  readonly check: Check;
  readonly seen: HoleSeen;
  readonly write = false;

  constructor(check: Check, seen: HoleSeen) {
    this.check = check;
    this.seen = seen;
  }

  elsewhere(own: boolean | undefined): SeenProjection {
    return holeProjection(this, false, own, false);
  }

  see(world: SmallWorld, own: boolean | undefined): void {
    const { check, seen } = this;
    const { where } = seen;
    const here = world.pgoff === seen.pgoff;
    const covers = here || seen.order === "pmd";
    const raced = here && !lastBefore(check, world, Last.allocated, seen.begun ?? seen.since);
    if (covers) remember(check, world, where);
    if (own && covers) {
      world.mappedHole = true;
      world.visitor = where.pid;
    }
    const before = world.set;
    observe(check, world, holeProjection(this, here, own, raced), where);
    if (own !== false && covers) setLast(check, world, Last.touched, where);
    else if (before.mayMapZero && world.set !== before) setLast(check, world, Last.emptied, where);
  }
}

function holeProjection(
  { check, seen: { order } }: HoleInHand,
  here: boolean,
  own: boolean | undefined,
  raced: boolean,
): SeenProjection {
  const whose = { own: own === true, perhapsOwn: own === undefined };
  return check.automaton.project({ kind: "hole", order, here, ...whose, raced });
}

/** A program says that it stored. */
export function checkStore(check: Check, seen: StoreSeen): void {
  const { where, since, pgoff } = seen;
  const file = fileOf(check, seen.file);
  mappingOf(file, seen.mapping).stores = true;
  const world = worldOf(check, pageOf(check, file, pgoff), seen.mapping);
  remember(check, world, where);
  // Where faults are not recorded, one may have come before the store. And if the entry was cleaned or
  // removed meanwhile, or as good as that, the store may have come before or after.
  if (!check.completeness.faults || !lastBefore(check, world, Last.cleaned, since)) {
    world.untold = where.line;
    return;
  }
  mayHaveFaulted(check, world, where);
  const explained = observe(check, world, check.automaton.project({ kind: "store" }), where);
  if (!explained) setLast(check, world, Last.touched, where);
}

/** Addresses lose their mappings; whether in the watched process, only its own task shows. */
export function checkUnmap(check: Check, seen: UnmapSeen): void {
  const { start, end, done, access, where } = seen;
  for (const world of mappedBetween(check.mapped, start, end)) {
    remember(check, world, where);
    const surely = done && world.visitor === where.pid;
    observe(
      check,
      world,
      check.automaton.project({ kind: "unmap", done: surely, access }),
      where,
    );
    setLast(check, world, Last.touched, where);
  }
}
