/**
 * The end of a writeback pass over an entry, and signs of life that prove it missed a mapping.
 *
 * @module
 */
import type { SeenProjection, VisitSeen } from "./projection.ts";
import { hasFaults, mayHaveFaulted } from "./faults_in_flight.ts";
import { hasHappened, Last, lastBefore, setLast } from "./moments.ts";
import type { CleanedSeen, PassBeginSeen, PassSeen, Visit, Where } from "./observation.ts";
import { stepOut } from "./bystanders.ts";
import { observe, refute } from "./observe.ts";
import { observeAll } from "./seen_alike.ts";
import { noteSize } from "./pages.ts";
import { doubt, oneMore, suspect } from "./findings.ts";
import {
  type Check,
  type FileUnderCheck,
  type PageUnderCheck,
  type SmallWorld,
  surelyBefore,
} from "./subject.ts";
import { dirtyWorlds, fileOf, hugePages, knownFile, pagesOfPmd, rangeOf } from "./files.ts";
import { pageSize, pmdOf, pmdPages } from "../page_size.ts";
import { remember } from "./world.ts";

/** How long a sign of life is waited for: after a second a task id may be another task's. */
const patience = 1e9;

/** Worlds of a page that are taken past its cleaning one by one; more of them are together. */
const fewWorlds = 4;

/** An entry was declared clean. */
export function checkCleaned(check: Check, seen: CleanedSeen): void {
  const file = fileOf(check, seen.file);
  const { order, pgoff } = seen;
  const single = file.pages.get(pgoff);
  const pages = order === "pmd" ? pagesOfPmd(file, pgoff) : single === undefined ? [] : [single];
  const cleaning: Cleaning = {
    check,
    file,
    seen,
    strangers: visitsStrangers(file, seen),
    tagged: retagged(check, file, seen),
  };
  for (const page of pages) {
    if (page.worlds.length > fewWorlds && !hasFaults(file)) cleanTogether(cleaning, page);
    else for (const world of page.worlds) clean(cleaning, world);
    noteSize(check, page);
  }
  if (order === "pmd" || single === undefined) rangeOf(file, pgoff).cleaned = seen.where;
}

/** The cleaning of an entry, on its way to the worlds of its pages. */
interface Cleaning {
  readonly check: Check;
  readonly file: FileUnderCheck;
  readonly seen: CleanedSeen;
  /** mkclean has visited a mapping that nobody knows. */
  readonly strangers: boolean;
  /** The entry may have been given TOWRITE again. */
  readonly tagged: boolean;
}

/** What it is to a world. */
interface CleaningOfWorld {
  readonly visit: VisitSeen;
  readonly overtaken: boolean;
  readonly again: boolean;
}

function clean(cleaning: Cleaning, world: SmallWorld): void {
  const { check, seen: { where } } = cleaning;
  stepOut(check, world);
  remember(check, world, where);
  mayHaveFaulted(check, world, where);
  const how = cleaningOf(cleaning, world);
  const { readFaultsMark } = check.completeness;
  observe(check, world, projectionOf(cleaning, how, readFaultsMark), where, marking(cleaning, how));
  noteCleaned(cleaning, world);
}

/** Takes the worlds of a page past it; one after the other they mostly see the same. */
function cleanTogether(cleaning: Cleaning, page: PageUnderCheck): void {
  const { check, file, seen: { where } } = cleaning;
  const { readFaultsMark } = check.completeness;
  let alike: SmallWorld[] = [];
  let how: CleaningOfWorld | undefined;
  const observeAlike = (): void => {
    if (how === undefined || alike.length === 0) return;
    const projection = projectionOf(cleaning, how, readFaultsMark);
    observeAll(check, file, alike, projection, where, marking(cleaning, how));
    for (const world of alike) noteCleaned(cleaning, world);
    alike = [];
  };
  for (const world of page.worlds) {
    stepOut(check, world);
    remember(check, world, where);
    const own = cleaningOf(cleaning, world);
    if (own.visit !== how?.visit || own.overtaken !== how.overtaken || own.again !== how.again) {
      observeAlike();
      how = own;
    }
    alike.push(world);
  }
  observeAlike();
}

