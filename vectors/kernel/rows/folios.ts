/**
 * Lines of a folio's life.
 *
 * @module
 */
import {
  type CacheRow,
  folioOfProbe,
  folioRow,
  ofNoFile,
  probedOn,
  probedSince510,
  probedSince612,
  probedWithoutModules,
  probedWithPages,
} from "./row.ts";
import { fileId } from "../file_ids.ts";
import { pageSize } from "../../../model/page_size.ts";
import {
  bareHexadecimal,
  deviceOf,
  fileOfProbe,
  lowByte,
  mostOrder,
  numberIn,
  printedDevice,
} from "./words.ts";
import type { Words } from "../line_words.ts";

/** VM_FAULT_LOCKED: `->page_mkwrite` said yes, and the folio is locked. */
const FAULT_LOCKED = 0x200;
/** VM_FAULT_RETRY: it said no, but do_page_mkwrite() looks for errors and VM_FAULT_NOPAGE alone. */
const FAULT_RETRY = 0x400;

function returnedTrue(words: Words): boolean {
  return numberIn(words, "ret") !== 0;
}

/** mm_filemap_*: the inode number is hexadecimal without 0x, the offset in bytes. */
function cacheEvent(kind: "folio_added" | "folio_removed", source: string): CacheRow {
  return {
    source,
    words: "dev ino ofs order",
    says: kind === "folio_added" ? "the folio is in the page cache" : "it is about to leave it",
    anchor: kind === "folio_added" ? "after" : "inside",
    versions: "5.10 to 7.3",
    read: (words) => {
      const dev = printedDevice(words);
      const ino = bareHexadecimal(words, "ino");
      const offset = numberIn(words, "ofs");
      if (dev === undefined || ino === undefined || offset === undefined) return undefined;
      const order = numberIn(words, "order") ?? 0;
      const file = fileId(dev, ino);
      const index = offset / pageSize;
      if (order > mostOrder) return undefined;
      return { kind, folio: { file, index, pages: 2 ** order, flags: undefined } };
    },
    binary(layout) {
      const file = layout.file("s_dev", "i_ino");
      const [index, order] = [layout.number("index"), layout.number("order")];
      if (file === undefined || index === undefined) return undefined;
      return (event) => {
        const [of, page] = [file(event), index(event)];
        if (of === undefined || !Number.isSafeInteger(page * pageSize)) return undefined;
        const folioOrder = order?.(event) ?? 0;
        if (folioOrder > mostOrder) return undefined;
        const pages = 2 ** folioOrder;
        return { kind, folio: { file: of, index: page, pages, flags: undefined } };
      };
    },
  };
}

/** write(2) has copied into a folio. Of a short copy into one that is not uptodate nothing is kept. */
function copies(source: string, versions: string): CacheRow {
  const says = "write(2) has copied into it, these bytes";
  return {
    ...folioRow(source, "folio_copied", says, "inside", undefined, versions),
    words: "dev ino index nr fl pos len copied",
    read: (words) => {
      const folio = folioOfProbe(words);
      const from = numberIn(words, "pos");
      const length = numberIn(words, "len");
      const copied = numberIn(words, "copied");
      if (folio === undefined) return undefined;
      const stays = copied === length || folio.flags?.uptodate === true;
      const bytes = from === undefined || copied === undefined || copied === 0 || !stays
        ? undefined
        : { from, to: from + copied };
      return { kind: "folio_copied", folio, bytes };
    },
  };
}

/** The tracepoint of a folio, or before there were folios of a page, that becomes dirty. */
function dirties(source: string, versions: string): CacheRow {
  return {
    source,
    words: "bdi ino index",
    says: "PG_dirty and the DIRTY mark are set, which they were not",
    anchor: "inside",
    versions,
    read: (words) => {
      const dev = printedDevice(words, "bdi");
      const ino = numberIn(words, "ino");
      const index = numberIn(words, "index");
      if (ino === undefined || index === undefined) return undefined;
      // A bdi may have a name of its own, as those of btrfs: no file that is judged.
      if (dev === undefined) return { kind: "elsewhere_dirtied" };
      const folio = { file: fileId(dev, ino), index, pages: undefined, flags: undefined };
      return { kind: "folio_dirtied", folio };
    },
    binary(layout) {
      const bdi = layout.text("name", deviceOf);
      const [ino, index] = [layout.number("ino"), layout.number("index")];
      if (bdi === undefined || ino === undefined || index === undefined) return undefined;
      return (event) => {
        const [inode, page] = [ino(event), index(event)];
        if (!Number.isSafeInteger(inode) || !Number.isSafeInteger(page)) return undefined;
        const dev = bdi(event);
        if (dev === undefined) return { kind: "elsewhere_dirtied" };
        const file = layout.fileOf(dev, inode);
        const folio = { file, index: page, pages: undefined, flags: undefined };
        return { kind: "folio_dirtied", folio };
      };
    },
  };
}

/** A folio is declared clean. */
function cleans(source: string, versions: string): CacheRow {
  const says = "if it returned true: mappings are protected and PG_dirty is clear";
  return folioRow(source, "folio_cleaned", says, "after", returnedTrue, versions);
}

