/**
 * Lines of direct I/O: the request, its two invalidations, and the end of its I/O.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { pageSize } from "../../../model/page_size.ts";
import type { CacheReading } from "./cache_reading.ts";
import { fileAt } from "./field_text.ts";
import { type CacheRow, probedOn, probedSince510 } from "./row.ts";
import { fileOfProbe, fileOfTracepoint, numberIn } from "./words.ts";
import type { Words } from "../line_words.ts";

/** `-EIOCBQUEUED`: the request goes on without its task. */
const QUEUED = -529;

/** iomap_dio_*: the file, and the flags of the request as the kernel spells them. */
function requestOf(words: Words, body: string) {
  const file = fileOfTracepoint(words);
  const offset = numberIn(words, "offset");
  if (file === undefined || offset === undefined) return undefined;
  const flags = / flags (\S*) /.exec(body)?.[1]?.split("|") ?? [];
  return { file, offset, flags, async: numberIn(words, "aio") !== 0 };
}

/** The bytes of a probe with `pos` and `count`. */
function bytesOf(words: Words) {
  const file = fileOfProbe(words);
  const from = numberIn(words, "pos");
  const count = numberIn(words, "count");
  if (file === undefined || from === undefined || count === undefined) return undefined;
  return { file, from, to: from + count };
}

/** Bytes that XFS names: `dev 254:16 ino 0x87 ... pos 0x2000 bytecount 0x1000`; `offset`, `count` in 5.10. */
export function xfsBytes(
  words: Words,
): { readonly file: FileId; readonly from: number; readonly to: number } | undefined {
  const file = fileOfTracepoint(words);
  const from = numberIn(words, "pos") ?? numberIn(words, "offset");
  const count = numberIn(words, "bytecount") ?? numberIn(words, "count");
  if (file === undefined || from === undefined || count === undefined) return undefined;
  return { file, from, to: from + count };
}

/** A tracepoint of XFS that fires as a direct read or write is entered. */
function xfsCall(source: string, writes: boolean): CacheRow {
  return {
    source,
    words: "dev ino pos bytecount offset count",
    says: `the direct I/O that the task begins next ${writes ? "writes" : "reads"}`,
    anchor: "before",
    versions: "5.10 to 7.3",
    read: (words): CacheReading | undefined => {
      const bytes = xfsBytes(words);
      return bytes === undefined ? undefined : { kind: "direct_ahead", file: bytes.file, writes };
    },
  };
}

