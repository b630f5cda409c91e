/**
 * Faults, hole loads, stores and unmaps, brought to the worlds that they reach.
 *
 * @module
 */
import type { SeenProjection } from "./projection.ts";
import { dirtiedLine, seenOf } from "./bystanders.ts";
import { isOwn, passBy } from "./elsewhere.ts";
import { endFault, hasFaults, mayHaveFaulted } from "./faults_in_flight.ts";
import { baseOf } from "./mapping_id.ts";
import { hasHappened, Last, lastBefore, lastLine, setLast } from "./moments.ts";
import type { FaultSeen, HoleSeen, SizeSeen, StoreSeen, UnmapSeen, Where } from "./observation.ts";
import { keepBlocks, keepWhole, observe, observeAll } from "./observe.ts";
import { coveredPages, mappedBetween, noteSize, pageOf, reachedPages, worldOf } from "./pages.ts";
import { pmdOf } from "../page_size.ts";
import { doubt } from "./findings.ts";
import type { Check, FileUnderCheck, PageUnderCheck, SmallWorld, Task } from "./subject.ts";
import { fileOf, mappingOf, rangeOf } from "./files.ts";
import { remember } from "./world.ts";

/** Worlds of a page that are taken past a fault one by one; more of them are together. */
const fewWorlds = 4;

/**
 * What a fault does to a page's worlds: `own` for the faulting mapping's, undefined if it may be. What it
 * is to all worlds of its own page, `seeTogether` tells them at once.
 */
function reach(
  check: Check,
  file: FileUnderCheck,
  seen: FaultSeen | HoleSeen,
  project: (own: boolean | undefined) => SeenProjection,
  see: (world: SmallWorld, own: boolean | undefined) => void,
  seeTogether?: (page: PageUnderCheck, base: number) => void,
): void {
  mappingOf(file, seen.mapping);
  worldOf(check, pageOf(check, file, seen.pgoff), seen.mapping);
  const base = baseOf(seen.mapping);
  for (const page of coveredPages(file, seen.pgoff, seen.order)) {
    if (seeTogether !== undefined && page.worlds.length > fewWorlds) {
      seeTogether(page, base);
      noteSize(check, page);
      continue;
    }
    for (const world of page.worlds) {
      // Of a page that a hundred processes map, at most few mappings are at this address.
      see(world, world.base === base ? isOwn(seen, world.mapping) : false);
    }
    noteSize(check, page);
  }
  if (seen.order === "pmd") return;
  const write = seen.kind === "fault" && seen.write;
  const { pgoff, mapping, since, where } = seen;
  passBy(check, file, { pgoff, mapping, since, where, write, project, see });
}

/** A fault that ended with a mapping. */
export function checkFault(check: Check, seen: FaultSeen): void {
  const { where, pgoff, order, write, since } = seen;
  const file = fileOf(check, seen.file);
  endFault(file, where);
  const holesHidden = holesMustBeHidden(check, file, seen);
  showBlock(check, file, seen, holesHidden);
  if (seen.found === "protected") showMapped(check, file, seen);
  const projections = projectionsOf(check, seen, holesHidden);
  const project = (
    here: boolean,
    own: boolean | undefined,
    fresh: boolean,
    overtaken: boolean,
  ): SeenProjection => {
    const number = (here ? 1 : 0) + (own === undefined ? 16 : own ? 2 : 0) + (fresh ? 4 : 0) +
      (overtaken ? 8 : 0);
    return projections[number] ??= check.automaton.project({
      kind: write ? "write_fault" : "read_fault",
      order,
      here,
      own: own === true,
      perhapsOwn: own === undefined,
      fresh,
      found: seen.found,
      overtaken,
      certain: seen.outcome === "mapped",
      holeVisible: seen.holeVisible || !holesHidden,
      allocated: seen.allocated,
    });
  };
  const elsewhere = (own: boolean | undefined): SeenProjection =>
    project(false, own, own !== false, false);
  const see = (world: SmallWorld, own: boolean | undefined): void => {
    const here = world.pgoff === pgoff;
    const covers = here || order === "pmd";
    if (covers) mayHaveFaulted(check, world, where);
    // Whether its PTE was touched since matters of the faulting mapping alone.
    const fresh = own !== false && lastBefore(check, world, Last.touched, since);
    const projection = project(here, own, fresh, !lastBefore(check, world, Last.cleaned, since));
    if (covers) remember(check, world, where);
    if (order === "pmd" && seen.outcome === "mapped") keepWhole(check, world, where);
    observe(check, world, projection, where);
    if (own !== false && covers) setLast(check, world, Last.touched, where);
    if (own && covers) world.visitor = where.pid;
    if (!write) return;
    if (own && covers) world.writer = taskOf(world.writer, where);
    if (covers) setLast(check, world, Last.allocated, where);
    if (covers && (!here || seen.allocated !== false)) world.created = where.line;
    if (covers || world.set.mayBeHuge) setLast(check, world, Last.dirtied, where);
  };
  const seeTogether = (page: PageUnderCheck, base: number): void => {
    let others: SmallWorld[] = [];
    let overtaken = false;
    const seeOthers = (): void => {
      if (others.length === 0) return;
      observeAll(check, file, others, project(true, false, false, overtaken), where);
      for (const world of write ? others : []) {
        setLast(check, world, Last.allocated, where);
        if (seen.allocated !== false) world.created = where.line;
        setLast(check, world, Last.dirtied, where);
      }
      others = [];
    };
    for (const world of page.worlds) {
      const own = world.base === base ? isOwn(seen, world.mapping) : false;
      const isLate = !lastBefore(check, world, Last.cleaned, since);
      if (own !== false || isLate !== overtaken) seeOthers();
      overtaken = isLate;
      if (own === false) {
        remember(check, world, where);
        others.push(world);
      } else see(world, own);
    }
    seeOthers();
  };
  // What faults of other tasks may have done meanwhile, and what a PMD shows, is for each world by itself.
  const isPlain = order === "pte" && !hasFaults(file);
  reach(check, file, seen, elsewhere, see, isPlain ? seeTogether : undefined);
  if (order === "pmd" && write) rangeOf(file, pgoff).fault = where;
}

