/**
 * What is said of one thing that a file system can do wrong.
 *
 * @module
 */

/** One way to be wrong. */
export interface BugCard {
  /** The invariant that it breaks. */
  readonly breaks: string;
  /** What a run of it may break in its place. */
  readonly also?: readonly string[];
  /** Commit, test or thread of the bug that it imitates. */
  readonly imitates: string;
  /** One sentence: what this file system does. */
  readonly says: string;
}
