/**
 * Why something of the page cache could not be judged, in words, and the line that would decide it.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import type { RecordingFacts } from "../recording/header_lines.ts";
import { silentFileSystem } from "./notes.ts";
import { returnText } from "./return_text.ts";
import type { PageCacheNumbers } from "../../../model/check/page_cache/findings.ts";
import type {
  PageCacheWhy,
  Unjudged,
  UnjudgedOccasions,
} from "../../../model/check/page_cache/why.ts";

/** One sentence without its first capital and its full stop. */
export function pageCacheWhyText(why: PageCacheWhy, facts: RecordingFacts | undefined): string {
  return match(why)
    .with(
      { kind: "rests_on_absence" },
      ({ line, missing }) =>
        missing === "inode" || missing === "pairing"
          ? `it looks broken at line ${line}, but ${missingText(missing, facts)}`
          : `it looks broken at line ${line}, but the trace may hold only a part of the machine's ` +
            `lines: ${missingText(missing, facts)}`,
    )
    .with({ kind: "unjudged_calls" }, ({ line, more, missing }) => {
      const others = more > 0 ? ` (and ${more} more)` : "";
      return `${occasion(missing)} line ${line}${others} is not judged: ${
        missingText(missing, facts)
      }`;
    })
    .with(
      { kind: "unmarked_stores" },
      () => "stores of programs make no line: mark them (op=store off= va=)",
    )
    .with(
      { kind: "stable_not_needed" },
      () => "no mapping in this trace needs stable pages: AS_STABLE_WRITES is clear",
    )
    .with(
      { kind: "stable_not_shown" },
      () =>
        "whether pages must be stable is not shown: record a probe on folio_wait_stable with " +
        "mfl=folio->mapping->flags, or say so with --stable-writes",
    )
    .exhaustive();
}

/** What the line is of that an occasion is known by. */
function occasion(missing: Unjudged): string {
  if (missing === "memory" || missing === "mapping") return "the store at";
  return missing === "return" ? "the call that was entered at" : "the call that returned at";
}

/** The other reasons for which something was not judged, in few words; empty if there are none. */
export function otherReasons([, ...others]: readonly UnjudgedOccasions[]): string {
  const shown = others.slice(0, 3).map(({ missing, count }) => {
    const [says = ""] = missingText(missing).split(/ is not shown|: |;/);
    return `${says} (${count})`;
  });
  if (others.length > shown.length) shown.push(`${others.length - shown.length} more reasons`);
  return shown.join(", ");
}

/** True if ends of writeback were probed, and kprobes have missed hits. */
function endsProbed(facts: RecordingFacts | undefined): boolean {
  const probed = facts?.probes?.some((each) =>
    each === "folio_end_writeback" || each === "end_page_writeback"
  );
  return probed === true && facts?.missed !== undefined && facts.missed > 0;
}

/**
 * What is missing, and what would tell.
 *
 * @param facts the header of the recording, if it has one: what it lists is not what is missing
 */
