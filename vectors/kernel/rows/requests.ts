/**
 * Plain tracepoints of bios and requests (include/trace/events/block.h): which sectors, and how it
 * ended. A device is printed as `254,16`.
 *
 * @module
 */
import type { Sectors } from "../../../model/check/page_cache/sector_observation.ts";
import type { CacheReading } from "./cache_reading.ts";
import type { FieldCursor } from "./field_cursor.ts";
import type { CacheRow } from "./row.ts";

/** `blk_fill_rwbs`: a flush before it, the operation, FUA, and flags. */
const RWBS = /^(F?)(W|R|N|DE|D|F)(F?)A?S?(M?)U?$/;

/** What the letters say of a bio or request. */
interface Kind {
  readonly operation: "write" | "flush" | "other";
  readonly preflush: boolean;
  readonly metadata: boolean;
}

/** Kinds by their letters, of which there are few. */
const kinds = new Map<string, Kind | undefined>();
const mostKinds = 1000;

function kindOf(text: string): Kind | undefined {
  if (kinds.has(text)) return kinds.get(text);
  const [, preflush, operation, , metadata] = RWBS.exec(text) ?? [];
  const kind: Kind | undefined = operation === undefined ? undefined : {
    operation: operation === "W" ? "write" : operation === "F" ? "flush" : "other",
    preflush: preflush === "F",
    metadata: metadata === "M",
  };
  if (kinds.size < mostKinds) kinds.set(text, kind);
  return kind;
}

/** `254,16 WS `, with which all of these lines begin. */
function opening(
  cursor: FieldCursor,
): { readonly dev: string; readonly kind: Kind } | undefined {
  const dev = cursor.device(",");
  if (dev === undefined || !cursor.passes(" ")) return undefined;
  const kind = kindOf(cursor.word());
  return kind !== undefined && cursor.passes(" ") ? { dev, kind } : undefined;
}

/** `2048 + 8 `: sectors of a device. */
function sectorsOf(cursor: FieldCursor, dev: string): Sectors | undefined {
  const from = cursor.decimal();
  if (!cursor.passes(" + ")) return undefined;
  const count = cursor.decimal();
  if (!cursor.passes(" ")) return undefined;
  return from >= 0 && count >= 0 ? { dev, from, to: from + count } : undefined;
}

/** `[fio]`, up to the end: the name of a task, which may have anything in it. */
function isTask(cursor: FieldCursor): boolean {
  return cursor.passes("[") && cursor.endsWith("]");
}

/** `[-5]`, up to the end: 0, or a negative errno. */
function errorAtEnd(cursor: FieldCursor): number | undefined {
  if (!cursor.passes("[")) return undefined;
  const error = cursor.decimal();
  return cursor.passes("]") && cursor.isDone() && !Number.isNaN(error) ? error : undefined;
}

/** `none,0,0 `, as newer kernels print the priority of a request. */
function passPriority(cursor: FieldCursor): void {
  if (!cursor.passes("none,0,0 ")) cursor.passesAs(PRIORITY);
}

const PRIORITY = /\w+,\d+,\d+ /y;

function row(
  source: string,
  words: string,
  says: string,
  anchor: CacheRow["anchor"],
  readFields: (cursor: FieldCursor) => CacheReading | "nothing" | undefined,
): CacheRow {
  return {
    source,
    words,
    says,
    anchor,
    versions: "5.10 to 7.3",
    readFields,
  };
}

/** The lines of bios and requests. */
export const requestRows: readonly CacheRow[] = [
  row(
    "block_bio_queue",
    "dev rwbs sector + sectors",
    "these sectors are handed to the device; with F before the W its cache is flushed first",
    "before",
    (cursor) => {
      const begun = opening(cursor);
      const sectors = begun && sectorsOf(cursor, begun.dev);
      if (begun === undefined || sectors === undefined || !isTask(cursor)) return undefined;
      const { operation, preflush, metadata } = begun.kind;
      if (operation !== "write") return "nothing";
      return { kind: "sectors_queued", sectors, preflush, metadata };
    },
  ),
  row(
    "block_bio_remap",
    "dev rwbs sector + sectors <- (dev) sector",
    "one device passes the sectors on to another, or a partition to its disk",
    "inside",
    (cursor) => {
      const begun = opening(cursor);
      const to = begun && sectorsOf(cursor, begun.dev);
      if (to === undefined || !cursor.passes("<- (")) return undefined;
      const dev = cursor.device(",");
      if (dev === undefined || !cursor.passes(") ")) return undefined;
      const from = cursor.decimal();
      if (!(from >= 0) || !cursor.isDone()) return undefined;
      return { kind: "sectors_passed_on", from: { dev, from, to: from + to.to - to.from }, to };
    },
  ),
  row(
    "block_bio_complete",
    "dev rwbs sector + sectors [error]",
    "the bio of a device that makes no requests has ended, without an error if it is 0",
    "after",
    (cursor) => {
      const begun = opening(cursor);
      const sectors = begun && sectorsOf(cursor, begun.dev);
      const error = errorAtEnd(cursor);
      if (begun === undefined || sectors === undefined || error === undefined) return undefined;
      const { operation, preflush } = begun.kind;
      if (operation !== "write") return "nothing";
      return { kind: "sectors_ended", sectors, failed: error !== 0, preflush, request: false };
    },
  ),
  row(
    "block_rq_issue",
    "dev rwbs sector + sectors",
    "a request is handed to the device; FF flushes its cache",
    "before",
    (cursor) => {
      const begun = opening(cursor);
      if (begun === undefined || !(cursor.decimal() >= 0)) return undefined;
      if (!cursor.passes(" (") || !cursor.skips(") ")) return undefined;
      if (sectorsOf(cursor, begun.dev) === undefined) return undefined;
      passPriority(cursor);
      if (!isTask(cursor)) return undefined;
      const { dev, kind } = begun;
      return kind.operation === "flush" ? { kind: "flush_issued", dev, failed: false } : "nothing";
    },
  ),
  row(
    "block_rq_complete",
    "dev rwbs sector + sectors [error]",
    "the request, or this part of it, has ended, without an error if it is 0",
    "after",
    (cursor) => {
      const begun = opening(cursor);
      if (begun === undefined || !cursor.passes("(") || !cursor.skips(") ")) return undefined;
      const { dev, kind: { operation, preflush } } = begun;
      const sectors = sectorsOf(cursor, dev);
      passPriority(cursor);
      const error = errorAtEnd(cursor);
      if (sectors === undefined || error === undefined) return undefined;
      const failed = error !== 0;
      if (operation === "flush") return { kind: "flush_ended", dev, failed };
      if (operation !== "write") return "nothing";
      return { kind: "sectors_ended", sectors, failed, preflush, request: true };
    },
  ),
];
