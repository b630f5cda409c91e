/**
 * System D: page table entries that are moved, copied, made writable again or cached by another MMU
 * while mkclean walks the VMAs of a file (chapter 4).
 *
 * One page, DIRTY, mapped writable by mapping 0. What mapping 1 is, each design says: where mremap moves
 * the entry, the child of a fork, the same VMA after mprotect, or the table of a device.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";
import { type Call, task } from "./calls.ts";
import { choice, does } from "./program.ts";

const page = 0;
const [from, to] = [0, 1];
const mover = 0;
const syncer = 1;

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 2,
  tasks: 3,
  locals: 1,
  rwsems: 3,
};

function start(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.entry[page] = Entry.PFN;
  state.tag[page] = Tag.DIRTY;
  state.pte[from] = Pte.WRITE;
  state.unflushed[page] = 1;
}

const isWritable = (mapping: number) => (state: State): boolean =>
  pteAccess(state, mapping, page) === Pte.WRITE;

/** fsync, one VMA a step, in the order of i_mmap; `dax_writeback_one` holds i_mmap_rwsem for all. */
function fsync(order: readonly number[]): Call {
  const on = { task: syncer, page } as const;
  const isMarked = ({ tag }: State): boolean => ((tag[page] ?? 0) & Tag.TOWRITE) !== 0;
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    return [
      does(
        first,
        "tag_pages_for_writeback()",
        { kind: "sync_begin", task: syncer },
        { kind: "tag_towrite", task: syncer },
      ),
      choice(
        at("walk"),
        "xas_for_each_marked(TOWRITE)",
        {
          result: "entry 0 locked",
          when: isMarked,
          events: [
            { kind: "lock_entry", ...on, order: "pte" },
            { kind: "clear_mark", ...on, mark: "TOWRITE" },
          ],
        },
        { result: "none", when: (state) => !isMarked(state), goto: at("return") },
      ),
      does(at("down"), "i_mmap_lock_read()", {
        kind: "acquire",
        task: syncer,
        lock: "i_mmap_rwsem",
        mode: "shared",
      }),
      ...order.map((mapping) =>
        does(at(`mkclean${mapping}`), `pfn_mkclean_range() in mapping ${mapping}`, {
          kind: "mkclean",
          ...on,
          mapping,
        })
      ),
      does(at("up"), "i_mmap_unlock_read()", {
        kind: "release",
        task: syncer,
        lock: "i_mmap_rwsem",
      }),
      does(at("flush"), "dax_flush(0)", { kind: "flush", ...on }),
      does(at("finish"), "clear DIRTY, unlock entry 0", { kind: "clear_dirty", ...on }, {
        kind: "unlock_entry",
        ...on,
      }),
      choice(at("return"), "fsync returns 0", {
        events: [{ kind: "sync_end", task: syncer }],
        goto: next,
      }),
    ];
  };
}

/** One way in which an entry of mapping 0 comes to be in mapping 1, with what it allows. */
interface Transfer {
  readonly name: string;
  /** Mapping 0 loses the entry. */
  readonly moves: boolean;
  /** The entry is written with i_mmap_rwsem held exclusive (`take_rmap_locks`). */
  readonly locks?: boolean;
  /** The entry becomes writable, whatever it was. */
  readonly becomesWritable?: boolean;
}

const rmap = { task: mover, lock: "i_mmap_rwsem" } as const;

function transfer({ name, moves, locks = false, becomesWritable = false }: Transfer): Call {
  const map = (access: "read" | "write"): readonly Event[] => [
    ...(moves ? [{ kind: "unmap_page", mapping: from, page } as const] : []),
    { kind: "map_page", task: mover, page, mapping: to, order: "pte", access },
  ];
  const isPresent = (state: State): boolean => pteAccess(state, from, page) !== Pte.NONE;
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const steps: readonly Step[] = [
      choice(
        locks ? at("move") : first,
        name,
        {
          result: "writable",
          when: (state) => isPresent(state) && (isWritable(from)(state) || becomesWritable),
          events: map("write"),
        },
        ...(becomesWritable ? [] : [{
          result: "read-only",
          when: (state: State) => isPresent(state) && !isWritable(from)(state),
          events: map("read"),
        }]),
      ),
    ];
    return [
      ...(locks
        ? [does(first, "take_rmap_locks()", { kind: "acquire", ...rmap, mode: "exclusive" })]
        : []),
      ...steps,
      ...(locks ? [does(at("drop"), "drop_rmap_locks()", { kind: "release", ...rmap })] : []),
      choice(at("done"), "the call returns", { goto: next }),
    ];
  };
}

