/**
 * Mutants that no vector can tell from the model, each with its proof or the reason.
 *
 * @module
 */

/** How it is known that nobody can tell. */
export type Proof =
  /** On every step of every design, within the bounds that a test names, it breaks what the model does. */
  | "same verdicts"
  /** On every such step, it leaves the state that the model leaves. */
  | "same states"
  /** By the reason alone. */
  | "reason";

/** Mutants by their ids, and why nobody can tell. */
interface Equivalents {
  readonly ids: RegExp;
  readonly proof: Proof;
  readonly why: string;
}

/** A word for ids that end in one of these. */
function oneOf(prefix: string, ...rest: readonly string[]): RegExp {
  const escaped = rest.map((each) => each.replaceAll(".", "\\."));
  return new RegExp(`^${prefix}(?:${escaped.join("|")})$`);
}

/** In the order of the matrix. */
export const equivalents: readonly Equivalents[] = [
  {
    ids: /^effect\/crash\//,
    proof: "reason",
    why: "a world ends with its power failure: what it leaves is judged in the state before it",
  },
  {
    ids: oneOf(
      "field/",
      "contend/task",
      "convert_unwritten/task",
      "direct_write/task",
      "dma_write/page",
      "invalidate_again/page",
      "invalidate_again/task",
      "invalidated/page",
      "refuse_pin/task",
      "set_wb_error/task",
      "sleep_on_pins/task",
    ),
    proof: "same states",
    why: "what the event does to the world does not depend on this field; invariants may read it",
  },
  {
    ids: oneOf("", "effect/lock_entry/tag", "effect/insert_entry/holder"),
    proof: "reason",
    why: "only a PMD entry that replaces smaller ones would show it, and that breaks DAX-ENTRY-2",
  },
  {
    ids: /^field\/wait_entry\/task$/,
    proof: "reason",
    why: "DAX-ENTRY-5 counts who sleeps, and to take each task for the next keeps their number",
  },
  {
    ids: oneOf("effect/", "sync_end/owed", "fsync_end/promisedMap"),
    proof: "reason",
    why: "the next call of the task begins with what it owes then, whatever the last one left",
  },
  {
    ids: oneOf("", "effect/mkclean/pass", "invariant/DAX-CLEAN-2/no pass"),
    proof: "reason",
    why: "it tells whether DAX-CLEAN-2 was kept or had nothing to say, never whether it broke",
  },
  {
    ids: oneOf("effect/", "end_writeback/tag"),
    proof: "reason",
    why:
      "no invariant asks for the WRITEBACK mark of a slot: PG_writeback of its folio says the same",
  },
  {
    ids: /^field\/end_writeback\/page$/,
    proof: "reason",
    why:
      "no invariant asks for the WRITEBACK mark of a slot, which is all that the page is needed for",
  },
  {
    ids: /^effect\/evict_line\/pending$/,
    proof: "reason",
    why:
      "what a CPU evicts on its own is promised to nobody, and a flush brings the same line again",
  },
  {
    ids: oneOf(
      "",
      "effect/mark_inode_dirty/inodeDirty",
      "effect/set_wb_error/eio",
      "effect/report_error/eio",
      "field/report_error/clears",
    ),
    proof: "reason",
    why: "designs go by it when they choose their next step; no invariant and no effect reads it",
  },
  {
    ids: oneOf("", "effect/mark_pinned_dirty/(?:tag|folio)", "field/mark_pinned_dirty/page"),
    proof: "reason",
    why:
      "a folio that was not dirty has broken PIN-3 by then, and a dirty one bears the mark already",
  },
  {
    ids: /^effect\/unpin\/dma$/,
    proof: "reason",
    why: "a page that is unpinned unmarked has broken PIN-2 by then, and a marked one owes nothing",
  },
  {
    ids: oneOf("", "effect/dma_write_block/media", "field/dma_write_block/(?:task|writes)"),
    proof: "reason",
    why:
      "LAYOUT-1 speaks of the moment at which the block is freed, not of what is written there later",
  },
  {
    ids: /^effect\/shift_extent\/owner$/,
    proof: "reason",
    why: "of a block that has an owner only that is asked: that it is not free",
  },
  {
    ids: oneOf("invariant/(?:COH-[134]|INV-4|META-3)/", "no journal"),
    proof: "same verdicts",
    why: "what it asks of the journal is whether the world has one, not what is in it",
  },
  {
    ids: oneOf(
      "invariant/",
      "META-3/no refuse_change",
      "META-3/refuse_change.page",
      "PIN-5/no refuse_pin",
      "PIN-5/refuse_pin.longterm",
      "RO-1/no refuse_pin",
      "WB-TOWRITE-1/no start_writeback",
      "WB-TOWRITE-1/start_writeback.page",
    ),
    proof: "same verdicts",
    why: "by this event the invariant can only be kept, never broken",
  },
  {
    ids: oneOf(
      "invariant/",
      "DAX-CLEAN-2/after",
      "DUR-4/after",
      "META-2/after",
      "META-3/after",
      "INV-4/after",
      "WB-BLOCK-1/after",
      "STABLE-2/after",
    ),
    proof: "same verdicts",
    why: "the events that it judges change nothing of what it looks at",
  },
  {
    ids: /^invariant\/DUR-4\/no block$/,
    proof: "same verdicts",
    why: "a block that only the in-core map knows of is not found after a power failure",
  },
  {
    ids: /^invariant\/DAX-ENTRY-4\/no holder$/,
    proof: "same verdicts",
    why: "where it breaks there is no entry, and what is not there is not locked",
  },
  {
    ids: /^invariant\/DAX-ENTRY-5\/no unlock_entry$/,
    proof: "same verdicts",
    why: "unlocking wakes the next sleeper in the same step; only a deletion can leave one behind",
  },
  {
    ids: oneOf("invariant/WB-CLEAN-1/", "clear_dirty_for_io.task", "start_writeback.page"),
    proof: "same verdicts",
    why: "of clearing PG_dirty it asks where, of starting writeback who",
  },
  {
    ids: oneOf(
      "design/",
      "C2-self",
      "C3-naive",
      "C4-faults",
      "C4-faults-self",
      "WB-cyclic-wrapped",
    ),
    proof: "reason",
    why:
      "all that it breaks is LOCK-1: that somebody waits for ever is no event; operation vectors " +
      "show it",
  },
];

/** Why the mutant cannot be told from the model, or undefined if it should be. */
export function equivalence(id: string): string | undefined {
  return equivalents.find(({ ids }) => ids.test(id))?.why;
}
