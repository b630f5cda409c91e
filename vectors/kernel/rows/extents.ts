/**
 * Plain tracepoints of file systems: where the bytes of a file lie, who writes dirty folios back, and
 * what of an inode is on its way into the journal or the log.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { pageSize } from "../../../model/page_size.ts";
import { fileId } from "../file_ids.ts";
import { sectorSize } from "../../../model/check/page_cache/extent_map.ts";
import type { CacheReading } from "./cache_reading.ts";
import type { CacheRow, CacheWordsRow } from "./row.ts";
import {
  bareHexadecimal,
  deviceOf,
  fileOfTracepoint,
  numberIn,
  positionIn,
  printedDevice,
} from "./words.ts";
import type { Words } from "../line_words.ts";

function row(
  source: string,
  words: string,
  says: string,
  anchor: CacheRow["anchor"],
  versions: string,
  read: CacheWordsRow["read"],
): CacheWordsRow {
  return { source, words, says, anchor, versions, read };
}

/** ext4 counts in blocks of its own size, which its lines do not print. */
function ext4Extent(
  file: FileId,
  { first, count, at, status }: Readonly<Record<string, string | undefined>>,
): CacheReading | "nothing" {
  // A hole, a delayed allocation, or nothing found.
  if (first === undefined || count === undefined || at === undefined) return "nothing";
  return {
    kind: "extent_seen",
    file,
    dev: file.dev,
    blockSize: undefined,
    first: Number(first),
    at: Number(at),
    count: Number(count),
    dirty: false,
    unwritten: status === "U",
  };
}

function ext4Row(source: string, words: string, shape: RegExp): CacheWordsRow {
  const says = "where these blocks of the file lie, if they are written or unwritten ones";
  return row(source, words, says, "after", "5.10 to 7.2", (words, { body }) => {
    const file = fileOfTracepoint(words);
    if (file === undefined) return undefined;
    return ext4Extent(file, shape.exec(body)?.groups ?? {});
  });
}

/** -1 in 64 bits. */
const NO_ADDRESS = 2 ** 64;

/** iomap: everything in bytes; -1 is the address of what has no block. */
function iomapExtent(
  words: Words,
  file: FileId,
  from: number,
  length: number,
  dirty: boolean,
): CacheReading | "nothing" | undefined {
  const dev = printedDevice(words, "bdev");
  const at = positionIn(words, "addr");
  const offset = numberIn(words, "offset");
  if (dev === undefined || at === undefined || offset === undefined) return undefined;
  if (at === -1 || at === NO_ADDRESS) return "nothing";
  if (!Number.isSafeInteger(at)) return undefined;
  return {
    kind: "extent_seen",
    file,
    dev,
    blockSize: sectorSize,
    first: from / sectorSize,
    at: (at + from - offset) / sectorSize,
    count: length / sectorSize,
    dirty,
    unwritten: undefined,
  };
}

function iomapMap(source: string, versions: string): CacheWordsRow {
  const says =
    "writeback has found these bytes of the folio dirty, and writes them to this place; " +
    "where it prints no pos, where the bytes of the extent lie";
  return row(
    source,
    "dev ino bdev pos len addr offset length",
    says,
    "before",
    versions,
    (words) => {
      const file = fileOfTracepoint(words);
      const from = numberIn(words, "pos");
      const [offset, length] = [numberIn(words, "offset"), numberIn(words, "length")];
      if (from === undefined && file !== undefined && offset !== undefined) {
        return length === undefined ? undefined : iomapExtent(words, file, offset, length, false);
      }
      const dirty = numberIn(words, "len");
      if (file === undefined || from === undefined || dirty === undefined) return undefined;
      return iomapExtent(words, file, from, dirty, true);
    },
  );
}

function iomapFolio(source: string, versions: string): CacheWordsRow {
  const says = "writeback has taken the folio: it is clean and protected, and is written next";
  return row(source, "dev ino offset length", says, "after", versions, (words) => {
    const file = fileOfTracepoint(words);
    // 5.10 prints both in hexadecimal without 0x.
    const offset = bareHexadecimal(words, "offset") ?? numberIn(words, "offset");
    const length = bareHexadecimal(words, "length") ?? numberIn(words, "length");
    if (file === undefined || offset === undefined || length === undefined) return undefined;
    const pages = Math.max(1, length / pageSize);
    return {
      kind: "folio_taken",
      folio: { file, index: offset / pageSize, pages, flags: undefined },
    };
  });
}

function ofFile(
  source: string,
  says: string,
  anchor: CacheRow["anchor"],
  versions: string,
  read: (file: FileId, words: Words) => CacheReading | undefined,
): CacheWordsRow {
  return row(source, "dev ino", says, anchor, versions, (words) => {
    const file = fileOfTracepoint(words);
    return file && read(file, words);
  });
}

/** Functions in which ext4_map_blocks() changes the tree of extents, and prints what it has mapped next. */
const TREE =
  / caller ext4_(?:ext_map_blocks|ext_insert_extent|ext_correct_indexes|split_extent_at)\+/;