/** Projections of such faults that were made before. */
function projectionsOf(
  { automaton }: Check,
  { write, order, found, outcome, holeVisible, allocated }: FaultSeen,
  holesHidden: boolean,
): (SeenProjection | undefined)[] {
  const how = (write ? 1 : 0) + (order === "pmd" ? 2 : 0) + (outcome === "mapped" ? 4 : 0) +
    (holeVisible || !holesHidden ? 8 : 0) +
    16 * (found === undefined ? 0 : found === "nothing" ? 1 : 2) +
    64 * (allocated === undefined ? 0 : allocated ? 1 : 2);
  return automaton.faults[how] ??= [];
}

/** The task, as the same object as long as it is the same. */
function taskOf(known: Task | undefined, { pid, task: name }: Where): Task {
  return known?.pid === pid && known.name === name ? known : { pid, name };
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
  for (const world of file.open) {
    if (!mayKeepBlocks(check, world)) continue;
    const dirtied = dirtiedLine(check, world);
    if (created > dirtied) continue;
    const sameSize = file.size !== undefined && file.size.pages > world.pgoff &&
      file.size.since <= dirtied && file.size.seen > seenOf(world);
    if (world.pgoff <= pgoff || sameSize) keepBlocks(check, world, where);
  }
}

/** False where `keepBlocks` would change nothing. */
function mayKeepBlocks(check: Check, { set, gaps }: SmallWorld): boolean {
  return set.mayBeRewritten || gaps !== check.gaps;
}

/** A fault that finds its page mapped shows that it was not truncated since it was mapped. */
function showMapped(check: Check, file: FileUnderCheck, seen: FaultSeen): void {
  const concerned = file.open?.values().some((world) =>
    mayKeepBlocks(check, world) && pmdOf(world.pgoff) === pmdOf(seen.pgoff)
  );
  if (concerned !== true) return;
  for (const { entry, mappings } of reachedPages(file, seen.pgoff, seen.order)) {
    const world = mappings.get(seen.mapping);
    if (world === undefined || !hasHappened(check, world, Last.touched)) continue;
    if (file.open?.has(entry) !== true) continue;
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
  const { where, pgoff, order } = seen;
  if (order === "pmd") endFault(fileOf(check, seen.file), where);
  const project = (here: boolean, own: boolean | undefined, raced: boolean): SeenProjection =>
    check.automaton.project({
      kind: "hole",
      order,
      here,
      own: own === true,
      perhapsOwn: own === undefined,
      raced,
    });
  const elsewhere = (own: boolean | undefined): SeenProjection => project(false, own, false);
  reach(check, fileOf(check, seen.file), seen, elsewhere, (world, own) => {
    const here = world.pgoff === pgoff;
    const covers = here || order === "pmd";
    const raced = here && !lastBefore(check, world, Last.allocated, seen.begun ?? seen.since);
    if (covers) remember(check, world, where);
    if (own && covers) {
      world.mappedHole = true;
      world.visitor = where.pid;
    }
    observe(check, world, project(here, own, raced), where);
    if (own !== false && covers) setLast(check, world, Last.touched, where);
  });
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
  for (const world of mappedBetween(check, start, end)) {
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
