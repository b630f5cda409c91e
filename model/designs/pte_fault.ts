/**
 * A DAX fault on one page under the entry lock (fs/dax.c, `dax_iomap_pte_fault`, v4.20 to
 * 7.2), and the ways in which other versions differ from it.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent, readsAsHole } from "../extent.ts";
import { Pte, pteIndex } from "../page_table.ts";
import type { State } from "../state.ts";
import { isAsleep } from "../wait_queue.ts";
import { Entry, entryKind, holderOf, isPmdEntry, Saw } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { enter, type Fault, hasInvalidateLock, isPrivate, leave, pmdRange } from "./fault.ts";
import { choice, does } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What differs from the reference program. */
export interface FaultVariant {
  /** `->iomap_begin` comes before the entry lock (v4.10, A7). */
  readonly looksUpUnlocked?: boolean;
  /** Read faults set the DIRTY mark too (6.1). */
  readonly readsTag?: boolean;
  /** The page table is not looked at again once the entry is locked (before that check was added). */
  readonly ignoresHugePmd?: boolean;
  /** A new block keeps what its last owner left in it. */
  readonly leavesBlocksUnzeroed?: boolean;
  /** A private write maps the file's block in place of a copy. */
  readonly copiesNothing?: boolean;
  /** Deleting an entry wakes one of those who wait for it, not all. */
  readonly wakesOne?: boolean;
}

/** The labels of a fault's steps. */
type Labels = (place: string) => string;

/** The fault, from its entry into the file system to its return. */
export function pteFault(fault: Fault, variant: FaultVariant = {}): Call {
  const { bounds, task, page, access } = fault;
  const checks = bounds.pmdPages > 1 && variant.ignoresHugePmd !== true;
  return (first, next) => {
    const at: Labels = (place) => `${first}.${place}`;
    const locks = hasInvalidateLock(bounds);
    const opening = locks ? at("open") : first;
    const begin = locks ? [] : enter(task, [page]);
    const hole = access === "read" ? at("hole") : at("block");
    const body = variant.looksUpUnlocked === true
      ? [
        lookUp(fault, variant, opening, begin, at("grab"), at("grab")),
        ...grabEntry(fault, variant, at("grab"), [], at, hole),
      ]
      : [
        ...grabEntry(fault, variant, opening, begin, at, checks ? at("check") : at("look_up")),
        ...(checks ? [checkPmd(fault, at)] : []),
        lookUp(fault, variant, at("look_up"), [], hole, at("block")),
      ];
    return [
      ...(locks ? excludeRemovals(fault, first, at) : []),
      ...body,
      ...(access === "read" ? [loadHole(fault, variant, at)] : []),
      ...(access === "write" && isPrivate(fault) && variant.copiesNothing !== true
        ? [copyPage(fault, at)]
        : insertBlock(fault, variant, at)),
      choice(at("unlock"), `dax_unlock_entry(${page})`, {
        events: [{ kind: "unlock_entry", task, page }, ...leave(bounds, task, [page])],
        goto: next,
      }),
      ...(locks
        ? [choice(at("sigbus"), "VM_FAULT_SIGBUS", {
          events: leave(bounds, task, [page]),
          goto: "end",
        })]
        : []),
    ];
  };
}

/** `filemap_invalidate_lock_shared`, `i_size_read`: from here on no removal is under way, and the file's size stands still. */
function excludeRemovals({ task, page }: Fault, first: string, at: Labels): readonly Step[] {
  return [
    does(
      first,
      "filemap_invalidate_lock_shared()",
      { kind: "acquire", task, lock: "invalidate_lock", mode: "shared" },
      ...enter(task, [page]),
    ),
    choice(
      at("size"),
      "i_size_read()",
      { when: (state) => state.extent[page] !== Extent.BEYOND },
      {
        result: "beyond",
        when: (state) => state.extent[page] === Extent.BEYOND,
        goto: at("sigbus"),
      },
    ),
  ];
}

/**
 * `grab_mapping_entry`: locks the entry that covers the page, or a new one. A PMD entry that stands for no block is
 * removed first, with all its mappings.
 */
function grabEntry(
  fault: Fault,
  { wakesOne = false }: FaultVariant,
  label: string,
  begin: readonly Event[],
  at: Labels,
  goto: string,
): readonly Step[] {
  const { bounds, task, page } = fault;
  const range = pmdRange(bounds, page);
  const lock: Event = { kind: "lock_entry", task, page, order: "pte" };
  const name = `grab_mapping_entry(${page})`;
  const hasPmds = range.length > 1;
  const sleeps = bounds.waitQueues === true;
  if (!hasPmds && !sleeps) return [choice(label, name, { events: [...begin, lock], goto })];
  const grab = (label: string, begin: readonly Event[]): Step =>
    choice(
      label,
      name,
      { when: (state) => !standsForNothing(state, page), events: [...begin, lock], goto },
      ...(hasPmds
        ? [{
          result: "PMD without a block",
          when: (state: State) => standsForNothing(state, page),
          events: [...begin, lock],
          goto: at("downgrade"),
        }]
        : []),
      ...(sleeps
        ? [{
          result: "locked",
          when: (state: State) => holderOf(state, page) !== 0,
          events: [...begin, { kind: "wait_entry", task, page } as const],
          goto: at("sleep"),
        }]
        : []),
    );
  const hasMappings = (state: State): boolean => entryKind(state, page) === Entry.ZERO;
  const [from, to] = [range[0] ?? page, (range.at(-1) ?? page) + 1];
  return [
    grab(label, begin),
    ...(sleeps
      ? [choice(at("sleep"), "schedule()", {
        result: "woken",
        when: (state) => !isAsleep(state, task),
        goto: at("again"),
      })]
      : []),
    choice(
      at("downgrade"),
      "dax_is_zero_entry()",
      { result: "yes", when: hasMappings, goto: at("clear") },
      { result: "no", when: (state) => !hasMappings(state), goto: at("delete") },
    ),
    ...unmapEverywhere({ bounds, label: at("clear"), pages: range, goto: at("delete") }),
    does(at("delete"), `delete PMD entry ${page}`, {
      kind: "remove_entry",
      task,
      page,
      why: "downgrade",
      from,
      to,
      ...(wakesOne ? { wake: "next" } : {}),
    }),
    grab(at("again"), []),
  ];
}

