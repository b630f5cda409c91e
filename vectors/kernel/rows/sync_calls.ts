/**
 * Lines of sync calls: the file system's function, what it covers, what it needs committed.
 *
 * @module
 */
import type { Metadata } from "../../../model/check/page_cache/observation.ts";
import { type CacheRow, probedOn, probedSince510 } from "./row.ts";
import {
  addressIn,
  fileOfProbe,
  fileOfTracepoint,
  numberIn,
  positionIn,
  printedDevice,
} from "./words.ts";
import type { Words } from "../line_words.ts";

/** XFS_ILOG_TIMESTAMP of fs/xfs/libxfs/xfs_log_format.h. */
const XFS_TIMESTAMP = 0x4000;

function jbd2(words: Words): Metadata | undefined {
  const sync = numberIn(words, "synctid");
  const data = numberIn(words, "dsynctid");
  if (sync === undefined || data === undefined) return undefined;
  return { journal: "jbd2", tid: numberIn(words, "datasync") === 1 ? data : sync, mapTid: data };
}

function xfs(words: Words): Metadata | undefined {
  const pinned = numberIn(words, "pin");
  const datasync = numberIn(words, "datasync") === 1;
  // Up to 6.12 the fields since the last fsync; later the sequence that fdatasync needs.
  const fields = numberIn(words, "ff");
  const data = numberIn(words, "dseq");
  const sequence = numberIn(words, "seq");
  if (pinned === undefined) return undefined;
  if (pinned === 0) return { journal: "xfs", sequence: undefined, map: false };
  if (fields !== undefined) {
    const map = (fields & ~XFS_TIMESTAMP) !== 0;
    return { journal: "xfs", sequence: datasync && !map ? undefined : sequence, map };
  }
  const needed = datasync && data !== undefined ? data : sequence;
  return { journal: "xfs", sequence: needed === 0 ? undefined : needed, map: datasync };
}

function entered(
  source: string,
  metadata: (words: Words) => Metadata | undefined,
): CacheRow {
  return {
    source,
    words: metadata === jbd2
      ? "dev ino file datasync synctid dsynctid"
      : "dev ino file datasync pin seq ff dseq",
    says: metadata === jbd2
      ? "a sync call begins; i_sync_tid and i_datasync_tid of the inode"
      : "a sync call begins; i_pincount, ili_commit_seq and ili_fsync_fields of the inode",
    anchor: "before",
    versions: probedOn,
    read: (words) => {
      const file = fileOfProbe(words);
      if (file === undefined) return undefined;
      return {
        kind: "sync_function",
        file,
        descriptor: addressIn(words, "file"),
        metadata: metadata(words),
      };
    },
  };
}

function left(source: string): CacheRow {
  return {
    source,
    words: "dev ino file datasync synctid dsynctid ret",
    changes: "synctid dsynctid",
    says: "the file system's part of the sync call is over, with this status",
    anchor: "after",
    versions: probedOn,
    read: (words) => {
      const file = fileOfProbe(words);
      if (file === undefined) return undefined;
      return {
        kind: "sync_function_left",
        file,
        descriptor: addressIn(words, "file"),
        metadata: jbd2(words),
        status: numberIn(words, "ret"),
      };
    },
  };
}

function range(source: string, from: string, to: string, ahead: boolean): CacheRow {
  return {
    source,
    words: `dev ino ${from} ${to}`,
    says: ahead
      ? "the sync call that follows covers these bytes"
      : "the sync call covers these bytes",
    anchor: ahead ? "before" : "after",
    versions: probedSince510,
    read: (words) => {
      const file = fileOfProbe(words);
      const first = positionIn(words, from);
      const last = positionIn(words, to);
      if (file === undefined || first === undefined || last === undefined) return undefined;
      return { kind: "sync_range", file, from: first, to: last + 1, ahead };
    },
  };
}

const bufferedWrite: CacheRow = {
  source: "xfs_file_buffered_write",
  words: "dev ino pos bytecount offset count",
  says: "write(2) puts these bytes into the page cache; if it syncs, it covers them",
  anchor: "before",
  versions: "5.10, 6.18",
  read: (words) => {
    const file = fileOfTracepoint(words);
    const from = numberIn(words, "pos") ?? numberIn(words, "offset");
    const bytes = numberIn(words, "bytecount") ?? numberIn(words, "count");
    if (file === undefined || from === undefined || bytes === undefined) return undefined;
    return { kind: "buffered_write", file, from, to: from + bytes };
  },
};

function fileSystem(source: string): CacheRow {
  return {
    source,
    words: "dev",
    says: "syncfs, if the task is inside it, is of this file system",
    anchor: "before",
    versions: "6.12, 6.18",
    read: (words) => {
      const dev = printedDevice(words);
      return dev === undefined ? undefined : { kind: "file_system_synced", dev };
    },
  };
}

/** The lines of sync calls. */
export const syncRows: readonly CacheRow[] = [
  bufferedWrite,
  fileSystem("ext4_sync_fs"),
  fileSystem("xfs_fs_sync_fs"),
  entered("ext4_sync_file()", jbd2),
  left("ext4_sync_file() returns"),
  entered("xfs_file_fsync()", xfs),
  left("xfs_file_fsync() returns"),
  range("vfs_fsync_range()", "start", "end", true),
  range("file_write_and_wait_range() returns", "start", "end", false),
];
