/**
 * Reads a trace in text: tracefs' `trace` and `trace_pipe`, and what `trace-cmd report` prints.
 *
 * @module
 */

import { readBanner } from "./banner_line.ts";
import { newColumns, readColumns } from "./columns.ts";
import { EXPECTED_TEXT, HEAD_BYTES, refuseContainer } from "./container.ts";
import { type Line, newEventReader } from "./event_line.ts";
import { newEventNames } from "./event_names.ts";
import { isHeaderLine, type Survey, surveyLines } from "./header.ts";
import { type Dialect, dialectOf } from "./dialects/dialect.ts";
import { type Coded, coded, type LineBatch, linesOf, LONGEST_LINE, splitLines } from "./lines.ts";
import { foreignFormat } from "./foreign_format.ts";
import { harmlessLine, malformed, shown } from "./malformed.ts";
import { peek } from "./peek.ts";
import type { TraceHeader, TraceRecord, TraceUnreadable } from "./record.ts";

/** How to read a trace. */
export interface ReadOptions {
  /** What to call the text in messages: its path, or `standard input`. */
  readonly name: string;
}

/** A trace that is being read. */
export interface Trace {
  /** Tells a trace from what cannot be read. */
  readonly kind: "trace";
  /** What it says of itself. */
  readonly header: TraceHeader;
  /** The records in the order of the text, a few hundred at a time; can be run through once. */
  readonly batches: AsyncGenerator<readonly TraceRecord[], void>;
  /**
   * Lines by event name read so far: system calls as `sys_enter_fsync` and
   * `sys_exit_fsync` in either style, markers as `tracing_mark_write` or `print`, probes by the name
   * that their author gave them.
   */
  counts(): Map<string, number>;
  /** Lets go of the stream; needed only where `batches` is not run to its end. */
  close(): Promise<void>;
}

/** The outcome of opening a trace: the trace, or why there is none. */
export type TraceReading = Trace | {
  readonly kind: "unreadable";
  readonly reason: TraceUnreadable;
};

/** Characters within which the first event, or a comment that only a trace has, must come. */
const OPENING = 65_536;

/**
 * Begins to read `stream`. The header is known when the promise resolves. Never throws: what cannot
 * be a trace (empty, binary, no event within 64 KiB) is a value, and so is every line that cannot be
 * read. A last line without newline was cut off, and may end in half a number: it is malformed.
 */
export async function readTrace(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  options: ReadOptions,
): Promise<TraceReading> {
  const { head, stream: whole } = await peek(stream, HEAD_BYTES);
  const refusal = refuseContainer(head);
  if (refusal !== undefined) {
    await whole.cancel().catch(() => {});
    const { byte, found, expected } = refusal;
    return unreadable({ file: options.name, at: { byte }, found, expected });
  }

  const { lines, dialect } = await inDialect(splitLines(whole));
  const opening: LineBatch[] = [];
  let survey: Survey | undefined;
  let length = 0;
  while (survey === undefined || !survey.settled && length < OPENING) {
    const next = await lines.next();
    if (next.done) break;
    opening.push(kept(next.value));
    length += next.value.text.length;
    if (next.value.text !== "") survey = surveyLines(opening.flatMap(linesOf));
  }
  const foreign = foreignFormat(opening.flatMap(linesOf));
  if (foreign !== undefined) {
    await lines.return(undefined);
    return unreadable({ file: options.name, ...foreign });
  }
  if (survey === undefined || !survey.isTrace) {
    await lines.return(undefined);
    return unreadable(notATrace(options.name, opening));
  }

  const names = newEventNames();
  const header = dialect?.format === undefined
    ? survey.header
    : { ...survey.header, format: dialect.format };
  const readBatch = newBatchReader(newLineReader(header, newEventReader(header.format, names)));
  async function* batches() {
    try {
      for (const batch of opening.splice(0)) yield readBatch(batch);
      for await (const batch of lines) yield readBatch(batch);
    } finally {
      await lines.return(undefined);
    }
  }
  return {
    kind: "trace",
    header,
    batches: batches(),
    counts: names.counts,
    async close() {
      await lines.return(undefined);
    },
  };
}

/** A batch that is good when others were asked for. */
function kept(batch: LineBatch): LineBatch {
  const codes = batch.codes.slice(0, batch.text.length);
  return { ...batch, codes, view: new DataView(codes.buffer) };
}

