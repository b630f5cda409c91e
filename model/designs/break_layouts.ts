/**
 * Breaking layouts before pages are removed from a DAX file (fs/dax.c, `dax_break_layout`, v6.15
 * to 7.2), as merged and as proposed (chapter 4).
 *
 * Whoever removes holds invalidate_lock exclusive, and waits for pins with the lock dropped.
 *
 * @module
 */
import type { Step } from "../design.ts";
import { isBlockPinned } from "../effects/pin.ts";
import type { Event } from "../event.ts";
import type { Bounds, State } from "../state.ts";
import { Entry, entryKind, Tag, tagOf } from "../xarray.ts";
import type { Call } from "./calls.ts";
import { type SyncVariant, writeBackRange } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { choice, does, type Way } from "./program.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What breaking layouts does. */
export interface LayoutBreak {
  /**
   * Which entries go: all of the file's (v6.15 to 7.2, D16), those that meet the range of the call
   * (D17), or those that bear neither DIRTY nor TOWRITE (D18).
   */
  readonly deletes: "every entry" | "entries of the range" | "clean entries";
  /**
   * The file is written back first: as soon as the lock is held (D20), or once nothing is mapped or
   * pinned any more (D19).
   */
  readonly writesBack?: "at once" | "when idle";
  /** Somebody may have pinned a page of the file. */
  readonly meetsPins?: boolean;
}

/** The call that breaks layouts, and the pages [from, to) of the file that it removes or moves. */
interface Breaker {
  readonly bounds: Bounds;
  readonly task: number;
  /** What the call removes, and what it moves besides, to the end of the file. */
  readonly removes: readonly [from: number, to: number];
  readonly concerns: readonly [from: number, to: number];
}

/** The call, from the lock in hand to nothing pinned and entries deleted. */
export function breakLayouts(
  breaker: Breaker,
  vmas: readonly Vma[],
  { deletes, writesBack, meetsPins = false }: LayoutBreak,
  sync: SyncVariant,
): Call {
  const { bounds, task, concerns: [from, to] } = breaker;
  const all = Array.from({ length: bounds.pages }, (_, page) => page);
  const pages = deletes === "entries of the range"
    ? all.filter((page) => from <= page && page < to)
    : all;
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const unmap = writesBack === "at once" ? at("unmap") : first;
    const idle = writesBack === "when idle" ? at("write") : at("delete0");
    const placeOf = (index: number): string => index < pages.length ? at(`delete${index}`) : next;
    return [
      ...(writesBack === "at once" ? writeBackRange(bounds, task, vmas, sync)(first, unmap) : []),
      ...unmapEverywhere({ bounds, label: unmap, pages, goto: meetsPins ? at("scan") : idle }),
      ...(meetsPins ? waitForPins(breaker, pages, at, unmap, idle) : []),
      ...(writesBack === "when idle"
        ? writeBackRange(bounds, task, vmas, sync)(idle, at("delete0"))
        : []),
      ...pages.map((page, index) =>
        deleteEntry(breaker, page, deletes === "clean entries", placeOf(index), placeOf(index + 1))
      ),
    ];
  };
}

/** Sleeps with invalidate_lock dropped until nothing is pinned, and unmaps again. */
function waitForPins(
  { task }: Breaker,
  pages: readonly number[],
  at: (place: string) => string,
  unmap: string,
  idle: string,
): readonly Step[] {
  const isBusy = (state: State): boolean => pages.some((page) => isBlockPinned(state, page));
  return [
    choice(
      at("scan"),
      "dax_layout_busy_page_range()",
      { result: "busy", when: isBusy },
      { result: "idle", when: (state) => !isBusy(state), goto: idle },
    ),
    does(at("let go"), "filemap_invalidate_unlock()", {
      kind: "release",
      task,
      lock: "invalidate_lock",
    }),
    ...pages.slice(0, 1).map((page) =>
      does(at("sleep"), "wait_page_idle()", { kind: "sleep_on_pins", task, page })
    ),
    choice(at("woken"), "woken: filemap_invalidate_lock()", {
      when: (state) => !isBusy(state),
      events: [{ kind: "acquire", task, lock: "invalidate_lock", mode: "exclusive" }],
      goto: unmap,
    }),
  ];
}

/** One entry of `dax_delete_mapping_range`: its lock is waited for. */
function deleteEntry(
  { task, removes }: Breaker,
  page: number,
  keepsDirty: boolean,
  label: string,
  goto: string,
): Step {
  // Where a file grows, what goes is nothing, and lies behind its pages.
  const [from, to] = removes[0] < removes[1] ? removes : [0, 0];
  const isAbsent = (state: State): boolean => entryKind(state, page) === Entry.NONE;
  const isKept = (state: State): boolean =>
    keepsDirty && (tagOf(state, page) & (Tag.DIRTY | Tag.TOWRITE)) !== 0;
  const events: readonly Event[] = [
    { kind: "lock_entry", task, page, order: "pte" },
    { kind: "remove_entry", task, page, why: "layout", from, to },
  ];
  const kept: Way = {
    result: "DIRTY, kept",
    when: (state) => !isAbsent(state) && isKept(state),
    goto,
  };
  return choice(
    label,
    `dax_delete_mapping_range(${page})`,
    { result: "no entry", when: isAbsent, goto },
    { when: (state) => !isAbsent(state) && !isKept(state), events, goto },
    ...(keepsDirty ? [kept] : []),
  );
}
