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
import { removalRows } from "./removal_rows.ts";
import type { PageCacheRow } from "./row.ts";
import { extentRows } from "./extent_rows.ts";
import { syncRows } from "./sync_rows.ts";

/** All rows. */
export const pageCacheRows: readonly PageCacheRow[] = [
  ...folioRows,
  ...blockRows,
  ...journalRows,
  ...errorRows,
  ...syncRows,
  ...directRows,
  ...extentRows,
  ...removalRows,
];

const tracepoints = new Map<string, PageCacheRow>();
const entries = new Map<string, PageCacheRow>();
const returns = new Map<string, PageCacheRow>();
for (const row of pageCacheRows) {
  const [, name = "", leaves] = /^(\w+)\(\)( returns)?$/.exec(row.source) ?? [];
  if (name === "") tracepoints.set(row.source, row);
  else (leaves === undefined ? entries : returns).set(name, row);
}

/** The row of a tracepoint, if it has one. */
export function rowOfTracepoint(name: string): PageCacheRow | undefined {
  return tracepoints.get(name);
}

/** The row of a probe, known by its function. */
export function rowOfProbe(probed: string, leaves: boolean): PageCacheRow | undefined {
  return (leaves ? returns : entries).get(probed);
}
