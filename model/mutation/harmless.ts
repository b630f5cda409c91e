/**
 * What sound designs do not miss, and why: each guard, lock and step whose loss breaks nothing in any
 * world of the catalogue, and changes what happens in some.
 *
 * @module
 */
import { harmlessInDax } from "./harmless_dax.ts";
import { harmlessInPageCache } from "./harmless_page_cache.ts";

/** Losses that nothing shows, for one reason. */
export interface Harmless {
  /**
   * Whether a kernel could do without it: `none` if that costs time, or makes something fail that
   * need not; `unseen` if it would do harm, but to what no world here looks at.
   */
  readonly harm: "none" | "unseen";
  readonly why: string;
  /** Letters of the systems in whose worlds something else happens, and nothing breaks. */
  readonly systems: string;
  /** As `loss_text.ts` says them. */
  readonly losses: readonly string[];
}

/** The whole list. */
export const harmless: readonly Harmless[] = [...harmlessInDax, ...harmlessInPageCache];
