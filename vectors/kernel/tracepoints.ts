/**
 * Every tracepoint that is translated. The tables of `spec/traces.md` are generated from it.
 *
 * @module
 */
import { daxFaults } from "./tracepoints/dax_faults.ts";
import { daxWriteback } from "./tracepoints/dax_writeback.ts";
import { exceptions } from "./tracepoints/exceptions.ts";
import { ext4 } from "./tracepoints/ext4.ts";
import { iomap } from "./tracepoints/iomap.ts";
import type { TracepointRow } from "./tracepoints/row.ts";
import { xfs } from "./tracepoints/xfs.ts";

/** The rows, in the order of the chapter. */
export const tracepoints: readonly TracepointRow[] = [
  ...exceptions,
  ...daxFaults,
  ...daxWriteback,
  ...ext4,
  ...xfs,
  ...iomap,
];

const byName: ReadonlyMap<string, TracepointRow> = new Map(
  tracepoints.map((row) => [row.tracepoint, row]),
);

/** The row of a tracepoint; undefined for one that is counted and not read. */
export function tracepointRow(name: string): TracepointRow | undefined {
  return byName.get(name);
}
