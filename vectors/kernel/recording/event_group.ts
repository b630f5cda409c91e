/**
 * The folder below `events/` that a tracepoint is in. Text does not print it, so the tables do not hold
 * it; names begin with it, but for a few.
 *
 * @module
 */

const PREFIXES: readonly (readonly [prefix: string, group: string])[] = [
  ["page_fault_", "exceptions"],
  ["mm_khugepaged_", "huge_memory"],
  ["mm_filemap_", "filemap"],
  ["filemap_", "filemap"],
  ["file_check_", "filemap"],
  ["dax_", "fs_dax"],
  ["ext4_", "ext4"],
  ["jbd2_", "jbd2"],
  ["xfs_", "xfs"],
  ["xlog_", "xfs"],
  ["iomap_", "iomap"],
  ["io_uring_", "io_uring"],
  ["writeback_", "writeback"],
  ["folio_wait_", "writeback"],
  ["wait_on_page_", "writeback"],
  ["block_", "block"],
  ["workqueue_", "workqueue"],
  ["task_", "task"],
  ["sys_", "syscalls"],
];

/** The group of a tracepoint; undefined if its name does not say. */
export function eventGroup(tracepoint: string): string | undefined {
  return PREFIXES.find(([prefix]) => tracepoint.startsWith(prefix))?.[1];
}
