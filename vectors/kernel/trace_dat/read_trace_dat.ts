/**
 * Reads trace-cmd's binary, trace.dat: the events of all CPUs in the order of their times, each as
 * the record that the kernel's own text of it would give.
 *
 * Only the events are read as they come, a chunk of each CPU at a time; memory does not grow with
 * their number.
 *
 * @module
 */
import { type EventNames, newEventNames, type SeenName } from "../event_names.ts";
import type { Trace, TraceReading } from "../ftrace_text.ts";
import type { Clock, TraceHeader, TraceRecord } from "../record.ts";
import type { ByteSource } from "../byte_source.ts";
import { cpuPages } from "./cpu_pages.ts";
import { type EventDecoder, eventDecoder } from "./event_decoder.ts";
import { eventId, readEventFormat } from "./event_format.ts";
import { createFileIds } from "../file_ids.ts";
import { mergeByTime } from "./merge.ts";
import { readFile } from "./read_file.ts";
import { CpuEvents } from "./sub_buffer.ts";
import { symbolsOf } from "./symbols.ts";
import { chosenBuffer } from "./chosen_buffer.ts";
import type { TraceBuffer, TraceFile } from "./trace_file.ts";

/** Events that are handed on at once. */
const batchSize = 1024;
/** Events have numbers of 16 bits. */
const eventNumbers = 65_536;
/** Clocks that count something else than nanoseconds (Documentation/trace/ftrace.rst, trace_clock). */
const counting: ReadonlyMap<string, Clock> = new Map([
  ["counter", "count"],
  ["uptime", "count"],
  ["x86-tsc", "ticks"],
  ["ppc-tb", "ticks"],
]);

/**
 * Begins to read a trace.dat; its magic has been seen. Lets go of `source` when it is done with it. Of
 * several instances that have events, `instance` names the one that is read.
 */
export function readTraceDat(source: ByteSource, name: string, instance?: string): TraceReading {
  const file = readFile(source);
  if ("kind" in file) {
    source.close();
    const { byte, found, expected } = file;
    return { kind: "unreadable", reason: { file: name, at: { byte }, found, expected } };
  }
  const chosen = chosenBuffer(file, instance);
  if (chosen.kind === "refused") {
    source.close();
    const { found, expected } = chosen;
    return { kind: "unreadable", reason: { file: name, at: undefined, found, expected } };
  }
  return openBuffer(source, { ...file, stats: chosen.stats }, chosen.buffer, "trace.dat");
}

