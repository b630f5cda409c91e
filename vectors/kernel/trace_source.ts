/**
 * A trace that is read more than once: for its verdicts, for its stories, and for its own lines.
 *
 * @module
 */
import { binaryFormatOf } from "./binary_formats.ts";
import { streamOf } from "./byte_source.ts";
import { HEAD_BYTES, packingOf } from "./container.ts";
import { linesOf as linesOfBatch, splitLines } from "./lines.ts";
import { inOrder } from "./lines_in_order.ts";
import { beginsObservations } from "./observations/read_observations.ts";
import { openRecording, readRecording, type RecordingReading } from "./open_trace.ts";
import { standardInput } from "./standard_input.ts";
import { peek } from "./peek.ts";
import { unpack } from "./unpack.ts";

/** A trace that can be opened again. */
export interface TraceSource {
  /** Opens it at its beginning, as {@linkcode openRecording} does. */
  readonly open: () => Promise<RecordingReading>;
  /** Lines of the text by these numbers, unchanged; none if the trace is no text. */
  readonly lines: (wanted: ReadonlySet<number>) => Promise<ReadonlyMap<number, string>>;
  /**
   * The trace with late lines of its text where their times are, and numbered so; undefined if it cannot be
   * read once more.
   */
  readonly byTime: (() => TraceSource) | undefined;
}

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * The trace at a path, or the tracing instance in it with this name. Standard input, `-`, is kept in
 * memory if it is to be read `again`.
 */
export async function traceSource(
  path: string,
  again: boolean,
  instance?: string,
): Promise<TraceSource> {
  if (path !== "-") return sourceAt(path, instance, await isKept(path), false);
  if (again) return sourceIn(await new Response(standardInput()).blob(), instance, false);
  return {
    open: () => openRecording(path, { instance }),
    lines: () => Promise.resolve(new Map()),
    byTime: undefined,
  };
}

/** True if it has the same bytes whenever it is read: not for a pipe, nor tracefs, whose files have no size. */
async function isKept(path: string): Promise<boolean> {
  const found = await Deno.stat(path).catch(() => undefined);
  return found?.isFile === true && found.size > 0;
}

function sourceAt(
  path: string,
  instance: string | undefined,
  kept: boolean,
  byTime: boolean,
): TraceSource {
  return {
    open: () => openRecording(path, { instance, byTime }),
    lines: async (wanted) =>
      (await Deno.stat(path)).isDirectory
        ? new Map()
        : await linesOf(streamOf(await Deno.open(path)), byTime, wanted),
    byTime: kept ? () => sourceAt(path, instance, kept, true) : undefined,
  };
}

/** What standard input gave. */
function sourceIn(kept: Blob, instance: string | undefined, byTime: boolean): TraceSource {
  return {
    open: () => readRecording(kept.stream(), { name: "standard input", instance, byTime }),
    lines: async (wanted) => await linesOf(kept.stream(), byTime, wanted),
    byTime: () => sourceIn(kept, instance, true),
  };
}

async function linesOf(
  source: Bytes,
  byTime: boolean,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  const last = Math.max(0, ...wanted);
  const { head, stream } = await peek(source, 6);
  const packing = packingOf(head);
  const plain = packing === undefined ? stream : unpack(stream, packing);
  const { head: unpacked, stream: whole } = await peek(plain, HEAD_BYTES);
  const isText = binaryFormatOf(unpacked) === undefined && !beginsObservations(unpacked);
  if (!isText || wanted.size === 0) {
    await whole.cancel().catch(() => {});
    return found;
  }
  let number = 0;
  for await (const batch of splitLines(byTime ? inOrder(whole) : whole)) {
    for (const line of linesOfBatch(batch)) {
      number++;
      if (wanted.has(number)) found.set(number, line);
    }
    if (number >= last) break;
  }
  return found;
}
