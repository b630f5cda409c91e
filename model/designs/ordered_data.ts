/**
 * System B: what a new block holds after a power failure (DUR-4).
 *
 * P writes a page of a new file through the page cache, the page gets a block that another file has
 * had before, and the journal commits. The block's content reaches the disk with writeback.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { commitMap, FOREIGN, isUncommitted } from "../storage.ts";
import { Folio, folioLockedBy, isCached } from "../folio.ts";
import type { State } from "../state.ts";
import { environment, task } from "./calls.ts";
import { writeFolio } from "./page_cache_steps.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;
const isWritten = (state: State): boolean =>
  !isCached(state, page, Folio.DIRTY) && !isCached(state, page, Folio.WRITEBACK) &&
  folioLockedBy(state, page) < 0;

function writer(): Actor {
  const on = { task: 0, page };
  return task("P", 0, (first, next) => [
    does(
      first,
      `write(2): copy in to folio ${page}`,
      { kind: "add_folio", ...on },
      { kind: "copy_in", ...on, writes: 1, whole: true },
      { kind: "mark_dirty", ...on },
      { kind: "unlock_folio", ...on },
      { kind: "put_folio", ...on },
    ),
    choice(`${first}.size`, "i_size_write(1)", {
      events: [{ kind: "set_size", task: 0, file: 0, size: 1 }],
      goto: next,
    }),
  ]);
}

/** Delayed allocation: the block is found when the page is written back. */
function writeback(): Actor {
  const on = { task: 1, page };
  const allocate: Step = does(
    "allocate",
    `allocate a block for page ${page}`,
    { kind: "allocate", ...on, unzeroed: true },
    { kind: "mark_dirty", ...on },
  );
  return environment("B", 1, (first, next) => [
    choice(first, "writeback finds the page DIRTY", {
      when: (state) => isCached(state, page, Folio.DIRTY) && folioLockedBy(state, page) < 0,
      events: [{ kind: "find_folio", ...on }],
    }),
    allocate,
    ...writeFolio(on, []),
    choice(`${first}.done`, "writeback is done", { goto: next }),
  ]);
}

function journal(ordered: boolean): Actor {
  return environment("journal", 2, (first, next) => [choice(first, "the transaction commits", {
    when: (state) => isUncommitted(state) && (!ordered || isWritten(state)),
    events: [{ kind: "commit", task: 2 }],
    goto: next,
  })]);
}

function design(id: string, title: string, source: string, ordered: boolean): Design {
  return {
    id,
    system: "B",
    title,
    source,
    bounds: {
      pages: 1,
      pmdPages: 1,
      mappings: 0,
      tasks: 4,
      locals: 1,
      folios: 1,
      blocks: 1,
      durable: true,
    },
    start: (state) => {
      for (const copy of [state.media, state.pending, state.visible]) copy[0] = FOREIGN;
      commitMap(state);
    },
    actors: [writer(), writeback(), journal(ordered), power(3)],
    breaks: ordered ? [] : ["DUR-4"],
  };
}

/** New blocks and what is on them when the map to them commits. */
export const orderedDataDesigns: readonly Design[] = [
  design(
    "B-ordered",
    "a transaction commits only after the data of its new blocks is written",
    "ext4 data=ordered; XFS and btrfs commit the extent at I/O completion",
    true,
  ),
  design(
    "B-unordered",
    "a transaction commits whether or not the data of its new blocks is written",
    "ext4 data=writeback",
    false,
  ),
];
