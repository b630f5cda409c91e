/**
 * A DAX fault on a whole PMD under the entry lock (fs/dax.c, `dax_iomap_pmd_fault`, v4.20
 * to 7.2), and the ways in which other versions differ from it.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent, readsAsHole } from "../extent.ts";
import { Pte, pteIndex } from "../page_table.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, isPmdEntry } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { enter, type Fault, hasInvalidateLock, isPrivate, leave, pmdRange } from "./fault.ts";
import { choice, does } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What differs from the reference program. */
export interface PmdFaultVariant {
  /** Only the range's first slots are searched for smaller entries (before 0e40de0338d0). */
  readonly missesPteEntries?: boolean;
  /** Hole mappings are left when their ZERO entry is replaced. */
  readonly keepsHoleMappings?: boolean;
}

type Labels = (place: string) => string;

/** The fault on the range of `fault.page`; where it cannot map a PMD, `fallback` runs. */
export function pmdFault(fault: Fault, fallback: Call, variant: PmdFaultVariant = {}): Call {
  const { bounds, task, page, access } = fault;
  const range = pmdRange(bounds, page);
  return (first, next) => {
    const at: Labels = (place) => `${first}.${place}`;
    const locks = hasInvalidateLock(bounds);
    const done = leave(bounds, task, range);
    const unlock: Event = { kind: "unlock_entry", task, page };
    if (locks && copies(fault)) {
      return [
        ...excludeRemovals(fault, range, first, at),
        fallBack(fault, at("leave"), done, at("pte")),
        ...fallback(at("pte"), next),
      ];
    }
    return [
      ...(locks ? excludeRemovals(fault, range, first, at) : []),
      ...grabEntry(fault, range, locks ? at("grab") : first, variant, at),
      checkTable(fault, range, at),
      lookUp(fault, range, at),
      ...(access === "read" ? [loadHole(fault, range, at)] : []),
      ...insertBlock(fault, range, variant, at),
      choice(at("unlock"), `dax_unlock_entry(${page})`, { events: [unlock, ...done], goto: next }),
      fallBack(fault, at("give_up"), [unlock, ...done], at("pte")),
      ...(locks ? [fallBack(fault, at("leave"), done, at("pte"))] : []),
      ...fallback(at("pte"), next),
    ];
  };
}

/** True of a private store, which takes a copy of a page and never a PMD. */
function copies(fault: Fault): boolean {
  return isPrivate(fault) && fault.access === "write";
}

/** `split_huge_pmd`: the core takes away a huge PMD that this process has there, and retries with PTEs. */
function fallBack(
  { mapping, page }: Fault,
  label: string,
  done: readonly Event[],
  goto: string,
): Step {
  const isHuge = (state: State): boolean =>
    ((state.pte[pteIndex(state, mapping, page)] ?? 0) & Pte.HUGE) !== 0;
  return choice(
    label,
    "VM_FAULT_FALLBACK",
    { when: (state) => !isHuge(state), events: done, goto },
    {
      result: "PMD split",
      when: isHuge,
      events: [...done, { kind: "unmap_page", mapping, page }],
      goto,
    },
  );
}

/**
 * `filemap_invalidate_lock_shared`, `dax_fault_check_fallback`: from here on no removal is under way, and the file's size stands still. What a private store
 * takes a copy of is a page.
 */
function excludeRemovals(
  fault: Fault,
  range: readonly number[],
  first: string,
  at: Labels,
): readonly Step[] {
  const { task } = fault;
  const within = (state: State): boolean =>
    range.every((each) => state.extent[each] !== Extent.BEYOND);
  return [
    does(
      first,
      "filemap_invalidate_lock_shared()",
      { kind: "acquire", task, lock: "invalidate_lock", mode: "shared" },
      ...enter(task, range),
    ),
    copies(fault)
      ? choice(at("size"), "dax_fault_check_fallback()", {
        result: "a copy is to be made",
        goto: at("leave"),
      })
      : choice(
        at("size"),
        "dax_fault_check_fallback()",
        { when: within },
        { result: "beyond", when: (state) => !within(state), goto: at("leave") },
      ),
  ];
}

/** `grab_mapping_entry`: an entry of PTE size anywhere in the range wins. */
function grabEntry(
  { bounds, task, page }: Fault,
  range: readonly number[],
  label: string,
  { missesPteEntries = false }: PmdFaultVariant,
  at: Labels,
): readonly Step[] {
  const locks = hasInvalidateLock(bounds);
  const searched = missesPteEntries ? range.slice(0, 1) : range;
  const hasSmaller = (state: State): boolean =>
    searched.some((each) => entryKind(state, each) !== Entry.NONE && !isPmdEntry(state, each));
  return [choice(
    label,
    `grab_mapping_entry(${page}, PMD)`,
    {
      when: (state) => !hasSmaller(state),
      events: [
        ...(locks ? [] : enter(task, range)),
        { kind: "lock_entry", task, page: range[0] ?? page, order: "pmd" },
      ],
    },
    { result: "FALLBACK", when: hasSmaller, goto: locks ? at("leave") : at("pte") },
  )];
}

