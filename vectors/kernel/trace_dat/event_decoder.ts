/**
 * From the bytes of an event to the record that the kernel's text of it would give.
 *
 * @module
 */
import type { BinaryEvent, EventLayout } from "../binary_event.ts";
import { coded } from "../lines.ts";
import { readMarker } from "../marker_text.ts";
import { argsAt, readProbe, siteOf } from "../probe_line.ts";
import type { Interrupt, TaskRecord, TracepointRecord } from "../record.ts";
import { Marker, PrintedProbe, SyscallEnter, SyscallExit } from "../task_records.ts";
import type { MarkerText } from "../marker_text.ts";
import type { Names } from "./c_expression.ts";
import { namedConstant } from "./constants.ts";
import type { EventFormat } from "./event_format.ts";
import type { FileIds } from "../file_ids.ts";
import { eventLayout } from "./event_layout.ts";
import { fieldReader, numberReader, textAt } from "./field_value.ts";
import { compilePrint, type PrintFormat } from "./print_format.ts";
import type { CpuEvents } from "./sub_buffer.ts";
import type { Symbols } from "./symbols.ts";
import type { Value } from "./value.ts";

/** Makes a record of a CPU's present event, which is of a task; undefined if it cannot be read. */
type MakeRecord = (
  events: CpuEvents,
  line: number,
  task: string,
  pid: number,
) => TaskRecord | undefined;

/** One kind of event of a file. */
export interface EventDecoder {
  /** As the counts have it: system calls as `sys_enter_fsync`, markers as `print`. */
  readonly name: string;
  /** Bytes that its fields take: an event with fewer is damaged. */
  readonly size: number;
  readonly make: MakeRecord;
}

/** What decoders share: byte order and symbols of the file, and the files that its events name. */
interface DecoderContext {
  readonly littleEndian: boolean;
  readonly symbols: Symbols;
  readonly files: FileIds;
}

/** The decoder of one format. */
export function eventDecoder(format: EventFormat, context: DecoderContext): EventDecoder {
  const { system, name, fields } = format;
  const size = Math.max(0, ...[...fields.values()].map((field) => field.offset + field.size));
  return { name, size, make: makerOf(system, name, fields, format, context) };
}

function makerOf(
  system: string,
  name: string,
  fields: EventFormat["fields"],
  format: EventFormat,
  context: DecoderContext,
): MakeRecord {
  if (system === "syscalls" && name.startsWith("sys_enter_")) {
    return syscallEnter(name.slice("sys_enter_".length), fields, context);
  }
  if (system === "syscalls" && name.startsWith("sys_exit_")) {
    return syscallExit(name.slice("sys_exit_".length), fields, context);
  }
  if (system === "ftrace" && name === "print") return marker(fields, context);
  const compiled = lazily(() => compilePrint(format, namesOf(fields, context), context.symbols));
  if (fields.has("__probe_ip") || fields.has("__probe_func")) {
    return probe(name, fields, compiled, context);
  }
  // Empty, which no decoder takes for fields, if it cannot be printed.
  const text = ({ view, offset }: BinaryEvent): string => compiled()?.print(view, offset) ?? "";
  const layout = eventLayout(format, context.littleEndian, context.files, text);
  return ({ cpu, time, view, offset }, line, task, pid) =>
    new BinaryTracepoint(line, task, pid, cpu, time, name, layout, view, offset);
}

function namesOf(fields: EventFormat["fields"], { littleEndian }: DecoderContext): Names {
  return { fields, littleEndian, constant: namedConstant };
}

/** Computes a value when it is first asked for: most formats of a file have no event in it. */
function lazily<T>(compute: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: compute() }).value;
}

/** Addresses whose symbols are remembered: of probes there are few, of what calls them some. */
const mostAddresses = 4096;

/** Finds what an address is once. */
function remembering(find: (address: Value) => string): (address: Value) => string {
  const known = new Map<Value, string>();
  return (address) => {
    let found = known.get(address);
    if (found === undefined) {
      found = find(address);
      if (known.size < mostAddresses) known.set(address, found);
    }
    return found;
  };
}

/** A tracepoint whose text is only made if somebody reads it. */
class BinaryTracepoint implements TracepointRecord, BinaryEvent {
  readonly kind = "tracepoint";

  constructor(
    readonly line: number,
    readonly task: string,
    readonly pid: number,
    readonly cpu: number,
    readonly time: number,
    readonly name: string,
    readonly layout: EventLayout,
    readonly view: DataView,
    readonly offset: number,
  ) {}

  /** Itself. */
  get binary(): BinaryEvent {
    return this;
  }

  /** The text after the colon. */
  get body(): string {
    return this.layout.print(this);
  }
}

/** Fields that every event has. */
function isOwnField(name: string): boolean {
  return !name.startsWith("common_") && name !== "__syscall_nr" && name !== "nr";
}