function standsForNothing(state: State, page: number): boolean {
  return isPmdEntry(state, page) && entryKind(state, page) !== Entry.PFN;
}

/** `pmd_trans_huge`: another thread of the process may have mapped the whole PMD since the CPU faulted. */
function checkPmd(fault: Fault, at: Labels): Step {
  return choice(
    at("check"),
    "pmd_trans_huge(*vmf->pmd)",
    { when: (state) => !isHuge(state, fault), goto: at("look_up") },
    { result: "VM_FAULT_NOPAGE", when: (state) => isHuge(state, fault), goto: at("unlock") },
  );
}

function isHuge(state: State, { mapping, page }: Fault): boolean {
  return ((state.pte[pteIndex(state, mapping, page)] ?? 0) & Pte.HUGE) !== 0;
}

/** `->iomap_begin`: where the page's block is; a shared write to a hole gets a new, zeroed one. */
function lookUp(
  fault: Fault,
  { leavesBlocksUnzeroed = false, copiesNothing = false }: FaultVariant,
  label: string,
  begin: readonly Event[],
  hole: string,
  block: string,
): Step {
  const { task, page, access } = fault;
  const look: Event = { kind: "look_up", task, page };
  const isHole = (state: State): boolean => readsAsHole(state.extent[page] ?? Extent.HOLE);
  return choice(
    label,
    `->iomap_begin(${page})`,
    access === "read" || (isPrivate(fault) && !copiesNothing)
      ? { result: "HOLE", when: isHole, events: [...begin, look], goto: hole }
      : {
        result: "NEW",
        when: isHole,
        events: [
          ...begin,
          { kind: "allocate", task, page, ...(leavesBlocksUnzeroed ? { unzeroed: true } : {}) },
          look,
        ],
        goto: block,
      },
    {
      result: "MAPPED",
      when: (state) => !isHole(state),
      events: [...begin, look],
      goto: block,
    },
  );
}

/** `dax_load_hole`: the zero page, and a ZERO entry to find it by. */
function loadHole(
  fault: Fault,
  { readsTag = false, looksUpUnlocked = false }: FaultVariant,
  at: Labels,
): Step {
  const { task, mapping, page } = fault;
  const insert: Event = {
    kind: "insert_entry",
    task,
    page,
    order: "pte",
    value: "zero",
    dirty: readsTag,
  };
  const sawHole = (state: State): boolean => ((state.saw[task] ?? 0) & Saw.HOLE) !== 0;
  return choice(
    at("hole"),
    `dax_load_hole(${page})`,
    {
      when: (state) => sawHole(state) && !isPresent(state, fault),
      events: [insert, { kind: "map_page", task, page, mapping, order: "pte", access: "zero" }],
      goto: at("unlock"),
    },
    {
      result: "already mapped",
      when: (state) => sawHole(state) && isPresent(state, fault),
      events: [insert],
      goto: at("unlock"),
    },
    ...(looksUpUnlocked
      ? [{ result: "no hole", when: (state: State) => !sawHole(state), goto: at("block") }]
      : []),
  );
}

function isPresent(state: State, { mapping, page }: Fault): boolean {
  return state.pte[pteIndex(state, mapping, page)] !== Pte.NONE;
}

/** `dax_fault_cow_page`: a private write gets a copy, or zeros, and the file's page is let go. */
function copyPage({ task, mapping, page }: Fault, at: Labels): Step {
  return choice(at("block"), `copy page ${page}`, {
    events: [{ kind: "map_page", task, page, mapping, order: "pte", access: "anonymous" }],
    goto: at("unlock"),
  });
}

/** `dax_insert_entry`, `vmf_insert_mixed`: hole mappings go, the block comes into the entry, then into the page table. */
function insertBlock(fault: Fault, { readsTag = false }: FaultVariant, at: Labels): Step[] {
  const { bounds, task, mapping, page, access } = fault;
  const write = access === "write";
  const map: Event = { kind: "map_page", task, page, mapping, order: "pte", access };
  const insert: Event = {
    kind: "insert_entry",
    task,
    page,
    order: "pte",
    value: "pfn",
    dirty: write || readsTag,
  };
  const name = `dax_insert_entry(${page}${insert.dirty ? ", DIRTY" : ""})`;
  const isZero = (state: State): boolean => entryKind(state, page) === Entry.ZERO;
  return [
    choice(
      at("block"),
      name,
      { when: (state) => !isZero(state), events: [insert], goto: at("map") },
      { result: "ZERO entry", when: isZero },
    ),
    ...unmapEverywhere({ bounds, label: at("unmap"), pages: [page], goto: at("replace") }),
    does(at("replace"), name, insert),
    write ? does(at("map"), `vmf_insert_mixed_mkwrite(${page})`, map) : choice(
      at("map"),
      `vmf_insert_mixed(${page})`,
      { when: (state) => !isPresent(state, fault), events: [map] },
      { result: "already mapped", when: (state) => isPresent(state, fault) },
    ),
  ];
}
