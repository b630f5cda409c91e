/**
 * What whoever checks a recording says of it, beside the recording.
 *
 * @module
 */

/** How the page cache is checked. */
export interface PageCacheSettings {
  /** By how much clocks of different CPUs may differ, in the unit of `Moment.time`. */
  readonly clockError: number;
  /**
   * True if the user says that pages must be stable, whatever the trace shows; false if they need not be,
   * unless the trace shows it of a file.
   */
  readonly stableWrites: boolean | undefined;
}
