/**
 * What a recording of the page cache can decide.
 *
 * @module
 */

/** Invariants that a recording of the page cache can decide. */
export const pageCacheIds = [
  "DUR-1",
  "DUR-2",
  "META-1",
  "META-2",
  "MSYNC-1",
  "DUR-4",
  "DUR-5",
  "COH-1",
  "COH-2",
  "COH-3",
  "COH-4",
  "COH-5",
  "INV-1",
  "INV-2",
  "INV-3",
  "INV-4",
  "INV-5",
  "WB-CLEAN-1",
  "WB-TAG-1",
  "WB-TOWRITE-1",
  "WB-BLOCK-1",
  "WB-MKWRITE-1",
  "STABLE-1",
  "STABLE-2",
  "PIN-3",
] as const;

/** An invariant that a recording of the page cache can decide. */
export type PageCacheId = typeof pageCacheIds[number];
