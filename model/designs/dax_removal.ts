/**
 * Punching, zeroing and truncating a DAX file: T2 to T7 of spec/README.md, as merged and as proposed
 * (chapter 4).
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event, Removal } from "../event.ts";
import type { Bounds, State } from "../state.ts";
import { endPageOf, Entry, entryKind, firstPageOf } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { type SyncVariant, writeBackRange } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { enter } from "./fault.ts";
import { choice, does } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What is removed: pages [from, to) of the file. */
export interface Removed {
  readonly bounds: Bounds;
  readonly task: number;
  readonly why: Extract<Removal, "punch" | "zero_range" | "truncate">;
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
  /** Where an entry goes whole, all its pages are unmapped, not the removed ones alone. */
  readonly unmapsWholeEntries?: boolean;
  /** How entries are written back. */
  readonly sync?: SyncVariant;
}

const names = {
  punch: "fallocate(PUNCH_HOLE)",
  zero_range: "fallocate(ZERO_RANGE)",
  truncate: "ftruncate()",
} as const;
const becomes = { punch: "hole", zero_range: "unwritten", truncate: "beyond" } as const;

/** The whole call. */
export function removal(
  removed: Removed,
  vmas: readonly Vma[],
  variant: RemovalVariant = {},
): Call {
  const { bounds, task, why, from, to } = removed;
  const { partial = "removed", writesBack, unmapsWholeEntries = false, sync = {} } = variant;
  const range = Array.from({ length: to - from }, (_, index) => from + index);
  const pmd = bounds.pmdPages;
  const entries = Array.from({ length: bounds.pages }, (_, page) => page)
    .filter((page) => page >= from - from % pmd && page < to + (pmd - to % pmd) % pmd);
  const extents = range.map((page): Event => ({
    kind: "remove_extent",
    task,
    page,
    becomes: becomes[why],
  }));
  const truncates = why === "truncate";
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const { rwsems = 0 } = bounds;
    const inode: Event = { kind: "acquire", task, lock: "i_rwsem", mode: "exclusive" };
    const opening = rwsems > 1 ? at("invalidate_lock") : first;
    const lock: Step = does(
      writesBack === "unlocked" ? at("lock") : opening,
      `${names[why]}: filemap_invalidate_lock()`,
      { kind: "acquire", task, lock: "invalidate_lock", mode: "exclusive" },
      ...enter(task, entries),
    );
    return [
      ...(rwsems > 1 ? [does(first, `${names[why]}: inode_lock()`, inode)] : []),
      ...(writesBack === "unlocked"
        ? writeBackRange(bounds, task, vmas, sync)(opening, at("lock"))
        : []),
      lock,
      ...(writesBack === "locked"
        ? writeBackRange(bounds, task, vmas, sync)(at("write"), at(truncates ? "size" : "unmap"))
        : []),
      ...(truncates ? [does(at("size"), `i_size_write(${from})`, ...extents)] : []),
      ...unmapEverywhere({
        bounds,
        label: at("unmap"),
        pages: unmapsWholeEntries ? entries : range,
        goto: at(`delete${from}`),
      }),
      ...range.map((page) => deleteEntry(removed, page, partial, at(`delete${page}`))),
      choice(at("free"), truncates ? "return" : "free the blocks, return", {
        events: [
          ...(truncates ? [] : extents),
          { kind: "release", task, lock: "invalidate_lock" },
          ...(rwsems > 1 ? [{ kind: "release", task, lock: "i_rwsem" } as const] : []),
          ...entries.map((page): Event => ({ kind: "call_end", task, page })),
        ],
        goto: next,
      }),
    ];
  };
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
