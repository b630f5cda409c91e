/**
 * What is kept of a folio that was split, until lines tell of each of its parts (`split_folios.ts`).
 *
 * @module
 */
import type { Where } from "../observation.ts";
import type { DeviceCached } from "./folio_parts.ts";

/**
 * Pages next to each other that were of one folio, and of which no line has told since it was split.
 */
export interface Pieces<Call> {
  /** The first page, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Since when the folio was dirty, and when its DIRTY mark was surely set. */
  readonly dirty: Where | undefined;
  readonly marked: Where | undefined;
  /** Since when it may have been dirty, or under writeback, which is not split. */
  readonly perhaps: Where | undefined;
  readonly cached: DeviceCached | undefined;
  readonly history: readonly Where[];
  /** Calls that have returned 0 and owed them, and when they returned. */
  readonly returned: Map<Call, Where>;
}
