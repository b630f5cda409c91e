/**
 * Sizes as on x86-64: pages of 4 KiB, and 512 of them in a PMD.
 *
 * @module
 */

/** Bytes of a page. */
export const pageSize = 4096;
/** Pages that one PMD maps. */
export const pmdPages = 512;

/** Number of the PMD range that holds the page. */
export function pmdOf(pgoff: number): number {
  return Math.floor(pgoff / pmdPages);
}
