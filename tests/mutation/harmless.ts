/**
 * What sound designs do not miss, and why: each guard, lock and step whose loss breaks nothing in any
 * world of the catalogue, and changes what happens in some.
 *
 * @module
 */
import type { HarmlessLoss } from "./harmless_loss.ts";
import { harmlessInDax } from "./harmless_dax.ts";
import { harmlessInPageCache } from "./harmless_page_cache.ts";

/** The whole list. */
export const harmless: readonly HarmlessLoss[] = [...harmlessInDax, ...harmlessInPageCache];
