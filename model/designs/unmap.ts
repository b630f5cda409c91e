/**
 * Taking pages out of every page table: `unmap_mapping_pages`, one VMA after another, each under the
 * lock of its own page table.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import type { Bounds } from "../state.ts";
import { choice } from "./program.ts";

/** Which pages leave all page tables, and where the program goes on. */
interface Unmapping {
  readonly bounds: Bounds;
  /** Label of the first step. */
  readonly label: string;
  readonly pages: readonly number[];
  /** Happens together with the last VMA. */
  readonly last?: readonly Event[];
  readonly goto: string;
}

/** One step a mapping. */
export function unmapEverywhere(unmapping: Unmapping): readonly Step[] {
  const { bounds: { mappings }, label, pages, last = [], goto } = unmapping;
  return Array.from({ length: mappings }, (_, mapping) => {
    const name = `unmap_mapping_pages(${pages.join(", ")}) in mapping ${mapping}`;
    const unmap = pages.map((page): Event => ({ kind: "unmap_page", mapping, page }));
    const isLast = mapping === mappings - 1;
    return choice(mapping === 0 ? label : `${label}.${mapping}`, name, {
      events: isLast ? [...unmap, ...last] : unmap,
      ...(isLast ? { goto } : {}),
    });
  });
}