/** The lines of direct I/O. */
export const directRows: readonly CacheRow[] = [
  xfsCall("xfs_file_direct_read", false),
  xfsCall("xfs_file_direct_write", true),
  {
    source: "iomap_dio_rw_begin",
    words: "dev ino offset length flags aio",
    says: "direct I/O begins; nothing of it has reached the device",
    anchor: "before",
    versions: "6.6 to 7.3",
    read: (words, { body }) => {
      const request = requestOf(words, body);
      const length = numberIn(words, "length");
      if (request === undefined || length === undefined) return undefined;
      const { file, offset: from, flags, async } = request;
      // Of synchronous I/O kernels before 6.13 or so do not say it here; the system call tells.
      const writes = flags.includes("WRITE") ? true : async ? false : undefined;
      return { kind: "direct_begun", file, from, to: from + length, async, writes };
    },
  },
  {
    source: "iomap_dio_rw_queued",
    words: "dev ino",
    says: "the direct I/O goes on without its task",
    anchor: "after",
    versions: "6.6 to 7.3",
    read: () => ({ kind: "direct_queued" }),
  },
  {
    source: "iomap_dio_complete",
    words: "dev ino offset aio error ret",
    says: "the direct I/O is over, its second invalidation included",
    anchor: "after",
    versions: "6.6 to 7.3",
    read: (words, { body }) => {
      const request = requestOf(words, body);
      const result = numberIn(words, "ret");
      if (request === undefined || result === undefined) return undefined;
      const { file, offset, async } = request;
      return { kind: "direct_completed", file, end: offset, async, result };
    },
  },
  {
    source: "iomap_dio_rw()",
    words: "dev ino pos count writes complete",
    says: "direct I/O begins; nothing of it has reached the device",
    anchor: "before",
    versions: "5.10 to 6.6",
    read: (words) => {
      const bytes = bytesOf(words);
      const [writes, complete] = [numberIn(words, "writes"), numberIn(words, "complete")];
      // Where a tracepoint tells the same, others probe this with words of their own.
      if (bytes === undefined || writes === undefined || complete === undefined) return "nothing";
      // A kiocb that somebody waits for has nothing to call when it is over (is_sync_kiocb).
      return { kind: "direct_begun", ...bytes, async: complete !== 0, writes: writes !== 0 };
    },
  },
  {
    source: "iomap_dio_complete() returns",
    words: "dev ino from complete ret",
    says: "the direct I/O is over, its second invalidation included",
    anchor: "after",
    versions: "5.10 to 6.6",
    read: (words) => {
      const file = fileOfProbe(words);
      const [from, result] = [numberIn(words, "from"), numberIn(words, "ret")];
      const complete = numberIn(words, "complete");
      if (file === undefined || from === undefined) return "nothing";
      if (result === undefined || complete === undefined) return "nothing";
      const end = from + Math.max(result, 0);
      return { kind: "direct_completed", file, end, async: complete !== 0, result };
    },
  },
  {
    source: "iomap_dio_rw() returns",
    words: "dev ino ret",
    says: "the direct I/O is over, unless it returned -EIOCBQUEUED",
    anchor: "after",
    versions: probedSince510,
    read: (words) => {
      const result = numberIn(words, "ret");
      if (fileOfProbe(words) === undefined || result === undefined) return undefined;
      return result === QUEUED ? { kind: "direct_queued" } : { kind: "direct_returned", result };
    },
  },
  {
    source: "kiocb_invalidate_pages() returns",
    words: "dev ino pos count ret",
    says: "the direct write has invalidated its range for the first time",
    anchor: "after",
    versions: probedOn,
    read: (words) => {
      const bytes = bytesOf(words);
      return bytes === undefined ? undefined : { kind: "direct_first_invalidated" };
    },
  },
  {
    source: "invalidate_inode_pages2_range() returns",
    words: "dev ino nrpages ret",
    changes: "nrpages",
    says: "folios of the range are removed; how many pages the mapping has then",
    anchor: "after",
    versions: probedSince510,
    read: (words) => {
      const file = fileOfProbe(words);
      const result = numberIn(words, "ret");
      if (file === undefined || result === undefined) return undefined;
      const pages = numberIn(words, "nrpages");
      return { kind: "range_invalidated", file, failed: result !== 0, pages };
    },
  },
  ...(["", " returns"] as const).map((leaves): CacheRow => ({
    source: `kiocb_invalidate_post_direct_write()${leaves}`,
    words: "dev ino pos count",
    says: leaves === ""
      ? "the direct write invalidates its range again"
      : "the direct write has invalidated its range again",
    anchor: leaves === "" ? "before" : "after",
    versions: probedOn,
    read: (words) => {
      const bytes = bytesOf(words);
      if (bytes === undefined) return undefined;
      return {
        kind: leaves === "" ? "direct_invalidates_again" : "direct_invalidated_again",
        ...bytes,
      };
    },
  })),
  {
    source: "xfs_unwritten_convert",
    words: "dev ino disize pos bytecount offset count",
    says: "an unwritten extent is about to be converted",
    anchor: "before",
    versions: "5.10, 6.12",
    read: (words) => {
      const bytes = xfsBytes(words);
      return bytes && { kind: "direct_converted", ...bytes, size: numberIn(words, "disize") };
    },
  },
  {
    source: "mm_filemap_get_pages",
    words: "dev ino ofs",
    says: "read(2) has found the first page uptodate",
    anchor: "after",
    versions: "6.12, 7.3",
    readFields: (text) => {
      const dev = text.passes("dev=") ? text.device(":") : undefined;
      const file = text.passes(" ino=") ? fileAt(dev, text.bareHexadecimal()) : undefined;
      const offset = text.passes(" ofs=") ? text.decimal() : NaN;
      if (file === undefined || !(offset >= 0)) return undefined;
      return { kind: "folio_found", file, pgoff: Math.floor(offset / pageSize) };
    },
    binary(layout) {
      const [fileOf, index] = [layout.file("s_dev", "i_ino"), layout.number("index")];
      if (fileOf === undefined || index === undefined) return undefined;
      return (event) => {
        const [file, pgoff] = [fileOf(event), index(event)];
        if (file === undefined || !Number.isSafeInteger(pgoff)) return undefined;
        return { kind: "folio_found", file, pgoff };
      };
    },
  },
];
