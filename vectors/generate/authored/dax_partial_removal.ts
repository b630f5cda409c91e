/**
 * System D by hand: a DIRTY PMD entry of which a part is removed.
 *
 * @module
 */
import { fault, fsync, removeEntry, store, sync, unmap, writeBack } from "./dax_calls.ts";
import { type Authored, breaks, implies, kernel, litmus, recording } from "./sequence.ts";
import type { Event, Removal } from "../../../model/event.ts";

const pmd = { pages: 2, pmdPages: 2, mappings: 1, tasks: 2 };
const page = 0;

const huge = fault({ task: 0, mapping: 0, page, order: "pmd", pages: [0, 1] });

/** The task that removes page 0 of the PMD range. */
const T = 1;
const range = [0, 1] as const;
const entering = range.map((each): Event => ({ kind: "call_begin", task: T, page: each }));
const leaving = range.map((each): Event => ({ kind: "call_end", task: T, page: each }));
const unmapped = unmap(0, 0);

/** What a removal does to the block map. */
function freed(becomes: "hole" | "unwritten" | "beyond"): Event {
  return { kind: "remove_extent", task: T, page: 0, becomes };
}

/** A PMD entry is DIRTY by a store to page 1, and page 0 is removed with the whole entry. */
function partlyRemoved(
  why: Removal,
  becomes: "hole" | "unwritten" | "beyond",
  [what, where]: readonly [string, string],
): Authored {
  return {
    name: `part-of-a-dirty-pmd-${why.replace("_", "-")}`,
    system: "D",
    about: "DAX-TAG-4",
    says:
      `${what} deletes a DIRTY PMD entry of which it covers a part: the store to the rest is in no ` +
      "fsync",
    references: [kernel(where), recording("6.12-punch-ext4")],
    bounds: pmd,
    events: [
      huge.fillHole,
      store(0, 1),
      entering,
      { kind: "lock_entry", task: T, page, order: "pte" },
      unmapped,
      breaks("DAX-TAG-4", removeEntry(T, page, why, 0, 1)),
      freed(becomes),
      leaving,
      sync(T).begin,
      implies("DUR-1", sync(T).end),
    ],
  };
}

/** Hole punch, zero range, truncation and collapse. */
export const daxPartialRemoval: readonly Authored[] = [
  partlyRemoved("punch", "hole", [
    "A hole punch",
    "6.12 ext4, 7.2 ext4 and XFS: the whole DAX entry is deleted",
  ]),
  partlyRemoved("zero_range", "unwritten", [
    "A zero range",
    "5.10 and 6.12 ext4, 7.2 ext4 and XFS: the whole DAX entry is deleted",
  ]),
  partlyRemoved("truncate", "beyond", [
    "A truncation",
    "5.10 and 6.12 ext4, 6.12 and 7.2 XFS: the whole DAX entry is deleted",
  ]),
  partlyRemoved("collapse", "hole", [
    "A collapse range",
    "the whole DAX entry is deleted, as for a hole punch",
  ]),
  {
    name: "written-back-before-the-locks",
    system: "D",
    about: "DAX-TAG-4",
    says:
      "A hole punch writes the entry back before it takes its locks: a store between the two is lost",
    references: [kernel("5.10 and 6.1 ext4, fs/ext4/inode.c ext4_punch_hole()")],
    bounds: { ...pmd, tasks: 3 },
    events: [
      huge.fillHole,
      store(0, 1),
      fsync(T, page, 0),
      huge.writeBlock,
      store(0, 1),
      entering,
      { kind: "lock_entry", task: T, page, order: "pte" },
      unmapped,
      breaks("DAX-TAG-4", removeEntry(T, page, "punch", 0, 1)),
      freed("hole"),
      leaving,
      sync(T).begin,
      implies("DUR-1", sync(T).end),
    ],
  },
  {
    name: "written-back-under-the-locks",
    system: "D",
    about: "DAX-TAG-4",
    says: "A hole punch writes the entry back while faults are kept out, and deletes it clean",
    references: [litmus("K40"), kernel("7.2 ext4 for zero range of a part, written back inside")],
    bounds: { ...pmd, rwsems: 1 },
    events: [
      { kind: "acquire", task: 0, lock: "invalidate_lock", mode: "shared" },
      huge.fillHole,
      { kind: "release", task: 0, lock: "invalidate_lock" },
      store(0, 1),
      { kind: "acquire", task: T, lock: "invalidate_lock", mode: "exclusive" },
      entering,
      fsync(T, page, 0),
      { kind: "lock_entry", task: T, page, order: "pte" },
      unmapped,
      removeEntry(T, page, "punch", 0, 1),
      freed("hole"),
      { kind: "release", task: T, lock: "invalidate_lock" },
      leaving,
      sync(T).begin,
      sync(T).end,
    ],
  },
  {
    name: "whole-entry-removed",
    system: "D",
    about: "DAX-TAG-2",
    says:
      "A hole punch of the whole range deletes the DIRTY entry: nothing of it is owed to anybody",
    references: [litmus("K17"), litmus("K40"), recording("6.12-punch-xfs")],
    bounds: pmd,
    events: [
      huge.fillHole,
      store(0, 1),
      entering,
      { kind: "lock_entry", task: T, page, order: "pte" },
      unmapped,
      removeEntry(T, page, "punch", 0, 2),
      freed("hole"),
      { kind: "remove_extent", task: T, page: 1, becomes: "hole" },
      leaving,
      sync(T).begin,
      sync(T).end,
    ],
  },
  {
    name: "entry-split-by-a-punch",
    system: "D",
    about: "DUR-1",
    says:
      "A hole punch splits the PMD entry and deletes only its own page: the rest stays DIRTY and is " +
      "flushed",
    references: [
      kernel("a change that nobody has merged: split the entry, keep DIRTY on the rest"),
    ],
    bounds: pmd,
    events: [
      huge.fillHole,
      store(0, 1),
      entering,
      { kind: "lock_entry", task: T, page, order: "pte" },
      unmapped,
      { kind: "split_entry", task: T, page },
      { kind: "lock_entry", task: T, page, order: "pte" },
      removeEntry(T, page, "punch", 0, 1),
      freed("hole"),
      leaving,
      fsync(T, 1, 0),
    ],
  },
  {
    name: "second-entry-split-by-a-punch",
    system: "D",
    about: "DUR-1",
    says:
      "Of two DIRTY PMD entries the second is split by a hole punch: the first stays whole, and " +
      "everything but the punched page is flushed",
    references: [
      kernel("a change that nobody has merged: split the entry, keep DIRTY on the rest"),
    ],
    bounds: { pages: 4, pmdPages: 2, mappings: 1, tasks: 2 },
    events: [
      huge.fillHole,
      store(0, 1),
      fault({ task: 0, mapping: 0, page: 2, order: "pmd", pages: [2, 3] }).fillHole,
      store(0, 3),
      { kind: "call_begin", task: T, page: 2 },
      { kind: "lock_entry", task: T, page: 2, order: "pte" },
      unmap(2, 0),
      { kind: "split_entry", task: T, page: 2 },
      { kind: "lock_entry", task: T, page: 2, order: "pte" },
      removeEntry(T, 2, "punch", 2, 3),
      { kind: "remove_extent", task: T, page: 2, becomes: "hole" },
      { kind: "call_end", task: T, page: 2 },
      sync(T).begin,
      writeBack({ task: T, page: 0, mappings: [0] }).all,
      writeBack({ task: T, page: 3, mappings: [0] }).all,
      sync(T).end,
    ],
  },
];
