/**
 * What stands behind the columns of a line: the event itself.
 *
 * Three shapes cover nearly all lines: `name: fields` (tracepoints, probes, markers, and with
 * trace-cmd also system calls), `sys_name(arguments)` and `sys_name -> result`. The rest are entries
 * of the function tracer, heads of stack traces, and prints of functions whose name is no identifier.
 *
 * @module
 */

import type { Columns } from "./columns.ts";
import type { EventNames, FoundName, SeenName } from "./event_names.ts";
import type { Coded } from "./lines.ts";
import { malformed } from "./malformed.ts";
import { readMarker } from "./marker_text.ts";
import { type ProbeText, readProbe } from "./probe_line.ts";
import type { Interrupt, MalformedRecord, TaskRecord, TraceHeader } from "./record.ts";
import { readSyscallArguments, readSyscallResult } from "./syscall_line.ts";
import { SyscallEnter, SyscallExit, TextMarker, TextProbe } from "./task_records.ts";
import { TextTracepoint } from "./text_tracepoint.ts";

/** A line whose columns were read. One such object is filled over and over. */
export interface Line {
  /** What it is a part of, up to `end`. */
  lines: Coded;
  end: number;
  readonly columns: Columns;
  /** Number of the line. */
  number: number;
}

/** Reads the event of a line. */
type EventReader = (line: Line) => TaskRecord | MalformedRecord;

const EXPECTED_EVENT =
  "`name: fields`, `sys_name(arguments)` or `sys_name -> result` behind the time";
const SPACE = 0x20, LEFT_PARENTHESIS = 0x28, RIGHT_PARENTHESIS = 0x29, COLON = 0x3a;
const RIGHT_BRACKET = 0x5d;
const LARGE_H = 0x48, LARGE_Z = 0x5a, SMALL_H = 0x68, SMALL_S = 0x73, SMALL_Z = 0x7a;

/** What the flag tells: `H` is a hard interrupt in a soft one, `z` and `Z` are such as cannot be masked. */
function interruptOf(flag: number): Interrupt | undefined {
  switch (flag) {
    case SMALL_S:
      return "soft";
    case SMALL_H:
    case LARGE_H:
    case SMALL_Z:
    case LARGE_Z:
      return "hard";
    default:
      return undefined;
  }
}

/** 1 for the characters of an identifier. */
const IDENTIFIER = new Uint8Array(256);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") {
  IDENTIFIER[character.charCodeAt(0)] = 1;
}

/** The kernel's words for an event that did not fit its buffer, whole or behind a part of it. */
const TOO_BIG = "[LINE TOO BIG]";

