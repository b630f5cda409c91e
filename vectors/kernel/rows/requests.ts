/**
 * Plain tracepoints of bios and requests (include/trace/events/block.h): which sectors, and how it
 * ended. A device is printed as `254,16`.
 *
 * @module
 */
import type { Sectors } from "../../../model/check/page_cache/sector_observation.ts";
import type { CacheReading } from "./cache_reading.ts";
import type { CacheRow } from "./row.ts";

/** `blk_fill_rwbs`: a flush before it, the operation, FUA, and flags. */
const RWBS = /^(F?)(W|R|N|DE|D|F)(F?)A?S?(M?)U?$/;

/** What the letters say of a bio or request. */
interface Kind {
  readonly operation: "write" | "flush" | "other";
  readonly preflush: boolean;
  readonly metadata: boolean;
}

function kindOf(text: string): Kind | undefined {
  const [, preflush, operation, , metadata] = RWBS.exec(text) ?? [];
  if (operation === undefined) return undefined;
  return {
    operation: operation === "W" ? "write" : operation === "F" ? "flush" : "other",
    preflush: preflush === "F",
    metadata: metadata === "M",
  };
}

function sectorsOf(dev: string, sector: string, count: string): Sectors {
  const from = Number(sector);
  return { dev: dev.replace(",", ":"), from, to: from + Number(count) };
}

function row(
  source: string,
  words: string,
  says: string,
  anchor: CacheRow["anchor"],
  read: (body: string) => CacheReading | "nothing" | undefined,
): CacheRow {
  return {
    source,
    words,
    says,
    anchor,
    versions: "5.10 to 7.3",
    readBody: read,
  };
}

const BIO_QUEUE = /^(\d+,\d+) (\w+) (\d+) \+ (\d+) \[.*\]$/;
const BIO_COMPLETE = /^(\d+,\d+) (\w+) (\d+) \+ (\d+) \[(-?\d+)\]$/;
const REMAP = /^(\d+,\d+) (\w+) (\d+) \+ (\d+) <- \((\d+,\d+)\) (\d+)$/;
const ISSUE = /^(\d+,\d+) (\w+) \d+ \(.*\) (\d+) \+ (\d+) (?:\w+,\d+,\d+ )?\[.*\]$/;
const COMPLETE = /^(\d+,\d+) (\w+) \(.*\) (\d+) \+ (\d+) (?:\w+,\d+,\d+ )?\[(-?\d+)\]$/;

/** The lines of bios and requests. */
export const requestRows: readonly CacheRow[] = [
  row(
    "block_bio_queue",
    "dev rwbs sector + sectors",
    "these sectors are handed to the device; with F before the W its cache is flushed first",
    "before",
    (body) => {
      const [, dev, rwbs = "", sector = "", count = ""] = BIO_QUEUE.exec(body) ?? [];
      const kind = kindOf(rwbs);
      if (dev === undefined || kind === undefined) return undefined;
      if (kind.operation !== "write") return "nothing";
      const { preflush, metadata } = kind;
      return { kind: "sectors_queued", sectors: sectorsOf(dev, sector, count), preflush, metadata };
    },
  ),
  row(
    "block_bio_remap",
    "dev rwbs sector + sectors <- (dev) sector",
    "one device passes the sectors on to another, or a partition to its disk",
    "inside",
    (body) => {
      const [, dev, rwbs = "", sector = "", count = "", from, at = ""] = REMAP.exec(body) ?? [];
      const kind = kindOf(rwbs);
      if (dev === undefined || from === undefined || kind === undefined) return undefined;
      return {
        kind: "sectors_passed_on",
        from: sectorsOf(from, at, count),
        to: sectorsOf(dev, sector, count),
      };
    },
  ),
  row(
    "block_bio_complete",
    "dev rwbs sector + sectors [error]",
    "the bio of a device that makes no requests has ended, without an error if it is 0",
    "after",
    (body) => {
      const [, dev, rwbs = "", sector = "", count = "", error] = BIO_COMPLETE.exec(body) ?? [];
      const kind = kindOf(rwbs);
      if (dev === undefined || kind === undefined) return undefined;
      if (kind.operation !== "write") return "nothing";
      const sectors = sectorsOf(dev, sector, count);
      const { preflush } = kind;
      return { kind: "sectors_ended", sectors, failed: error !== "0", preflush, request: false };
    },
  ),
  row(
    "block_rq_issue",
    "dev rwbs sector + sectors",
    "a request is handed to the device; FF flushes its cache",
    "before",
    (body) => {
      const [, dev, rwbs = ""] = ISSUE.exec(body) ?? [];
      const kind = kindOf(rwbs);
      if (dev === undefined || kind === undefined) return undefined;
      if (kind.operation !== "flush") return "nothing";
      return { kind: "flush_issued", dev: dev.replace(",", ":"), failed: false };
    },
  ),
  row(
    "block_rq_complete",
    "dev rwbs sector + sectors [error]",
    "the request, or this part of it, has ended, without an error if it is 0",
    "after",
    (body) => {
      const [, dev, rwbs = "", sector = "", count = "", error] = COMPLETE.exec(body) ?? [];
      const kind = kindOf(rwbs);
      if (dev === undefined || kind === undefined) return undefined;
      const failed = error !== "0";
      if (kind.operation === "flush") {
        return { kind: "flush_ended", dev: dev.replace(",", ":"), failed };
      }
      if (kind.operation !== "write") return "nothing";
      const sectors = sectorsOf(dev, sector, count);
      return { kind: "sectors_ended", sectors, failed, preflush: kind.preflush, request: true };
    },
  ),
];
