/**
 * What a recording as a whole contains.
 *
 * @module
 */

/** What the recording as a whole is known to contain; decides what an absence proves. */
export interface Completeness {
  /** Every user fault on a DAX file would have been recorded. */
  readonly faults: boolean;
  /** munmap and its like would have been recorded: a mapping does not vanish from a living task. */
  readonly unmaps: boolean;
  /** Calls that punch and zero ranges would have been recorded. */
  readonly removals: boolean;
  /** Devices on which a truncate would have been recorded, by whatever call. */
  readonly truncatesOn: ReadonlySet<string>;
  /** The kernel's version is known: to ask for it would be in vain. */
  readonly versionKnown: boolean;
  /** The kernel is known to remove a PMD entry whole when a part of it is removed (up to 7.2). */
  readonly removesWholeEntries: boolean;
  /** The kernel may delete every entry of a file when it breaks layouts (6.15 and later). */
  readonly removesElsewhere: boolean;
  /** Read faults mark entries DIRTY, too (6.0 and 6.1). */
  readonly readFaultsMark: boolean;
  /** The recording says how many events it has: one that is missing from it would be missed. */
  readonly counted: boolean;
}
