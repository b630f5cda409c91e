/**
 * Tracepoints of a file system's part of a removal, which holds invalidate_lock exclusive.
 *
 * @module
 */
import type { Reads, SharedRow } from "./row.ts";
import type { SharedReading } from "./shared_reading.ts";

/** The row of one. */
export function removalRow(source: string, says: string, reads: Reads<SharedReading>): SharedRow {
  return {
    source,
    words: "dev ino",
    events: "none: names the file of a removal",
    says,
    anchor: "inside",
    lines: "removals",
    versions: "5.10 to 7.3",
    ...reads,
  };
}
