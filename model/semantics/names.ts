/**
 * The names that rows use: constants, functions of the world, and procedures that several events share.
 *
 * @module
 */
import { Content } from "../content.ts";
import { Removed } from "../effects/blocks.ts";
import { Direct } from "../effects/direct_io.ts";
import { Dma, wasPinned } from "../effects/pin.ts";
import { Extent } from "../extent.ts";
import { Folio } from "../folio.ts";
import { lockModes } from "../mode_lock.ts";
import { Pte } from "../page_table.ts";
import { Held, rwsems } from "../rwsem.ts";
import { FOREIGN, Journal } from "../storage.ts";
import { Entry, Owed, Pass, Saw, Tag } from "../xarray.ts";

/** Constants of one view or of several. */
interface Constants {
  /** The view, or two. */
  readonly of: string;
  /** How its bytes are made of them; a byte is one of them if absent. */
  readonly as?: string;
  readonly values: Readonly<Record<string, number>>;
}

/** All constants. */
export const constants: readonly Constants[] = [
  { of: "`extent` `diskExtent`", values: Extent },
  { of: "`entry`", as: "a kind, and `PMD` added to it", values: Entry },
  { of: "`tag`", as: "bits", values: Tag },
  {
    of: "`pte` `tlb`",
    as: "an access, and `PTE_HUGE` added to it where a PMD maps the page",
    values: prefixed("PTE_", Pte),
  },
  { of: "`folio`", as: "bits", values: prefixed("PG_", Folio) },
  { of: "`content`", values: Content },
  { of: "`pass`", as: "bits", values: Pass },
  { of: "`saw`", as: "bits", values: prefixed("SAW_", Saw) },
  {
    of: "`owed`",
    as: "bits",
    values: {
      OWED_CLEAN: Owed.CLEAN,
      OWED_FLUSH: Owed.FLUSH,
      OWED_BEGAN: Owed.BEGAN_DIRTY,
    },
  },
  { of: "`removed`", as: "bits", values: Removed },
  {
    of: "`direct`",
    as: "the page + 1 in the lower half, and bits",
    values: {
      DIRECT_PAGE: Direct.PAGE,
      REOPENED: Direct.REOPENED,
      WAS_REOPENED: Direct.WAS_REOPENED,
      WAS_UNWRITTEN: Direct.WAS_UNWRITTEN,
    },
  },
  { of: "`dma`", values: Dma },
  { of: "`pinnedBlock`", as: "a block + 1, or", values: { WAS_PINNED: wasPinned } },
  {
    of: "`media` `pending`",
    as: "bits of writes, and a bit of what the last owner left",
    values: { FOREIGN },
  },
  { of: "`journal`", as: "three bytes, at", values: Journal },
  {
    of: "`rwsem`",
    as: "one byte for each, at",
    values: Object.fromEntries(rwsems.map((name, place) => [name, place])),
  },
  {
    of: "`rwsem`",
    as: "how many read, or the writer's task added to",
    values: { HELD_EXCLUSIVE: Held.EXCLUSIVE },
  },
  {
    of: "`lock`",
    as: "a mode; where the task had it before, that mode times 16 added",
    values: lockModes,
  },
];

function prefixed(
  prefix: string,
  values: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}

/** A function of the world: its head, and the expression that it stands for. */
interface NamedExpression {
  readonly head: string;
  readonly is: string;
  readonly says: string;
}

