/**
 * When the DIRTY mark of a folio was surely set.
 *
 * @module
 */
import type { Moment } from "../observation.ts";
import { type FolioUnderCheck, isBefore, type PageCacheCheck } from "./subject.ts";

/** True if the folio is dirty and its DIRTY mark was surely set by then: whoever looks for it, finds it. */
export function isMarkedBefore(
  check: PageCacheCheck,
  { dirty, marked }: FolioUnderCheck,
  when: Moment,
): boolean {
  return dirty !== undefined && marked !== undefined && isBefore(check, marked, when);
}