/** What a change of an inode of ext4 is for, by its caller. */
function changed(file: FileId, body: string, written: boolean): CacheReading {
  if (/ caller ext4_convert_unwritten_extents\+/.test(body)) {
    return { kind: "converting", file, begins: !written };
  }
  if (/ caller ext4_dirty_inode\+/.test(body)) return { kind: "inode_dirtied", file, written };
  // Writeback and direct writes begin one for what they find unmapped, and may find nothing.
  if (/ caller ext4_(?:do_writepages|iomap_begin)\+/.test(body) && !written) {
    return { kind: "may_map", file, once: body.includes(" caller ext4_iomap_begin+") };
  }
  if (/ caller ext4_(?:da_write_end|handle_inode_extension)\+/.test(body)) {
    return { kind: "inode_grows", file, begins: !written };
  }
  if (written && TREE.test(body)) {
    return { kind: "tree_changed", file, maps: body.includes(" caller ext4_ext_map_blocks+") };
  }
  return { kind: "inode_logged", file, times: false, begins: !written };
}

/** Lines of extents, writeback and inodes. */
export const extentRows: readonly CacheRow[] = [
  {
    ...ofFile(
      "ext4_writepages",
      "the task writes dirty folios of the file back from here on, of these bytes",
      "before",
      "5.10 to 7.2",
      (file, words) => {
        const from = positionIn(words, "range_start");
        const to = positionIn(words, "range_end");
        if (from === undefined || to === undefined) return undefined;
        const sync = numberIn(words, "sync_mode") === 1 && from === 0 && to > 2 ** 62;
        return { kind: "writepages", file, from, to: to + 1, sync };
      },
    ),
    words: "dev ino range_start range_end sync_mode",
  },
  ofFile(
    "ext4_writepages_result",
    "the task is done with it: all its bios are with the device",
    "after",
    "5.10 to 7.2",
    (file) => ({ kind: "writepages_ended", file, sync: false }),
  ),
  ext4Row(
    "ext4_es_lookup_extent_exit",
    "dev ino found [lblk/len) pblk status",
    / found 1 \[(?<first>\d+)\/(?<count>\d+)\) (?<at>\d+) (?<status>[WU])R?$/,
  ),
  ext4Row(
    "ext4_es_insert_extent",
    "dev ino es [lblk/len) mapped pblk status",
    / es \[(?<first>\d+)\/(?<count>\d+)\) mapped (?<at>\d+) status (?<status>[WU])R?$/,
  ),
  iomapFolio("iomap_writepage", "5.10 to 6.12"),
  iomapFolio("iomap_writeback_folio", "6.18, 7.3"),
  iomapMap("iomap_writepage_map", "6.1, 6.12"),
  iomapMap("iomap_add_to_ioend", "6.18, 7.3"),
  {
    source: "writeback_mark_inode_dirty",
    words: "bdi ino flags",
    says: "with I_DIRTY_SYNC alone, only times of the inode change next",
    anchor: "before",
    versions: "6.12, 6.18",
    read: (words, line) => {
      const dev = printedDevice(words, "bdi");
      const ino = numberIn(words, "ino");
      if (ino === undefined) return undefined;
      // A bdi with a name of its own is no block device's.
      if (dev === undefined) return "nothing";
      return {
        kind: "inode_changes",
        file: fileId(dev, ino),
        times: onlyTimes(line.body),
      };
    },
    binary(layout) {
      const bdi = layout.text("name", deviceOf);
      const [ino, flags] = [layout.number("ino"), layout.number("flags")];
      if (bdi === undefined || ino === undefined || flags === undefined) return undefined;
      const known = new Map<number, boolean>();
      return (event) => {
        const [inode, bits] = [ino(event), flags(event)];
        if (!Number.isSafeInteger(inode)) return undefined;
        const dev = bdi(event);
        if (dev === undefined) return "nothing";
        let times = known.get(bits);
        if (times === undefined) known.set(bits, times = onlyTimes(layout.print(event)));
        return { kind: "inode_changes", file: layout.fileOf(dev, inode), times };
      };
    },
  },
  {
    source: "ext4_mark_inode_dirty",
    words: "dev ino caller",
    says: "the inode is written into a transaction",
    anchor: "inside",
    versions: "5.10 to 6.18",
    read: (words, { body }) => {
      const file = fileOfTracepoint(words);
      return file && changed(file, body, true);
    },
  },
  {
    source: "ext4_journal_start_inode",
    words: "dev ino caller",
    says:
      "a change of the inode begins; if its caller converts unwritten extents, a write has ended",
    anchor: "inside",
    versions: "6.12, 6.18",
    read: (words, { body }) => {
      const dev = printedDevice(words);
      const [, ino] = / ino (\d+), caller /.exec(body) ?? [];
      if (dev === undefined || ino === undefined) return undefined;
      return changed(fileId(dev, Number(ino)), body, false);
    },
  },
];

/**
 * True if no flag but I_DIRTY_SYNC is set. trace-cmd and perf do not know the value that it has since 6.18, and
 * print that; before, it is a macro, whose value the format tells, and so is each other flag of this value.
 */
function onlyTimes(body: string): boolean {
  return / flags=(?:I_DIRTY_SYNC|0x10)$/.test(body);
}
