/**
 * The scheme of seed 000 (Chinner, Wilcox): every fault begins as a read fault, a hole gets a page of
 * the page cache, and a write comes back for it through `->page_mkwrite`, allocates under that page's
 * lock and kicks the page out. In the model the page is a ZERO entry, and its lock is the entry's.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Pte, pteAccess, pteIndex } from "../page_table.ts";
import type { State } from "../state.ts";
import { mayStore } from "../tlb.ts";
import { Entry, entryKind } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { enter, type Fault, leave } from "./fault.ts";
import { choice, does } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What differs between the sentences of the seed. */
export interface ReadFaultFirstVariant {
  /** The block map is asked before there is a page to lock, not after (as in Wilcox's mail). */
  readonly looksUpUnlocked?: boolean;
}

type Labels = (place: string) => string;

const isMapped = ({ page }: Fault) => (state: State): boolean =>
  state.extent[page] === Extent.MAPPED;
const isHole = (fault: Fault) => (state: State): boolean => !isMapped(fault)(state);
const hasPage = ({ page }: Fault) => (state: State): boolean =>
  entryKind(state, page) === Entry.ZERO;
const hasNone = (fault: Fault) => (state: State): boolean => !hasPage(fault)(state);

/** The read fault that everything begins with; a block is mapped with the access of the fault. */
export function firstFault(fault: Fault, variant: ReadFaultFirstVariant = {}): Call {
  const { bounds, task, mapping, page, access } = fault;
  const on = { task, page } as const;
  return (first, next) => {
    const at: Labels = (place) => `${first}.${place}`;
    const done: readonly Event[] = [
      { kind: "unlock_entry", ...on },
      ...leave(bounds, task, [page]),
    ];
    const absent = (state: State): boolean =>
      state.pte[pteIndex(state, mapping, page)] === Pte.NONE;
    const opening = variant.looksUpUnlocked === true
      ? [
        choice(
          first,
          `get_block(${page})`,
          { result: "HOLE", when: isHole(fault), events: enter(task, [page]) },
          {
            result: "MAPPED",
            when: isMapped(fault),
            events: enter(task, [page]),
            goto: at("block"),
          },
        ),
        lockPage(fault, at("lock"), [], at("set")),
        lockPage(fault, at("block"), [], at("kick")),
      ]
      : [
        lockPage(fault, first, enter(task, [page]), at("get_block")),
        choice(
          at("get_block"),
          `get_block(${page})`,
          { result: "HOLE", when: isHole(fault), goto: at("set") },
          { result: "MAPPED", when: isMapped(fault), goto: at("kick") },
        ),
      ];
    return [
      ...opening,
      choice(
        at("set"),
        `do_set_pte(${page})`,
        {
          when: absent,
          events: [{ kind: "map_page", ...on, mapping, order: "pte", access: "zero" }, ...done],
          goto: next,
        },
        {
          result: "already mapped",
          when: (state) => !absent(state),
          events: done,
          goto: next,
        },
      ),
      ...kickAndMap(fault, access, at("kick"), next),
    ];
  };
}

/** A store: the CPU faults, and where a hole page is mapped it comes back through page_mkwrite. */
export function storeAfterReadFault(fault: Fault, variant: ReadFaultFirstVariant = {}): Call {
  const { task, mapping, page } = fault;
  return (first, next) => {
    const at: Labels = (place) => `${first}.${place}`;
    const hasHolePte = (state: State): boolean => pteAccess(state, mapping, page) === Pte.ZERO;
    return [
      choice(
        first,
        `store to page ${page}`,
        {
          when: (state) => mayStore(state, mapping, page),
          events: [{ kind: "store", mapping, page }],
          goto: next,
        },
        {
          result: "read fault",
          when: (state) => !mayStore(state, mapping, page) && !hasHolePte(state),
          goto: at("fault"),
        },
        { result: "page_mkwrite", when: hasHolePte, goto: at("mkwrite") },
      ),
      ...firstFault(fault, variant)(at("fault"), first),
      choice(
        at("mkwrite"),
        `lock_page(${page})`,
        {
          when: (state) => hasPage(fault)(state) && hasHolePte(state),
          events: [...enter(task, [page]), { kind: "lock_entry", task, page, order: "pte" }],
        },
        {
          result: "page is gone",
          when: (state) => hasNone(fault)(state) || !hasHolePte(state),
          goto: first,
        },
      ),
      choice(
        at("create"),
        `get_block(${page}, create)`,
        {
          result: "NEW",
          when: isHole(fault),
          events: [{ kind: "allocate", task, page }],
        },
        { result: "MAPPED", when: isMapped(fault) },
      ),
      ...kickAndMap(fault, "write", at("kick"), first),
    ];
  };
}

/** Finds the page or makes it; either way it is locked. */
function lockPage(fault: Fault, label: string, begin: readonly Event[], goto: string): Step {
  const { task, page } = fault;
  const lock: Event = { kind: "lock_entry", task, page, order: "pte" };
  return choice(
    label,
    `find_or_create_page(${page})`,
    { result: "page found", when: hasPage(fault), events: [...begin, lock], goto },
    {
      result: "new page",
      when: hasNone(fault),
      events: [...begin, lock, {
        kind: "insert_entry",
        task,
        page,
        order: "pte",
        value: "zero",
        dirty: false,
      }],
      goto,
    },
  );
}

/** The page leaves all page tables and the page cache; then the block is mapped. */
function kickAndMap(
  fault: Fault,
  access: "read" | "write",
  label: string,
  next: string,
): readonly Step[] {
  const { bounds, task, mapping, page } = fault;
  const on = { task, page } as const;
  return [
    ...unmapEverywhere({ bounds, label, pages: [page], goto: `${label}.delete` }),
    does(`${label}.delete`, `delete_from_page_cache(${page})`, {
      kind: "remove_entry",
      ...on,
      why: "invalidate",
      from: page,
      to: page + 1,
    }),
    choice(`${label}.map`, `dax_insert_mapping(${page})`, {
      events: [
        { kind: "map_page", ...on, mapping, order: "pte", access },
        ...leave(bounds, task, [page]),
      ],
      goto: next,
    }),
  ];
}
