/**
 * DAX faults before there were entries to lock (v4.0 to v4.6): a hole is a zeroed page of the page
 * cache, whose lock is all that there is; a block has nothing that stands for it, or from v4.5 on an
 * entry that nobody can lock. In the model the page is a ZERO entry, and its lock is the entry's.
 *
 * Read in fs/dax.c of v4.4: `__dax_fault`, `dax_load_hole`, `dax_insert_mapping`.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Pte, pteIndex } from "../page_table.ts";
import type { State } from "../state.ts";
import { holdsExclusive } from "../rwsem.ts";
import { Entry, entryKind, holderOf, Saw } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { enter, type Fault, leave } from "./fault.ts";
import { choice, does } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What differs from v4.4. */
export interface PageLockVariant {
  /** v4.3, A1: where no page is found, i_mmap_rwsem is held exclusive until the block is mapped. */
  readonly locksImmap?: boolean;
  /** v4.5, A2: an entry with the DIRTY mark comes into the tree before the block is mapped. */
  readonly tags?: boolean;
  /** Allocation leaves the block unwritten: it is zeroed when it is mapped, and then converted. */
  readonly zeroesLate?: boolean;
  /** A3: the file system's fault lock is held all along, exclusive where a fault may allocate. */
  readonly faultLock?: boolean;
}

type Labels = (place: string) => string;

const isHole = ({ page }: Fault) => (state: State): boolean => state.extent[page] === Extent.HOLE;
const hasPage = ({ page }: Fault) => (state: State): boolean =>
  entryKind(state, page) === Entry.ZERO;
const holdsPage = ({ task, page }: Fault) => (state: State): boolean =>
  holderOf(state, page) === task + 1;
const not = (condition: (state: State) => boolean) => (state: State): boolean => !condition(state);

/** The fault, from its entry into the file system to its return. */
export function pageLockFault(fault: Fault, variant: PageLockVariant = {}): Call {
  const { task, page, access, bounds } = fault;
  return (first, next) => {
    const at: Labels = (place) => `${first}.${place}`;
    const faultLock = variant.faultLock === true;
    const done: readonly Event[] = leave(bounds, task, [page]);
    return [
      ...(faultLock ? [takeFaultLock(fault, first)] : []),
      ...findPage(fault, variant, faultLock ? at("find") : first, at),
      getBlock(fault, variant, at),
      ...(access === "read"
        ? loadHole(fault, variant, at, done, next)
        : createBlock(fault, variant, at)),
      ...unmapEverywhere({
        bounds,
        label: at("kick"),
        pages: [page],
        last: [{ kind: "remove_entry", task, page, why: "invalidate", from: page, to: page + 1 }],
        goto: at("insert"),
      }),
      ...insertMapping(fault, variant, at, done, next),
      ...(variant.tags === true
        ? [choice(at("sigbus"), "VM_FAULT_SIGBUS", { events: done, goto: next })]
        : []),
    ];
  };
}

function takeFaultLock({ task, access }: Fault, label: string): Step {
  const [name, mode] = access === "read"
    ? ["down_read(i_mmap_sem)", "shared"] as const
    : ["down_write(i_mmap_sem)", "exclusive"] as const;
  return does(label, name, { kind: "acquire", task, lock: "invalidate_lock", mode });
}

/** r1, w1: a hole page that is there is locked. */
function findPage(
  fault: Fault,
  { locksImmap = false }: PageLockVariant,
  label: string,
  at: Labels,
): readonly Step[] {
  const { task, page } = fault;
  const begin = enter(task, [page]);
  const found = choice(
    label,
    `find_get_page(${page})`,
    {
      result: "page",
      when: hasPage(fault),
      events: [...begin, { kind: "lock_entry", task, page, order: "pte" }],
      goto: at("get_block"),
    },
    { result: "none", when: not(hasPage(fault)), events: begin },
  );
  if (!locksImmap) return [found];
  return [
    found,
    does(at("lock"), "i_mmap_lock_write()", {
      kind: "acquire",
      task,
      lock: "i_mmap_rwsem",
      mode: "exclusive",
    }),
  ];
}

/** r2, w2. A v4.3 read fault lets i_mmap_rwsem go before it loads the hole. */
function getBlock(fault: Fault, { locksImmap = false }: PageLockVariant, at: Labels): Step {
  const { task, page, access } = fault;
  const look: Event = { kind: "look_up", task, page };
  const unlock: Event = { kind: "release", task, lock: "i_mmap_rwsem" };
  const unlocks = locksImmap && access === "read";
  const hole = access === "read" ? at("load") : at("create");
  return choice(
    at("get_block"),
    `get_block(${page})`,
    {
      result: "HOLE",
      when: (state) => isHole(fault)(state) && (!unlocks || !holdsPage(fault)(state)),
      events: unlocks ? [look, unlock] : [look],
      goto: hole,
    },
    ...(unlocks
      ? [{
        result: "HOLE",
        when: (state: State) => isHole(fault)(state) && holdsPage(fault)(state),
        events: [look],
        goto: hole,
      }]
      : []),
    {
      result: "MAPPED",
      when: (state) => !isHole(fault)(state) && !holdsPage(fault)(state),
      events: [look],
      goto: at("insert"),
    },
    {
      result: "MAPPED",
      when: (state) => !isHole(fault)(state) && holdsPage(fault)(state),
      events: [look],
      goto: at("kick"),
    },
  );
}

