/**
 * Punching, zeroing, collapsing and truncating a DAX file, as merged and as proposed (chapter 4).
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event, Removal } from "../event.ts";
import type { Bounds, State } from "../state.ts";
import { endPageOf, Entry, entryKind, firstPageOf } from "../xarray.ts";
import { breakLayouts, type LayoutBreak } from "./break_layouts.ts";
import type { Call } from "./calls.ts";
import { type SyncVariant, writeBackRange } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { enter } from "./fault.ts";
import { choice, does } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/**
 * What is removed: pages [from, to) of the file. None where a truncation makes the file longer; behind
 * those of a collapse, the rest of the file moves down.
 */
export interface Removed {
  readonly bounds: Bounds;
  readonly task: number;
  readonly why: Extract<Removal, "punch" | "zero_range" | "truncate" | "collapse">;
  readonly from: number;
  readonly to: number;
}

/** What differs from what was merged. */
export interface RemovalVariant {
  /**
   * An entry of which only a part is removed: goes whole (D11, as merged), is split and keeps its
   * marks on the rest (D14), or stays as it is (D15).
   */
  readonly partial?: "removed" | "split" | "kept";
  /** Entries are written back first: under invalidate_lock (D12), or before it is taken (D13). */
  readonly writesBack?: "locked" | "unlocked";
  /**
   * The whole file is unmapped, as breaking layouts does since v4.18, not the removed pages alone.
   */
  readonly unmapsWholeFile?: boolean;
  /** Breaking layouts deletes entries, too, before anything is removed (since v6.15). */
  readonly breaksLayouts?: LayoutBreak;
  /** `i_rwsem` is left alone, in worlds that have it. */
  readonly ignoresWrites?: boolean;
  /** How entries are written back. */
  readonly sync?: SyncVariant;
}

const names = {
  punch: "fallocate(PUNCH_HOLE)",
  zero_range: "fallocate(ZERO_RANGE)",
  truncate: "ftruncate()",
  collapse: "fallocate(COLLAPSE_RANGE)",
} as const;
const lastSteps = {
  punch: "free the blocks, return",
  zero_range: "free the blocks, return",
  truncate: "return",
  collapse: "shift the extents, return",
} as const;
const becomes = {
  punch: "hole",
  zero_range: "unwritten",
  truncate: "beyond",
  collapse: "hole",
} as const;

/** The whole call. */
export function removal(
  removed: Removed,
  vmas: readonly Vma[],
  variant: RemovalVariant = {},
): Call {
  const { bounds, task, why, from } = removed;
  const { partial = "removed", writesBack, sync = {} } = variant;
  const { breaksLayouts, unmapsWholeFile = false } = variant;
  const to = why === "collapse" ? bounds.pages : removed.to;
  const range = Array.from({ length: to - from }, (_, index) => from + index);
  const pmd = bounds.pmdPages;
  const all = Array.from({ length: bounds.pages }, (_, page) => page);
  const entries = { from: from - from % pmd, to: to + (pmd - to % pmd) % pmd };
  const touched = breaksLayouts === undefined ? all.slice(entries.from, entries.to) : all;
  const writeBack = writeBackRange(bounds, task, vmas, sync, [], entries);
  const truncates = why === "truncate";
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const locksInode = (bounds.rwsems ?? 0) > 1 && variant.ignoresWrites !== true;
    const inode: Event = { kind: "acquire", task, lock: "i_rwsem", mode: "exclusive" };
    const opening = locksInode ? at("invalidate_lock") : first;
    const lock: Step = does(
      writesBack === "unlocked" ? at("lock") : opening,
      `${names[why]}: filemap_invalidate_lock()`,
      { kind: "acquire", task, lock: "invalidate_lock", mode: "exclusive" },
      ...enter(task, touched),
    );
    const dropped = breaksLayouts?.deletes === "clean entries" || breaksLayouts === undefined
      ? range
      : [];
    const drop = at(dropped.length > 0 ? `delete${from}` : "free");
    const unmap = breaksLayouts === undefined ? at("unmap") : drop;
    const write = truncates ? at("size") : unmap;
    return [
      ...(locksInode ? [does(first, `${names[why]}: inode_lock()`, inode)] : []),
      ...(writesBack === "unlocked" ? writeBack(opening, at("lock")) : []),
      lock,
      ...(breaksLayouts === undefined ? [] : breakLayouts(
        { bounds, task, removes: [from, removed.to], concerns: [from, to] },
        vmas,
        breaksLayouts,
        sync,
      )(at("break"), writesBack === "locked" ? at("write") : write)),
      ...(writesBack === "locked" ? writeBack(at("write"), write) : []),
      ...(truncates
        ? [choice(at("size"), `i_size_write(${from})`, {
          events: extentsGo(removed),
          goto: unmap,
        })]
        : []),
      ...(breaksLayouts === undefined
        ? unmapEverywhere({
          bounds,
          label: unmap,
          pages: unmapsWholeFile ? all : range,
          goto: drop,
        })
        : []),
      ...dropped.map((page) => deleteEntry(removed, page, partial, at(`delete${page}`))),
      choice(at("free"), lastSteps[why], {
        events: [
          ...(truncates ? [] : extentsGo(removed)),
          { kind: "release", task, lock: "invalidate_lock" },
          ...(locksInode ? [{ kind: "release", task, lock: "i_rwsem" } as const] : []),
          ...touched.map((page): Event => ({ kind: "call_end", task, page })),
        ],
        goto: next,
      }),
    ];
  };
}

/** The block map loses the pages; what is behind a collapsed range moves down, and the file ends. */
function extentsGo({ bounds, task, why, from, to }: Removed): readonly Event[] {
  const lost = Array.from({ length: to - from }, (_, index): Event => ({
    kind: "remove_extent",
    task,
    page: from + index,
    becomes: becomes[why],
  }));
  if (why !== "collapse") return lost;
  const moved = Array.from({ length: bounds.pages - to }, (_, index): Event => ({
    kind: "shift_extent",
    task,
    page: to + index,
    to: from + index,
  }));
  const cut = Array.from({ length: to - from }, (_, index): Event => ({
    kind: "remove_extent",
    task,
    page: bounds.pages - 1 - index,
    becomes: "beyond",
  }));
  return [...lost, ...moved, ...cut];
}

/** `dax_delete_mapping_entry`: waits for the entry's lock; everybody who waits for it is woken. */
function deleteEntry(
  { task, why, from, to }: Removed,
  page: number,
  partial: "removed" | "split" | "kept",
  label: string,
): Step {
  const isAbsent = (state: State): boolean => entryKind(state, page) === Entry.NONE;
  const isPartial = (state: State): boolean =>
    !isAbsent(state) && (firstPageOf(state, page) < from || endPageOf(state, page) > to);
  const lock: Event = { kind: "lock_entry", task, page, order: "pte" };
  const remove: Event = { kind: "remove_entry", task, page, why, from, to };
  return choice(
    label,
    `dax_delete_mapping_entry(${page})`,
    { result: "no entry", when: isAbsent },
    {
      when: (state) => !isAbsent(state) && (partial === "removed" || !isPartial(state)),
      events: [lock, remove],
    },
    ...(partial === "split"
      ? [{
        result: "split",
        when: isPartial,
        events: [lock, { kind: "split_entry", task, page } as const, lock, remove],
      }]
      : []),
    ...(partial === "kept" ? [{ result: "kept", when: isPartial }] : []),
  );
}
