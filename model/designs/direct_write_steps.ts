/**
 * What a direct write is made of: shoot the page cache down, write, shoot it down again.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Folio, folioLockedBy, isCached } from "../folio.ts";
import type { State } from "../state.ts";
import { notCached, type TaskOnPage } from "./page_cache_steps.ts";
import { choice, type Way } from "./program.ts";

/** True if the page's folio is dirty and nobody has it locked: invalidation gives up on it. */
function dirty(page: number): (state: State) => boolean {
  return (state) =>
    isCached(state, page, Folio.DIRTY) && !isCached(state, page, Folio.WRITEBACK) &&
    folioLockedBy(state, page) < 0;
}

/** True if the page's folio can be invalidated. */
function clean(page: number): (state: State) => boolean {
  return (state) => !notCached(page)(state) && !isCached(state, page, Folio.DIRTY);
}

/**
 * `invalidate_inode_pages2_range`: a clean folio goes, once it is unlocked and not under writeback.
 *
 * @param done what is noted when the range has been gone through
 * @param busy how it goes on when a folio is dirty; left out where none can be
 */
export function invalidate(
  label: string,
  { task, page }: TaskOnPage,
  done: readonly Event[],
  busy?: Way,
): Step {
  return choice(
    label,
    `invalidate_inode_pages2_range(${page})`,
    { result: "nothing cached", when: notCached(page), events: done },
    {
      result: "removed",
      when: clean(page),
      events: [{ kind: "remove_folio", task, page, why: "invalidate" }, ...done],
    },
    ...(busy === undefined ? [] : [{ result: "EBUSY", when: dirty(page), ...busy }]),
  );
}
