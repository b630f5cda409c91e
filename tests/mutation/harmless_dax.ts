/**
 * What DAX designs do not miss, and why (`harmless.ts`).
 *
 * @module
 */
import type { HarmlessLoss } from "./harmless_loss.ts";

/** Faults, write(2), removals and fsync of DAX files. */
export const harmlessInDax: readonly HarmlessLoss[] = [
  {
    harm: "none",
    why: "a fault that finds no hole mapping to put in place may as well do it with PTEs",
    systems: "A",
    losses: [
      "dax_pmd_load_hole(N) -> FALLBACK: guard",
    ],
  },
  {
    harm: "none",
    why: "the look-up behind it finds that no extent covers the range, and falls back",
    systems: "D",
    losses: ["dax_fault_check_fallback(): guard"],
  },
  {
    harm: "none",
    why: "a mapping is taken away that need not go: the next access faults again",
    systems: "AD",
    losses: [
      "VM_FAULT_FALLBACK -> PMD split: guard",
      "dax_insert_entry(N) -> ZERO entry: guard",
      "dax_insert_entry(N, DIRTY) -> ZERO entry: guard",
      "dax_insert_entry(N, PMD) -> ZERO entry: guard",
      "dax_insert_entry(N, PMD, DIRTY) -> ZERO entry: guard",
      "dax_is_zero_entry() -> yes: guard",
    ],
  },
  {
    harm: "none",
    why:
      "what is mapped already is mapped again: the block is the same while the entry is locked, " +
      "and a mapping that loses its write permission takes another fault",
    systems: "AD",
    losses: [
      "dax_pmd_load_hole(N): guard",
      "vmf_insert_mixed(N): guard",
      "vmf_insert_pfn_pmd(N): guard",
    ],
  },
  {
    harm: "none",
    why:
      "a store that finds nothing mapped faults again, and then the block is there and committed",
    systems: "AB",
    losses: [
      "dax_insert_mapping(N) -> zeroed: map_page pte write",
      "dax_finish_sync_fault(N): all",
      "dax_finish_sync_fault(N): map_page pte write",
    ],
  },
  {
    harm: "none",
    why: "an entry that stays is replaced, and its mappings go, when a fault finds the block",
    systems: "A",
    losses: [
      "invalidate_inode_pages2_range(N) -> deleted: remove_entry invalidate",
      "delete_from_page_cache(N): remove_entry invalidate",
    ],
  },
  {
    harm: "none",
    why: "a clean entry may stay, or the call itself removes it with its range",
    systems: "D",
    losses: ["dax_delete_mapping_range(N) -> DIRTY, kept: guard"],
  },
  {
    harm: "none",
    why: "an entry that is clean is written back",
    systems: "D",
    losses: ["tag_pages_for_writeback(N) -> TOWRITE: guard"],
  },
  {
    harm: "none",
    why: "who wakes while a page is pinned looks at the pins again",
    systems: "D",
    losses: ["woken: filemap_invalidate_lock(): guard"],
  },
  {
    harm: "none",
    why: "who wakes for nothing looks at the entry again and sleeps again",
    systems: "A",
    losses: ["schedule() -> woken: guard"],
  },
  {
    harm: "none",
    why: "within a PMD's range no slot is a head: the walk finds nothing there and goes on",
    systems: "D",
    losses: ["clear DIRTY, unlock entry N: guard", "done with N: guard"],
  },
  {
    harm: "none",
    why: "an entry that stays marked TOWRITE is written back once more, by whoever sees the mark",
    systems: "AD",
    losses: [
      "xas_for_each_marked(TOWRITE) -> entry N locked: clear_mark TOWRITE",
      "xas_for_each_marked(TOWRITE) -> entry N locked: all",
      "clear DIRTY, unlock entry N: clear_mark TOWRITE",
      "clear DIRTY, unlock entry N -> PMD: clear_mark TOWRITE",
      "done with N: clear_mark TOWRITE",
      "done with N -> PMD: clear_mark TOWRITE",
    ],
  },
  {
    harm: "none",
    why: "the PMD is made empty and then read-only: each of the two stops stores, and a fault " +
      "brings back what is missing",
    systems: "D",
    losses: [
      "mkclean entry N in mapping N -> PMD is none: all",
      "mkclean entry N in mapping N -> PMD is none: mkclean",
      "mkclean entry N in mapping N -> PMD is none: unmap_page",
      "set_pmd_at() in mapping N: map_page pmd read",
    ],
  },
  {
    harm: "none",
    why:
      "both ways protect what is there, and the PMD's VMA is the last: nothing is left over for it",
    systems: "D",
    losses: ["mkclean entry N in mapping N -> PTE: guard"],
  },
  {
    harm: "unseen",
    why: "whether the advice was followed nobody asks",
    systems: "D",
    losses: [
      "madvise(MADV_DONTNEED) by task N -> pmd_none, passed over: guard",
      "madvise(MADV_DONTNEED) by task N: all",
    ],
  },
  {
    harm: "none",
    why: "with the fault lock held, one look for a hole page is enough, and it need not be locked",
    systems: "A",
    losses: [
      "find_get_page(N) -> none: guard",
      "find_get_page(N): lock (entry)",
      "find_lock_page(N) -> none: guard",
    ],
  },
  {
    harm: "none",
    why:
      "the last mapping is the store's own, which gets the block next; a hole page that stays and " +
      "is mapped nowhere is kicked out by the next fault that finds it",
    systems: "A",
    losses: [
      "unmap_mapping_pages(N) in mapping N: all",
      "unmap_mapping_pages(N) in mapping N: remove_entry invalidate",
    ],
  },
  {
    harm: "none",
    why: "an empty slot is locked, and nothing is kicked out of it",
    systems: "A",
    losses: ["find_lock_page(N) -> page found: guard"],
  },
  {
    harm: "none",
    why: "where the page is gone, or mapped nowhere any more, kicking it out does nothing",
    systems: "A",
    losses: ["lock_page(N): guard"],
  },
  {
    harm: "none",
    why: "the fault commits although nothing is left to commit",
    systems: "B",
    losses: ["dax_insert_entry(N) -> IOMAP_F_DIRTY: guard"],
  },
  {
    harm: "unseen",
    why: "only syncfs and background writeback look for it: B1-syncfs-marked has a syncfs, and " +
      "misses it in the fault of the MAP_SYNC mapping",
    systems: "B",
    losses: ["dax_insert_entry(N), map it writable: mark_inode_dirty"],
  },
  {
    harm: "none",
    why: "an entry that loses its write permission, or is missing, takes another fault",
    systems: "D",
    losses: [
      "change_pte_range() of mapping N -> read-only: guard",
      "copy_pte_range(): mapping N to N -> read-only: guard",
      "move_ptes(): mapping N to N -> read-only: guard",
      "move_ptes(): two entries -> read-only: guard",
      "move_ptes(): two entries -> the first is writable: map_page pte read",
      "the device loads mapping N's entry -> read-only: guard",
    ],
  },
  {
    harm: "none",
    why: "a page that stays shared has what it had",
    systems: "A",
    losses: ["copy_mc_to_kernel(): all"],
  },
  {
    harm: "unseen",
    why: "an entry of one page that stands for a PMD: the fsync of D22 alone goes by what it names",
    systems: "D",
    losses: ["split the PMD entry -> none: guard"],
  },
];
