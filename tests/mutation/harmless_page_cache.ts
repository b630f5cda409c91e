/**
 * What designs of the page cache, of direct I/O, of journals and of pins do not miss, and why
 * (`harmless.ts`).
 *
 * @module
 */
import type { HarmlessLoss } from "./harmless_loss.ts";

/** Everything but DAX faults and their fsync. */
export const harmlessInPageCache: readonly HarmlessLoss[] = [
  {
    harm: "none",
    why: "a folio that stays dirty is written back once more",
    systems: "BE",
    losses: ["folio_clear_dirty_for_io(N): clear_dirty_for_io"],
  },
  {
    harm: "none",
    why: "the folio stays dirty as well as writable, and is written back once more",
    systems: "B",
    losses: ["folio_clear_dirty_for_io(N): all"],
  },
  {
    harm: "none",
    why: "a page that is written though it is clean, or that stays dirty, is written once more",
    systems: "B",
    losses: [
      "ext4_writepages(N) -> block tracked: guard",
      "ext4_writepages(N) -> block tracked: clear_dirty_for_io",
    ],
  },
  {
    harm: "none",
    why: "with two callers nobody waits for two fast commits that had begun before",
    systems: "B",
    losses: ["jbd2_fc_begin_commit() -> begins: guard"],
  },
  {
    harm: "none",
    why: "what the environment does it need not do: another file, munmap, reclaim, a commit, " +
      "writeback that finds nothing",
    systems: "BCEF",
    losses: [
      "and writes to it: direct_write",
      "another file gets the block: allocate",
      "folio_trylock(), folio_unmap_invalidate(): remove_folio invalidate",
      "munmap(): unmap_page",
      "ordered commit finds the folio dirty: find_folio",
      "shrink_folio_list(N): remove_folio reclaim",
      "the running transaction commits: commit",
      "the transaction commits: commit",
      "truncate_inode_pages_range(): remove_folio invalidate",
      "writeback finds the folio: find_folio",
      "writeback finds the page DIRTY: find_folio",
      "writeback of the page fails: set_wb_error",
      "zap_pte_range(): zap_folio",
    ],
  },
  {
    harm: "none",
    why: "it is done where there is nothing to do, and changes nothing there",
    systems: "BCF",
    losses: [
      "jbd2_complete_transaction(i_datasync_tid) -> running: it commits: guard",
      "ordered commit finds the folio dirty: guard",
      "ordered commit finds the folio dirty: lock (PG_locked)",
      "sync_inodes_sb(): is the inode dirty? -> yes: guard",
      "the device empties its cache: guard",
      "the running transaction becomes the committing one: guard",
      "the running transaction commits: guard",
      "what was stored reaches the memory: guard",
      "writeback finds the folio: guard",
      "writeback finds the page DIRTY: guard",
      "zap_pte_range(): guard",
    ],
  },
  {
    harm: "none",
    why: "a clean folio is written back, and nobody else works on it",
    systems: "F",
    losses: ["filemap_write_and_wait(N) -> dirty: guard"],
  },
  {
    harm: "none",
    why: "it fails where it need not: invariants say what must not happen, not what must succeed",
    systems: "ABCDEF",
    losses: [
      "->iomap_begin(N, UNSHARE) -> of a hole: nothing to do: guard",
      "check i_size again for page N -> SIGBUS: guard",
      "check i_size for page N -> SIGBUS: guard",
      "fallocate(PUNCH_HOLE, N) -> refused: guard",
      "filemap_get_folio(N) -> beyond the end: SIGBUS: guard",
      "folio_trylock(), folio_unmap_invalidate() -> dirty again: it stays: guard",
      "gup_fast() -> gives up: guard",
      "gup_fast() -> not present: gives up: guard",
      "i_size_read() -> beyond: guard",
      "inode_dio_begin() -> behind the end: guard",
      "try lock SH(glock X) -> busy, and out of order: guard",
      "dax_iomap_fault(N) -> no VMA, or no block: guard",
    ],
  },
  {
    harm: "none",
    why: "the fault looks again under the folio lock, where i_size cannot be passed any more",
    systems: "F",
    losses: ["check i_size for page N: guard"],
  },
  {
    harm: "unseen",
    why: "nothing is stored where nothing is cached: it reads as zeros before the punch already",
    systems: "B",
    losses: [
      "fallocate(PUNCH_HOLE, N) -> not cached: remove_extent hole",
    ],
  },
  {
    harm: "unseen",
    why: "what write(2) leaves in the page cache: in this world nobody reads it or syncs it",
    systems: "F",
    losses: [
      "->iomap_begin(N) -> UNWRITTEN: map_blocks",
    ],
  },
  {
    harm: "unseen",
    why: "a fault for a load ends its program: no load follows that would fault for ever",
    systems: "F",
    losses: ["set_pte_range(N): map_folio read"],
  },
  {
    harm: "none",
    why: "the folio that is there is found again where one would be added",
    systems: "CF",
    losses: ["filemap_get_folio(N) -> nothing: guard"],
  },
  {
    harm: "unseen",
    why:
      "who finds a folio and does not take it copies from none, or begins again: what is copied " +
      "is no event",
    systems: "C",
    losses: ["filemap_add_folio(N) -> folio: find_folio"],
  },
  {
    harm: "none",
    why: "where it is read from is what the reader says; what it sees, the state says",
    systems: "CF",
    losses: [
      "pread(N) after the direct write -> cached: guard",
      "pread(N) after the direct write -> from disk: guard",
      "pread(N) after the punch -> cached: guard",
      "pread(N) after the punch -> from disk: guard",
    ],
  },
  {
    harm: "none",
    why: "over an unwritten block as over none, a folio is filled with zeros",
    systems: "CF",
    losses: ["look up block of page N -> UNWRITTEN: map_blocks"],
  },
  {
    harm: "none",
    why:
      "a store that is as late as that is no older than the direct write, which replaces all of it",
    systems: "C",
    losses: ["invalidate_inode_pages2_range(N) -> removed: guard"],
  },
  {
    harm: "none",
    why:
      "nothing is written directly: the rest goes through the page cache, which may stay as it is",
    systems: "C",
    losses: ["invalidate_inode_pages2_range(N): remove_folio invalidate"],
  },
  {
    harm: "none",
    why: "a folio is copied that need not be",
    systems: "E",
    losses: ["folio_start_writeback(N) -> pinned: copy it: guard"],
  },
  {
    harm: "none",
    why: "the device goes by the pin: without one it writes to nobody's block",
    systems: "DE",
    losses: ["gup_fast() -> pinned: pin_block"],
  },
  {
    harm: "unseen",
    why: "a pin keeps the buffer where it is, and in this world nobody takes it away",
    systems: "E",
    losses: ["pin_user_pages(buffer): pin"],
  },
  {
    harm: "unseen",
    why: "without a VMA there is no page table to map a page into",
    systems: "E",
    losses: ["dax_iomap_fault(N) -> mapped: guard"],
  },
  {
    harm: "unseen",
    why: "who finds nothing mapped behind a fault does not fault again, and gets no pin",
    systems: "E",
    losses: ["dax_iomap_fault(N) -> mapped: map_page pte write"],
  },
  {
    harm: "none",
    why: "who takes the folio for cached reads nothing that anybody sees",
    systems: "B",
    losses: ["filemap_get_folio(N) -> folio: guard"],
  },
  {
    harm: "none",
    why: "a change of the block map is all that there is: nothing of it waits in the device",
    systems: "B",
    losses: ["jbd2_complete_transaction(i_datasync_tid) -> committed: flush_device"],
  },
  {
    harm: "none",
    why: "who wakes while a page is pinned looks at the pins again",
    systems: "E",
    losses: ["sleep until page N is idle: guard"],
  },
  {
    harm: "none",
    why: "the folio is unmapped once more where it cannot be split",
    systems: "F",
    losses: ["unmap_mapping_range(N, end): zap_folio"],
  },
  {
    harm: "none",
    why: "less is mapped than could be, and the next access faults",
    systems: "F",
    losses: ["i_size_read(): how much of the folio is in the file -> one page: guard"],
  },
  {
    harm: "none",
    why: "nothing is reserved, and nothing is taken back",
    systems: "F",
    losses: ["->iomap_begin(N): reserve a block: allocate unwritten"],
  },
  {
    harm: "none",
    why: "a shadow entry that is not split holds nothing that could get lost",
    systems: "B",
    losses: ["xa_get_order() of the shadow -> one page: guard"],
  },
  {
    harm: "unseen",
    why: "what is replaced by a split of the wrong order, the design says that splits so",
    systems: "B",
    losses: ["xas_split(), xas_store(N) under xa_lock: guard"],
  },
  {
    harm: "unseen",
    why: "who cannot go on is not missed where power may fail at any time",
    systems: "B",
    losses: [
      "xas_split(), xas_store(N) under xa_lock: add_folio",
      "xas_split(), xas_store(N) under xa_lock: all",
    ],
  },
  {
    harm: "unseen",
    why: "what is done with a folio under writeback nobody asks here",
    systems: "B",
    losses: ["folio_wait_writeback(N): guard"],
  },
  {
    harm: "unseen",
    why: "the file has given the page back by then: what the device writes there nobody reads",
    systems: "C",
    losses: ["the device writes the page: direct_write"],
  },
  {
    harm: "unseen",
    why: "a fault that locks no entry hides none from the scan, and maps nothing here",
    systems: "E",
    losses: ["grab_mapping_entry(N): lock (entry)"],
  },
  {
    harm: "none",
    why: "a folio that nobody marked is written back too",
    systems: "E",
    losses: ["writeback walks TOWRITE folios -> folio N: guard"],
  },
];
