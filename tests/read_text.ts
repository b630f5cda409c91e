/**
 * Reads a text as a trace, for tests.
 *
 * @module
 */

import { type ReadOptions, readTrace, type Trace } from "../vectors/kernel/ftrace_text.ts";
import type { TraceRecord, TraceUnreadable } from "../vectors/kernel/record.ts";

/** A text that was read to its end. */
interface Read {
  readonly trace: Trace;
  readonly records: readonly TraceRecord[];
}

/** A stream of the given chunks. */
export function streamOf(
  ...chunks: readonly Uint8Array[]
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(chunks.map((chunk) => new Uint8Array(chunk)));
}

/** Reads `text`, in chunks of bytes that end at `cuts`; the reason if it is no trace. */
export async function readText(
  text: string | Uint8Array,
  options: Partial<ReadOptions> = {},
  cuts: readonly number[] = [],
): Promise<Read | TraceUnreadable> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const ends = [...new Set(cuts)].filter((cut) => cut < bytes.length).sort((a, b) => a - b);
  const chunks = [...ends, bytes.length].map((end, index) =>
    bytes.slice(index === 0 ? 0 : ends[index - 1], end)
  );
  const reading = await readTrace(streamOf(...chunks), { name: "a text", ...options });
  if (reading.kind === "unreadable") return reading.reason;
  return { trace: reading, records: await recordsOf(reading) };
}

/** Runs `trace` to its end. */
export async function recordsOf(trace: Trace): Promise<readonly TraceRecord[]> {
  const records: TraceRecord[] = [];
  for await (const batch of trace.batches) records.push(...batch);
  return records;
}

/** Reads `text`, which must be a trace. */
export async function readWhole(text: string, options: Partial<ReadOptions> = {}): Promise<Read> {
  const read = await readText(text, options);
  if ("found" in read) throw new Error(`no trace: ${read.found}`);
  return read;
}
