/**
 * What kernels of other versions, and file systems, call the functions that steps are named by.
 *
 * Names were read in mm/, fs/ and block/ of Debian's 6.12; those that it no longer has (`lock_page`
 * aside, the names of pages before folios) are from memory.
 *
 * @module
 */

/** Functions that do what a step does, by the step's name without its arguments. */
const functions: Readonly<Record<string, readonly string[]>> = {
  "filemap_get_folio": ["__filemap_get_folio", "find_get_page", "pagecache_get_page"],
  "filemap_add_folio": ["add_to_page_cache_lru", "add_to_page_cache"],
  "lock folio": ["folio_lock", "lock_page"],
  // All of a fault up to the folio, which is uptodate then.
  "read folio": ["filemap_read_folio", "filemap_fault", "mpage_read_folio", "readpage"],
  "truncate_pagecache_range": ["truncate_inode_pages_range", "truncate_pagecache"],
  "truncate_pagecache": ["truncate_inode_pages_range", "truncate_setsize"],
  "free blocks of page": [
    "xfs_bmap_punch_delalloc_range",
    "xfs_free_file_space",
    "xfs_bunmapi",
    "ext4_ext_remove_space",
    "ext4_free_blocks",
  ],
  "shrink_folio_list": ["shrink_page_list", "shrink_inactive_list"],
  "gup_fast": [
    "get_user_pages_fast",
    "pin_user_pages_fast",
    "bio_iov_iter_get_pages",
    "iov_iter_extract_pages",
    "iov_iter_get_pages2",
  ],
  "pin_user_pages": [
    "get_user_pages",
    "bio_iov_iter_get_pages",
    "iov_iter_extract_pages",
    "iov_iter_get_pages2",
  ],
  "set_page_dirty_lock": ["bio_set_pages_dirty", "unpin_user_pages_dirty_lock"],
  "folio_clear_dirty_for_io": ["clear_page_dirty_for_io"],
  "folio_start_writeback": ["set_page_writeback"],
  "folio_end_writeback": ["end_page_writeback"],
  "filemap_write_and_wait": ["filemap_write_and_wait_range", "kiocb_write_and_wait"],
  "invalidate_inode_pages2_range": ["kiocb_invalidate_pages"],
  "unmap_mapping_pages": ["unmap_mapping_range", "unmap_mapping_folio"],
  "dax_insert_entry": ["dax_insert_mapping_entry"],
  "dax_unlock_entry": ["put_unlocked_entry", "put_locked_mapping_entry"],
  "vmf_insert_mixed": ["vm_insert_mixed"],
  "vmf_insert_mixed_mkwrite": ["vm_insert_mixed_mkwrite"],
  "mkclean entry": ["dax_entry_mkclean", "dax_mapping_entry_mkclean", "pfn_mkclean_range"],
};

/** Operations that each file system implements under its own name: `xfs_filemap_page_mkwrite`. */
const operations: Readonly<Record<string, string>> = {
  "->page_mkwrite": "page_mkwrite",
  "->iomap_begin": "iomap_begin",
  "get_block": "get_block",
  "read folio": "read_folio",
};

/** True if the line calls a function that does what the step of this name does. */
export function isKernelNameOf(written: string, step: string): boolean {
  const [, called] = /^(?:->)?(\w+_\w+)(?: ?\(.*\))?$/.exec(written) ?? [];
  if (called === undefined) return false;
  const [name = ""] = /^[^(]*?(?=\(| \d|$)/.exec(step) ?? [];
  const operation = operations[name];
  return functions[name]?.includes(called) === true ||
    (operation !== undefined && (called === operation || called.endsWith(`_${operation}`)));
}