/** Begins to read the events of one instance, whose parts stand in `source`. */
export function openBuffer(
  source: ByteSource,
  file: TraceFile,
  buffer: TraceBuffer,
  format: TraceHeader["format"],
): Trace {
  const { littleEndian, longSize, stats, uname } = file;
  const names = newEventNames();
  const decoders = decodersOf(file, names);
  const tasks = commandsOf(file.commandLines);
  const header: TraceHeader = {
    format,
    latencyColumns: 0,
    entries: undefined,
    clock: counting.get(buffer.clock ?? "") ?? "seconds",
    ...releaseOf(uname),
    promised: promisedBy(file, buffer),
  };
  let records: TraceRecord[] = [];
  let line = 0;
  /** Events that the kernel counted as lost; where each stood is told by the pages. */
  const lost = stats.reduce((sum, each) => sum + each.lost, 0);
  if (lost > 0) records.push({ kind: "lost", line: 1, cpu: undefined, count: lost });

  const cpus = buffer.cpus.map((data) =>
    new CpuEvents(
      data.cpu,
      cpuPages(source, file, buffer, data),
      buffer.pageSize,
      longSize,
      littleEndian,
    )
  );
  function take(events: CpuEvents): void {
    const { cpu, view, offset, length, missing } = events;
    line++;
    if (missing !== undefined) {
      records.push({ kind: "lost", line, cpu, count: lost > 0 ? 0 : missing.count });
    }
    const id = view.getUint16(offset, littleEndian);
    const known = decoders.get(id);
    const pid = length < 8 ? undefined : view.getInt32(offset + 4, littleEndian);
    const record = pid === undefined || known === undefined || length < known.decoder.size
      ? undefined
      : known.decoder.make(events, line, tasks.get(pid) ?? "<...>", pid);
    if (record === undefined) {
      const text = known === undefined ? `event ${id}` : known.decoder.name;
      const expected = "an event as its format in the file describes it";
      records.push({ kind: "malformed", line, text, expected, harmless: false });
      return;
    }
    if (known !== undefined) known.entry.count++;
    records.push(record);
  }
  let isOpen = true;
  const letGo = (): void => {
    if (isOpen) source.close();
    isOpen = false;
  };
  async function* batches() {
    try {
      for (const _ of mergeByTime(cpus, take, batchSize)) {
        yield records;
        records = [];
      }
      for (const { broken } of cpus) {
        if (broken === undefined) continue;
        const text = `byte ${broken.byte}`;
        const expected = `the rest of the events: ${broken.why}`;
        records.push({ kind: "malformed", line: line + 1, text, expected, harmless: false });
      }
      if (records.length > 0) yield records;
    } finally {
      letGo();
    }
  }
  const running = batches();
  return {
    kind: "trace",
    header,
    batches: running,
    counts: names.counts,
    async close() {
      await running.return(undefined);
      // What was never read from has no end that would do it.
      letGo();
    },
  };
}

/** The decoder of an event, and how often it was met. */
interface KnownEvent {
  readonly decoder: EventDecoder;
  readonly entry: SeenName;
}

/** Decoders by the number of their event, each made when its first event comes. */
function decodersOf({ formats, kallsyms, littleEndian }: TraceFile, names: EventNames): {
  readonly get: (id: number) => KnownEvent | undefined;
} {
  const context = { littleEndian, symbols: symbolsOf(kallsyms), files: createFileIds(Infinity) };
  const texts = new Map<number, TraceFile["formats"][number]>();
  let room = 0;
  for (const format of formats) {
    const id = eventId(format.text);
    if (id === undefined || id >= eventNumbers) continue;
    texts.set(id, format);
    room = Math.max(room, id + 1);
  }
  const decoders: (KnownEvent | undefined)[] = new Array(room).fill(undefined);
  return {
    get(id) {
      const known = decoders[id];
      if (known !== undefined) return known;
      const found = texts.get(id);
      const format = found && readEventFormat(found.system, found.text);
      if (format === undefined) return undefined;
      const decoder = eventDecoder(format, context);
      return decoders[id] = { decoder, entry: names.seen(decoder.name) };
    },
  };
}

/**
 * Events that the kernel counted on the CPUs of a buffer; undefined if it did not of each of them. trace-cmd
 * reads one or more of its own away for --date.
 */
function promisedBy({ stats, dated }: TraceFile, { cpus }: TraceBuffer): number | undefined {
  let sum = 0;
  for (const { cpu, size } of cpus) {
    const count = stats.find((each) => each.cpu === cpu)?.count;
    if (count !== undefined) sum += count;
    else if (size > 0) return undefined;
  }
  return dated || stats.length === 0 ? undefined : sum;
}

/** Names of tasks by thread id. */
function commandsOf(lines: string): ReadonlyMap<number, string> {
  const tasks = new Map([[0, "<idle>"]]);
  for (const [, pid, name = ""] of lines.matchAll(/^(\d+) (.*)$/gm)) tasks.set(Number(pid), name);
  return tasks;
}

/** `Linux host 6.12.107+deb13-amd64 x86_64` names the kernel. */
function releaseOf(uname: string | undefined): { readonly kernel?: string } {
  const [, release] = /\s(\d+\.\d+\S*)/.exec(uname ?? "") ?? [];
  return release === undefined ? {} : { kernel: release };
}
