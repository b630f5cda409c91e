/**
 * What the invariants of sync calls and power failures ask, and those of direct I/O and its locks.
 *
 * @module
 */
import type { JudgeRow } from "./row.ts";

const all = "p in [0, pages): ";

/** A power failure: all that a view names must be readable afterwards. */
function survives(id: string, view: string, asked = ""): JudgeRow {
  return {
    id,
    on: ["crash"],
    looks: "before",
    asked: `${asked}any ${all}${view}[p] != 0`,
    holds: `all ${all}${view}[p] == (${view}[p] & after_crash(p))`,
  };
}

/** Rows of what calls must have done and of power failures. */
export const durabilityJudges: readonly JudgeRow[] = [
  {
    id: "DUR-1",
    on: ["sync_end"],
    looks: "before",
    asked: `any ${all}owed[task * pages + p] & (OWED_FLUSH + OWED_BEGAN)`,
    holds: `all ${all}not (owed[task * pages + p] & OWED_FLUSH)`,
  },
  survives("DUR-1", "synced"),
  survives("DUR-2", "dsynced"),
  survives("DUR-3", "covered", "given(syncBelow) and "),
  {
    id: "DUR-4",
    on: ["crash"],
    looks: "before",
    asked: `any ${all}block[p] != 0 or diskBlock[p] != 0`,
    holds: `all ${all}(block[p] == 0 and diskBlock[p] == 0) or not (after_crash(p) & FOREIGN)`,
  },
  {
    id: "DUR-5",
    on: ["fsync_end"],
    looks: "before",
    asked: "owedErr[task] != 0 and not allFiles",
    holds: "seenErr[task] == owedErr[task]",
  },
  {
    id: "DUR-5",
    on: ["report_error"],
    looks: "before",
    where: ["error = wbErr[file_of(page)]"],
    asked: "error != 0",
    holds: '(says == "EIO") == (seenErr[task] != error)',
  },
  survives("META-1", "fenced"),
  {
    id: "META-2",
    on: ["crash"],
    looks: "before",
    asked: "journal[PROMISED] != 0",
    holds: "journal[COMMITTED] >= journal[PROMISED]",
  },
  {
    id: "META-3",
    on: ["allocate", "remove_extent"],
    looks: "before",
    asked: "durable and frozen[file_of(page)] == 1",
    holds: "false",
  },
  {
    id: "META-3",
    on: ["refuse_change"],
    looks: "before",
    asked: "durable and frozen[file_of(page)] == 1",
    holds: "true",
  },
  {
    id: "MSYNC-1",
    on: ["mmap"],
    looks: "before",
    asked: "asksSync",
    holds: 'gets != "plain"',
  },
];

/** Rows of direct I/O beside the page cache, and of the locks between them. */
export const coherenceJudges: readonly JudgeRow[] = [
  {
    id: "COH-1",
    on: ["direct_end", "unlock_folio", "end_writeback"],
    looks: "after",
    asked: "is_clean(page) and " +
      "all t in [0, tasks): pinned[t] != slot[page] and (direct[t] & DIRECT_PAGE) != page + 1",
    holds: "memory[slot[page] - 1] == on_disk(page)",
  },
  {
    id: "COH-2",
    on: ["write_folio"],
    looks: "before",
    where: ["w = media[block[page] - 1] & returned[page]"],
    asked: "w != 0",
    holds: "(w & memory[hand[task] - 1]) == w or wbErr[file_of(page)] == 1",
  },
  {
    id: "COH-3",
    on: ["observe"],
    looks: "before",
    asked: "returned[page] != 0",
    holds: "(read_of(page) & returned[page]) == returned[page] or wbErr[file_of(page)] == 1",
  },
  {
    id: "COH-4",
    on: ["direct_read"],
    looks: "before",
    asked: "expected[task] != 0",
    holds: "(on_disk(page) & expected[task]) == expected[task]",
  },
  {
    id: "COH-5",
    on: ["invalidate_again"],
    looks: "before",
    asked: "direct[task] & WAS_UNWRITTEN",
    holds: "extent[page] != UNWRITTEN",
  },
  {
    id: "ADD-1",
    on: ["lock"],
    looks: "after",
    asked: 'mode == "ADD" or mode == "BLOCK"',
    holds: "not (is_taken(lock, ADD) and is_taken(lock, BLOCK))",
  },
  {
    id: "ADD-2",
    on: ["add_folio"],
    looks: "before",
    where: [
      "own = mode_of(file_of(page), task)",
      "kept = any t in [0, tasks): mode_of(file_of(page), t) == BLOCK",
    ],
    asked: "locks and (own == ADD or (own != BLOCK and kept))",
    holds: "own == ADD",
  },
  {
    id: "ADD-3",
    on: ["direct_write"],
    looks: "before",
    asked: "direct[task] & WAS_REOPENED",
    holds: "not (direct[task] & REOPENED)",
  },
  {
    id: "LOCK-2",
    on: ["contend"],
    looks: "before",
    asked: "mode_of(lock, task) == BLOCK",
    holds: 'and == "fails"',
  },
];
