/**
 * What the file system's block map says of a page of the file.
 *
 * UNWRITTEN blocks are allocated but read as zeros; a DAX read fault treats them exactly like a hole
 * (`dax_iomap_pte_fault`, fs/dax.c).
 *
 * @module
 */
export const Extent = {
  HOLE: 0,
  UNWRITTEN: 1,
  MAPPED: 2,
  /** Beyond the end of the file: a fault there ends in SIGBUS. */
  BEYOND: 3,
} as const;

/** True where a read fault loads the zero page: HOLE and UNWRITTEN. */
export function readsAsHole(extent: number): boolean {
  return extent === Extent.HOLE || extent === Extent.UNWRITTEN;
}
