/**
 * Opens the file that a user named. All that can be wrong with it becomes one line.
 *
 * @module
 */

import type { BinaryFormat } from "./binary_format.ts";
import { binaryFormatOf, binaryFormats } from "./binary_formats.ts";
import { type ByteSource, fileSource, memorySource, streamOf } from "./byte_source.ts";
import { HEAD_BYTES, packingOf } from "./container.ts";
import { type ReadOptions, readTrace, type TraceReading } from "./ftrace_text.ts";
import {
  beginsObservations,
  type Observations,
  readObservations,
} from "./observations/read_observations.ts";
import { standardInput } from "./standard_input.ts";
import { inOrder } from "./lines_in_order.ts";
import { peek } from "./peek.ts";
import { readTracefsCopy } from "./trace_pipe_raw/read_tracefs_copy.ts";
import { unpack } from "./unpack.ts";

const EXPECTED_FILE = `a trace in ${
  ["text", ...binaryFormats.map(({ name }) => name)].join(" or ")
}, plain or packed, or - for standard input`;

/** Which of the events that a file has are read, and in which order. */
interface RecordingOptions {
  /** Name of the tracing instance, where a file has several. */
  readonly instance?: string | undefined;
  /** True if lines that a text has late are read where their times are (`lines_in_order.ts`). */
  readonly byTime?: boolean;
}

/** A trace, observations of one, or why there is neither. */
export type RecordingReading = TraceReading | Observations;

/**
 * Opens a trace: ftrace text, trace.dat, `trace-cmd report`, `perf script`, an ftrace dump in a log, or a
 * folder with copies of `trace_pipe_raw`, recognised by its content; plain or packed with gzip, zstd or xz.
 * `-` is standard input. `instance` names one of several tracing instances in a trace.dat. What cannot be
 * read is `unreadable`, with the line or byte and what was expected; nothing is thrown for it.
 */
export async function openTrace(path: string, instance?: string): Promise<TraceReading> {
  const reading = await openRecording(path, { instance });
  if (reading.kind !== "observations") return reading;
  await reading.batches.return(undefined);
  return unreadable(path, "observations of a trace");
}

/**
 * Opens `path`, or standard input if it is `-`, and begins to read. gzip, zstd and xz are recognised by
 * their magic bytes, not by the name; of packed data that is cut or corrupt, what can be unpacked is read, and the
 * last record says where it broke off. Of several tracing instances in one file `instance` names the
 * one that is read; a file that names none is refused.
 */
export async function openRecording(
  path: string,
  asked: RecordingOptions = {},
): Promise<RecordingReading> {
  const { instance } = asked;
  if (path === "-") {
    return await readRecording(standardInput(), { name: "standard input", ...asked });
  }
  try {
    if ((await Deno.stat(path)).isDirectory) {
      return instance === undefined ? await readTracefsCopy(path) : withoutInstances(path);
    }
    const file = await Deno.open(path);
    const binary = binaryIn(file);
    if (binary !== undefined) return await binary.format.read(binary.source, path, instance);
    return await readRecording(streamOf(file), { name: path, ...asked });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return unreadable(path, "no such file");
    if (error instanceof Deno.errors.PermissionDenied) {
      return unreadable(path, "no permission to read");
    }
    if (error instanceof Deno.errors.NotCapable) {
      return unreadable(path, "a path that --allow-read does not cover");
    }
    if (error instanceof Error) return unreadable(path, error.message);
    throw error;
  }
}

/** Begins to read a trace, or observations of one, that may be packed. */
export async function readRecording(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  { instance, byTime = false, ...options }: ReadOptions & RecordingOptions,
): Promise<RecordingReading> {
  const { head, stream } = await peek(source, 6);
  const packing = packingOf(head);
  const plain = packing === undefined ? stream : unpack(stream, packing);
  const { head: unpacked, stream: whole } = await peek(plain, HEAD_BYTES);
  const format = binaryFormatOf(unpacked);
  if (format === undefined && instance !== undefined) {
    await whole.cancel();
    return withoutInstances(options.name);
  }
  if (beginsObservations(unpacked)) return await readObservations(whole, options.name);
  if (format === undefined) return await readTrace(byTime ? inOrder(whole) : whole, options);
  const bytes = await takeAll(whole, MOST_IN_MEMORY);
  if (bytes === undefined) {
    const found = `more than 1 GiB of ${format.name} that is packed or comes through a pipe`;
    const expected = "its path, unpacked: it is read in no order, so all of it must be at hand";
    return { kind: "unreadable", reason: { file: options.name, at: undefined, found, expected } };
  }
  return await format.read(memorySource(bytes), options.name, instance);
}

/** A file that does not say which instance its events are of. */
function withoutInstances(file: string): TraceReading {
  const found = "a trace that names no tracing instance";
  const expected = "a trace.dat with --instance, or this file without it";
  return { kind: "unreadable", reason: { file, at: undefined, found, expected } };
}

/** What of a binary file is kept in memory where it has no file of its own, in bytes. */
const MOST_IN_MEMORY = 2 ** 30;

/** All bytes of a stream; undefined if there are more than `most`. What broke off ends there. */
async function takeAll(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  most: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) return undefined;
    }
  } catch {
    // What was cut is found missing where the file says that it should be.
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** A file in a binary format, to be read anywhere in it. */
interface Binary {
  readonly format: BinaryFormat;
  readonly source: ByteSource;
}

/** The file, if it is in one of the binary formats; it is at its beginning, else. */
function binaryIn(file: Deno.FsFile): Binary | undefined {
  if (!file.statSync().isFile) return undefined;
  const source = fileSource(file);
  const format = binaryFormatOf(source.read(0, HEAD_BYTES));
  if (format !== undefined) return { format, source };
  file.seekSync(0, Deno.SeekMode.Start);
  return undefined;
}

function unreadable(file: string, found: string): TraceReading {
  return { kind: "unreadable", reason: { file, at: undefined, found, expected: EXPECTED_FILE } };
}
