/**
 * Probes that show direct I/O, with its two invalidations, and what removals take out of the page cache.
 *
 * @module
 */
import type { PageCacheProbe } from "./page_cache_probe.ts";

const iocb = [
  "dev=iocb->ki_filp->f_inode->i_sb->s_dev:x32",
  "ino=iocb->ki_filp->f_inode->i_ino:u64",
  "pos=iocb->ki_pos:s64",
];
const mapping = ["dev=mapping->host->i_sb->s_dev:x32", "ino=mapping->host->i_ino:u64"];

/** The probes, in the order of the table of lines. */
export const directIoProbes: readonly PageCacheProbe[] = [
  {
    source: "iomap_dio_rw()",
    name: "direct_begin",
    takes: "offsets",
    // The direction was a bit of the type before 5.14.
    arguments: ({ types }) => [
      ...iocb,
      "count=iter->count:u64",
      types?.offsetOf("iov_iter", "data_source") === undefined
        ? "writes=iter->type:b1@0/32"
        : "writes=iter->data_source:u8",
      "complete=iocb->ki_complete:x64",
    ],
  },
  {
    source: "iomap_dio_complete() returns",
    name: "direct_completed",
    takes: "offsets",
    arguments: [
      "dev=dio->iocb->ki_filp->f_inode->i_sb->s_dev:x32",
      "ino=dio->iocb->ki_filp->f_inode->i_ino:u64",
      "from=dio->iocb->ki_pos:s64",
      "complete=dio->iocb->ki_complete:x64",
      "ret=$retval:s64",
    ],
  },
  { source: "iomap_dio_rw() returns", name: "direct", arguments: [...iocb, "ret=$retval:s64"] },
  {
    source: "kiocb_invalidate_pages() returns",
    name: "direct_inval",
    arguments: [...iocb, "count=count:u64", "ret=$retval:s32"],
  },
  {
    source: "invalidate_inode_pages2_range() returns",
    name: "invalidated",
    arguments: [
      ...mapping,
      "start=start:u64",
      "end=end:u64",
      "nrpages=mapping->nrpages:u64",
      "ret=$retval:s32",
    ],
  },
  {
    source: "kiocb_invalidate_post_direct_write()",
    name: "direct_again",
    arguments: [...iocb, "count=count:u64"],
  },
  {
    source: "kiocb_invalidate_post_direct_write() returns",
    name: "direct_over",
    arguments: [...iocb, "count=count:u64"],
  },
];

const cut = [...mapping, "start=lstart:s64", "end=lend:s64"];

/** The probes of removals, in the order of the table of lines. */
export const removalProbes: readonly PageCacheProbe[] = [
  { source: "truncate_inode_pages_range()", name: "cut_begin", arguments: cut },
  {
    source: "truncate_inode_pages_range() returns",
    name: "cut_end",
    arguments: [...cut, "nrpages=mapping->nrpages:u64"],
  },
];
