/**
 * A trace that is read more than once: for its verdicts, for its stories, and for its own lines.
 *
 * @module
 */
import { binaryFormatOf } from "./binary_formats.ts";
import { streamOf } from "./byte_source.ts";
import { HEAD_BYTES, packingOf } from "./container.ts";
import { linesOf as linesOfBatch, splitLines } from "./lines.ts";
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
  if (path !== "-" || !again) {
    return {
      open: () => openRecording(path, instance),
      lines: async (wanted) =>
        (await Deno.stat(path)).isDirectory
          ? new Map()
          : await linesOf(streamOf(await Deno.open(path)), wanted),
    };
  }
  const kept = await new Response(standardInput()).blob();
  return {
    open: () => readRecording(kept.stream(), { name: "standard input", instance }),
    lines: async (wanted) => await linesOf(kept.stream(), wanted),
  };
}

async function linesOf(
  source: Bytes,
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
  for await (const batch of splitLines(whole)) {
    for (const line of linesOfBatch(batch)) {
      number++;
      if (wanted.has(number)) found.set(number, line);
    }
    if (number >= last) break;
  }
  return found;
}
