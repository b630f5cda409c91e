/**
 * What a recording shows of syncfs, which promises every file of a file system.
 *
 * @module
 */
import type { Where } from "../observation.ts";

/** What a line says of syncfs. */
export type SyncfsObservation =
  /** Each sync of the file system on this device prints a line. */
  | { readonly kind: "syncs_shown"; readonly dev: string }
  /** The call is entered; `call` names it until its end. */
  | { readonly kind: "syncfs_entered"; readonly where: Where; readonly call: number }
  /** A file system is synced: by this call, or by another one than syncfs, as umount. */
  | {
    readonly kind: "syncfs_told";
    readonly where: Where;
    readonly call: number | undefined;
    readonly dev: string;
  }
  /** The call has returned 0, a negative errno, or the line that would tell is missing. */
  | {
    readonly kind: "syncfs_left";
    readonly where: Where;
    readonly call: number;
    readonly status: number | undefined;
  }
  /**
   * The task is in no system call and in no page fault in which it has marked folios dirty. Their inodes
   * are on the list that syncfs walks: `__mark_inode_dirty` comes after the mark.
   */
  | { readonly kind: "dirtying_over"; readonly where: Where };
