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
    harm: "unseen",
    why:
      "a reference that is not given back: nobody counts them, and whoever takes the next drops it",
    systems: "BCEF",
    losses: [
      "->iomap_valid -> stale: put_folio",
      "->page_mkwrite(N) -> allocates: put_folio",
      "->page_mkwrite(N) -> buffers mapped: put_folio",
      "->page_mkwrite(N): put_folio",
      "check i_size again for page N -> SIGBUS: put_folio",
      "copy in, iomap_write_end(N): put_folio",
      "copy page N to the user: put_folio",
      "delayed allocation: nothing is written, the folio stays dirty: put_folio",
      "folio N is uptodate: put_folio",
      "folio_clear_dirty_for_io(N) -> skipped: put_folio",
      "folio_end_writeback(N): put_folio",
      "lock folio N -> truncated: put_folio",
      "nothing to write: put_folio",
      "set_pte_range(N): put_folio",
      "write(2): copy in to folio N: put_folio",
    ],
  },
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
    harm: "unseen",
    why: "a pin that is never given back: the page is copied for ever, and nobody waits for it",
    systems: "E",
    losses: [
      "put_user_page(): unpin",
      "set_page_dirty_lock(), put_user_page(): all",
      "set_page_dirty_lock(), put_user_page(): unpin",
      "the device reads the copy: unpin",
    ],
  },
  {
    harm: "none",
    why: "what the environment does it need not do: another file, munmap, reclaim, a commit, " +
      "writeback that finds nothing",
    systems: "BCEF",
    losses: [
      "and writes to it: direct_write",
      "another file gets the block: allocate",
      "munmap(): unmap_page",
      "ordered commit finds the folio dirty: find_folio",
      "shrink_folio_list(N): remove_folio reclaim",
      "the running transaction commits: commit",
      "the transaction commits: commit",
      "writeback finds the page DIRTY: find_folio",
      "writeback of the page fails: set_wb_error",
      "zap_pte_range(): zap_folio",
    ],
  },
  {
    harm: "none",
    why: "it is done where there is nothing to do, and changes nothing there",
    systems: "BCEF",
    losses: [
      "ordered commit finds the folio dirty: guard",
      "ordered commit finds the folio dirty: lock (PG_locked)",
      "sync_inodes_sb(): is the inode dirty? -> yes: guard",
      "the device empties its cache: guard",
      "the running transaction commits: guard",
      "what was stored reaches the memory: guard",
      "writeback finds the page DIRTY: guard",
      "writeback walks TOWRITE folios -> folio N: guard",
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
    systems: "ABDEF",
    losses: [
      "check i_size again for page N -> SIGBUS: guard",
      "check i_size for page N -> SIGBUS: guard",
      "fallocate(PUNCH_HOLE, N) -> refused: guard",
      "filemap_get_folio(N) -> beyond the end: SIGBUS: guard",
      "gup_fast() -> gives up: guard",
      "gup_fast() -> not present: gives up: guard",
      "i_size_read() -> beyond: guard",
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
    why: "a file whose size does not change: nobody asks for it afterwards",
    systems: "BF",
    losses: ["ftruncate: i_size_write(N blocks): set_size", "i_size_write(N): set_size"],
  },
  {
    harm: "unseen",
    why: "what write(2) leaves in the page cache: in this world nobody reads it or syncs it",
    systems: "BF",
    losses: [
      "->iomap_begin(N) -> UNWRITTEN: map_blocks",
      "__iomap_write_begin(N): write_begin",
      "copy in, iomap_write_end(N): all",
      "copy in, iomap_write_end(N): copy_in",
      "write(2): copy in to folio N: copy_in whole",
    ],
  },
  {
    harm: "unseen",
    why: "a dirty folio without a block: in this world nobody writes it back",
    systems: "F",
    losses: [
      "->page_mkwrite(N) -> allocates: allocate",
      "->page_mkwrite(N) -> buffers mapped: guard",
    ],
  },
  {
    harm: "none",
    why: "what is allocated already stays as it is",
    systems: "F",
    losses: ["->page_mkwrite(N) -> allocates: guard"],
  },
  {
    harm: "none",
    why: "the store faults again, and finds the buffers mapped",
    systems: "F",
    losses: ["->page_mkwrite(N) -> allocates: map_folio write"],
  },
  {
    harm: "unseen",
    why: "a fault for a load ends its program: no load follows that would fault for ever",
    systems: "F",
    losses: ["set_pte_range(N): all", "set_pte_range(N): map_folio read"],
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
    systems: "C",
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
    harm: "unseen",
    why: "what the buffer holds is not modelled, only which locks its fault takes",
    systems: "C",
    losses: [
      "pin_user_pages(mapping of X) -> present: guard",
      "pin_user_pages(mapping of Y) -> present: guard",
      "pin_user_pages(mapping of page N) -> present: guard",
    ],
  },
  {
    harm: "unseen",
    why: "marks and WRITEBACK come and go in one step: nobody can wait in between",
    systems: "B",
    losses: ["nothing to write: end_writeback"],
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
];
