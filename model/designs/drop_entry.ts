/**
 * Memory reclaim, `invalidate_mapping_pages`, as it was before it left DAX entries alone.
 *
 * @module
 */
import { Entry, entryKind, Tag, tagOf } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { enter } from "./fault.ts";
import { choice } from "./program.ts";

/** Drops the page's entry if it is clean and unlocked. */
export function dropEntry(task: number, page: number): Call {
  return (first, next) => [
    choice(first, `invalidate_mapping_pages(${page})`, {
      when: (state) =>
        entryKind(state, page) !== Entry.NONE && (tagOf(state, page) & Tag.DIRTY) === 0,
      events: [
        ...enter(task, [page]),
        { kind: "lock_entry", task, page, order: "pte" },
        { kind: "remove_entry", task, page, why: "invalidate", from: page, to: page + 1 },
        { kind: "call_end", task, page },
      ],
      goto: next,
    }),
  ];
}
