/**
 * What happens in a direct I/O request.
 *
 * @module
 */

interface OnPage {
  readonly task: number;
  readonly page: number;
}

/** The request is in flight for this page. */
interface DirectBegin extends OnPage {
  readonly kind: "direct_begin";
}
/** The page cache has been shot down for the request: nothing cached is older than this. */
interface Invalidated extends OnPage {
  readonly kind: "invalidated";
}
/** Data reaches the page's block behind the page cache. */
interface DirectWrite extends OnPage {
  readonly kind: "direct_write";
  /** Bit of this write in the content; it replaces all others. */
  readonly writes: number;
  /** True if the device must not keep it in its volatile cache. */
  readonly fua?: true;
}
/** The request reads the page's block behind the page cache. */
interface DirectRead extends OnPage {
  readonly kind: "direct_read";
}
/** Unwritten blocks that were written become readable. */
interface ConvertUnwritten extends OnPage {
  readonly kind: "convert_unwritten";
}
/** `kiocb_invalidate_post_direct_write`: the page cache is shot down a second time. */
interface InvalidateAgain extends OnPage {
  readonly kind: "invalidate_again";
}
/** `errseq_set`: the next fsync will say EIO (`dio_warn_stale_pagecache`). */
interface SetWbError extends OnPage {
  readonly kind: "set_wb_error";
}
/** The request returns; `writes` as in its `direct_write`, 0 for a read. */
interface DirectEnd extends OnPage {
  readonly kind: "direct_end";
  readonly writes: number;
}

/**
 * Events of direct I/O.
 *
 * @internal
 */
export type DirectEvent =
  | DirectBegin
  | Invalidated
  | DirectWrite
  | DirectRead
  | ConvertUnwritten
  | InvalidateAgain
  | SetWbError
  | DirectEnd;
