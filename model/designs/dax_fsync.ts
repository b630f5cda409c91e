/**
 * fsync of a DAX file (fs/dax.c, `dax_writeback_mapping_range` and `dax_writeback_one`, 6.1 to 7.2), and the ways in which other
 * versions and proposals differ from it.
 *
 * @module
 */
import { match } from "../match.ts";
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import type { Bounds, State } from "../state.ts";
import { headOf, holderOf, isPmdEntry, Tag } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { flushTlbs, mkcleanRange, type MkcleanReach, type Vma } from "./dax_mkclean.ts";
import { choice, does, type Way } from "./program.ts";

/** What differs from the reference program. */
export interface SyncVariant {
  /** How page tables are write-protected; all of the entry's range in all VMAs if absent. */
  readonly mkclean?: MkcleanReach;
  /**
   * Who clears TOWRITE: whoever locks the entry (as merged), whoever clears DIRTY, in one step with
   * it (D8), or whoever flushed (D0).
   */
  readonly clearsTowrite?: "at lock" | "with DIRTY" | "after flush";
  /** D9: a walk waits for entries that are DIRTY and locked, whatever their other marks. */
  readonly waitsForLocked?: boolean;
  /** D21: a walk does not wait for an entry that somebody holds, but goes on behind it. */
  readonly passesOverLocked?: boolean;
  /** D10: a WRITEBACK mark from the lock to the end of the pass, for which every caller waits. */
  readonly marksWriteback?: boolean;
  /** D5: the entry is locked to clear TOWRITE, and no longer. */
  readonly unlocksEarly?: boolean;
  /** D0: nobody locks entries to write them back. */
  readonly locksNothing?: boolean;
  /** k4, k5 and k6 in another order; D0 neither protects nor declares clean. */
  readonly order?:
    | "protect, flush, clean"
    | "flush, protect, clean"
    | "protect, clean, flush"
    | "flush";
  /** D6: TLBs are flushed when the pass is over. */
  readonly defersTlbFlush?: boolean;
}

type Labels = (place: string) => string;

/** Which pages are written back; all of the file's if absent. Whole entries, at both ends. */
interface SyncRange {
  readonly from: number;
  readonly to: number;
}

/** Marks entries for writeback and walks them; `first` tags, and the walk goes on at `next`. */
export function writeBackRange(
  bounds: Bounds,
  task: number,
  vmas: readonly Vma[],
  variant: SyncVariant = {},
  opening: readonly Event[] = [],
  { from, to }: SyncRange = { from: 0, to: bounds.pages },
): Call {
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const after = variant.marksWriteback === true ? at("wait") : next;
    const pages = Array.from({ length: to - from }, (_, index) => from + index);
    const tag = "tag_pages_for_writeback()";
    return [
      ...(pages.length === bounds.pages
        ? [does(first, tag, ...opening, { kind: "tag_towrite", task })]
        : pages.map((page, index) => tagOne(task, page, index === 0 ? first : at(`tag${page}`)))),
      ...pages.flatMap((page, index) => [
        walk(pages.slice(index), task, variant, at, after),
        ...writeBackOne({ ...bounds, pages: to }, task, page, vmas, variant, at, after),
      ]),
      ...(variant.marksWriteback === true
        ? [choice(at("wait"), "filemap_fdatawait_range()", {
          when: (state) => state.tag.every((tag) => (tag & Tag.WRITEBACK) === 0),
          goto: next,
        })]
        : []),
    ];
  };
}

/** k0 for the entry that begins at this page, if there is one and it is DIRTY. */
function tagOne(task: number, page: number, label: string): Step {
  const isDirty = (state: State): boolean =>
    headOf(state, page) === page && ((state.tag[page] ?? 0) & Tag.DIRTY) !== 0;
  return choice(
    label,
    `tag_pages_for_writeback(${page})`,
    {
      result: "TOWRITE",
      when: isDirty,
      events: [{ kind: "set_mark", task, page, mark: "TOWRITE" }],
    },
    { result: "clean", when: (state) => !isDirty(state) },
  );
}

/**
 * The whole call. Entering it and tagging are one step: what the call owes is counted where it tags,
 * which is not before it was entered, so nothing is forgiven.
 */
export function fsync(
  bounds: Bounds,
  task: number,
  vmas: readonly Vma[],
  variant: SyncVariant = {},
): Call {
  return (first, next) => [
    ...writeBackRange(bounds, task, vmas, variant, [{ kind: "sync_begin", task }])(
      first,
      `${first}.return`,
    ),
    choice(`${first}.return`, "fsync returns 0", {
      events: [{ kind: "sync_end", task }],
      goto: next,
    }),
  ];
}

function isMarked(state: State, page: number): boolean {
  return headOf(state, page) === page && ((state.tag[page] ?? 0) & Tag.TOWRITE) !== 0;
}

/**
 * The next entry marked TOWRITE, waited for, looked at again and locked; or none. Under D9
 * the walk also waits, in its turn, for each entry that is DIRTY and locked. Under D21 it waits for
 * none.
 */
