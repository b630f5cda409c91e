/**
 * What a recording shows of sync calls in which no line tells the file.
 *
 * @module
 */
import type { Where } from "../observation.ts";

/** What is said of such calls. */
export type SilentSyncObservation =
  /** Each sync call on a file of the file system on this device prints a line that names it. */
  | { readonly kind: "sync_calls_shown"; readonly dev: string }
  /** Folios of a file system may be dirty from the beginning on, and no line tells. */
  | { readonly kind: "dirty_unshown" }
  /** A folio is dirty of a file system that the line does not name. */
  | { readonly kind: "elsewhere_dirtied"; readonly where: Where }
  /** fsync, fdatasync or msync, entered at `since`, has returned 0, and no line in it has named a file. */
  | { readonly kind: "sync_unnamed"; readonly where: Where; readonly since: Where };