function cleaningOf({ check, seen, strangers }: Cleaning, world: SmallWorld): CleaningOfWorld {
  const { vma, pgoff } = world;
  const visit = vma === undefined ? "visited" : visitOf(seen, vma.base, pgoff);
  return {
    visit: visit === "absent" && strangers ? "unseen" : visit,
    overtaken: !lastBefore(check, world, Last.dirtied, seen.where),
    again: world.leftover,
  };
}

function projectionOf(
  { check: { automaton, completeness }, seen: { order } }: Cleaning,
  { visit, overtaken, again }: CleaningOfWorld,
  readFaultsMark: boolean,
): SeenProjection {
  const unmapsSeen = completeness.unmaps;
  return automaton.project({
    kind: "cleaned",
    order,
    visit,
    unmapsSeen,
    overtaken,
    again,
    readFaultsMark,
  });
}

/** What it would be where read faults mark entries, if the kernel may be such a one. */
function marking(cleaning: Cleaning, how: CleaningOfWorld): (() => SeenProjection) | undefined {
  if (cleaning.check.completeness.versionKnown) return undefined;
  return () => projectionOf(cleaning, how, true);
}

function noteCleaned({ check, tagged, seen: { where } }: Cleaning, world: SmallWorld): void {
  world.leftover = tagged;
  setLast(check, world, Last.cleaned, where);
  if (world.set.awaitsLife) awaitLife(check, world, where);
}

/** How many passes' beginnings are remembered of a file. */
const passesKept = 16;

/** A pass begins. */
export function beginPass(check: Check, seen: PassBeginSeen): void {
  const file = fileOf(check, seen.file);
  for (const sync of file.syncs) {
    if (sync !== undefined && sync.sync.begin.pid !== seen.where.pid) sync.sync.alone = false;
  }
  file.passes.push({ begin: seen, end: undefined });
  if (file.passes.length > passesKept) file.passes.shift();
}

/**
 * True if another pass may have given the entry TOWRITE after this one had locked it and taken that mark
 * away: DIRTY goes last, and what is locked no pass waits for (chapter 4). A pass gives its marks somewhere
 * between its first line and its last.
 */
function retagged(
  check: Check,
  file: FileUnderCheck,
  { since, pgoff, order }: CleanedSeen,
): boolean {
  const first = order === "pmd" ? pmdOf(pgoff) * pmdPages : pgoff;
  const pages = order === "pmd" ? pmdPages : 1;
  return file.passes.some(({ begin: { where, from, to }, end }) => {
    if (where.line === since?.line || from >= first + pages || first >= to) return false;
    return end === undefined || since === undefined || !surelyBefore(check, end, since);
  });
}

/** What the pass did to a mapping, as far as mkclean's probes show. */
function visitOf(
  { visits, order, visitsFirstPage }: CleanedSeen,
  base: number,
  pgoff: number,
): VisitSeen {
  if (visits === undefined) return "unseen";
  const address = base + pgoff * pageSize;
  const first = order === "pmd" ? pmdOf(pgoff) * pmdPages : pgoff;
  const start = base + first * pageSize;
  const end = start + (order === "pmd" ? pmdPages : 1) * pageSize;
  const reaching = visits.filter((visit) => covers(visit, address, start, end));
  const [visit] = reaching;
  // A kernel that has a reason to go there and did not: more likely the line is missing.
  if (visit === undefined) return visitsFirstPage && pgoff !== first ? "absent" : "unseen";
  if (visit.kind === "vma") return "visited";
  const here = visit.address === address;
  if (reaching.every((each) => each.kind === "address" && each.vacant)) {
    return here ? "vacant" : "vacant_first_page";
  }
  if (!here) return "first_page";
  return visitsFirstPage && visits.indexOf(visit) > 0 ? "doubtful" : "visited";
}

function covers(visit: Visit, address: number, start: number, end: number): boolean {
  return visit.kind === "vma"
    ? visit.start <= address && address < visit.end
    : start <= visit.address && visit.address < end;
}

