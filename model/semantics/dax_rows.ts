/**
 * What the events of a DAX mapping do.
 *
 * @module
 */
import type { DaxEvent } from "../event.ts";
import type { EventRows } from "./row.ts";

const hasEntry = "kind(page) != NONE";

const ofEntry = "for p in [first(page), end(page)): ";
const ofPmd = "for p in [start(page), start(page) + pmdPages): ";
const ofTasks = "for t in [0, tasks): ";

/** Rows of DAX faults, marks, cleaning and removal. */
export const daxRows: EventRows<DaxEvent> = {
  call_begin: { does: ["inflight[page] = inflight[page] + 1"] },
  call_end: { possible: "inflight[page] != 0", does: ["inflight[page] = inflight[page] - 1"] },
  lock_entry: {
    possible: "locker(page) == 0",
    does: [
      'grows = order == "pmd" and not (entry[page] & PMD)',
      'if order == "pte" and kind(page) == NONE: entry[page] = EMPTY',
      `if grows: ${ofPmd}entry[p] = EMPTY + PMD`,
      `if grows: ${ofPmd}tag[p] = 0`,
      `if grows: ${ofPmd}holder[p] = 0`,
      "holder[head(page)] = task + 1",
    ],
  },
  unlock_entry: {
    possible: "locker(page) == task + 1",
    does: ["holder[head(page)] = 0", "saw[task] = 0", "do wake_one(head(page))"],
  },
  look_up: {
    does: [
      "saw[task] = extent[page] == HOLE or extent[page] == UNWRITTEN ? SAW_HOLE : SAW_MAPPED",
      "if locker(page) == task + 1: saw[task] gains SAW_LOCKED",
    ],
  },
  allocate: {
    possible: "not blocks or block[page] != 0 or any b in [0, blocks): owner[b] == 0",
    does: [
      "stale = unwritten or unzeroed",
      "b = block[page] != 0 ? block[page] - 1 : lowest n in [0, blocks): owner[n] == 0",
      "extent[page] = unwritten ? UNWRITTEN : MAPPED",
      "block[page] = b + 1",
      "owner[b] = page + 1",
      "if not stale: do write_block(b, 0)",
      "do change_map()",
      "content[page] = stale ? STALE : ZEROED",
    ],
  },
  zero_block: {
    does: ["unflushed[page] = 0", "if extent[page] != HOLE: content[page] = ZEROED"],
  },
  insert_entry: {
    possible: hasEntry,
    does: [
      'now = value == "zero" ? ZERO : PFN',
      "was = entry[page] & PMD",
      'keeps = kind(page) == PFN and (order == "pte" or was)',
      'huge = not keeps and (order == "pmd" or was)',
      "if not keeps and not huge: entry[page] = now",
      `if huge: ${ofPmd}entry[p] = now + PMD`,
      `if huge and not was: ${ofPmd}tag[p] = 0`,
      `if huge and not was: ${ofPmd}holder[p] = 0`,
      "if dirty: tag[head(page)] gains DIRTY",
    ],
  },
  remove_entry: {
    possible: hasEntry,
    does: [
      "h = head(page)",
      "e = end(page)",
      'lost = why != "invalidate" and why != "downgrade"',
      "for p in [h, e): entry[p] = NONE",
      `for p in [h, e): ${ofTasks}owed[t * pages + p] loses OWED_CLEAN`,
      "for p in [h, e): if lost and from <= p and p < to: do forget_data(p)",
      "tag[h] = 0",
      "holder[h] = 0",
      "pass[h] = 0",
      'if wake == "next": do wake_one(h)',
      'if wake != "next": do wake_all(h)',
    ],
  },
  split_entry: {
    possible: "entry[page] & PMD",
    does: [
      "h = head(page)",
      "was = kind(page)",
      "marks = tag[h]",
      "for p in [h, h + pmdPages): entry[p] = was",
      "for p in [h, h + pmdPages): tag[p] = marks",
      "for p in [h, h + pmdPages): holder[p] = 0",
      "for p in [h, h + pmdPages): pass[p] = 0",
      "do wake_all(h)",
    ],
  },
  wait_entry: {
    world: ["waitQueues"],
    possible: "locker(page) != 0",
    does: ["waits[task] = head(page) + 1"],
  },
  remove_extent: {
    does: [
      'extent[page] = becomes == "hole" ? HOLE : becomes == "unwritten" ? UNWRITTEN : BEYOND',
      "removed[page] = GONE + FREED",
      "do forget_writes(page)",
      "do change_map()",
      'if becomes != "unwritten": owner[block[page] - 1] = 0',
      'if becomes != "unwritten": block[page] = 0',
      "do forget_data(page)",
    ],
  },
  map_page: {
    does: [
      's = order == "pmd" ? start(page) : page',
      'e = order == "pmd" ? s + pmdPages : page + 1',
      'now = pte_of(access) + (order == "pmd" ? PTE_HUGE : 0)',
      "for p in [s, e): pte[at(mapping, p)] = now",
      "for p in [s, e): tlb[at(mapping, p)] = now",
    ],
  },
  unmap_page: {
    does: [
      "huge = pte[at(mapping, page)] & PTE_HUGE",
      "s = huge ? start(page) : page",
      "e = huge ? s + pmdPages : page + 1",
      "for p in [s, e): pte[at(mapping, p)] = PTE_NONE",
      "for p in [s, e): tlb[at(mapping, p)] = PTE_NONE",
    ],
  },
  store: {
    possible: "may_store(mapping, page)",
    does: [
      "own = access_of(mapping, page) == PTE_ANON",
      "if not own: unflushed[page] = 1",
      "if not own: content[page] = DATA",
    ],
  },
  load: {
    possible: 'access_of(mapping, page) > (sees == "zero" ? PTE_NONE : PTE_ZERO)',
  },
  sync_begin: {
    does: [
      "for p in [0, pages): " +
      "owed[task * pages + p] = tags(p) & DIRTY ? OWED_CLEAN + OWED_BEGAN : 0",
      "for p in [0, pages): if unflushed[p]: " +
      "owed[task * pages + p] gains OWED_FLUSH + OWED_BEGAN",
    ],
  },
  tag_towrite: { does: ["for p in [0, pages): if tag[p] & DIRTY: tag[p] gains TOWRITE"] },
  set_mark: { does: ["tag[head(page)] gains number_of(mark)"] },
  clear_mark: { does: ["tag[head(page)] loses number_of(mark)"] },
  mkclean: {
    does: [
      "huge = pte[at(mapping, page)] & PTE_HUGE",
      "writable = access_of(mapping, page) == PTE_WRITE",
      "s = huge ? start(page) : page",
      "e = huge ? s + pmdPages : page + 1",
      "if writable: for p in [s, e): pte[at(mapping, p)] = PTE_READ + huge",
      'if writable and tlbFlush != "deferred": for p in [s, e): tlb[at(mapping, p)] = PTE_NONE',
      "if writable: pass[head(page)] gains PROTECTED",
    ],
  },
  flush_tlb: { world: ["tlbs"], does: ["tlb[at(mapping, page)] = PTE_NONE"] },
  flush: {
    possible: hasEntry,
    does: [
      "s = only ? page : head(page)",
      "e = only ? page + 1 : end(page)",
      "for p in [s, e): unflushed[p] = 0",
      `for p in [s, e): ${ofTasks}owed[t * pages + p] loses OWED_FLUSH`,
      "for p in [s, e): pending[block[p] - 1] = visible[block[p] - 1]",
      "pass[head(page)] gains FLUSHED",
    ],
  },
  clear_dirty: {
    possible: hasEntry,
    does: [
      "tag[head(page)] loses DIRTY",
      "pass[head(page)] = 0",
      `${ofEntry}${ofTasks}owed[t * pages + p] loses OWED_CLEAN`,
    ],
  },
  sync_end: { does: ["for p in [0, pages): owed[task * pages + p] = 0"] },
  acquire: {
    world: ["rwsems"],
    possible: 'rwsem[number_of(lock)] < (mode == "exclusive" ? 1 : HELD_EXCLUSIVE)',
    does: [
      "r = number_of(lock)",
      'rwsem[r] = mode == "exclusive" ? HELD_EXCLUSIVE + task : rwsem[r] + 1',
    ],
  },
  release: {
    world: ["rwsems"],
    does: [
      "r = number_of(lock)",
      "rwsem[r] = rwsem[r] >= HELD_EXCLUSIVE ? 0 : rwsem[r] - 1",
    ],
  },
};
