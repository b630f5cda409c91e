/**
 * Reads a file of observations, a line at a time.
 *
 * @module
 */
import type { Completeness } from "../../../model/check/completeness.ts";
import { kernelTraits } from "../kernel_traits.ts";
import { type LineBatch, linesOf, splitLines } from "../lines.ts";
import type { TraceHeader, TraceUnreadable } from "../record.ts";
import type { AnyObservation } from "../../../model/check/recording.ts";
import type { ContainsLine, EndLine, RecordingLine } from "./line.ts";

/** A line after the first, or why the file cannot be read on from there. */
type ReadLine =
  | { readonly of: "observation"; readonly seen: AnyObservation }
  | { readonly of: "contains"; readonly contains: ContainsLine }
  | { readonly of: "end"; readonly end: EndLine }
  | { readonly of: "unreadable"; readonly reason: TraceUnreadable };

/** A file of observations that is being read. */
export interface Observations {
  /** Tells it from a trace. */
  readonly kind: "observations";
  /** What its first line says. */
  readonly header: TraceHeader;
  /** The lines after the first; the last is an `end`, or says what is wrong. */
  readonly batches: AsyncGenerator<readonly ReadLine[], void>;
  /** Observations read so far, by kind. */
  counts(): Map<string, number>;
}

/** True if a text with these first bytes is one of observations. */
export function beginsObservations(head: Uint8Array): boolean {
  if (head[0] !== 0x7b) return false;
  return /^\{[^\n]*"kind"\s*:\s*"recording"/.test(new TextDecoder().decode(head));
}

/** What the file is expected to be, in messages. */
const EXPECTED = "observations as spec/observations.md says, version 1";

/** Begins to read a file whose first bytes {@linkcode beginsObservations} knows. */
export async function readObservations(
  stream: ReadableStream<Uint8Array>,
  file: string,
): Promise<Observations | { readonly kind: "unreadable"; readonly reason: TraceUnreadable }> {
  const { createLineDecoder } = await import("./decode.ts");
  const { decode } = createLineDecoder();
  const batches = splitLines(stream);
  const first: LineBatch[] = [];
  while (first.every(({ text }) => text === "")) {
    const next = await batches.next();
    if (next.done) break;
    first.push(next.value);
  }
  const wrong = (line: number, found: string): TraceUnreadable => ({
    file,
    at: { line },
    found,
    expected: EXPECTED,
  });
  const [text] = first.flatMap(linesOf);
  const head = text === undefined ? "the file ends in its first line" : decode(text);
  if (typeof head === "string" || head.kind !== "recording") {
    await batches.return(undefined);
    const found = typeof head === "string" ? head : `the first line is of kind ${head.kind}`;
    return { kind: "unreadable", reason: wrong(1, found) };
  }
  const counts = new Map<string, number>();
  let ended = false;
  const read = (text: string, number: number): ReadLine | undefined => {
    if (number === 1 || text.trim() === "") return undefined;
    const line = decode(text);
    if (typeof line === "string") return { of: "unreadable", reason: wrong(number, line) };
    if (ended) return { of: "unreadable", reason: wrong(number, "a line after the end") };
    if (line.kind === "recording") {
      const reason = wrong(number, "another recording begins: files were joined");
      return { of: "unreadable", reason };
    }
    if (line.kind === "contains") return { of: "contains", contains: line };
    if (line.kind === "end") {
      ended = true;
      return { of: "end", end: line };
    }
    counts.set(line.kind, (counts.get(line.kind) ?? 0) + 1);
    return { of: "observation", seen: line };
  };
  async function* all(): AsyncGenerator<readonly ReadLine[], void> {
    try {
      let number = 0;
      for await (const batch of withFirst(first, batches)) {
        const { end } = batch;
        const some: ReadLine[] = [];
        for (const text of linesOf(batch)) {
          const line = read(text, ++number);
          if (line === undefined) continue;
          some.push(line);
          if (line.of === "unreadable") return yield some;
        }
        if (end !== undefined && !ended) {
          const found = end.broken ??
            (end.tail === "" ? "the file has no line `end`" : "it is cut");
          some.push({ of: "unreadable", reason: wrong(number + 1, found) });
        }
        yield some;
      }
    } finally {
      await batches.return(undefined);
    }
  }
  return { kind: "observations", header: headerOf(head), batches: all(), counts: () => counts };
}

async function* withFirst(
  first: readonly LineBatch[],
  rest: AsyncGenerator<LineBatch>,
): AsyncGenerator<LineBatch> {
  yield* first;
  yield* rest;
}

function headerOf({ clock, kernel, cpus, facts, entries }: RecordingLine): TraceHeader {
  return {
    format: "observations",
    latencyColumns: 0,
    entries,
    clock,
    ...(kernel === undefined ? {} : { kernel }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(facts === undefined ? {} : { facts }),
  };
}

/** What the recording is known to contain, by the last line that says so; nothing without one. */
export function completenessOf(
  contains: ContainsLine | undefined,
  told: string | undefined,
  header: TraceHeader,
): Completeness {
  const kernel = told ?? header.kernel;
  const { counted = false, faults = false, unmaps = false, removals = false } = contains ?? {};
  return {
    counted,
    faults,
    unmaps,
    removals,
    truncatesOn: new Set(contains?.truncatesOn ?? []),
    ...(told === undefined ? contains?.kernelTraits : undefined) ?? kernelTraits(kernel, header),
  };
}
