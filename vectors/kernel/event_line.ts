/**
 * What stands behind the columns of a line: the event itself.
 *
 * Three shapes cover nearly all lines: `name: fields` (tracepoints, probes, markers, and with
 * trace-cmd also system calls), `sys_name(arguments)` and `sys_name -> result`. The rest are entries
 * of the function tracer, heads of stack traces, and prints of functions whose name is no identifier.
 *
 * @module
 */

import { type Columns, taskOf } from "./columns.ts";
import type { EventNames } from "./event_names.ts";
import { malformed } from "./malformed.ts";
import { readMarker } from "./marker_text.ts";
import { readProbe } from "./probe_line.ts";
import type { MalformedRecord, RecordHead, TaskRecord, TraceHeader } from "./record.ts";
import { readSyscallArguments, readSyscallResult } from "./syscall_line.ts";

/** Reads the event of a line whose columns were read. */
type EventReader = (
  line: string,
  columns: Columns,
  number: number,
) => TaskRecord | MalformedRecord;

const EXPECTED_EVENT =
  "`name: fields`, `sys_name(arguments)` or `sys_name -> result` behind the time";
const SPACE = 0x20, LEFT_PARENTHESIS = 0x28, COLON = 0x3a, RIGHT_BRACKET = 0x5d;

/** 1 for the characters of an identifier. */
const IDENTIFIER = new Uint8Array(128);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") {
  IDENTIFIER[character.charCodeAt(0)] = 1;
}

/** A reader for one trace. It counts into `names`. */
export function newEventReader(format: TraceHeader["format"], names: EventNames): EventReader {
  const padded = format === "trace-cmd report";
  return (line, columns, number) => {
    // The kernel's words for an event that did not fit its buffer, whole or behind a part of it.
    if (line.charCodeAt(line.length - 1) === RIGHT_BRACKET && line.endsWith("[LINE TOO BIG]")) {
      return malformed(number, line, "an event that fits one line");
    }
    const start = columns.event;
    let at = start;
    while (IDENTIFIER[line.charCodeAt(at)] === 1) at++;
    const stop = line.charCodeAt(at);
    if (stop === COLON && at > start && line.charCodeAt(at + 1) === SPACE) {
      const name = line.slice(start, at);
      at += 2;
      if (padded) { while (line.charCodeAt(at) === SPACE) at++; }
      return named(line, columns, number, name, at);
    }
    if (line.startsWith("sys_", start) && at > start + 4) {
      const syscall = line.slice(start + 4, at);
      if (stop === LEFT_PARENTHESIS && line.endsWith(")")) {
        return enter(line, columns, number, syscall, line.slice(at + 1, -1));
      }
      if (line.startsWith(" -> ", at)) {
        return exit(line, columns, number, syscall, line.slice(at + 4));
      }
    }
    return unusual(line, columns, number);
  };

  function named(line: string, columns: Columns, number: number, name: string, at: number) {
    const entry = names.seen(name);
    switch (entry.style) {
      case "tracepoint": {
        if (line.charCodeAt(at) === LEFT_PARENTHESIS) {
          const probe = readProbe(line.slice(at));
          if (probe === "unreadable") {
            return malformed(number, line, "a probe's `(function+offset) name=value`");
          }
          if (probe !== undefined) {
            entry.count++;
            return { kind: "probe" as const, ...head(line, columns, number), name, ...probe };
          }
        }
        entry.count++;
        return tracepoint(line, columns, number, entry.name, line.slice(at));
      }
      case "marker":
        entry.count++;
        return marker(line, columns, number, line.slice(at));
      case "print": {
        const body = line.slice(at);
        const [, printer, text] = /^([^\s:]+):(?: |$)([^]*)$/.exec(body) ?? [];
        if (printer === undefined || text === undefined) {
          return malformed(number, line, "`print: function: text`");
        }
        entry.count++;
        return /^(?:tracing_mark_write|(?:0x)?[0-9a-f]{8,16}s?)$/.test(printer)
          ? marker(line, columns, number, text)
          : tracepoint(line, columns, number, name, body);
      }
      case "syscall-enter":
      case "syscall-exit": {
        const body = line.slice(at);
        if (body.startsWith("[FAILED TO PARSE]")) {
          entry.count++;
          return tracepoint(line, columns, number, name, body);
        }
        if (body.startsWith("__syscall_nr=")) {
          return malformed(number, line, "`trace-cmd report` without -R");
        }
        return entry.style === "syscall-enter"
          ? enter(line, columns, number, name.slice("sys_enter_".length), body.trimEnd())
          : exit(line, columns, number, name.slice("sys_exit_".length), body.trimEnd());
      }
      default: {
        const impossible: never = entry.style;
        return impossible;
      }
    }
  }

  function enter(
    line: string,
    columns: Columns,
    number: number,
    syscall: string,
    text: string,
  ): TaskRecord | MalformedRecord {
    const read = readSyscallArguments(text);
    if (read === undefined) return malformed(number, line, "arguments as `fd: 3, buf: 0x7f..`");
    names.seen(`sys_enter_${syscall}`).count++;
    return {
      kind: "syscall-enter",
      ...head(line, columns, number),
      syscall,
      args: read.args,
      bareHexadecimal: read.bareHexadecimal,
    };
  }

  function exit(
    line: string,
    columns: Columns,
    number: number,
    syscall: string,
    text: string,
  ): TaskRecord | MalformedRecord {
    const result = readSyscallResult(text);
    if (result === undefined) return malformed(number, line, "a result in hexadecimal, `0x0`");
    names.seen(`sys_exit_${syscall}`).count++;
    return { kind: "syscall-exit", ...head(line, columns, number), syscall, result };
  }

  function unusual(line: string, columns: Columns, number: number) {
    const text = line.slice(columns.event);
    const count = (name: string, body: string) => {
      names.seen(name).count++;
      return tracepoint(line, columns, number, name, body);
    };
    // trace-cmd's names for the events that the kernel prints without one.
    if (text === "<stack trace>") return count("kernel_stack", text);
    if (text === "<user stack trace>") return count("user_stack", text);
    if (/^\S+ <-\S/.test(text)) return count("function", text);
    const [, symbol, printed] =
      /^([\w.$]+)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?(?: \[[\w-]+\])?(?: <[0-9a-f]+>)?: ([^]*)$/.exec(
        text,
      ) ?? [];
    if (symbol === undefined || printed === undefined) {
      return malformed(number, line, EXPECTED_EVENT);
    }
    if (symbol !== "tracing_mark_write") return count(symbol, printed);
    names.seen(symbol).count++;
    return marker(line, columns, number, printed);
  }
}

function head(line: string, columns: Columns, number: number): RecordHead {
  const { pid, tgid, cpu, time } = columns;
  const task = taskOf(line, columns);
  return tgid === 0
    ? { line: number, task, pid, cpu, time }
    : { line: number, task, pid, tgid, cpu, time };
}

function tracepoint(
  line: string,
  columns: Columns,
  number: number,
  name: string,
  body: string,
): TaskRecord {
  const { pid, tgid, cpu, time } = columns;
  const task = taskOf(line, columns);
  return tgid === 0
    ? { kind: "tracepoint", line: number, task, pid, cpu, time, name, body }
    : { kind: "tracepoint", line: number, task, pid, tgid, cpu, time, name, body };
}

function marker(line: string, columns: Columns, number: number, text: string): TaskRecord {
  return { kind: "marker", ...head(line, columns, number), text, says: readMarker(text) };
}
