/**
 * Functions without whose probes the others mislead: where they are probed in part, a folio that is written
 * looks like one that is not, and a flush that came like one that did not.
 *
 * @module
 */

/** Of each line, one function must be probed; the kernel decides which. The first is that of the latest. */
const essential: readonly (readonly string[])[] = [
  ["folio_clear_dirty_for_io", "clear_page_dirty_for_io"],
  ["__folio_start_writeback", "__test_set_page_writeback"],
  ["folio_end_writeback", "end_page_writeback"],
  ["do_page_mkwrite"],
  ["bio_add_folio", "bio_add_page"],
  // Before bio_add_folio(), iomap adds a page to a bio by this first.
  ["bio_add_folio", "__bio_try_merge_page"],
  ["block_bio_queue", "submit_bio_noacct_nocheck", "submit_bio_checks"],
  ["bio_endio"],
  ["blkdev_issue_flush"],
];

/**
 * The first of each of these that is not among the functions that are probed; none if no probe is of the
 * page cache, or all of them are there. `folio_end_writeback%return` is of folio_end_writeback().
 */
export function lackingProbes(probed: Iterable<string>): readonly string[] {
  const names = new Set([...probed].map((each) => each.replace(/%return$/, "")));
  const lacking = essential.filter((any) => !any.some((name) => names.has(name)));
  if (lacking.length === essential.length) return [];
  return [...new Set(lacking.map(([first = ""]) => first))];
}
