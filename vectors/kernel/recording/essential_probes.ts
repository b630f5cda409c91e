/**
 * Functions without whose probes the others mislead: where they are probed in part, a folio that is written
 * looks like one that is not, and a flush that came like one that did not.
 *
 * @module
 */

/** Of each line, one function must be probed; the kernel decides which. */
const essential: readonly (readonly string[])[] = [
  ["folio_clear_dirty_for_io"],
  ["__folio_start_writeback"],
  ["folio_end_writeback"],
  ["do_page_mkwrite"],
  ["bio_add_folio", "bio_add_page"],
  ["block_bio_queue", "submit_bio_noacct_nocheck"],
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
  return lacking.length === essential.length ? [] : lacking.map(([first = ""]) => first);
}
