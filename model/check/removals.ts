/**
 * Removals: punch, zero range, truncate, collapse or insert, from entry to return.
 *
 * @module
 */
import type { CheckerAutomaton } from "./automaton.ts";
import type { SeenProjection } from "./projection.ts";
import { Last, setLast } from "./moments.ts";
import type {
  EntryDeletedSeen,
  HiddenRemovalSeen,
  RemovalBeginSeen,
  RemovalConfirmedSeen,
  RemovalEndSeen,
} from "./observation.ts";
import { deleteNow, dropRemoval, endRemoval, refresh, refute } from "./observe.ts";
import { doubt, oneMore } from "./findings.ts";
import type {
  Check,
  FileUnderCheck,
  PageUnderCheck,
  RemovalInFlight,
  SmallWorld,
} from "./subject.ts";
import { fileOf, hugePages, knownFile } from "./files.ts";
import { pageSize, pmdOf, pmdPages } from "../page_size.ts";
import { removalSlots } from "./small_world.ts";
import { remember } from "./world.ts";

/** A removal is entered: it may take effect from now on. */
export function beginRemoval(check: Check, begin: RemovalBeginSeen): void {
  const file = fileOf(check, begin.file);
  let slot: number | undefined = 0;
  while (slot < removalSlots && file.removals[slot] !== undefined) slot++;
  if (slot === removalSlots) slot = undefined;
  const { removesWholeEntries } = check.completeness;
  const removal = { begin, removesWholeEntries, slot, worlds: new Set<SmallWorld>() };
  check.removalCalls.set(begin.call, removal);
  file.breaking++;
  file.breaker = begin.where;
  if (slot === undefined) return;
  file.removals[slot] = removal;
  if (begin.fromByte >= begin.toByte) return;
  for (const page of pagesReached(file, begin)) concern(check, page, removal);
}

/** Pages that a removal reaches, in the order in which they came under check. */
function* pagesReached(
  file: FileUnderCheck,
  { fromByte, toByte, why }: RemovalBeginSeen,
): Generator<PageUnderCheck> {
  const from = Math.floor(fromByte / pageSize);
  const to = shifts(why) ? Infinity : Math.ceil(toByte / pageSize);
  const firstRange = Math.floor(from / pmdPages);
  for (const [number, range] of file.ranges) {
    const first = number * pmdPages;
    if (number < firstRange || first >= to) continue;
    const [start, end] = [Math.max(from, first), Math.min(to, first + pmdPages)];
    const isWithin = ({ pgoff }: PageUnderCheck): boolean => pgoff >= start && pgoff < end;
    const { pages } = range;
    const huge = hugePages(range);
    if (end - start + huge.length >= pages.length / 4) {
      for (const page of pages) if (isWithin(page) || page.huge >= 0) yield page;
      continue;
    }
    const found = huge.filter((page) => !isWithin(page));
    for (let pgoff = start; pgoff < end; pgoff++) {
      const page = file.pages.get(pgoff);
      if (page !== undefined) found.push(page);
    }
    yield* found.sort((one, other) => one.nth - other.nth);
  }
}

/** A page has come under check, or under a PMD entry, while removals are in flight. */
export function concernRemovals(check: Check, page: PageUnderCheck): void {
  for (const removal of page.file.removals) {
    if (removal !== undefined) concern(check, page, removal);
  }
}

function concern(check: Check, page: PageUnderCheck, removal: RemovalInFlight): void {
  const { slot, begin } = removal;
  if (slot === undefined) return;
  const projection = project(check.automaton, removal, page.pgoff);
  if (projection === undefined) return;
  for (const world of page.worlds) {
    if (removal.worlds.has(world)) continue;
    refresh(check, world);
    removal.worlds.add(world);
    remember(check, world, begin.where);
    const seen = [...world.removals];
    while (seen.length <= slot) seen.push(undefined);
    seen[slot] = projection;
    world.removals = seen;
  }
}

/** Collapse and insert move everything behind the range. */
function shifts(why: RemovalBeginSeen["why"]): boolean {
  return why === "collapse" || why === "insert";
}

/** The removal as the page sees it; undefined if it is in another PMD range. */
function project(
  automaton: CheckerAutomaton,
  { begin: { fromByte, toByte, why }, removesWholeEntries }: RemovalInFlight,
  pgoff: number,
): SeenProjection | undefined {
  if (fromByte >= toByte) return undefined;
  const start = pgoff * pageSize;
  const end = start + pageSize;
  const pmdBytes = pmdPages * pageSize;
  const pmdStart = Math.floor(start / pmdBytes) * pmdBytes;
  const until = shifts(why) ? Infinity : toByte;
  if (fromByte >= pmdStart + pmdBytes || until <= pmdStart) return undefined;
  if (shifts(why) && start >= (why === "insert" ? fromByte : toByte)) {
    return automaton.project({ kind: "removal", why, relation: "shifted", removesWholeEntries });
  }
  // A kernel that rounds the range inwards leaves a page alone of which only a part is removed.
  const wholeFrom = Math.ceil(Math.max(fromByte, pmdStart) / pageSize);
  const wholeTo = Math.floor(Math.min(until, pmdStart + pmdBytes) / pageSize);
  const relation = fromByte <= start && end <= toByte
    ? "inside"
    : fromByte < end && start < toByte
    ? "partial"
    : wholeTo > wholeFrom
    ? "outside"
    : "edge";
  return automaton.project({ kind: "removal", why, relation, removesWholeEntries });
}

