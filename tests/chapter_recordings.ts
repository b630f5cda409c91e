/**
 * Recordings that chapters quote: bundled ones, and those that lie beside the repository where it is
 * developed. A test of a row whose recording is not at hand is ignored, by name.
 *
 * @module
 */
import { assert } from "@std/assert";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import type { TaskRecord } from "../vectors/kernel/record.ts";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { recordsOf } from "./read_text.ts";

const beside = new URL("../../shared/recordings/", import.meta.url).pathname;

/** Bundled recordings by the name that they had when they were made. */
const bundled: Readonly<Record<string, string>> = {
  "5.10.262 s3-ext4dax": "5.10-mkclean-ext4.trace.txt",
  "5.10.262 s3-ext4dax-head": "5.10-mkclean-head-ext4.trace.txt",
  "5.10.262 misaligned-ext4": "5.10-misaligned-ext4.trace.txt",
  "6.12.107 fs2-ext4dax": "6.12-two-fsyncs-ext4.trace.txt.gz",
  "6.12.107 pp0-ext4dax": "6.12-punch-ext4.trace.txt",
  "6.12.107 pp0-xfsdax": "6.12-punch-xfs.trace.txt",
  "6.12.107 pp2-xfsdax": "6.12-truncate-xfs.trace.txt",
  "7.2.12 pp0-ext4dax": "7.2-punch-ext4.trace.txt.gz",
  "7.2.12 pp0-xfsdax": "7.2-punch-xfs.trace.txt.gz",
  "7.2.12 pp1-ext4dax": "7.2-zero-ext4.trace.txt.gz",
  "7.2.12 pp1-xfsdax": "7.2-zero-xfs.trace.txt.gz",
  "7.2.12 pp2-ext4dax": "7.2-truncate-ext4.trace.txt.gz",
  "7.2.12 pp2-xfsdax": "7.2-truncate-xfs.trace.txt.gz",
  "7.2-punch-elsewhere-ext4": "7.2-punch-elsewhere-ext4.trace.txt",
  "7.2-grow-xfs": "7.2-grow-xfs.trace.txt",
};

/** Path of the recording `6.12.107 pp0-ext4dax`, or undefined if it is not at hand. */
export function recordingOf(name: string): string | undefined {
  const inside = bundled[name];
  const path = inside === undefined
    ? `${beside}${name.replace(" ", "/")}.trace.txt`
    : `${recordedFolder}/${inside}`;
  try {
    return Deno.statSync(path).isFile ? path : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The records of tasks in a recording, in order. */
export async function taskRecords(path: string): Promise<readonly TaskRecord[]> {
  const trace = await openTrace(path);
  assert(trace.kind === "trace", path);
  const records: TaskRecord[] = [];
  for (const record of await recordsOf(trace)) {
    if (record.kind !== "lost" && record.kind !== "malformed") records.push(record);
  }
  return records;
}

/** The lines of a bundled recording, as they stand in the file; `name` has no ending. */
export async function linesOf(name: string): Promise<readonly string[]> {
  for (const ending of [".trace.txt", ".trace.txt.gz"]) {
    const path = `${recordedFolder}/${name}${ending}`;
    try {
      const { readable } = await Deno.open(path);
      const plain = ending.endsWith(".gz")
        ? readable.pipeThrough(new DecompressionStream("gzip"))
        : readable;
      return (await new Response(plain).text()).split("\n");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(`no bundled recording ${name}`);
}
