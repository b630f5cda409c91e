/**
 * From the bytes of an event to the record that the kernel's text of it would give.
 *
 * @module
 */
import type { BinaryEvent, EventLayout } from "../binary_event.ts";
import { readMarker } from "../marker_text.ts";
import { readProbe } from "../probe_line.ts";
import type { RecordHead, TaskRecord, TracepointRecord } from "../record.ts";
import type { Names } from "./c_expression.ts";
import { namedConstant } from "./constants.ts";
import type { EventFormat } from "./event_format.ts";
import type { FileIds } from "../file_ids.ts";
import { eventLayout } from "./event_layout.ts";
import { fieldReader, numberReader, textAt } from "./field_value.ts";
import { compilePrint, type Print } from "./print_format.ts";
import type { Symbols } from "./symbols.ts";

/** Makes a record of the event whose bytes begin at `offset`; undefined if it cannot be read. */
type MakeRecord = (
  head: RecordHead,
  view: DataView,
  offset: number,
  length: number,
) => TaskRecord | undefined;

/** One kind of event of a file. */
export interface EventDecoder {
  /** As the counts have it: system calls as `sys_enter_fsync`, markers as `print`. */
  readonly name: string;
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
  return { name, make: makerOf(system, name, fields, format, context) };
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
  const print = lazily(() => compilePrint(format, namesOf(fields, context), context.symbols));
  if (fields.has("__probe_ip") || fields.has("__probe_func")) {
    return probe(name, fields, print, context);
  }
  // Empty, which no decoder takes for fields, if it cannot be printed.
  const text = ({ view, offset }: BinaryEvent): string => print()?.(view, offset) ?? "";
  const layout = eventLayout(format, context.littleEndian, context.files, text);
  return (head, view, offset) => new BinaryTracepoint(head, name, layout, view, offset);
}

function namesOf(fields: EventFormat["fields"], { littleEndian }: DecoderContext): Names {
  return { fields, littleEndian, constant: namedConstant };
}

/** Computes a value when it is first asked for: most formats of a file have no event in it. */
function lazily<T>(compute: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: compute() }).value;
}

/** A tracepoint whose text is only made if somebody reads it. */
class BinaryTracepoint implements TracepointRecord, BinaryEvent {
  readonly kind = "tracepoint";
  readonly line: number;
  readonly task: string;
  readonly pid: number;
  readonly cpu: number;
  readonly time: number;

  constructor(
    head: RecordHead,
    readonly name: string,
    readonly layout: EventLayout,
    readonly view: DataView,
    readonly offset: number,
  ) {
    this.line = head.line;
    this.task = head.task;
    this.pid = head.pid;
    this.cpu = head.cpu;
    this.time = head.time;
  }

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
  return (head, view, offset) => {
    const args: Record<string, number> = {};
    for (const { name, at, read } of readers) {
      const value = read(view, offset + at);
      if (value !== undefined) args[name] = Number(value);
    }
    return { kind: "syscall-enter", ...head, syscall, args, bareHexadecimal: false };
  };
}

function syscallExit(
  syscall: string,
  fields: EventFormat["fields"],
  { littleEndian }: DecoderContext,
): MakeRecord {
  const field = fields.get("ret");
  const read = field && numberReader(field.size, true, littleEndian);
  return (head, view, offset) => {
    const result = field && read?.(view, offset + field.offset);
    return result === undefined
      ? undefined
      : { kind: "syscall-exit", ...head, syscall, result: Number(result) };
  };
}

/** `trace_marker`, and whatever else prints by this event: its text is everything after the address. */
function marker(fields: EventFormat["fields"], _: DecoderContext): MakeRecord {
  const start = fields.get("buf")?.offset ?? 16;
  return (head, view, offset, length) => {
    const text = length < start
      ? undefined
      : textAt(view, offset + start, length - start)?.trimEnd();
    return text === undefined
      ? undefined
      : { kind: "marker", ...head, text, says: readMarker(text) };
  };
}

function probe(
  name: string,
  fields: EventFormat["fields"],
  print: () => Print | undefined,
  { littleEndian, symbols }: DecoderContext,
): MakeRecord {
  const place = (field: string) => {
    const found = fields.get(field);
    return found && fieldReader(found, littleEndian).value;
  };
  const [entry, probed, caller] = ["__probe_ip", "__probe_func", "__probe_ret_ip"].map(place);
  return (head, view, offset) => {
    const text = print()?.(view, offset);
    if (text === undefined) return undefined;
    const at = (read: typeof entry) => symbols.print(read?.(view, offset), true);
    const site = probed === undefined ? at(entry) : `${at(caller)} <- ${at(probed)}`;
    const read = readProbe(text.replace(/^\([^)]*\)/, () => `(${site})`));
    if (read === undefined || read === "unreadable") return undefined;
    return { kind: "probe", ...head, name, ...read };
  };
}