export function missingText(missing: Unjudged, facts?: RecordingFacts): string {
  return match(missing)
    .with(
      "write",
      () =>
        "whether a dirty folio was written is not shown: record probes on " +
        "folio_clear_dirty_for_io, __folio_start_writeback and folio_end_writeback",
    )
    .with(
      "end",
      () =>
        endsProbed(facts)
          ? "the end of a writeback is not shown, though it was probed: kprobes have missed hits, of what " +
            "interrupts do"
          : "the end of a writeback is not shown: record a probe on folio_end_writeback",
    )
    .with(
      "flush",
      () =>
        "which flush of the device has succeeded is not shown: record probes on " +
        "block_bio_queue (t:) and bio_endio",
    )
    .with(
      "cache",
      () =>
        "whether the device has a volatile cache, and was flushed, is not shown: record " +
        "block:block_rq_issue and block:block_rq_complete with `deno task record --dir`, which " +
        "writes down queue/write_cache, or a probe on blkdev_issue_flush",
    )
    .with(
      "unmap",
      () =>
        "whether the mapping was still there is not shown: record syscalls:sys_enter_mmap, " +
        "sys_exit_mmap, sys_enter_munmap and sys_enter_mremap",
    )
    .with(
      "inode",
      () => "two inodes have the number that the lines name, as in two subvolumes of btrfs",
    )
    .with(
      "pairing",
      () =>
        "the end of one call and the beginning of another may be missing between the lines of what " +
        "looks like one: tracefs' own text counts its events, and trace.dat tells what was lost",
    )
    .with(
      "mapping",
      () =>
        "a store needed no fault, and whether its mapping is shared is not shown: record " +
        "syscalls:sys_enter_mmap, sys_exit_mmap and task:task_newtask, or a probe on do_page_mkwrite",
    )
    .with(
      "descriptor",
      () =>
        "which open file description its descriptor stands for is not shown: record a probe on " +
        "file_check_and_advance_wb_err with file",
    )
    .with(
      "part",
      () =>
        "which blocks of a folio are dirty is not shown, and not all were written: record probes on " +
        "bio_add_folio and folio_end_writeback",
    )
    .with(
      "size",
      () =>
        "whether a folio reached into the range of the call is not shown, since a large one may have " +
        "been split: record probes on folio_start_writeback and folio_end_writeback",
    )
    .with(
      "pieces",
      () =>
        "a dirty folio was split, and that each of its parts was written or removed is not shown: " +
        "record filemap:mm_filemap_delete_from_page_cache and probes on folio_clear_dirty_for_io, " +
        "__folio_start_writeback and folio_end_writeback",
    )
    .with(
      "place",
      () =>
        "where bytes of the file lie on the device is not shown: record probes on bio_add_folio and " +
        "folio_end_writeback; or, from before the file is in the page cache, " +
        "ext4:ext4_es_lookup_extent_exit and ext4:ext4_es_insert_extent, and of XFS " +
        "iomap:iomap_writepage_map (from 6.18 on iomap:iomap_add_to_ioend)",
    )
    .with(
      "transaction",
      () =>
        "what the file's metadata needs is not shown: record a probe on ext4_sync_file with " +
        "synctid and dsynctid, or on xfs_file_fsync with pin and seq",
    )
    .with(
      "journal",
      () =>
        "no commit of its file system is shown, so whether what leads to its data was committed " +
        "before is not known: record a probe on ext4_sync_file with synctid and dsynctid, and " +
        "jbd2:jbd2_start_commit and jbd2:jbd2_end_commit; of an ext4 without a journal, as ext2 is, " +
        "no line tells",
    )
    .with(
      "fast_commit",
      () =>
        "whether a fast commit of ext4 holds what the call needs is not shown: record " +
        "ext4:ext4_fc_commit_start, ext4:ext4_fc_track_inode, ext4:ext4_fc_track_range and " +
        "ext4:ext4_es_insert_extent from before the file changes",
    )
    .with(
      "call",
      () =>
        "whether the task that marked a folio dirty had left its call is not shown: record the " +
        "entries and returns of write(2) and its like, and exceptions:page_fault_user",
    )
    .with(
      "commit",
      () =>
        "whether the metadata is committed is not shown: record jbd2:jbd2_start_commit, " +
        "jbd2:jbd2_end_commit and a probe on jbd2_log_wait_commit, or one on xfs_log_force_seq",
    )
    .with("range", () => "what the call covers is not shown: record a probe on vfs_fsync_range")
    .with(
      "file",
      () =>
        "which file it syncs is not shown: " + recordOf(
          facts,
          "ext4:ext4_sync_file_enter or xfs:xfs_file_fsync",
        ),
    )
    .with(
      "filesystem",
      () =>
        "it is a syncfs, and no line names its file system: " +
        recordOf(facts, "ext4:ext4_sync_fs or xfs:xfs_fs_sync_fs"),
    )
    .with(
      "return",
      () => returnText(facts),
    )
    .with(
      "dirty",
      () =>
        "whether a fault has marked its folio dirty is not shown: record " +
        "writeback:writeback_dirty_folio",
    )
    .with(
      "fault",
      () =>
        "whether a store faulted is not shown: record exceptions:page_fault_user and a probe on " +
        "do_page_mkwrite",
    )
    .with(
      "bio",
      () =>
        "whether another bio carries the folio is not shown: record probes on bio_add_folio and " +
        "bio_add_folio_nofail",
    )
    .with(
      "cut",
      () =>
        "whether bytes were cut out of the file is not shown: record a probe on " +
        "truncate_inode_pages_range",
    )
    .with(
      "memory",
      () =>
        "a store needed no fault, and another process has made the folio writable; whether they " +
        "share their memory is not shown: record task:task_newtask from before they begin",
    )
    .with(
      "error",
      () => "a write has failed meanwhile, and its error was reported to another caller",
    )
    .with(
      "cursor",
      () =>
        "what its open file had been told of an error when it returned is not shown: return probes " +
        "print that from 6.12 on",
    )
    .with(
      "change",
      () => "whether somebody has changed the page meanwhile is not shown: mark every write",
    )
    .with(
      "removal",
      () =>
        "whether a folio left the page cache is not shown: record filemap:mm_filemap_* and a probe " +
        "on invalidate_inode_pages2_range with nrpages",
    )
    .with(
      "count",
      () =>
        "whether the folio left the page cache is not sure: no line had counted the file's pages " +
        "before it came, as an earlier direct write or a truncation of the file does",
    )
    .with(
      "fill",
      () =>
        "whether a folio was read before or after the data reached the device is not shown: record " +
        "probes on bio_add_folio, block_bio_queue (t:) and bio_endio",
    )
    .exhaustive();
}

/** The lines that would tell of a sync call; of a file system that prints none, that it does not. */
function recordOf(facts: RecordingFacts | undefined, lines: string): string {
  const silent = silentFileSystem(facts);
  return silent === undefined
    ? `record ${lines}; of other file systems no line that is read tells`
    : `no line that is read tells of one on ${silent}`;
}

/** What was looked at. */
export function numbersText(numbers: PageCacheNumbers): string {
  const {
    syncs,
    syncsWithData,
    pages,
    syncsOfAnyRange,
    writebacks,
    copies,
    mkwrites,
    stores,
    folios,
    directWrites,
    directOverFolios,
    directReads,
    removals,
  } = numbers;
  const always = [
    counted(folios, "folio"),
    counted(writebacks, "writeback"),
    `${counted(syncs, "sync call")}, ${syncsWithData} of them with dirty folios (` +
    `${counted(pages, "page")})`,
  ];
  // None of these may mean that no line shows them.
  const ifAny = [
    [
      syncsOfAnyRange,
      `${
        counted(syncsOfAnyRange, "sync call")
      } of a range that is not shown, which left nothing of ` +
      "the file at risk",
    ],
    [copies, `${counted(copies, "copy", "copies")} by write(2)`],
    [mkwrites, `${counted(mkwrites, "page")} made writable`],
    [stores, counted(stores, "marked store")],
    [
      directWrites,
      `${
        counted(directWrites, "direct write")
      }, ${directOverFolios} of them where folios were cached`,
    ],
    [directReads, counted(directReads, "direct read")],
    [removals, counted(removals, "removal")],
  ] as const;
  return `page cache: ${
    [...always, ...ifAny.flatMap(([n, text]) => n === 0 ? [] : [text])].join(", ")
  }`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
