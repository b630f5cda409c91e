/** Verdicts on traces of the page cache. */
import { together } from "../together.ts";

await together(
  "page_cache_evidence",
  "page_cache_recordings",
  "many_breaches",
  "pages",
  "returning",
  "machine_made_breaches",
  "direct_io_breaches",
  "plain_tracepoints",
  "two_mappings",
  "dirty_blocks",
  "page_cache_breaches",
  "syncfs",
  "clean_before_writeback",
  "marked_truncate",
  "plain_sync_calls",
  "io_uring_calls",
  "journalled_data",
  "one_number",
  "fast_commits",
  "inode_lines",
  "split_folios",
  "flush_requests",
  "log_under_way",
  "part_of_file",
);
