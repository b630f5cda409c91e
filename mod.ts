/**
 * An executable specification of page-cache and DAX coherence: what a kernel may and may not do when
 * faults, writeback, fsync, direct I/O, pins and truncation meet on one file.
 *
 * @module
 */
export {};