/** A call that takes pages away returns. */
export function endRemovalCall(check: Check, seen: RemovalEndSeen): void {
  const { call, where, done, guess } = seen;
  const removal = check.removalCalls.get(call);
  check.removalCalls.delete(call);
  if (removal === undefined) return;
  const { begin, slot } = removal;
  const file = knownFile(check, begin.file);
  if (file === undefined) return;
  if (seen.void === true) {
    for (const world of removal.worlds) {
      if (slot !== undefined) dropRemoval(check, world, slot, where);
    }
    if (slot !== undefined) file.removals[slot] = undefined;
    file.breaking--;
    return;
  }
  const ended = done ? "done" : guess === undefined ? "perhaps" : "guessed";
  for (const world of removal.worlds) {
    if (slot === undefined) continue;
    remember(check, world, where);
    endRemoval(check, world, slot, ended, begin.where, where);
    setLast(check, world, Last.cleaned, where);
    setLast(check, world, Last.touched, where);
  }
  if (slot !== undefined) file.removals[slot] = undefined;
  if (guess !== undefined) noteGuess(file, guess, removal.worlds);
  file.breaking--;
  file.broken = where.line;
  if (slot !== undefined) return;
  const { file: id, where: { line: since } } = begin;
  removeHidden(check, {
    kind: "hidden_removal",
    where,
    since,
    file: id,
    removes: true,
    fromByte: 0,
  });
}

/**
 * A removal deletes an entry: until now it was there. Where a PMD entry covers the page it can only be
 * that, for none of its pages has an entry of its own.
 */
export function deleteEntry(check: Check, { call, pgoff, where }: EntryDeletedSeen): void {
  const removal = check.removalCalls.get(call);
  const file = removal === undefined ? undefined : knownFile(check, removal.begin.file);
  if (removal?.slot === undefined || file === undefined) return;
  const own = file.pages.get(pgoff);
  const range = file.ranges.get(pmdOf(pgoff));
  for (const page of new Set([own, ...range === undefined ? [] : hugePages(range)])) {
    for (const world of page?.worlds ?? []) {
      const size = page === own ? "any" : "pmd";
      if (!removal.worlds.has(world) || (size === "pmd" && !world.set.surelyHuge)) continue;
      deleteNow(check, world, removal.slot, size, removal.begin.where, where);
    }
  }
}

function noteGuess(file: FileUnderCheck, guess: string, worlds: ReadonlySet<SmallWorld>): void {
  const guesses = file.guesses ??= new Map();
  const known = guesses.get(guess);
  if (known === undefined) guesses.set(guess, new Set(worlds));
  else for (const world of worlds) known.add(world);
}

/** A descriptor stood for this file all the time: the removals that were told by it were from it. */
export function confirmRemovals(check: Check, seen: RemovalConfirmedSeen): void {
  const { file: id, guess, where } = seen;
  const file = knownFile(check, id);
  const guesses = file?.guesses;
  const worlds = guesses?.get(guess);
  if (guesses === undefined || worlds === undefined) return;
  // Nobody notes by which descriptor a candidate was guessed: only one at a time can be confirmed.
  const alone = guesses.size === 1;
  guesses.delete(guess);
  if (alone) { for (const world of worlds) refute(check, world, "elsewhere", where); }
}

/** True if an entry of the file may be DIRTY. */
function mayHaveDirty({ dirty, settled }: FileUnderCheck): boolean {
  return dirty.size > 0 || (settled !== undefined && settled.size > 0);
}

/** Pages were removed, or may have been, and nobody knows from which file, or which. */
export function removeHidden(check: Check, seen: HiddenRemovalSeen): void {
  const { file, since, where, removes, fromByte } = seen;
  const under = file === undefined ? undefined : fileOf(check, file);
  const concerned = under ?? check;
  concerned.broken = where.line;
  concerned.breaker = where;
  if (!removes) return;
  if (under === undefined && [...check.files.values()].some(mayHaveDirty)) {
    check.findings.namelessRemoval = oneMore(check.findings.namelessRemoval, where);
  }
  const fromPage = pmdOf(Math.floor(fromByte / pageSize)) * pmdPages;
  if (under !== undefined) {
    if (!under.pages.keys().some((pgoff) => pgoff >= fromPage)) return;
    under.hiddenFrom = Math.min(under.hiddenFrom, fromPage);
  }
  concerned.hidden = where.line;
  doubt(check.findings, since, where.line);
}
