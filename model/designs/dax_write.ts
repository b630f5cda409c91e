/**
 * write(2) on DAX (fs/dax.c, `dax_iomap_iter`). What the call does to mappings is over once they are
 * invalidated; the copy that follows goes past the CPU cache, and is a step in worlds that
 * have blocks to copy to.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import { Entry, entryKind, Tag, tagOf } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { enter, pmdRange } from "./fault.ts";
import { choice, does } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What differs from the reference program. */
export interface WriteVariant {
  /** What becomes of mappings and entries of the page once its block is there. */
  readonly invalidates?: "delete, then unmap" | "unmap, then delete" | "delete only";
  /** Entries are deleted whatever marks they bear (before c6dcf52c23d2). */
  readonly dropsDirty?: boolean;
  /** A3: the whole call holds the file system's fault lock exclusive. */
  readonly faultLock?: boolean;
}

/**
 * A write to these pages of one PMD range. It may delete a PMD entry, so it is a call on all pages of
 * the range.
 */
export function daxWrite(
  bounds: Bounds,
  task: number,
  pages: readonly number[],
  variant: WriteVariant = {},
): Call {
  const { invalidates = "delete, then unmap", dropsDirty = false, faultLock = false } = variant;
  const { rwsems = 0 } = bounds;
  const range = pmdRange(bounds, pages[0] ?? 0);
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const releases: readonly Event[] = [
      ...(faultLock ? [{ kind: "release", task, lock: "invalidate_lock" } as const] : []),
      ...(rwsems > 1 ? [{ kind: "release", task, lock: "i_rwsem" } as const] : []),
    ];
    const copies = (bounds.blocks ?? 0) > 0;
    const end: readonly Event[] = [
      ...range.map((each): Event => ({ kind: "call_end", task, page: each })),
      ...(copies ? [] : releases),
    ];
    const last = copies ? at("copy") : next;
    const locks: Step[] = [
      ...(rwsems > 1 ? [down(at("i_rwsem"), "inode_lock()", task, "i_rwsem")] : []),
      ...(faultLock
        ? [down(at("fault_lock"), "down_write(i_mmap_sem)", task, "invalidate_lock")]
        : []),
    ];
    const isHole = (state: State): boolean =>
      pages.some((page) => state.extent[page] !== Extent.MAPPED);
    const steps: Step[] = [
      ...locks,
      choice(
        at("begin"),
        `->iomap_begin(${pages.join(", ")}, WRITE)`,
        {
          result: "NEW",
          when: isHole,
          events: [
            ...enter(task, range),
            ...pages.map((page): Event => ({ kind: "allocate", task, page })),
          ],
        },
        dropsDirty
          ? { result: "MAPPED", when: (state) => !isHole(state), events: enter(task, range) }
          : {
            result: "MAPPED",
            when: (state) => !isHole(state),
            events: [...enter(task, range), ...end],
            goto: last,
          },
      ),
      ...invalidation(bounds, task, pages, invalidates, dropsDirty, at, end, last),
      ...(copies ? copy(task, pages, releases, at("copy"), next) : []),
    ];
    return steps.map((step, index) => index === 0 ? { ...step, label: first } : step);
  };
}

/** `dax_copy_from_iter`: page by page to what the look-up said; nobody looks whether it still does. */
function copy(
  task: number,
  pages: readonly number[],
  releases: readonly Event[],
  label: string,
  next: string,
): readonly Step[] {
  return pages.map((page, index) => {
    const isLast = index === pages.length - 1;
    const write: Event = { kind: "direct_write", task, page, writes: 1 };
    return choice(index === 0 ? label : `${label}.${index}`, `dax_copy_from_iter(${page})`, {
      events: isLast ? [write, ...releases] : [write],
      ...(isLast ? { goto: next } : {}),
    });
  });
}

function down(
  label: string,
  name: string,
  task: number,
  lock: "i_rwsem" | "invalidate_lock",
): Step {
  return does(label, name, { kind: "acquire", task, lock, mode: "exclusive" });
}

/** `invalidate_inode_pages2_range`: entries are deleted, and pages unmapped. */
function invalidation(
  bounds: Bounds,
  task: number,
  pages: readonly number[],
  invalidates: "delete, then unmap" | "unmap, then delete" | "delete only",
  dropsDirty: boolean,
  at: (place: string) => string,
  end: readonly Event[],
  next: string,
): readonly Step[] {
  const unmapsLast = invalidates === "delete, then unmap";
  const drops = pages.map((page, index) => {
    const label = at(index === 0 ? "delete" : `delete.${index}`);
    const isLast = index === pages.length - 1;
    const goto = !isLast ? at(`delete.${index + 1}`) : unmapsLast ? at("unmap") : next;
    return deleteEntry(task, page, dropsDirty, label, isLast && !unmapsLast ? end : [], goto);
  });
  if (invalidates === "delete only") return drops;
  const unmap = unmapEverywhere({
    bounds,
    label: at("unmap"),
    pages,
    last: unmapsLast ? end : [],
    goto: unmapsLast ? next : at("delete"),
  });
  return unmapsLast ? [...drops, ...unmap] : [...unmap, ...drops];
}

/** `dax_invalidate_mapping_entry_sync`: waits for the entry's lock; what must be flushed stays. */
function deleteEntry(
  task: number,
  page: number,
  dropsDirty: boolean,
  label: string,
  end: readonly Event[],
  goto: string,
): Step {
  const absent = (state: State): boolean => entryKind(state, page) === Entry.NONE;
  const dirty = (state: State): boolean =>
    !dropsDirty && (tagOf(state, page) & (Tag.DIRTY | Tag.TOWRITE)) !== 0;
  const lock: Event = { kind: "lock_entry", task, page, order: "pte" };
  return choice(
    label,
    `invalidate_inode_pages2_range(${page})`,
    { result: "no entry", when: absent, events: end, goto },
    {
      result: "deleted",
      when: (state) => !absent(state) && !dirty(state),
      events: [
        lock,
        { kind: "remove_entry", task, page, why: "invalidate", from: page, to: page + 1 },
        ...end,
      ],
      goto,
    },
    {
      result: "-EBUSY",
      when: (state) => !absent(state) && dirty(state),
      events: [lock, { kind: "unlock_entry", task, page }, ...end],
      goto,
    },
  );
}
