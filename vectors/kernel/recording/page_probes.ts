/**
 * Probes of kernels whose page cache knows pages and no folios (5.10, 5.15): the functions that those of
 * folios have taken the place of. A page says the same as a folio of one page.
 *
 * @module
 */
import type { PageCacheProbe, ProbedKernel } from "./page_cache_probe.ts";

/** What a probe fetches of a page's file. */
export const ofPage = [
  "dev=page->mapping->host->i_sb->s_dev:x32",
  "ino=page->mapping->host->i_ino:u64",
];
/** What a probe fetches to know a page. */
const page = [...ofPage, "index=page->index:u64"];

/** What it fetches to know a page and its flags. */
function pageWith(
  ...more: readonly string[]
): (kernel: ProbedKernel) => readonly string[] {
  return ({ folio: { flagsWord } }) => [
    ...page,
    ...(flagsWord === undefined ? [] : [`${flagsWord}=page->flags:x64`]),
    ...more,
  ];
}

const copied = ["pos=pos:s64", "len=len:u32", "copied=copied:u32"];

/** The probes, in the order of the table of lines. */
export const pageProbes: readonly PageCacheProbe[] = [
  {
    source: "clear_page_dirty_for_io() returns",
    name: "clear_dirty",
    until: "folio_clear_dirty_for_io",
    arguments: pageWith("ret=$retval:u8"),
  },
  {
    source: "__test_set_page_writeback()",
    name: "writeback_begin",
    until: "__folio_start_writeback",
    arguments: pageWith("keep=keep_write:u8"),
  },
  {
    source: "end_page_writeback()",
    name: "writeback_end",
    until: "folio_end_writeback",
    arguments: pageWith(),
  },
  {
    source: "redirty_page_for_writepage()",
    name: "redirty",
    until: "folio_redirty_for_writepage",
    arguments: pageWith(),
  },
  {
    source: "ext4_da_write_end()",
    name: "ext4_copied",
    fileSystem: "ext4",
    arguments: pageWith(...copied),
  },
  {
    // Modules of these kernels have no types of their own: what ext4 calls of the kernel has.
    source: "generic_write_end()",
    name: "generic_copied",
    fileSystem: "ext4",
    until: "ext4_da_write_end",
    arguments: pageWith(...copied),
  },
  {
    source: "iomap_write_end()",
    name: "iomap_copied",
    arguments: pageWith("pos=pos:s64", "len=len:u64", "copied=copied:u64"),
  },
  { source: "split_huge_page_to_list()", name: "split_page", arguments: ofPage },
  {
    source: "bio_add_page() returns",
    name: "bio_add_page",
    arguments: ["bio=bio:x64", ...page, "off=offset:u32", "len=len:u32", "ret=$retval:u32"],
  },
  {
    source: "__bio_try_merge_page() returns",
    name: "bio_merge_page",
    until: "bio_add_folio",
    arguments: ["bio=bio:x64", ...page, "off=off:u32", "len=len:u32", "ret=$retval:u8"],
  },
  // Before 5.11 modules have no types. What these two take has been the same in all kernels.
  {
    source: "jbd2_log_wait_commit() returns",
    name: "commit_waited",
    fileSystem: "ext4",
    until: "jbd2_log_wait_commit",
    arguments: ["tid=$arg2:u32", "ret=$retval:s32"],
  },
  {
    source: "ext4_fc_commit() returns",
    name: "fast_commit",
    fileSystem: "ext4",
    until: "ext4_fc_commit",
    arguments: ["tid=$arg2:u32", "ret=$retval:s32"],
  },
];