/** A reader for one trace. It counts into `names`. */
export function newEventReader(format: TraceHeader["format"], names: EventNames): EventReader {
  const padded = format === "trace-cmd report";

  function read(line: Line): TaskRecord | MalformedRecord {
    const { lines, end, columns: { event: start } } = line;
    const { text, codes } = lines;
    if (codes[end - 1] === RIGHT_BRACKET && text.endsWith(TOO_BIG, end)) {
      return unreadable(line, "an event that fits one line");
    }
    const found = names.known(lines, start, end);
    if (found !== undefined) return known(line, found);
    let at = start;
    let code = codes[at] ?? 0;
    while (IDENTIFIER[code] === 1) code = codes[++at] ?? 0;
    if (code === COLON && at > start && codes[at + 1] === SPACE) {
      return named(line, names.met(lines, start, at, ": "), at + 2);
    }
    if (at > start + 4 && text.startsWith("sys_", start)) {
      if (code === LEFT_PARENTHESIS && codes[end - 1] === RIGHT_PARENTHESIS) {
        return enter(line, names.met(lines, start, at, "("), at + 1, end - 1);
      }
      if (text.startsWith(" -> ", at)) {
        return exit(line, names.met(lines, start, at, " -> "), at + 4, end);
      }
    }
    return unusual(line);
  }

  function known(line: Line, { entry, before, known }: FoundName): TaskRecord | MalformedRecord {
    const { lines: { codes }, end } = line;
    const at = line.columns.event + known.length;
    switch (before) {
      case ": ":
        return named(line, entry, at);
      case "(":
        return codes[end - 1] === RIGHT_PARENTHESIS
          ? enter(line, entry, at, end - 1)
          : unusual(line);
      case " -> ":
        return exit(line, entry, at, end);
      default:
        return before satisfies never;
    }
  }

  /** A line whose text begins at `start`. */
  function named(line: Line, entry: SeenName, start: number): TaskRecord | MalformedRecord {
    const { lines: { text, codes }, end } = line;
    let at = start;
    if (padded) { while (codes[at] === SPACE) at++; }
    switch (entry.style) {
      case "tracepoint": {
        const read = codes[at] === LEFT_PARENTHESIS
          ? readProbe(line.lines, at, end, entry.sites)
          : undefined;
        if (read === "unreadable") {
          return unreadable(line, "a probe's `(function+offset) name=value`");
        }
        entry.count++;
        return read === undefined
          ? tracepoint(line, entry.name, at)
          : probe(line, entry.name, read);
      }
      case "marker":
        entry.count++;
        return marker(line, at);
      case "print": {
        const body = text.slice(at, end);
        const [, printer, printed] = /^([^\s:]+):(?: |$)([^]*)$/.exec(body) ?? [];
        if (printer === undefined || printed === undefined) {
          return unreadable(line, "`print: function: text`");
        }
        entry.count++;
        return /^(?:tracing_mark_write|(?:0x)?[0-9a-f]{8,16}s?)$/.test(printer)
          ? marker(line, end - printed.length)
          : tracepoint(line, entry.name, at);
      }
      case "syscall-enter":
      case "syscall-exit": {
        if (text.startsWith("[FAILED TO PARSE]", at)) {
          entry.count++;
          return tracepoint(line, entry.name, at);
        }
        if (text.startsWith("__syscall_nr=", at)) {
          return unreadable(line, "`trace-cmd report` without -R");
        }
        const last = at + text.slice(at, end).trimEnd().length;
        return entry.style === "syscall-enter"
          ? enter(line, entry, at, last)
          : exit(line, entry, at, last);
      }
      default:
        return entry.style satisfies never;
    }
  }

  /** The entry of a call whose arguments are printed from `start` to `last`. */
  function enter(
    line: Line,
    entry: SeenName,
    start: number,
    last: number,
  ): TaskRecord | MalformedRecord {
    const { lines: { text }, columns: { task, pid, tgid, cpu, time }, number } = line;
    const { syscall, argumentNames } = entry;
    const read = readSyscallArguments(text.slice(start, last), argumentNames);
    if (read === undefined) return unreadable(line, "arguments as `fd: 3, buf: 0x7f..`");
    entry.count++;
    const { args, bareHexadecimal } = read;
    return new SyscallEnter(number, task, pid, tgid, cpu, time, syscall, args, bareHexadecimal);
  }

  /** The return of a call whose result is printed from `start` to `last`. */
  function exit(
    line: Line,
    entry: SeenName,
    start: number,
    last: number,
  ): TaskRecord | MalformedRecord {
    const { lines: { text }, columns: { task, pid, tgid, cpu, time }, number } = line;
    const result = readSyscallResult(text.slice(start, last));
    if (result === undefined) return unreadable(line, "a result in hexadecimal, `0x0`");
    entry.count++;
    return new SyscallExit(number, task, pid, tgid, cpu, time, entry.syscall, result);
  }

  function unusual(line: Line): TaskRecord | MalformedRecord {
    const { lines: { text }, end, columns } = line;
    const event = text.slice(columns.event, end);
    const count = (name: string, at: number) => {
      names.seen(name).count++;
      return tracepoint(line, name, at);
    };
    // trace-cmd's names for the events that the kernel prints without one.
    if (event === "<stack trace>") return count("kernel_stack", columns.event);
    if (event === "<user stack trace>") return count("user_stack", columns.event);
    if (/^\S+ <-\S/.test(event)) return count("function", columns.event);
    const [, symbol, printed] =
      /^([\w.$]+)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?(?: \[[\w-]+\])?(?: <[0-9a-f]+>)?: ([^]*)$/.exec(
        event,
      ) ?? [];
    if (symbol === undefined || printed === undefined) return unreadable(line, EXPECTED_EVENT);
    const at = end - printed.length;
    if (symbol !== "tracing_mark_write") return count(symbol, at);
    names.seen(symbol).count++;
    return marker(line, at);
  }

  /** A tracepoint whose text begins at `at`. */
  function tracepoint(line: Line, name: string, at: number): TaskRecord {
    const { lines, end, columns: { task, pid, tgid, cpu, time }, number } = line;
    return new TextTracepoint(number, task, pid, tgid, cpu, time, name, lines, at, end);
  }

  function probe(line: Line, name: string, read: ProbeText): TaskRecord {
    const { lines, columns: { task, pid, tgid, cpu, time, interrupt: flag }, number } = line;
    const interrupt = interruptOf(flag);
    return new TextProbe(number, task, pid, tgid, cpu, time, interrupt, name, lines, read);
  }

  /** A marker whose text begins at `at`. */
  function marker(line: Line, at: number): TaskRecord {
    const { lines: { text, codes }, end, columns: { task, pid, tgid, cpu, time }, number } = line;
    const says = readMarker(codes, at, end, (from, to) => text.slice(from, to));
    return new TextMarker(number, task, pid, tgid, cpu, time, says, text, at, end);
  }

  function unreadable(
    { lines: { text }, end, columns, number }: Line,
    expected: string,
  ): MalformedRecord {
    return malformed(number, text.slice(columns.line, end), expected);
  }

  return read;
}