/** A visit of a mapping that no fault has shown: a known one may have been moved there. */
function visitsStrangers(file: FileUnderCheck, { visits, pgoff, order }: CleanedSeen): boolean {
  if (visits === undefined) return false;
  const first = order === "pmd" ? pmdOf(pgoff) * pmdPages : pgoff;
  const pages = order === "pmd" ? pmdPages : 1;
  return visits.some((visit) =>
    !file.mappings.values().some(({ base }) => {
      const start = base + first * pageSize;
      const end = start + pages * pageSize;
      return visit.kind === "vma"
        ? visit.start < end && start < visit.end
        : start <= visit.address && visit.address < end;
    })
  );
}

function awaitLife(check: Check, world: SmallWorld, where: Where): void {
  if (world.writer === undefined) return;
  const { pid } = world.writer;
  const worlds = check.waiting.get(pid) ?? new Map<SmallWorld, Where>();
  worlds.set(world, where);
  check.waiting.set(pid, worlds);
}

/** A task that some world waits for was seen again. */
export function checkAlive(check: Check, where: Where): void {
  const worlds = check.waiting.get(where.pid);
  if (worlds === undefined) return;
  for (const [world, cleaned] of worlds) {
    if (where.line <= cleaned.line) continue;
    worlds.delete(world);
    const sameTask = where.task === "" || world.writer?.name === where.task;
    const inTime = where.time === 0 || where.time - cleaned.time <= patience;
    if (world.writer?.pid === where.pid && sameTask && inTime) refute(check, world, "gone", where);
  }
  if (worlds.size === 0) check.waiting.delete(where.pid);
}

/**
 * A pass over some pages is over. What was DIRTY in them before it began is clean now, or another pass
 * has it in hand, or it was removed. If none of this was seen, the cleaning of entries is not recorded, or
 * one is missing, or the kernel has overlooked the entry.
 */
export function checkPass(check: Check, seen: PassSeen): void {
  const { begin, where, recorded, worked } = seen;
  const file = knownFile(check, seen.file);
  const pass = file?.passes.find((each) => each.begin.where.line === begin.line);
  if (pass !== undefined) pass.end = where;
  if (file === undefined || !(worked || leavesDirty(check, file, seen))) return;
  const { findings } = check;
  if (recorded && !worked) {
    suspect(findings, begin.line, where.line);
    return;
  }
  doubt(findings, begin.line, where.line);
  if (!recorded) findings.uncleaned = oneMore(findings.uncleaned, where);
}

function leavesDirty(
  check: Check,
  file: FileUnderCheck,
  { begin, from, to, recorded, alone }: PassSeen,
): boolean {
  // What a fault holds a pass leaves out.
  if (hasFaults(file) || file.faulted > begin.line) return false;
  if (!alone || (file.breaking > 0 && recorded) || file.broken > begin.line) return false;
  for (const world of dirtyAround(file, from, to)) {
    const { pgoff, set } = world;
    const first = set.surelyHuge ? pmdOf(pgoff) * pmdPages : pgoff;
    const pages = set.surelyHuge ? pmdPages : 1;
    if (first >= to || first + pages <= from) continue;
    if (!hasHappened(check, world, Last.dirtySince)) continue;
    if (lastBefore(check, world, Last.dirtySince, begin)) return true;
  }
  return false;
}

/** Worlds that may be DIRTY and whose entries may reach into pages [from, to). */
function dirtyAround(file: FileUnderCheck, from: number, to: number): Iterable<SmallWorld> {
  if (to - from > file.dirty.size) return file.dirty.members();
  const found = dirtyWorlds(file, from, to);
  for (let range = pmdOf(from); range * pmdPages < to; range++) {
    const known = file.ranges.get(range);
    if (known === undefined) continue;
    const { bystanders } = known;
    const alone = bystanders?.alone.members() ?? hugePages(known).flatMap(({ worlds }) => worlds);
    for (const world of alone) {
      if (world.set.surelyHuge && world.listed >= 0) found.push(world);
    }
    if (bystanders === undefined) continue;
    const { crowds } = bystanders;
    for (const bySet of crowds.values()) {
      for (const [set, { worlds }] of bySet) {
        if (!set.surelyHuge) continue;
        for (const world of worlds.members()) if (world.listed >= 0) found.push(world);
      }
    }
  }
  return found;
}
