/**
 * Why something of the page cache could not be judged. Values; they are put into words where a report
 * is written.
 *
 * @module
 */

/** What of an occasion is not shown. */
export type Unjudged =
  /** What the folio did after a call: its write, or what dirtied it again, is missing. */
  | "write"
  /** The end of a writeback. */
  | "end"
  /** Which flush of the device has succeeded. */
  | "flush"
  /** Whether a mapping is still there. */
  | "unmap"
  /** Which of two inodes of one number a line is of. */
  | "inode"
  /** Whether a mapping is shared. */
  | "mapping"
  /** Whether two descriptors are one open file description. */
  | "descriptor"
  /** What an open file was told of errors: the mapping's and its own, when the call returned. */
  | "cursor"
  /** Whether the device has a volatile cache. */
  | "cache"
  /** Which blocks of a folio are dirty. */
  | "part"
  /** How large a folio was: it may have been split. */
  | "size"
  /** Whether all parts of a dirty folio that was split were written. */
  | "pieces"
  /** Where on the device bytes of a folio lie. */
  | "place"
  /** Which transaction, or sequence of the log, the call needs. */
  | "transaction"
  /** Whether ext4 has a journal there: no commit of it was seen. */
  | "journal"
  /** Which changes a fast commit of ext4 has written. */
  | "fast_commit"
  /** Whether that is committed. */
  | "commit"
  /** What a call covers. */
  | "range"
  /** Whether a task had left the call or fault in which it marked a folio dirty. */
  | "call"
  /** Which file a sync call is of. */
  | "file"
  /** Which file system a syncfs is of. */
  | "filesystem"
  /** Whether a fault has marked its folio dirty. */
  | "dirty"
  /** The return of a call. */
  | "return"
  /** A page fault. */
  | "fault"
  /** Whether another bio carries the folio. */
  | "bio"
  /** Whether bytes were cut out of the file. */
  | "cut"
  /** Whether two processes share their memory. */
  | "memory"
  /** Whether the lines of what looks like one call are of one. */
  | "pairing"
  /** A writeback error was reported to another caller meanwhile. */
  | "error"
  /** Another change of what a program has read. */
  | "change"
  /** Whether a folio has left the page cache. */
  | "removal"
  /** How many pages the file had before a folio came, of which it is not known whether it has left. */
  | "count"
  /** Whether a folio was filled before or after a direct write had reached the device. */
  | "fill";

/** Occasions that were not judged for one reason; of an occasion there may be several. */
export interface UnjudgedOccasions {
  /** What is not known of them. */
  readonly missing: Unjudged;
  /** Line of the first. */
  readonly line: number;
  /** How many there are. */
  readonly count: number;
}

/** Why an invariant of the page cache is undecided, or was not exercised. */
export type PageCacheWhy =
  /** A breach rests on something not being there, and the recording may lack it. */
  | { readonly kind: "rests_on_absence"; readonly line: number; readonly missing: Unjudged }
  /** Calls, of which the first returned at this line, could not be judged. */
  | {
    readonly kind: "unjudged_calls";
    readonly line: number;
    readonly more: number;
    readonly missing: Unjudged;
  }
  | { readonly kind: "unmarked_stores" }
  /** No mapping needs stable pages. */
  | { readonly kind: "stable_not_needed" }
  /** Whether any mapping needs stable pages is not shown. */
  | { readonly kind: "stable_not_shown" };