/** `pmd_none`: another thread of the process may have put a table of PTEs there since the CPU faulted. */
function checkTable({ mapping }: Fault, range: readonly number[], at: Labels): Step {
  const hasTable = (state: State): boolean =>
    range.some((each) => {
      const pte = state.pte[pteIndex(state, mapping, each)] ?? Pte.NONE;
      return pte !== Pte.NONE && (pte & Pte.HUGE) === 0;
    });
  return choice(
    at("check"),
    "pmd_none(*vmf->pmd)",
    { when: (state) => !hasTable(state) },
    { result: "table of PTEs", when: hasTable, goto: at("give_up") },
  );
}

/** `->iomap_begin`: one extent must cover the range. */
function lookUp(
  { task, page, access }: Fault,
  range: readonly number[],
  at: Labels,
): Step {
  const look: Event = { kind: "look_up", task, page: range[0] ?? page };
  const isMapped = (state: State): boolean =>
    range.every((each) => state.extent[each] === Extent.MAPPED);
  const isHole = (state: State): boolean =>
    range.every((each) => readsAsHole(state.extent[each] ?? Extent.HOLE));
  return choice(
    at("look_up"),
    `->iomap_begin(${range.join(", ")})`,
    access === "read" ? { result: "HOLE", when: isHole, events: [look], goto: at("hole") } : {
      result: "NEW",
      when: isHole,
      events: [...range.map((each): Event => ({ kind: "allocate", task, page: each })), look],
      goto: at("block"),
    },
    { result: "MAPPED", when: isMapped, events: [look], goto: at("block") },
    {
      result: "part of the range",
      when: (state) => !isMapped(state) && !isHole(state),
      events: [look],
      goto: at("give_up"),
    },
  );
}

/** `dax_pmd_load_hole`: the huge zero page, and a ZERO entry of its size. */
function loadHole({ task, mapping, page }: Fault, range: readonly number[], at: Labels): Step {
  const on = { task, page: range[0] ?? page, order: "pmd" } as const;
  const isNone = (state: State): boolean =>
    range.every((each) => state.pte[pteIndex(state, mapping, each)] === Pte.NONE);
  const insert: Event = { kind: "insert_entry", ...on, value: "zero", dirty: false };
  return choice(
    at("hole"),
    `dax_pmd_load_hole(${on.page})`,
    {
      when: isNone,
      events: [insert, { kind: "map_page", ...on, mapping, access: "zero" }],
      goto: at("unlock"),
    },
    {
      result: "FALLBACK",
      when: (state) => !isNone(state),
      events: [insert],
      goto: at("give_up"),
    },
  );
}

/** `dax_insert_entry`, `vmf_insert_pfn_pmd`: as for one page, for the whole range. */
function insertBlock(
  { bounds, task, mapping, page, access }: Fault,
  range: readonly number[],
  { keepsHoleMappings = false }: PmdFaultVariant,
  at: Labels,
): readonly Step[] {
  const on = { task, page: range[0] ?? page, order: "pmd" } as const;
  const dirty = access === "write";
  const insert: Event = { kind: "insert_entry", ...on, value: "pfn", dirty };
  const name = `dax_insert_entry(${on.page}, PMD${dirty ? ", DIRTY" : ""})`;
  const isZero = (state: State): boolean => entryKind(state, on.page) === Entry.ZERO;
  const isNone = (state: State): boolean =>
    state.pte[pteIndex(state, mapping, on.page)] === Pte.NONE;
  return [
    ...(keepsHoleMappings ? [does(at("block"), name, insert)] : [
      choice(
        at("block"),
        name,
        { when: (state) => !isZero(state), events: [insert], goto: at("map") },
        { result: "ZERO entry", when: isZero },
      ),
      ...unmapEverywhere({ bounds, label: at("unmap"), pages: range, goto: at("replace") }),
      does(at("replace"), name, insert),
    ]),
    choice(
      at("map"),
      `vmf_insert_pfn_pmd(${on.page})`,
      {
        when: (state) => dirty || isNone(state),
        events: [{ kind: "map_page", ...on, mapping, access }],
        goto: at("unlock"),
      },
      ...(dirty ? [] : [{
        result: "already mapped",
        when: (state: State) => !isNone(state),
        goto: at("unlock"),
      }]),
    ),
  ];
}