/** Writeback of a folio begins. */
function beginsWriteback(source: string, versions: string): CacheRow {
  const says = "PG_writeback is about to be set; with keep=0 TOWRITE is cleared";
  return {
    ...folioRow(source, "writeback_begun", says, "before", undefined, versions),
    words: "dev ino index nr fl keep",
    read: (words) => {
      const folio = folioOfProbe(words);
      const keep = numberIn(words, "keep");
      const keepsTowrite = keep === undefined ? undefined : keep !== 0;
      if (folio === undefined) return ofNoFile(words) ? "nothing" : undefined;
      return { kind: "writeback_begun", folio, keepsTowrite };
    },
  };
}

/** Writeback of a folio ends. */
function endsWriteback(source: string, versions: string): CacheRow {
  const says = "PG_writeback is about to be cleared";
  return folioRow(source, "writeback_ended", says, "before", undefined, versions);
}

/** A folio that writeback has taken is given back. */
function redirties(source: string, versions: string): CacheRow {
  const says = "it was not written, and is dirty again";
  return folioRow(source, "folio_redirtied", says, "before", undefined, versions);
}

/** The lines of a folio's life, and those of a page's before there were folios. */
export const folioRows: readonly CacheRow[] = [
  cacheEvent("folio_added", "mm_filemap_add_to_page_cache"),
  cacheEvent("folio_removed", "mm_filemap_delete_from_page_cache"),
  dirties("writeback_dirty_folio", "6.1 to 7.3"),
  dirties("writeback_dirty_page", probedWithPages),
  cleans("folio_clear_dirty_for_io() returns", probedOn),
  cleans("clear_page_dirty_for_io() returns", probedWithPages),
  beginsWriteback("__folio_start_writeback()", probedOn),
  beginsWriteback("__test_set_page_writeback()", probedWithPages),
  endsWriteback("folio_end_writeback()", probedOn),
  endsWriteback("end_page_writeback()", probedWithPages),
  redirties("folio_redirty_for_writepage()", probedOn),
  redirties("redirty_page_for_writepage()", probedWithPages),
  copies("ext4_da_write_end()", probedOn),
  copies("generic_write_end()", probedWithoutModules),
  copies("iomap_write_end()", probedSince510),
  {
    source: "do_page_mkwrite() returns",
    words: "dev ino pgoff addr index fl ret",
    changes: "fl pfl",
    says: "if it returned VM_FAULT_LOCKED: the page is made writable next",
    anchor: "inside",
    versions: probedSince510,
    read: (words) => {
      const pgoff = numberIn(words, "pgoff");
      const folio = folioOfProbe(words, numberIn(words, "index") ?? pgoff);
      const address = numberIn(words, "addr");
      const result = numberIn(words, "ret");
      if (folio === undefined || pgoff === undefined) return undefined;
      if (address === undefined || result === undefined) return undefined;
      if ((result & FAULT_LOCKED) === 0) return { kind: "faulting" };
      const refused = (result & FAULT_RETRY) !== 0;
      return { kind: "mkwrite", folio: { ...folio, pages: undefined }, pgoff, address, refused };
    },
  },
  ...["do_page_mkwrite()", "fault_dirty_shared_page()", "finish_fault() returns"].map((source) => ({
    source,
    words: "none",
    says: "the task is inside a page fault",
    anchor: "inside" as const,
    versions: source === "finish_fault() returns" ? probedSince612 : probedSince510,
    read: () => ({ kind: "faulting" as const }),
  })),
  {
    source: "folio_wait_stable() returns",
    words: "dev ino mfl stable",
    says: "whether the mapping needs stable pages: AS_STABLE_WRITES of mapping->flags",
    anchor: "after",
    versions: probedOn,
    read: (words) => {
      const file = fileOfProbe(words);
      const needed = needsStable(words);
      if (file === undefined || needed === undefined) return undefined;
      return { kind: "stable_pages", file, needed };
    },
  },
  ...(["workqueue_execute_start", "workqueue_execute_end"] as const).map((source) => ({
    source,
    words: "function",
    says: source === "workqueue_execute_start"
      ? "if it is bio_dirty_fn: pins of a direct read are given back, and pages marked dirty"
      : "if it is bio_dirty_fn: that is done",
    anchor: "inside" as const,
    versions: "6.12, 6.18",
    readBody: (body: string) =>
      / function bio_dirty_fn\b/.test(body)
        ? { kind: "pins_released" as const, begins: source === "workqueue_execute_start" }
        : "nothing" as const,
  })),
  {
    source: "mm_khugepaged_collapse_file",
    words: "none",
    says: "folios of some file have become one, and what maps them is not known",
    anchor: "after",
    versions: "6.12, 7.3",
    read: () => ({ kind: "folios_changed", file: undefined }),
  },
  ...([
    ["collapse_file() returns", probedSince510],
    ["split_huge_page_to_list()", "5.10, 6.1"],
    ["split_huge_page_to_list_to_order()", "6.12"],
    ["__folio_split()", "7.3"],
  ] as const).map(([source, versions]) => ({
    source,
    words: "dev ino",
    says: "folios of the file have become others, and what maps them is not known",
    anchor: "inside" as const,
    versions,
    read: (words: Words) => ({ kind: "folios_changed" as const, file: fileOfProbe(words) }),
  })),
];

/** AS_STABLE_WRITES, bit 7 of `mapping->flags` since 6.7. */
const STABLE_WRITES = 0x80;

/** `mfl=` of a probe, or `stable=`, the bit alone. */
export function needsStable(words: Words): boolean | undefined {
  const bits = lowByte(words, "mfl");
  if (bits !== undefined) return (bits & STABLE_WRITES) !== 0;
  const bit = numberIn(words, "stable");
  return bit === undefined ? undefined : bit !== 0;
}
