/**
 * What each tracepoint and each probe says of the page cache: one row each, with its reader.
 * The table of `spec/traces-page-cache.md` is generated from it.
 *
 * @module
 */
import { blockRows } from "./block_rows.ts";
import { directRows } from "./direct_rows.ts";
import { errorRows } from "./error_rows.ts";
import { folioRows } from "./folio_rows.ts";
import { journalRows } from "./journal_rows.ts";
import { processRows } from "./process_rows.ts";
import { removalRows } from "./removal_rows.ts";
import { fieldReader } from "../binary_event.ts";
import type { TracepointRecord } from "../record.ts";
import type { Reading } from "./reading.ts";
import { namesOf, type PageCacheRow, type WordsRow } from "./row.ts";
import { extentRows } from "./extent_rows.ts";
import { syncFaultRows } from "./sync_fault_rows.ts";
import { syncRows } from "./sync_rows.ts";
import { wordsOf } from "./words.ts";
import { xfsInodeRows } from "./xfs_inode_rows.ts";

/** All rows. */
export const pageCacheRows: readonly PageCacheRow[] = [
  ...folioRows,
  ...blockRows,
  ...journalRows,
  ...errorRows,
  ...syncRows,
  ...directRows,
  ...extentRows,
  ...xfsInodeRows,
  ...syncFaultRows,
  ...removalRows,
  ...processRows,
];

/** Tracepoints by name. */
const tracepoints = new Map<string, TracepointReader>();
const entries = new Map<string, WordsRow>();
const returns = new Map<string, WordsRow>();
for (const row of pageCacheRows) {
  const [, name = "", leaves] = /^(\w+)\(\)( returns)?$/.exec(row.source) ?? [];
  if (name === "") tracepoints.set(row.source, readerOf(row));
  else if ("read" in row) (leaves === undefined ? entries : returns).set(name, row);
}

/** Reads the lines of one tracepoint. */
interface TracepointReader {
  readonly source: string;
  readonly read: (record: TracepointRecord) => Reading | "nothing" | undefined;
}

function readerOf(row: PageCacheRow): TracepointReader {
  const { source, words, binary } = row;
  // What asks for no words says the same whatever its line has.
  if (words === "none" && "read" in row) return { source, read: () => row.read({}, "") };
  const wanted = namesOf(row);
  const fields = fieldReader(
    binary,
    "read" in row ? (body: string) => row.read(wordsOf(body, wanted), body) : row.readBody,
  );
  return { source, read: (record) => fields(record, undefined) };
}

/** What reads a tracepoint, if it has a row. */
export function readerOfTracepoint(name: string): TracepointReader | undefined {
  return tracepoints.get(name);
}

/** The row of a probe, known by its function. */
export function rowOfProbe(probed: string, leaves: boolean): WordsRow | undefined {
  return (leaves ? returns : entries).get(probed);
}