/** All functions. */
export const functions: readonly NamedExpression[] = [
  { head: "start(p)", is: "p - p % pmdPages", says: "first page of the PMD range" },
  { head: "kind(p)", is: "entry[p] - (entry[p] & PMD)", says: "kind of the entry" },
  {
    head: "head(p)",
    is: "entry[p] & PMD ? start(p) : p",
    says: "where marks and lock of the entry are kept",
  },
  { head: "first(p)", is: "head(p)", says: "first page that the entry covers" },
  {
    head: "end(p)",
    is: "entry[p] & PMD ? start(p) + pmdPages : p + 1",
    says: "one past the last page that the entry covers",
  },
  { head: "tags(p)", is: "tag[head(p)]", says: "marks of the entry" },
  { head: "locker(p)", is: "holder[head(p)]", says: "task + 1 that holds the entry's lock; or 0" },
  {
    head: "quiet(p)",
    is: "inflight[p] == 0 and locker(p) == 0",
    says: "nobody is inside a call for the page, and its entry is unlocked",
  },
  { head: "at(v, p)", is: "v * pages + p", says: "place of a mapping's page in `pte`" },
  {
    head: "access_of(v, p)",
    is: "pte[at(v, p)] - (pte[at(v, p)] & PTE_HUGE)",
    says: "what the page table permits",
  },
  {
    head: "kept_access(v, p)",
    is: "tlb[at(v, p)] - (tlb[at(v, p)] & PTE_HUGE)",
    says: "what a kept translation permits",
  },
  {
    head: "pte_of(w)",
    is: 'w == "zero" ? PTE_ZERO : w == "read" ? PTE_READ : w == "write" ? PTE_WRITE : PTE_ANON',
    says: "the access that a word names",
  },
  {
    head: "can_write(a)",
    is: "a == PTE_WRITE or a == PTE_ANON",
    says: "the access permits stores",
  },
  {
    head: "may_store(v, p)",
    is: "can_write(access_of(v, p)) or kept_access(v, p) == PTE_WRITE",
    says: "a CPU can store without a fault",
  },
  {
    head: "is_mapped(a, from, to)",
    is: "any v in [0, mappings): any p in [from, to): access_of(v, p) == a",
    says: "some mapping has this access to one of the pages",
  },
  {
    head: "has_mapping(p)",
    is: "any a in [PTE_ZERO, PTE_WRITE + 1): is_mapped(a, p, p + 1)",
    says: "some mapping has the zero page or the block there",
  },
  {
    head: "is_kept(from, to)",
    is: "any v in [0, mappings): any p in [from, to): kept_access(v, p) == PTE_WRITE",
    says: "some CPU keeps a writable translation of one of the pages",
  },
  {
    head: "is_writable(from, to)",
    is: "is_mapped(PTE_WRITE, from, to) or is_kept(from, to)",
    says: "some CPU can store to one of the pages without a fault",
  },
  {
    head: "file_of(p)",
    is: "p * files / pages",
    says: "the file of the page",
  },
  {
    head: "within(p)",
    is: "p - file_of(p) * pages / files",
    says: "the page's number in its file",
  },
  {
    head: "is_cached(p, flags)",
    is: "slot[p] != 0 and (folio[slot[p] - 1] & flags) == flags",
    says: "the page has a folio with all these flags",
  },
  {
    head: "may_lock(f, t)",
    is: "locked[f] == 0 or locked[f] == t + 1",
    says: "nobody else has the folio locked",
  },
  {
    head: "is_outbound(f)",
    is: "folio[f] & (PG_DIRTY + PG_WRITEBACK) and backing[f] != 0",
    says: "the folio is to be written to the block that its buffers name",
  },
  {
    head: "is_clean(p)",
    is: "slot[p] != 0 and folio[slot[p] - 1] == PG_UPTODATE and locked[slot[p] - 1] == 0",
    says: "the page has a folio that is uptodate, unlocked and nothing else",
  },
  {
    head: "is_held(f)",
    is: "any t in [0, tasks): hand[t] == f + 1 or pinned[t] == f + 1",
    says: "a task has the folio in its hand, or pinned",
  },
  {
    head: "is_pointed_at(f)",
    is: "any i in [0, mappings * pages): pfn[i] == f + 1",
    says: "a PTE points at the folio",
  },
  {
    head: "known(f)",
    is: "is_held(f) or is_pointed_at(f) or any p in [0, pages): slot[p] == f + 1",
    says: "somebody has the folio",
  },
  {
    head: "on_block(b)",
    is: "durable ? visible[b] : media[b]",
    says: "what reads of the block see",
  },
  {
    head: "on_disk(p)",
    is: "extent[p] == MAPPED ? on_block(block[p] - 1) : 0",
    says: "what a read past the page cache gets",
  },
  {
    head: "read_of(p)",
    is: "is_cached(p, PG_UPTODATE) ? memory[slot[p] - 1] : on_disk(p)",
    says: "what a read gets",
  },
  {
    head: "is_durable(p)",
    is: "diskExtent[p] == MAPPED and diskBlock[p] != 0 and within(p) < diskSize[file_of(p)]",
    says: "the journal would bring the page's block back",
  },
  {
    head: "after_crash(p)",
    is: "is_durable(p) ? media[diskBlock[p] - 1] : 0",
    says: "what a read gets if power fails now and the journal is replayed",
  },
  {
    head: "mode_of(l, t)",
    is: "lock[l * tasks + t] & 15",
    says: "the mode in which a task holds a lock; or 0",
  },
  {
    head: "admits(l, t, m)",
    is: "mode_of(l, t) == 0 or (mode_of(l, t) == m and m != EXCLUSIVE)",
    says: "what this task holds lets another take the lock in mode m",
  },
  {
    head: "is_taken(l, m)",
    is: "any t in [0, tasks): mode_of(l, t) == m or lock[l * tasks + t] / 16 == m",
    says: "some task holds the lock in this mode, or held it so before it took it again",
  },
  { head: "line_mask(n)", is: "n == 0 ? 0x55 : 0xaa", says: "the writes that a cache line holds" },
  {
    head: "with_line(into, from, n)",
    is: "into - (into & line_mask(n)) + (from & line_mask(n))",
    says: "one cache line copied into the other",
  },
];

/** Lines that several events share. */
interface Procedure {
  readonly head: string;
  readonly does: readonly string[];
}

/** All procedures. */
export const procedures: readonly Procedure[] = [
  {
    head: "wake_one(h)",
    does: ["waits[lowest t in [0, tasks): waits[t] == h + 1] = 0"],
  },
  {
    head: "wake_all(h)",
    does: ["for t in [0, tasks): if waits[t] == h + 1: waits[t] = 0"],
  },
  {
    head: "write_block(b, new)",
    does: [
      "if not durable: media[b] = new",
      "visible[b] = new",
      "pending[b] = new",
    ],
  },
  { head: "drain()", does: ["for b in [0, blocks): if durable: media[b] = pending[b]"] },
  { head: "change_map()", does: ["journal[IN_CORE] = journal[IN_CORE] + 1"] },
  {
    head: "note_write(p, new)",
    does: ["completed[p] gains new", "tracked[p] gains new"],
  },
  {
    head: "forget_writes(p)",
    does: [
      ...["completed", "tracked", "synced", "covered", "dsynced", "fenced"]
        .map((view) => `${view}[p] = 0`),
      "for t in [0, tasks): promise[t * pages + p] = 0",
    ],
  },
  {
    head: "forget_data(p)",
    does: [
      "content[p] = STALE",
      "unflushed[p] = 0",
      "for t in [0, tasks): owed[t * pages + p] loses OWED_FLUSH",
    ],
  },
  {
    head: "take(t, n)",
    does: ["f = hand[t] - 1", "hand[t] = n", "do forget_folio(f)"],
  },
  {
    head: "forget_folio(f)",
    does: [
      "free = not known(f)",
      ...["folio", "locked", "memory", "backing", "settled", "dirtyBlocks"]
        .map((view) => `if free: ${view}[f] = 0`),
    ],
  },
];
