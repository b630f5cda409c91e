/**
 * DAX PMD faults before there were PMD entries to lock (v4.3 to v4.5): 2 MiB of blocks have no page
 * that could be locked for them.
 *
 * Read in fs/dax.c of v4.4: `__dax_pmd_fault`.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Pte, pteIndex } from "../page_table.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, holderOf } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { enter, type Fault, leave, pmdRange } from "./fault.ts";
import { choice } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What differs from v4.4, where nothing of the range was kept but what had been there before. */
export interface PageLockPmdVariant {
  /** v4.5: a PMD entry with the DIRTY mark comes into the tree. */
  readonly tags?: boolean;
  /** Hole pages of the range stay mapped and in the tree (before de14b9cb5e02). */
  readonly keepsHolePages?: boolean;
  /** A5: only blocks that are there are mapped; what to do with a hole is for the PTE fault. */
  readonly neverAllocates?: boolean;
}

/** The fault on the range of `fault.page`; where it cannot map a PMD, `fallback` runs. */
export function pageLockPmdFault(
  fault: Fault,
  fallback: Call,
  variant: PageLockPmdVariant = {},
): Call {
  const { bounds, task, mapping, page, access } = fault;
  const range = pmdRange(bounds, page);
  const on = { task, page: range[0] ?? page } as const;
  const all = (extent: number) => (state: State): boolean =>
    range.every((each) => state.extent[each] === extent);
  const isMapped = all(Extent.MAPPED);
  const isHole = all(Extent.HOLE);
  const isNone = (state: State): boolean =>
    range.every((each) => state.pte[pteIndex(state, mapping, each)] === Pte.NONE);
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const begin = enter(task, range);
    const done = leave(bounds, task, range);
    const allocates = access === "write" && variant.neverAllocates !== true;
    const usesHole = access === "read" && variant.neverAllocates !== true;
    const fallsBack = (state: State): boolean =>
      !isMapped(state) && !((allocates || usesHole) && isHole(state));
    const clears = allocates && variant.keepsHolePages !== true;
    const name = `get_block(${range.join(", ")}${allocates ? ", create" : ""})`;
    const map = (as: "zero" | "read" | "write"): Event => ({
      kind: "map_page",
      ...on,
      mapping,
      order: "pmd",
      access: as,
    });
    // Of a page that somebody has locked, the slot is stored to once it is unlocked.
    const isFree = (state: State): boolean =>
      variant.tags !== true || range.every((each) => holderOf(state, each) === 0);
    const leaves = [
      choice(
        at("block"),
        `vmf_insert_pfn_pmd(${on.page})`,
        {
          when: (state) => isNone(state) && isFree(state),
          events: [...(variant.tags === true ? insertEntry(on) : []), map(access), ...done],
          goto: next,
        },
        { result: "FALLBACK", when: (state) => !isNone(state), events: done, goto: at("pte") },
      ),
      ...(usesHole
        ? [choice(
          at("hole"),
          `set_pmd_at(${on.page}, huge zero page)`,
          { when: isNone, events: [map("zero"), ...done], goto: next },
          { result: "FALLBACK", when: (state) => !isNone(state), events: done, goto: at("pte") },
        )]
        : []),
    ];
    return [
      choice(
        first,
        name,
        ...(allocates
          ? [{
            result: "NEW",
            when: isHole,
            events: [
              ...begin,
              ...range.map((each): Event => ({ kind: "allocate", task, page: each })),
            ],
            goto: clears ? at("unmap") : at("block"),
          }]
          : []),
        ...(usesHole ? [{ result: "HOLE", when: isHole, events: begin, goto: at("hole") }] : []),
        {
          result: "MAPPED",
          when: isMapped,
          events: begin,
          goto: clears ? at("unmap") : at("block"),
        },
        { result: "FALLBACK", when: fallsBack, goto: at("pte") },
      ),
      ...(clears
        ? [
          ...unmapEverywhere({ bounds, label: at("unmap"), pages: range, goto: at("drop0") }),
          ...range.map((each, index) => dropPage(task, each, at(`drop${index}`))),
        ]
        : []),
      ...leaves,
      ...fallback(at("pte"), next),
    ];
  };
}

/** `truncate_inode_pages_range`: waits for the page's lock. */
function dropPage(task: number, page: number, label: string): Step {
  const hasPage = (state: State): boolean => entryKind(state, page) === Entry.ZERO;
  return choice(
    label,
    `truncate_inode_pages_range(${page})`,
    {
      result: "page",
      when: hasPage,
      events: [
        { kind: "lock_entry", task, page, order: "pte" },
        { kind: "remove_entry", task, page, why: "invalidate", from: page, to: page + 1 },
      ],
    },
    { result: "none", when: (state) => !hasPage(state) },
  );
}

function insertEntry(on: { readonly task: number; readonly page: number }): readonly Event[] {
  return [
    { kind: "lock_entry", ...on, order: "pmd" },
    { kind: "insert_entry", ...on, order: "pmd", value: "pfn", dirty: true },
    { kind: "unlock_entry", ...on },
  ];
}