function walk(
  pages: readonly number[],
  task: number,
  { waitsForLocked = false, passesOverLocked = false, ...variant }: SyncVariant,
  at: Labels,
  after: string,
): Step {
  const stopsAt = (state: State, page: number): boolean =>
    isMarked(state, page) || (waitsForLocked && isDirtyAndLocked(state, page));
  const isNext = (state: State, page: number): boolean =>
    isMarked(state, page) && !pages.some((each) => each < page && stopsAt(state, each));
  return choice(
    at(`walk${pages[0]}`),
    "xas_for_each_marked(TOWRITE)",
    ...pages.map((page): Way => ({
      result: `entry ${page} locked`,
      when: (state) => isNext(state, page),
      events: lockEvents(task, page, variant),
      goto: at(`pass${page}`),
    })),
    ...(passesOverLocked ? pages : []).map((page): Way => ({
      result: `entry ${page} held, passed over`,
      when: (state) => isNext(state, page) && holderOf(state, page) !== 0,
      goto: pages.includes(page + 1) ? at(`walk${page + 1}`) : after,
    })),
    {
      result: "none",
      when: (state) => !pages.some((page) => stopsAt(state, page)),
      goto: after,
    },
  );
}

function isDirtyAndLocked(state: State, page: number): boolean {
  const dirty = ((state.tag[page] ?? 0) & Tag.DIRTY) !== 0;
  return headOf(state, page) === page && dirty && holderOf(state, page) !== 0;
}

function lockEvents(task: number, page: number, variant: SyncVariant): readonly Event[] {
  const on = { task, page } as const;
  if (variant.locksNothing === true) return [];
  const { clearsTowrite = "at lock" } = variant;
  return [
    { kind: "lock_entry", ...on, order: "pte" },
    ...(clearsTowrite === "at lock"
      ? [{ kind: "clear_mark", ...on, mark: "TOWRITE" } as const]
      : []),
    ...(variant.marksWriteback === true
      ? [{ kind: "set_mark", ...on, mark: "WRITEBACK" } as const]
      : []),
    ...(variant.unlocksEarly === true ? [{ kind: "unlock_entry", ...on } as const] : []),
  ];
}

/** Protect, flush and clean the entry that begins at this page, and go on to the page after it. */
function writeBackOne(
  bounds: Bounds,
  task: number,
  page: number,
  vmas: readonly Vma[],
  variant: SyncVariant,
  at: Labels,
  after: string,
): readonly Step[] {
  const on = { task, page } as const;
  const { order = "protect, flush, clean" } = variant;
  const protect = mkcleanRange(bounds, task, page, vmas, variant, at(`mkclean${page}`));
  const flush = does(at(`flush${page}`), `dax_flush(${page})`, { kind: "flush", ...on });
  const clean = does(at(`clean${page}`), `clear DIRTY of entry ${page}`, {
    kind: "clear_dirty",
    ...on,
  });
  const stages = match(order)
    .with("protect, flush, clean", () => [...protect, flush])
    .with("flush, protect, clean", () => [flush, ...protect])
    .with("protect, clean, flush", () => [...protect, clean, flush])
    .with("flush", () => [flush])
    .exhaustive();
  const behind = (from: number): string => from < bounds.pages ? at(`walk${from}`) : after;
  const isHead = page % bounds.pmdPages === 0 && bounds.pmdPages > 1;
  const events = finishEvents(bounds, on, variant, order.endsWith("clean"));
  const name = order.endsWith("clean") ? `clear DIRTY, unlock entry ${page}` : `done with ${page}`;
  return [
    ...stages.map((step, index) => index === 0 ? { ...step, label: at(`pass${page}`) } : step),
    isHead
      ? choice(
        at(`finish${page}`),
        name,
        { when: (state) => !isPmdEntry(state, page), events, goto: behind(page + 1) },
        {
          result: "PMD",
          when: (state) => isPmdEntry(state, page),
          events,
          goto: behind(page + bounds.pmdPages),
        },
      )
      : choice(at(`finish${page}`), name, { events, goto: behind(page + 1) }),
  ];
}

/** DIRTY is cleared and the entry unlocked, all under one xa_lock. */
function finishEvents(
  bounds: Bounds,
  on: { readonly task: number; readonly page: number },
  variant: SyncVariant,
  cleans: boolean,
): readonly Event[] {
  const { clearsTowrite = "at lock" } = variant;
  return [
    ...(clearsTowrite === "at lock"
      ? []
      : [{ kind: "clear_mark", ...on, mark: "TOWRITE" } as const]),
    ...(cleans ? [{ kind: "clear_dirty", ...on } as const] : []),
    ...(variant.defersTlbFlush === true ? flushTlbs(bounds) : []),
    ...(variant.marksWriteback === true
      ? [{ kind: "clear_mark", ...on, mark: "WRITEBACK" } as const]
      : []),
    ...(variant.unlocksEarly === true || variant.locksNothing === true
      ? []
      : [{ kind: "unlock_entry", ...on } as const]),
  ];
}
