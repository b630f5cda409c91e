/**
 * What programs have said of the pages of files.
 *
 * @module
 */
import type { Where } from "../observation.ts";
import type { ChangeBegunSeen } from "./value_observation.ts";

/** A change of bytes that is under way. */
export interface Change {
  readonly seen: ChangeBegunSeen;
  /** Pages of which another change is under way too. */
  readonly crowded: Set<PageOfValues>;
  readonly pages: readonly (readonly [index: number, page: PageOfValues])[];
}

/** A page, as its programs know it. */
export interface PageOfValues {
  /** What it holds, and since when; undefined if nobody knows. */
  last: { readonly change: ChangeBegunSeen; readonly done: Where } | undefined;
  /** Values that it held before. */
  readonly older: Map<number, Where>;
  readonly changes: Set<Change>;
  /** Line of the last change that began. */
  begun: number;
}

/** What programs have said. */
export interface Values {
  readonly pages: Map<string, Map<number, PageOfValues>>;
  readonly changes: Map<number, Change>;
}

/** Nothing said. */
export function createValues(): Values {
  return { pages: new Map(), changes: new Map() };
}
