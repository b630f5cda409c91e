/**
 * What the block behind a page holds, in worlds that care: blocks are handed out with whatever their
 * last owner left in them.
 *
 * @module
 */
import type { State } from "./state.ts";

/** What a block holds, as far as it matters who wrote it. */
export const Content = {
  /** What its last owner left, or nobody's: no block, no content. */
  STALE: 0,
  ZEROED: 1,
  /** Stored to since it was zeroed. */
  DATA: 2,
} as const;

/** Notes what the page's block holds now; a world that does not care forgets it. */
export function setContent(state: State, page: number, content: number): void {
  if (page < state.content.length) state.content[page] = content;
}

/** What the page's block holds, or undefined in a world that does not care. */
export function contentOf(state: State, page: number): number | undefined {
  return page < state.content.length ? state.content[page] : undefined;
}
