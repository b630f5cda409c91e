/**
 * Write-protecting the mappings of one entry (`dax_entry_mkclean`, `pfn_mkclean_range`), in the ways in which it has been done (chapter 4).
 *
 * @module
 */
import { match } from "../match.ts";
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Pte, pteIndex } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { isPmdEntry } from "../xarray.ts";
import { choice, type Way } from "./program.ts";

/** A VMA of the file: the mapping whose it is, and the pages [from, to) that it maps. */
export interface Vma {
  readonly mapping: number;
  readonly from: number;
  readonly to: number;
  /** Whether its address fits PMDs. */
  readonly huge?: boolean;
}

/** Which page table entries mkclean reaches. */
export type MkcleanReach =
  /** D3: every page of the entry in every VMA that meets it (`pfn_mkclean_range`, v5.19). */
  | "whole range"
  /** D2: what maps the entry's first page, PTE or PMD, in VMAs of that page (v4.10 to v5.18). */
  | "first index"
  /** D1: what maps the entry's first page, if it is a PTE (4b4bb46d00b3). */
  | "first PTE"
  /** D2b: as "first index", but a PTE visited after a PMD is taken for that PMD (5.10). */
  | "stale pmdp"
  /** D4: page by page through the VMAs of each (`page_mkclean_one`). */
  | "by page"
  /** Nothing is protected. */
  | "none"
  /** D7: as "whole range", but the PTE is empty for a moment before it is set read-only. */
  | "through none";

/** How mkclean goes about it. */
interface MkcleanVariant {
  readonly mkclean?: MkcleanReach;
  readonly defersTlbFlush?: boolean;
}

/** Number of the local in which a task keeps what `pmdp` was left at; 0 is its place. */
const pmdpLocal = 1;

/** Steps that write-protect the entry that begins at `page`: one a VMA, each under its own ptl. */
export function mkcleanRange(
  bounds: Bounds,
  task: number,
  page: number,
  vmas: readonly Vma[],
  variant: MkcleanVariant,
  label: string,
): readonly Step[] {
  const { mkclean = "whole range", defersTlbFlush = false } = variant;
  const start = page - page % bounds.pmdPages;
  const range = page === start
    ? Array.from({ length: bounds.pmdPages }, (_, index) => start + index)
    : [page];
  const protect = (mapping: number, each: number): Event => ({
    kind: "mkclean",
    task,
    page: each,
    mapping,
    ...(defersTlbFlush ? { tlbFlush: "deferred" } : {}),
  });
  const within = ({ from, to }: Vma): readonly number[] =>
    range.filter((each) => from <= each && each < to);
  const visitOf = (vma: Vma, index: number): Visit => ({
    vma,
    label: `${label}.${index}`,
    name: `mkclean entry ${page} in mapping ${vma.mapping}`,
    task,
    page,
  });
  const ofFirst = vmas.filter(({ from, to }) => from <= page && page < to).map(visitOf);
  const all = vmas.filter((vma) => within(vma).length > 0).map(visitOf);
  return match(mkclean)
    .with("none", () => [])
    .with("first index", () => ofFirst.map((visit) => visits(visit, protect)))
    .with("first PTE", () => ofFirst.map((visit) => visitsPte(visit, protect)))
    .with(
      "stale pmdp",
      () => ofFirst.map((visit, index) => visitsStale(bounds, visit, index === 0, protect)),
    )
    .with("whole range", () => all.map((visit) => visitsAll(visit, within(visit.vma), protect)))
    .with(
      "by page",
      () =>
        range.flatMap((each) =>
          all.filter(({ vma }) => within(vma).includes(each)).map((visit) =>
            visitsPage(visit, each, protect)
          )
        ),
    )
    .with(
      "through none",
      () => all.flatMap((visit) => visitsThroughNone(bounds, visit, within(visit.vma), protect)),
    )
    .exhaustive();
}

/** Every CPU forgets every translation. */
export function flushTlbs({ mappings, pages }: Bounds): readonly Event[] {
  return Array.from({ length: mappings * pages }, (_, index) => ({
    kind: "flush_tlb",
    mapping: Math.floor(index / pages),
    page: index % pages,
  }));
}

/** One VMA, when the entry at `page` is cleaned. */
interface Visit {
  readonly vma: Vma;
  readonly label: string;
  readonly name: string;
  readonly task: number;
  readonly page: number;
}

type Protect = (mapping: number, page: number) => Event;

