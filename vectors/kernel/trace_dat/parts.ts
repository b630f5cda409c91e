/**
 * Parts that both versions of a trace.dat have, in the same layout: formats of events, and options.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import type { CpuStats, TraceFile } from "./trace_file.ts";

/** The format texts of ftrace's own events: a count, then size and text of each. */
export function readFtraceFormats(cursor: Cursor): TraceFile["formats"] {
  const formats: { system: string; text: string }[] = [];
  const count = cursor.u32();
  for (let index = 0; index < count && !cursor.short(); index++) {
    formats.push({ system: "ftrace", text: cursor.text(cursor.u64()) });
  }
  return formats;
}

/** The format texts of all other events, system by system. */
export function readEventFormats(cursor: Cursor): TraceFile["formats"] {
  const formats: { system: string; text: string }[] = [];
  const systems = cursor.u32();
  for (let index = 0; index < systems && !cursor.short(); index++) {
    const system = cursor.cString();
    const events = cursor.u32();
    for (let event = 0; event < events && !cursor.short(); event++) {
      formats.push({ system, text: cursor.text(cursor.u64()) });
    }
  }
  return formats;
}

/** What options say of a whole file. */
export interface FileOptions {
  uname: string | undefined;
  clock: string | undefined;
  guests: boolean;
  dated: boolean;
  readonly stats: CpuStats[];
  /** The instance that the stats that follow are of. */
  statsOf: string;
}

/** Before any option was read. */
export function newFileOptions(): FileOptions {
  return {
    uname: undefined,
    clock: undefined,
    guests: false,
    dated: false,
    stats: [],
    statsOf: "",
  };
}

/** Numbers that options have in both versions. */
const OPTION = { date: 1, cpuStats: 2, clock: 4, uname: 5, guest: 13, timeShift: 12 } as const;

/** Takes one option in, if it is one of those that both versions have. */
export function takeOption(options: FileOptions, id: number, data: Cursor, length: number): void {
  if (id === OPTION.cpuStats) {
    const text = data.text(length);
    const [, instance] = /^\s*Buffer: (.*)$/m.exec(text) ?? [];
    const stats = readStats(text, options.statsOf);
    if (instance !== undefined) options.statsOf = instance;
    else if (stats !== undefined) options.stats.push(stats);
  } else if (id === OPTION.clock) {
    // The whole list, with the chosen one in brackets.
    options.clock = /\[([\w-]+)\]/.exec(data.text(length))?.[1];
  } else if (id === OPTION.uname) {
    options.uname = data.text(length).replace(/\0.*$/s, "").trim();
  } else if (id === OPTION.date) {
    options.dated = true;
  } else if (id === OPTION.guest || id === OPTION.timeShift) {
    options.guests = true;
  }
}

/** What a text of `per_cpu/cpuN/stats` says; undefined if it does not name its CPU. */
export function readStats(text: string, instance: string): CpuStats | undefined {
  const number = (name: string): number | undefined => {
    const [, digits] = new RegExp(`^${name}: *(\\d+)`, "m").exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };
  const cpu = number("CPU");
  if (cpu === undefined) return undefined;
  const lost = (number("overrun") ?? 0) + (number("commit overrun") ?? 0) +
    (number("dropped events") ?? 0);
  const [entries, read] = [number("entries"), number("read events")];
  const count = entries === undefined || read === undefined ? undefined : entries + read;
  return { cpu, instance, lost, count };
}