/** r3, r4: a zeroed page into the tree, locked; then into the page table, and unlocked. */
function loadHole(
  fault: Fault,
  { tags = false }: PageLockVariant,
  at: Labels,
  done: readonly Event[],
  next: string,
): readonly Step[] {
  const { task, mapping, page } = fault;
  const lock: Event = { kind: "lock_entry", task, page, order: "pte" };
  const unlock: Event = { kind: "unlock_entry", task, page };
  const absent = (state: State): boolean => state.pte[pteIndex(state, mapping, page)] === Pte.NONE;
  const free = (state: State): boolean => entryKind(state, page) === Entry.NONE;
  return [
    choice(
      at("load"),
      `dax_load_hole(${page})`,
      { result: "page", when: holdsPage(fault) },
      {
        result: "page found",
        when: (state) => hasPage(fault)(state) && !holdsPage(fault)(state),
        events: [lock],
      },
      {
        result: "new page",
        when: free,
        events: [lock, {
          kind: "insert_entry",
          task,
          page,
          order: "pte",
          value: "zero",
          dirty: false,
        }],
      },
      ...(tags
        ? [{
          result: "-EEXIST",
          when: (state: State) => !free(state) && !hasPage(fault)(state),
          goto: at("sigbus"),
        }]
        : []),
    ),
    choice(
      at("set"),
      `do_set_pte(${page})`,
      {
        when: absent,
        events: [
          { kind: "map_page", task, page, mapping, order: "pte", access: "zero" },
          unlock,
          ...done,
        ],
        goto: next,
      },
      { result: "already mapped", when: not(absent), events: [unlock, ...done], goto: next },
    ),
  ];
}

/** w3, w4: a block for the hole; did a reader install a hole page meanwhile? */
function createBlock(
  fault: Fault,
  { zeroesLate = false }: PageLockVariant,
  at: Labels,
): readonly Step[] {
  const { task, page } = fault;
  const look: Event = { kind: "look_up", task, page };
  return [
    choice(
      at("create"),
      `get_block(${page}, create)`,
      {
        result: "NEW",
        when: isHole(fault),
        events: [
          { kind: "allocate", task, page, ...(zeroesLate ? { unwritten: true } : {}) },
          look,
        ],
      },
      { result: "MAPPED", when: not(isHole(fault)), events: [look] },
    ),
    choice(
      at("major"),
      `find_lock_page(${page})`,
      { result: "page", when: holdsPage(fault) },
      {
        result: "page found",
        when: (state) => hasPage(fault)(state) && !holdsPage(fault)(state),
        events: [{ kind: "lock_entry", task, page, order: "pte" }],
      },
      { result: "none", when: not(hasPage(fault)), goto: at("insert") },
    ),
  ];
}

/** w6: the block into the page table, zeroed before where allocation did not do it. */
function insertMapping(
  fault: Fault,
  { locksImmap = false, tags = false, zeroesLate = false }: PageLockVariant,
  at: Labels,
  done: readonly Event[],
  next: string,
): readonly Step[] {
  const { task, mapping, page, access } = fault;
  const on = { task, page } as const;
  const map: Event = { kind: "map_page", ...on, mapping, order: "pte", access };
  const last = locksImmap ? { goto: at("unlock") } : { events: done, goto: next };
  const name = `dax_insert_mapping(${page})`;
  const wasUnwritten = (state: State): boolean => ((state.saw[task] ?? 0) & Saw.HOLE) !== 0;
  return [
    ...(tags ? insertEntry(fault, at) : []),
    ...(zeroesLate
      ? [
        choice(
          at(tags ? "map" : "insert"),
          name,
          {
            result: "zeroed",
            when: wasUnwritten,
            events: [{ kind: "zero_block", ...on }, map],
          },
          {
            result: "written",
            when: not(wasUnwritten),
            events: [map, ...(last.events ?? [])],
            goto: last.goto,
          },
        ),
        choice(at("complete"), `complete_unwritten(${page})`, {
          ...last,
          events: [{ kind: "convert_unwritten", ...on }, ...(last.events ?? [])],
        }),
      ]
      : [choice(at(tags ? "map" : "insert"), name, {
        ...last,
        events: [map, ...(last.events ?? [])],
      })]),
    ...(locksImmap ? [unlockImmap(fault, at, done, next)] : []),
  ];
}

/** v4.5, `dax_radix_entry`: a page in the slot is an error, an entry is marked. */
function insertEntry(fault: Fault, at: Labels): readonly Step[] {
  const { task, page, access } = fault;
  const on = { task, page } as const;
  const dirty = access === "write";
  return [choice(
    at("insert"),
    `dax_radix_entry(${page}${dirty ? ", DIRTY" : ""})`,
    {
      when: not(hasPage(fault)),
      events: [
        { kind: "lock_entry", ...on, order: "pte" },
        { kind: "insert_entry", ...on, order: "pte", value: "pfn", dirty },
        { kind: "unlock_entry", ...on },
      ],
    },
    { result: "-EIO", when: hasPage(fault), goto: at("sigbus") },
  )];
}

function unlockImmap(
  { task }: Fault,
  at: Labels,
  done: readonly Event[],
  next: string,
): Step {
  const holds = (state: State): boolean => holdsExclusive(state, task, "i_mmap_rwsem");
  return choice(
    at("unlock"),
    "i_mmap_unlock_write()",
    {
      when: holds,
      events: [{ kind: "release", task, lock: "i_mmap_rwsem" }, ...done],
      goto: next,
    },
    { result: "was not taken", when: not(holds), events: done, goto: next },
  );
}
