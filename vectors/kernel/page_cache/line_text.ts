/**
 * A line as a race diagram prints it: short, in the kernel's words.
 *
 * @module
 */
import type { FolioEventKind } from "../../../model/check/page_cache/observation.ts";
import type { CacheReading } from "../rows/cache_reading.ts";

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** What came of a fast commit. */
const fastCommitText = {
  written: "written",
  skipped: "none is needed",
  full: "a commit instead",
  unknown: "over",
} as const;

/** What happened to the folio at this page. */
export function folioText(kind: FolioEventKind, index: number): string {
  switch (kind) {
    case "folio_added":
      return `folio ${hex(index)} added`;
    case "folio_removed":
      return `folio ${hex(index)} removed`;
    case "folio_dirtied":
      return `folio ${hex(index)} marked dirty`;
    case "folio_redirtied":
      return `folio_redirty_for_writepage ${hex(index)}`;
    case "folio_cleaned":
      return `folio_clear_dirty_for_io ${hex(index)}`;
    case "writeback_begun":
      return `folio_start_writeback ${hex(index)}`;
    case "writeback_ended":
      return `folio_end_writeback ${hex(index)}`;
    case "folio_copied":
      return `write(2) copies into folio ${hex(index)}`;
    case "folio_taken":
      return `writeback of folio ${hex(index)}`;
    default:
      return kind satisfies never;
  }
}

/** The step of a diagram. A `switch`: every line of a long recording comes through here. */
export function lineText(reading: CacheReading): string {
  switch (reading.kind) {
    case "folio_added":
    case "folio_removed":
    case "folio_dirtied":
    case "folio_redirtied":
    case "folio_cleaned":
    case "folio_taken":
    case "writeback_begun":
    case "writeback_ended":
    case "folio_copied":
      return folioText(reading.kind, reading.folio.index);
    case "dax_fault_ended":
    case "sync_fault_mapped":
      return reading.text;
    case "mkwrite":
      return `page ${hex(reading.pgoff)} made writable`;
    case "bio_queued":
      return `${reading.preflush ? "PREFLUSH " : ""}bio to ${reading.dev}`;
    case "bio_ended":
      return `${reading.preflush ? "PREFLUSH " : ""}bio of ${reading.dev} ends` +
        (reading.failed ? " with an error" : "");
    case "sectors_queued": {
      const { dev, from, to } = reading.sectors;
      return `${reading.preflush ? "PREFLUSH " : ""}write to ${dev}, sector ${from} + ${to - from}`;
    }
    case "sectors_ended": {
      const { dev, from, to } = reading.sectors;
      return `write to ${dev} ends, sector ${from} + ${to - from}` +
        (reading.failed ? ", with an error" : "");
    }
    case "flush_issued":
      return `flush of ${reading.dev}`;
    case "flush_ended":
      return `flush of ${reading.dev} ends${reading.failed ? " with an error" : ""}`;
    case "writepages":
      return "->writepages";
    case "flush_asked":
      return `blkdev_issue_flush(${reading.dev})`;
    case "flush_returned":
      return `blkdev_issue_flush -> ${reading.failed ? "an error" : "0"}`;
    case "fast_commit_begun":
      return "ext4_fc_commit()";
    case "fast_commit_ended":
      return `ext4_fc_commit(): ${fastCommitText[reading.how]}`;
    case "fast_commit_tracks": {
      const { blocks } = reading;
      const what = blocks === undefined ? "inode" : `blocks ${blocks.first} to ${blocks.last}`;
      return `the next fast commit holds the ${what}`;
    }
    case "commit_begun":
      return `transaction ${reading.tid} begins to commit`;
    case "commit_closed":
      return `transaction ${reading.tid} takes no more changes`;
    case "commit_ended":
      return `transaction ${reading.tid} is committed`;
    case "log_forced":
      return `xfs_log_force_seq(${reading.sequence})`;
    case "error_recorded":
      return "mapping->wb_err has an error";
    case "error_told":
      return "the open file is told of an error";
    case "error_checked":
      return `file_check_and_advance_wb_err -> ${reading.reported ? "an error" : "0"}`;
    case "direct_begun":
      return `direct I/O at ${hex(reading.from)}+${hex(reading.to - reading.from)}`;
    case "range_invalidated":
      return `invalidate_inode_pages2_range -> ${reading.failed ? "an error" : "0"}`;
    case "direct_invalidates_again":
      return "kiocb_invalidate_post_direct_write";
    case "direct_converted":
      return `unwritten extent at ${hex(reading.from)} converted`;
    case "cut_begun":
      return `truncate_inode_pages_range at ${hex(reading.from)}`;
    case "cut_ended":
      return "truncate_inode_pages_range returns";
    case "folio_found":
      return `folio of page ${hex(reading.pgoff)} found`;
    case "sync_function":
      return "sync of the file";
    default:
      return reading.kind;
  }
}