function syscallEnter(
  syscall: string,
  fields: EventFormat["fields"],
  { littleEndian }: DecoderContext,
): MakeRecord {
  const readers = [...fields.values()]
    .filter(({ name, type }) => isOwnField(name) && !/^__(?:data|rel)_loc/.test(type))
    .map(({ name, offset, size }) => ({
      name,
      at: offset,
      read: numberReader(size, false, littleEndian),
    }));
  return ({ cpu, time, view, offset }, line, task, pid) => {
    const args: Record<string, number> = {};
    for (const { name, at, read } of readers) {
      const value = read(view, offset + at);
      if (value !== undefined) args[name] = Number(value);
    }
    return new SyscallEnter(line, task, pid, 0, cpu, time, syscall, args, false);
  };
}

function syscallExit(
  syscall: string,
  fields: EventFormat["fields"],
  { littleEndian }: DecoderContext,
): MakeRecord {
  const field = fields.get("ret");
  const read = field && numberReader(field.size, true, littleEndian);
  return ({ cpu, time, view, offset }, line, task, pid) => {
    const result = field && read?.(view, offset + field.offset);
    return result === undefined
      ? undefined
      : new SyscallExit(line, task, pid, 0, cpu, time, syscall, Number(result));
  };
}

/** `trace_marker`, and whatever else prints by this event: its text is everything after the address. */
function marker(fields: EventFormat["fields"], _: DecoderContext): MakeRecord {
  const ahead = fields.get("buf")?.offset ?? 16;
  return ({ cpu, time, view, bytes, offset, length }, line, task, pid) => {
    const [start, last] = [offset + ahead, offset + length];
    if (last < start || last > bytes.length) return undefined;
    let end = start;
    while (end < last && bytes[end] !== 0) end++;
    while (end > start && isBlank(bytes[end - 1] ?? 0)) end--;
    const cut = (from: number, to: number) => textAt(view, from, to - from) ?? "";
    const says = readMarker(bytes, start, end, cut);
    return new BinaryMarker(line, task, pid, cpu, time, says, view, start, end - start);
  };
}

/** True for a space, and what ends a line. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** A marker whose text is only made if somebody reads it. */
class BinaryMarker extends Marker {
  readonly #view: DataView;
  readonly #start: number;
  readonly #length: number;

  constructor(
    line: number,
    task: string,
    pid: number,
    cpu: number,
    time: number,
    says: MarkerText,
    view: DataView,
    start: number,
    length: number,
  ) {
    super(line, task, pid, 0, cpu, time, says);
    this.#view = view;
    this.#start = start;
    this.#length = length;
  }

  /** What was written. */
  get text(): string {
    return textAt(this.#view, this.#start, this.#length) ?? "";
  }
}

function probe(
  name: string,
  fields: EventFormat["fields"],
  format: () => PrintFormat | undefined,
  { littleEndian, symbols }: DecoderContext,
): MakeRecord {
  const place = (field: string) => {
    const found = fields.get(field);
    return found && fieldReader(found, littleEndian).value;
  };
  const [entry, probed, caller, flags] = [
    "__probe_ip",
    "__probe_func",
    "__probe_ret_ip",
    "common_flags",
  ].map(place);
  const at = remembering((address) => symbols.print(address, true));
  const siteText = (address: Value, from: Value) =>
    probed === undefined ? at(address) : `${at(from)} <- ${at(address)}`;
  return ({ cpu, time, view, offset }, line, task, pid) => {
    const compiled = format();
    if (compiled === undefined) return undefined;
    const address = (probed ?? entry)?.(view, offset);
    const from = probed === undefined ? undefined : caller?.(view, offset);
    const interrupt = interruptOf(Number(flags?.(view, offset) ?? 0));
    const { words } = compiled;
    if (words === undefined) {
      const text = compiled.print(view, offset);
      const whole = text.replace(/^\([^)]*\)/, () => `(${siteText(address, from)})`);
      const lines = coded(whole);
      const read = readProbe(lines, 0, whole.length, []);
      if (read === undefined || read === "unreadable") return undefined;
      const { function: on, returns, names, table, from: first, to } = read;
      const args = argsAt(lines, names, table, first, to);
      return new PrintedProbe(line, task, pid, 0, cpu, time, interrupt, name, on, returns, args);
    }
    const site = siteOf(siteText(address, from));
    if (site === undefined) return undefined;
    const args: Record<string, string> = {};
    for (const { name, print } of words) args[name] = print(view, offset);
    const { function: on, returns } = site;
    return new PrintedProbe(line, task, pid, 0, cpu, time, interrupt, name, on, returns, args);
  };
}

/** TRACE_FLAG_HARDIRQ and TRACE_FLAG_NMI; TRACE_FLAG_SOFTIRQ (include/linux/trace_events.h). */
const inHard = 0x08 | 0x40, inSoft = 0x10;

/** What the bits of `common_flags` tell. */
function interruptOf(flags: number): Interrupt | undefined {
  return (flags & inHard) !== 0 ? "hard" : (flags & inSoft) !== 0 ? "soft" : undefined;
}