/** The lines as tracefs has them, whatever dialect the first of them show. */
async function inDialect(batches: AsyncGenerator<LineBatch>): Promise<{
  readonly lines: AsyncGenerator<LineBatch>;
  readonly dialect: Dialect | undefined;
}> {
  const first: LineBatch[] = [];
  while (first.every(({ text }) => text === "")) {
    const next = await batches.next();
    if (next.done) break;
    first.push(next.value);
  }
  async function* all() {
    try {
      yield* first.splice(0);
      yield* batches;
    } finally {
      await batches.return(undefined);
    }
  }
  const dialect = dialectOf(first.flatMap(linesOf));
  return { lines: dialect === undefined ? all() : dialect.rewrite(all()), dialect };
}

/** Reads the line from `start` to `end`. */
type LineReader = (
  lines: Coded,
  start: number,
  end: number,
  number: number,
  records: TraceRecord[],
) => void;

function newLineReader(
  header: TraceHeader,
  readEvent: ReturnType<typeof newEventReader>,
): LineReader {
  const { entries } = header;
  const seconds = header.clock === "seconds";
  const traceCmd = header.format === "trace-cmd report";
  const overwritten = entries !== undefined && entries.inBuffer < entries.written
    ? entries.written - entries.inBuffer
    : 0;
  const started = new Set<number>();
  const columns = newColumns();
  const read: Line = { lines: coded(""), end: 0, columns, number: 0 };
  let begun = false;
  /** trace-cmd prints raw user memory for a system call that it cannot parse, line breaks and all. */
  let unparsed = false;

  return (lines, start, end, number, records) => {
    const { text } = lines;
    if (!readColumns(lines, start, end, columns)) {
      const line = text.slice(start, end);
      if (!begun && isHeaderLine(line)) return;
      if (unparsed) {
        records.push(harmlessLine(number, line, "an event"));
        return;
      }
      const banner = readBanner(line, number, entries);
      if (banner?.kind === "lost" && banner.cpu !== undefined) started.add(banner.cpu);
      if (banner !== undefined) records.push(banner);
      return;
    }
    if (columns.seconds !== seconds) {
      const expected = `a time in ${seconds ? "seconds" : "counts"}, as before`;
      records.push(malformed(number, text.slice(start, end), expected));
      return;
    }
    // Overwritten events are missing before each CPU's first; the option `annotate` may be off.
    if (!begun && overwritten > 0) {
      records.push({ kind: "lost", line: number, cpu: undefined, count: overwritten });
    } else if (overwritten > 0 && !started.has(columns.cpu)) {
      records.push({ kind: "lost", line: number, cpu: columns.cpu, count: undefined });
    }
    if (overwritten > 0) started.add(columns.cpu);
    begun = true;
    unparsed = traceCmd && text.slice(columns.event, end).includes("[FAILED TO PARSE]");
    read.lines = lines;
    read.end = end;
    read.number = number;
    records.push(readEvent(read));
  };
}

function newBatchReader(readLine: LineReader): (batch: LineBatch) => TraceRecord[] {
  let number = 0;
  return (batch) => {
    const { text, skipped, end: last } = batch;
    const records: TraceRecord[] = [];
    const nul = text.includes("\0");
    for (let start = 0, index = 0; start < text.length; index++) {
      const end = text.indexOf("\n", start);
      number++;
      if (end - start > LONGEST_LINE) {
        const expected = "a line of at most 65,536 characters";
        records.push(malformed(number, text.slice(start, end), expected));
      } else if (nul && text.slice(start, end).includes("\0")) {
        records.push(malformed(number, text.slice(start, end), "text without NUL bytes"));
      } else if (!skipped?.has(index)) readLine(batch, start, end, number, records);
      start = end + 1;
    }
    if (last === undefined) return records;
    if (last.broken !== undefined) {
      const expected = `the rest of the text; it broke off: ${last.broken}`;
      records.push(malformed(number + 1, last.tail, expected));
    } else if (last.tail !== "") {
      const expected = "a newline at the end of the last line: it is cut";
      records.push(malformed(number + 1, last.tail, expected));
    }
    return records;
  };
}

function notATrace(file: string, opening: readonly LineBatch[]): TraceUnreadable {
  const end = opening.at(-1)?.end;
  const lines = [
    ...opening.flatMap(linesOf),
    ...(end === undefined || end.tail === "" ? [] : [end.tail]),
  ];
  const index = lines.findIndex((line) => line.trim() !== "" && !line.startsWith("#"));
  const text = lines[index];
  if (text !== undefined) {
    const found = `no event in the first 64 KiB; line ${index + 1} is ${
      JSON.stringify(shown(text))
    }`;
    return { file, at: { line: index + 1 }, found, expected: EXPECTED_TEXT };
  }
  const found = end?.broken ?? (lines.length === 0 ? "an empty file" : "nothing but blank lines");
  return { file, at: undefined, found, expected: EXPECTED_TEXT };
}

function unreadable(reason: TraceUnreadable): TraceReading {
  return { kind: "unreadable", reason };
}
