/**
 * Classes of lines of a recording: what an invariant needs to be judged by one. `spec/traces.md` says
 * which lines these are, and when a class counts as recorded.
 *
 * @module
 */

/** A class that an invariant's card can name under `needs`. */
export type LineClass =
  | "faults"
  | "holes"
  | "passes"
  | "visits"
  | "unmaps"
  | "syncs"
  | "removals"
  | "stores"
  | "sizes"
  | "flushes"
  | "blocks"
  | "direct-io"
  | "reads"
  | "writebacks"
  | "folios"
  | "values"
  | "entries"
  | "marks"
  | "entry-lock"
  | "locks"
  | "wakeups"
  | "page-tables"
  | "contents"
  | "crash";

/** What an invariant needs: lines of this class, or of any of these. */
export type Need = LineClass | readonly LineClass[];

/** The classes of which any one will do. */
export function alternativesOf(need: Need): readonly LineClass[] {
  return typeof need === "string" ? [need] : need;
}

/** The needs that no class of `shown` meets: empty if lines of these classes can decide the invariant. */
export function unmet(
  needs: readonly Need[],
  shown: ReadonlySet<LineClass>,
): readonly LineClass[] {
  return needs.map(alternativesOf).filter((any) => !any.some((each) => shown.has(each))).flat();
}
