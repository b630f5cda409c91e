/**
 * Every line that is read: what each tracepoint and each probed function says of DAX files and of the
 * page cache. The tables of `spec/traces.md` and `spec/traces-page-cache.md` are generated from it.
 *
 * @module
 */
import { type EventLine, fieldReader } from "./binary_event.ts";
import { coded } from "./lines.ts";
import { GivenWords, type TextReader } from "./line_words.ts";
import type { ProbeRecord, TraceHeader } from "./record.ts";
import { blockRows } from "./rows/bios.ts";
import type { CacheReading } from "./rows/cache_reading.ts";
import { daxFaults } from "./rows/dax_faults.ts";
import { daxProbes } from "./rows/dax_probes.ts";
import type { DaxReading } from "./rows/dax_reading.ts";
import { daxWriteback } from "./rows/dax_writeback.ts";
import { directRows } from "./rows/direct_io.ts";
import { errorRows } from "./rows/errors.ts";
import { exceptions } from "./rows/exceptions.ts";
import { ext4 } from "./rows/ext4.ts";
import { extentRows } from "./rows/extents.ts";
import { FieldCursor } from "./rows/field_cursor.ts";
import { folioRows } from "./rows/folios.ts";
import { ioUringRows } from "./rows/io_uring.ts";
import { iomap } from "./rows/iomap.ts";
import { journalRows } from "./rows/journals.ts";
import { processRows } from "./rows/processes.ts";
import { removalRows } from "./rows/removals.ts";
import {
  type CacheRow,
  type DaxRow,
  type LineOutcome,
  namesOf,
  type Reads,
  type Row,
  type SharedRow,
} from "./rows/row.ts";
import type { SharedReading } from "./rows/shared_reading.ts";
import { syncRows } from "./rows/sync_calls.ts";
import { TracepointWords } from "./rows/tracepoint_words.ts";
import { xfs } from "./rows/xfs.ts";
import { xfsInodeRows } from "./rows/xfs_inodes.ts";

/** The rows, in the order of the chapters. */
export const rows: readonly Row[] = [
  ...exceptions,
  ...daxFaults,
  ...daxWriteback,
  ...ext4,
  ...xfs,
  ...iomap,
  ...daxProbes,
  ...folioRows,
  ...blockRows,
  ...journalRows,
  ...errorRows,
  ...syncRows,
  ...directRows,
  ...extentRows,
  ...xfsInodeRows,
  ...removalRows,
  ...processRows,
  ...ioUringRows,
];

/** The rows that tell of DAX files. */
export const daxRows: readonly (DaxRow | SharedRow)[] = rows.filter((row) =>
  row.events !== undefined
);
/** The rows that tell of the page cache. */
export const cacheRows: readonly (CacheRow | SharedRow)[] = rows.filter((row) =>
  row.says !== undefined
);

/** True for a row of a probed function. */
export function isProbed({ source }: Row): boolean {
  return source.includes("(");
}

/** Reads one kind of lines. */
type Read<Line, Reading> = (line: Line, format: TraceHeader["format"]) => LineOutcome<Reading>;

/** What reads one kind of lines, and whom they concern. */
export type Reader<Line> =
  | { readonly source: string; readonly tells: "dax"; readonly read: Read<Line, DaxReading> }
  | { readonly source: string; readonly tells: "cache"; readonly read: Read<Line, CacheReading> }
  | { readonly source: string; readonly tells: "both"; readonly read: Read<Line, SharedReading> };

/** What reads the lines of a tracepoint. */
type TracepointReader = Reader<EventLine>;
/** What reads the lines of one end of a probed function. */
type ProbeReader = Reader<ProbeRecord> & {
  /** True if more is asked for than what the function returns. */
  readonly asks: boolean;
  /** Words that the function may change. */
  readonly changes: readonly string[];
  /** A word that every line of the recipe's probe has, if lines without it are not read. */
  readonly own: string | undefined;
};

const tracepoints = new Map<string, TracepointReader>();
const entries = new Map<string, ProbeReader>();
const returns = new Map<string, ProbeReader>();
for (const row of rows) {
  const [, name = "", leaves] = /^(\w+)\(\)( returns)?$/.exec(row.source) ?? [];
  if (name === "") tracepoints.set(row.source, tracepointReader(row));
  else (leaves === undefined ? entries : returns).set(name, probeReader(row));
}

function tracepointReader(row: Row): TracepointReader {
  const { source } = row;
  const names = namesOf(row);
  if (row.says === undefined) return { source, tells: "dax", read: readsLine(row, names) };
  if (row.events === undefined) return { source, tells: "cache", read: readsLine(row, names) };
  return { source, tells: "both", read: readsLine(row, names) };
}

const noWords = new GivenWords({});
const noLine = { body: "" };

function readsLine<Reading>(
  row: Reads<Reading>,
  names: readonly string[],
): Read<EventLine, Reading> {
  // What asks for no words says the same whatever its line has.
  if ("read" in row && names.length === 0) return () => row.read(noWords, noLine);
  return fieldReader(row.binary, textReader(row, names));
}

function textReader<Reading>(
  row: Reads<Reading>,
  names: readonly string[],
): Read<EventLine, Reading> {
  if ("readBody" in row) return (line, format) => row.readBody(line.body, format);
  if ("readFields" in row) {
    const fields = new FieldCursor();
    return (line, format) => {
      begin(fields, line);
      return row.readFields(fields, format);
    };
  }
  const words = new TracepointWords(names);
  return (line) => {
    begin(words, line);
    return row.read(words, line);
  };
}

/** Has a reader begin with the text of a line. */
function begin(reader: TextReader, line: EventLine): void {
  if (line.give !== undefined) line.give(reader);
  else reader.begin(coded(line.body), 0, line.body.length);
}

function probeReader(row: Row): ProbeReader {
  const { source } = row;
  const own = {
    source,
    asks: namesOf(row).some((word) => word !== "ret"),
    changes: changesOf(row),
    own: row.own,
  };
  if (row.says === undefined) return { ...own, tells: "dax", read: readsArguments(row) };
  if (row.events === undefined) return { ...own, tells: "cache", read: readsArguments(row) };
  return { ...own, tells: "both", read: readsArguments(row) };
}

function changesOf({ changes = "" }: Row): readonly string[] {
  return changes.match(/\w+/g) ?? [];
}

/** Words of a function's return that are not what they were at its entry. */
export function changedWords(source: string): readonly string[] {
  const row = rows.find((each) => each.source === source);
  return row === undefined ? [] : changesOf(row);
}

/** The arguments of a probe are words already. */
function readsArguments<Reading>(row: Reads<Reading>): Read<ProbeRecord, Reading> {
  return "read" in row ? ({ words }) => row.read(words, noLine) : () => undefined;
}

/** What reads a tracepoint; undefined for one that is counted and not read. */
export function readerOfTracepoint(name: string): TracepointReader | undefined {
  return tracepoints.get(name);
}

/** What reads a probe, known by its function, whatever its author named it; undefined if nothing does. */
export function readerOfProbe(probed: string, leaves: boolean): ProbeReader | undefined {
  return (leaves ? returns : entries).get(probed);
}