/** A store if the table lets it through; a fault is not needed to show what goes wrong. */
const storeThere: Call = (first, next) => [
  choice(
    first,
    "store to page 0 through mapping 1",
    { when: isWritable(to), events: [{ kind: "store", mapping: to, page }], goto: next },
    { result: "fault", when: (state) => !isWritable(to)(state), goto: next },
  ),
];

function design(
  id: string,
  title: string,
  source: string,
  call: Call,
  order: readonly number[],
  breaks: readonly string[] = [],
): Design {
  const actors: readonly Actor[] = [
    task("P", mover, call, storeThere),
    task("fsync", syncer, fsync(order), fsync(order)),
  ];
  return { id, system: "D", title, source, bounds, start, actors, breaks };
}

const mremap = (locks: boolean): Call =>
  transfer({ name: "move_ptes(): mapping 0 to 1", moves: true, locks });
const fork = transfer({ name: "copy_pte_range(): mapping 0 to 1", moves: false });
const mprotect = (becomesWritable: boolean): Call =>
  transfer({ name: "change_pte_range() of mapping 1", moves: false, becomesWritable });
const device = transfer({ name: "the device loads mapping 0's entry", moves: false });
const rule = "mm/mremap.c move_ptes(), need_rmap_locks";

/** Entries that mkclean may miss, for they were not where it looked. */
export const movedPteDesigns: readonly Design[] = [
  design(
    "D23",
    "mremap to a VMA that rmap visits later: whoever is moved is met there",
    `${rule}: not needed in this order`,
    mremap(false),
    [from, to],
  ),
  design(
    "D23-locked",
    "mremap to a VMA that rmap visits first takes the rmap locks",
    `${rule}: taken`,
    mremap(true),
    [to, from],
  ),
  design(
    "D23-unlocked",
    "mremap to a VMA that rmap visits first, without the rmap locks",
    "a mutation of D23-locked",
    mremap(false),
    [to, from],
    ["DAX-CLEAN-2", "DUR-1"],
  ),
  design(
    "D23-fork",
    "fork copies an entry to the child, whose VMA rmap visits behind the parent's",
    "kernel/fork.c dup_mmap(), vma_interval_tree_insert_after()",
    fork,
    [from, to],
  ),
  design(
    "D23-fork-first",
    "the same, with the child's VMA in front: mkclean has been there",
    "a mutation of D23-fork",
    fork,
    [to, from],
    ["DAX-CLEAN-2", "DUR-1"],
  ),
  design(
    "D23-mprotect",
    "mprotect gives a VMA its write permission back, and entries only what the fault left them",
    "mm/mprotect.c, vma_wants_writenotify()",
    mprotect(false),
    [from, to],
  ),
  design(
    "D23-mprotect-writable",
    "the same, but it makes entries writable without asking: no fault will mark the entry",
    "a mutation of D23-mprotect",
    mprotect(true),
    [from, to],
    ["DAX-TAG-1", "DAX-CLEAN-2", "DUR-1"],
  ),
  design(
    "D23-notified",
    "a secondary MMU is told by mkclean, and drops what it has loaded",
    "seed 003: mmu_notifier; mm/rmap.c page_vma_mkclean_one()",
    device,
    [from, to],
  ),
  design(
    "D23-secondary",
    "mkclean does not tell a secondary MMU, which stores on by what it has loaded",
    "a mutation: page_vma_mkclean_one() without mmu_notifier_invalidate_range_start()",
    device,
    [from],
    ["DAX-CLEAN-2", "DUR-1"],
  ),
];