function isHuge(state: State, { vma, page }: Visit): boolean {
  return ((state.pte[pteIndex(state, vma.mapping, page)] ?? 0) & Pte.HUGE) !== 0;
}

function visits(visit: Visit, protect: Protect): Step {
  return choice(visit.label, visit.name, { events: [protect(visit.vma.mapping, visit.page)] });
}

function visitsPte(visit: Visit, protect: Protect): Step {
  return choice(
    visit.label,
    visit.name,
    {
      when: (state) => !isHuge(state, visit),
      events: [protect(visit.vma.mapping, visit.page)],
    },
    { result: "PMD passed over", when: (state) => isHuge(state, visit) },
  );
}

/** `pmdp` is NULL at the first VMA of a pass; nothing sets it back between VMAs. */
function visitsStale(
  { locals }: Bounds,
  visit: Visit,
  isFirst: boolean,
  protect: Protect,
): Step {
  const pmdp = visit.task * locals + pmdpLocal;
  const isStale = (state: State): boolean =>
    !isFirst && state.local[pmdp] === 1 && !isHuge(state, visit);
  const leaves = (value: number) => (state: State): void => {
    state.local[pmdp] = value;
  };
  return choice(
    visit.label,
    visit.name,
    {
      result: "PMD",
      when: (state) => isHuge(state, visit),
      events: [protect(visit.vma.mapping, visit.page)],
      then: leaves(1),
    },
    {
      result: "PTE",
      when: (state) => !isHuge(state, visit) && !isStale(state),
      events: [protect(visit.vma.mapping, visit.page)],
      then: leaves(0),
    },
    ...(isFirst ? [] : [{ result: "PTE taken for the last VMA's PMD", when: isStale }]),
  );
}

/** Where the entry has one page only, that page; else all of its range that the VMA maps. */
function visitsAll(visit: Visit, range: readonly number[], protect: Protect): Step {
  return choice(visit.label, visit.name, ...waysOfAll(visit, range, protect));
}

function waysOfAll(visit: Visit, range: readonly number[], protect: Protect): readonly Way[] {
  const { vma: { mapping }, page } = visit;
  const isPmd = (state: State): boolean => isPmdEntry(state, page);
  const all = range.map((each) => protect(mapping, each));
  if (range.length === 1 && range[0] === page) return [{ events: all }];
  return [
    { result: "PMD", when: isPmd, events: all },
    {
      when: (state) => !isPmd(state),
      events: range.filter((each) => each === page).map((each) => protect(mapping, each)),
    },
  ];
}

function visitsPage(visit: Visit, each: number, protect: Protect): Step {
  const { vma: { mapping }, page } = visit;
  const inEntry = (state: State): boolean => each === page || isPmdEntry(state, page);
  return choice(
    `${visit.label}.${each}`,
    `page_mkclean_one(${each}) in mapping ${mapping}`,
    { when: inEntry, events: [protect(mapping, each)] },
    { result: "not of this entry", when: (state) => !inEntry(state) },
  );
}

/** The PMD is empty between the two steps; nothing else of the page table is touched. */
function visitsThroughNone(
  { locals }: Bounds,
  visit: Visit,
  range: readonly number[],
  protect: Protect,
): readonly Step[] {
  const { vma: { mapping }, task, page } = visit;
  const pmdp = task * locals + pmdpLocal;
  const isWritablePmd = (state: State): boolean =>
    state.pte[pteIndex(state, mapping, page)] === (Pte.WRITE | Pte.HUGE);
  return [
    choice(
      visit.label,
      visit.name,
      {
        result: "PMD is none",
        when: isWritablePmd,
        events: [protect(mapping, page), { kind: "unmap_page", mapping, page }],
        then: (state) => {
          state.local[pmdp] = 1;
        },
      },
      ...waysOfAll(visit, range, protect).map(({ when = () => true, ...way }) => ({
        ...way,
        when: (state: State) => !isWritablePmd(state) && when(state),
      })),
    ),
    choice(
      `${visit.label}.set`,
      `set_pmd_at() in mapping ${mapping}`,
      {
        when: (state) => state.local[pmdp] === 1,
        events: [{ kind: "map_page", task, page, mapping, order: "pmd", access: "read" }],
        then: (state) => {
          state.local[pmdp] = 0;
        },
      },
      { result: "nothing to set", when: (state) => state.local[pmdp] !== 1 },
    ),
  ];
}
