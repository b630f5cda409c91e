/**
 * Reads a folder that was copied from tracefs: `per_cpu/cpuN/trace_pipe_raw` with the texts of
 * `events/` beside it. It is a trace.dat whose parts are files, and is read as one.
 *
 * @module
 */
import type { TraceReading } from "../ftrace_text.ts";
import { type ByteSource, fileSource } from "../byte_source.ts";
import { openBuffer } from "../trace_dat/read_trace_dat.ts";
import { readStats } from "../trace_dat/parts.ts";
import type { CpuData, CpuStats, TraceFile } from "../trace_dat/trace_file.ts";

/** What a folder must have. */
const EXPECTED = "a copy of tracefs: per_cpu/cpuN/trace_pipe_raw, events/header_page, " +
  "events/SYSTEM/EVENT/format";

/** Begins to read a folder. What is wrong with it is a value. */
export async function readTracefsCopy(folder: string): Promise<TraceReading> {
  const refuse = (found: string): TraceReading => ({
    kind: "unreadable",
    reason: { file: folder, at: undefined, found, expected: EXPECTED },
  });
  const cpus = (await namesIn(`${folder}/per_cpu`)).flatMap((name) => {
    const [, cpu] = /^cpu(\d+)$/.exec(name) ?? [];
    return cpu === undefined ? [] : [Number(cpu)];
  }).sort((one, other) => one - other);
  if (cpus.length === 0) return refuse("a directory without per_cpu/cpuN");
  const sizes = readHeaderPage(await textOf(`${folder}/events/header_page`));
  if (sizes === undefined) return refuse("no events/header_page that tells the size of a page");
  const { pageSize, longSize } = sizes;
  const parts = await openParts(folder, cpus);
  if (parts.source.size === 0) {
    parts.source.close();
    return refuse("trace_pipe_raw without a page: tracefs itself, or all had been read");
  }
  const formats = await readFormats(`${folder}/events`);
  if (formats.length === 0) {
    parts.source.close();
    return refuse("no events/SYSTEM/EVENT/format");
  }
  const [, clock] = /\[([\w-]+)\]/.exec(await textOf(`${folder}/trace_clock`)) ?? [];
  const file: TraceFile = {
    version: 6,
    littleEndian: true,
    longSize,
    compression: "none",
    formats,
    kallsyms: await textOf(`${folder}/kallsyms`),
    commandLines: await textOf(`${folder}/saved_cmdlines`),
    uname: undefined,
    stats: parts.stats,
    buffers: [],
    guests: false,
    dated: false,
  };
  const buffer = { name: "", clock, pageSize, compressed: false, cpus: parts.cpus };
  return openBuffer(parts.source, file, buffer, "trace_pipe_raw");
}

/** Size of a page and of its `commit`, as events/header_page tells them. */
function readHeaderPage(
  text: string,
): { readonly pageSize: number; readonly longSize: number } | undefined {
  const [, longSize] = /field: local_t commit;\s*offset:8;\s*size:([48]);/.exec(text) ?? [];
  const [, offset, size] = /field: char data;\s*offset:(\d+);\s*size:(\d+);/.exec(text) ?? [];
  const pageSize = Number(offset) + Number(size);
  if (longSize === undefined || Number.isNaN(pageSize)) return undefined;
  if (pageSize < 1024 || pageSize > 16 * 1024 * 1024) return undefined;
  return { pageSize, longSize: Number(longSize) };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    throw error;
  }
}

/** Empty if there is no such file. */
async function textOf(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

async function readFormats(events: string): Promise<TraceFile["formats"]> {
  const formats: { system: string; text: string }[] = [];
  for (const system of await namesIn(events)) {
    for (const event of await namesIn(`${events}/${system}`)) {
      const text = await textOf(`${events}/${system}/${event}/format`);
      if (text !== "") formats.push({ system, text });
    }
  }
  return formats;
}

/** The pages of all CPUs as one source, one CPU after the other. */
async function openParts(folder: string, cpus: readonly number[]): Promise<{
  readonly source: ByteSource;
  readonly cpus: readonly CpuData[];
  readonly stats: readonly CpuStats[];
}> {
  const parts: { readonly offset: number; readonly source: ByteSource }[] = [];
  const data: CpuData[] = [];
  const stats: CpuStats[] = [];
  let offset = 0;
  for (const cpu of cpus) {
    const path = `${folder}/per_cpu/cpu${cpu}`;
    const told = readStats(`CPU: ${cpu}\n${await textOf(`${path}/stats`)}`, "");
    if (told !== undefined) stats.push(told);
    const file = await Deno.open(`${path}/trace_pipe_raw`).catch(() => undefined);
    if (file === undefined) continue;
    const source = fileSource(file);
    parts.push({ offset, source });
    data.push({ cpu, offset, size: source.size });
    offset += source.size;
  }
  return { source: joined(parts, offset), cpus: data, stats };
}

/** Sources one after the other; what is read lies within one of them. */
function joined(
  parts: readonly { readonly offset: number; readonly source: ByteSource }[],
  size: number,
): ByteSource {
  return {
    size,
    read(offset, length) {
      const part = parts.findLast((each) => each.offset <= offset);
      return part?.source.read(offset - part.offset, length) ?? new Uint8Array();
    },
    close() {
      for (const { source } of parts) source.close();
    },
  };
}
