/**
 * Recordings in memory, read once: the bundled ones and, where they lie beside the repository, those
 * that the project was founded on. Long ones come as windows.
 *
 * @module
 */
import { openTrace } from "../../vectors/kernel/open_trace.ts";
import type { TraceHeader, TraceRecord } from "../../vectors/kernel/record.ts";
import { readCards, recordedFolder } from "../../vectors/kernel/recorded_card.ts";

/** A recording, or a window of one. */
export interface Recording {
  readonly name: string;
  readonly kernel: string | undefined;
  readonly header: TraceHeader;
  readonly records: readonly TraceRecord[];
}

const shared = new URL("../../../shared/", import.meta.url);
/** Recordings beside the repository; of some the checker does not know the kernel. */
const beside = [
  { folder: "recordings/5.10.262/", kernel: undefined },
  { folder: "recordings/6.12.107/", kernel: undefined },
  { folder: "pagecache/6.12.107/", kernel: "6.12.107" },
] as const;

/** Records of a window; a case must take milliseconds. */
const longest = 1500;

/** The bundled recordings, or every one that can be had here. */
export async function readRecordings(which: "bundled" | "all"): Promise<readonly Recording[]> {
  const cards = await readCards(recordedFolder);
  if (typeof cards === "string") throw new Error(cards);
  const found: Recording[] = [];
  for (const { trace, kernel } of cards) {
    found.push(...await read(`${recordedFolder}/${trace}`, trace, kernel));
  }
  if (which === "bundled") return found;
  for (const { folder, kernel } of beside) {
    const at = new URL(folder, shared);
    for (const name of await namesIn(at)) {
      if (!/\.(trace|report)\.txt(\.gz)?$/.test(name)) continue;
      found.push(...await read(new URL(name, at).pathname, folder + name, kernel));
    }
  }
  return found;
}

async function namesIn(folder: URL): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

async function read(
  path: string,
  name: string,
  kernel: string | undefined,
): Promise<readonly Recording[]> {
  const trace = await openTrace(path);
  if (trace.kind === "unreadable") throw new Error(`${path}: ${trace.reason.found}`);
  const { header } = trace;
  const records = (await Array.fromAsync(trace.batches)).flat();
  if (records.length <= longest) return [{ name, kernel, header, records }];
  const windows: Recording[] = [];
  // A handful of windows, spread over the whole: their header says nothing of how many they should be.
  const step = Math.max(longest, Math.floor(records.length / 8));
  for (let from = 0; from < records.length; from += step) {
    const window = records.slice(from, from + longest);
    const entries = header.entries && { inBuffer: window.length, written: window.length };
    windows.push({
      name: `${name}@${from}`,
      kernel,
      header: { ...header, entries },
      records: window,
    });
  }
  return windows;
}
