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
import { type EventNames, hashed } from "./event_names.ts";
import { malformed } from "./malformed.ts";
import { readMarker } from "./marker_text.ts";
import { readProbe } from "./probe_line.ts";
import type { MalformedRecord, RecordHead, TaskRecord, TraceHeader } from "./record.ts";
import { readSyscallArguments, readSyscallResult } from "./syscall_line.ts";
import { newTaskNames } from "./task_names.ts";
import { TextTracepoint } from "./text_tracepoint.ts";

/** A line whose columns were read. One such object is filled over and over. */
export interface Line {
  /** The text that it is a part of, up to `end`, and its characters as bytes. */
  text: string;
  codes: Uint8Array;
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
  const tasks = newTaskNames();

  function read(line: Line): TaskRecord | MalformedRecord {
    const { text, codes, end, columns: { event: start } } = line;
    if (codes[end - 1] === RIGHT_BRACKET && text.endsWith(TOO_BIG, end)) {
      return unreadable(line, "an event that fits one line");
    }
    let at = start;
    let hash = 0;
    let code = codes[at] ?? 0;
    while (IDENTIFIER[code] === 1) {
      hash = hashed(hash, code);
      code = codes[++at] ?? 0;
    }
    if (code === COLON && at > start && codes[at + 1] === SPACE) {
      return named(line, at, hash);
    }
    if (at > start + 4 && text.startsWith("sys_", start)) {
      const syscall = text.slice(start + 4, at);
      if (code === LEFT_PARENTHESIS && codes[end - 1] === RIGHT_PARENTHESIS) {
        return enter(line, syscall, text.slice(at + 1, end - 1));
      }
      if (text.startsWith(" -> ", at)) return exit(line, syscall, text.slice(at + 4, end));
    }
    return unusual(line);
  }

  function named(line: Line, colon: number, hash: number): TaskRecord | MalformedRecord {
    const { text, codes, end, columns } = line;
    const entry = names.seenAt(line, columns.event, colon, hash);
    let at = colon + 2;
    if (padded) { while (codes[at] === SPACE) at++; }
    switch (entry.style) {
      case "tracepoint": {
        if (codes[at] === LEFT_PARENTHESIS) {
          const probe = readProbe(text.slice(at, end));
          if (probe === "unreadable") {
            return unreadable(line, "a probe's `(function+offset) name=value`");
          }
          if (probe !== undefined) {
            entry.count++;
            const { line: number, task, pid, tgid, cpu, time } = head(line);
            const { name } = entry;
            const { function: on, returns, args } = probe;
            // In full: to spread one object into another takes as long as to read the line.
            return tgid === undefined
              ? {
                kind: "probe",
                line: number,
                task,
                pid,
                cpu,
                time,
                name,
                function: on,
                returns,
                args,
              }
              : {
                kind: "probe",
                line: number,
                task,
                pid,
                tgid,
                cpu,
                time,
                name,
                function: on,
                returns,
                args,
              };
          }
        }
        entry.count++;
        return tracepoint(line, entry.name, at);
      }
      case "marker":
        entry.count++;
        return marker(line, text.slice(at, end));
      case "print": {
        const body = text.slice(at, end);
        const [, printer, printed] = /^([^\s:]+):(?: |$)([^]*)$/.exec(body) ?? [];
        if (printer === undefined || printed === undefined) {
          return unreadable(line, "`print: function: text`");
        }
        entry.count++;
        return /^(?:tracing_mark_write|(?:0x)?[0-9a-f]{8,16}s?)$/.test(printer)
          ? marker(line, printed)
          : tracepoint(line, entry.name, at);
      }
      case "syscall-enter":
      case "syscall-exit": {
        const body = text.slice(at, end);
        if (body.startsWith("[FAILED TO PARSE]")) {
          entry.count++;
          return tracepoint(line, entry.name, at);
        }
        if (body.startsWith("__syscall_nr=")) {
          return unreadable(line, "`trace-cmd report` without -R");
        }
        return entry.style === "syscall-enter"
          ? enter(line, entry.name.slice("sys_enter_".length), body.trimEnd())
          : exit(line, entry.name.slice("sys_exit_".length), body.trimEnd());
      }
      default: {
        const impossible: never = entry.style;
        return impossible;
      }
    }
  }

  function enter(line: Line, syscall: string, given: string): TaskRecord | MalformedRecord {
    const read = readSyscallArguments(given);
    if (read === undefined) return unreadable(line, "arguments as `fd: 3, buf: 0x7f..`");
    names.call(syscall, "sys_enter_").count++;
    return {
      kind: "syscall-enter",
      ...head(line),
      syscall,
      args: read.args,
      bareHexadecimal: read.bareHexadecimal,
    };
  }

  function exit(line: Line, syscall: string, returned: string): TaskRecord | MalformedRecord {
    const result = readSyscallResult(returned);
    if (result === undefined) return unreadable(line, "a result in hexadecimal, `0x0`");
    names.call(syscall, "sys_exit_").count++;
    return { kind: "syscall-exit", ...head(line), syscall, result };
  }

  function unusual(line: Line): TaskRecord | MalformedRecord {
    const { text, end, columns } = line;
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
    if (symbol !== "tracing_mark_write") return count(symbol, end - printed.length);
    names.seen(symbol).count++;
    return marker(line, printed);
  }

  function head(line: Line): RecordHead {
    const { columns, number } = line;
    const { pid, tgid, cpu, time } = columns;
    const task = tasks.nameAt(line, columns.task, columns.taskEnd, pid);
    return tgid === 0
      ? { line: number, task, pid, cpu, time }
      : { line: number, task, pid, tgid, cpu, time };
  }

  /** A tracepoint whose text begins at `at`. */
  function tracepoint(line: Line, name: string, at: number): TaskRecord {
    const { text, end, columns, number } = line;
    const { pid, tgid, cpu, time } = columns;
    const task = tasks.nameAt(line, columns.task, columns.taskEnd, pid);
    return new TextTracepoint(number, task, pid, tgid, cpu, time, name, text, at, end);
  }

  function marker(line: Line, said: string): TaskRecord {
    return { kind: "marker", ...head(line), text: said, says: readMarker(said) };
  }

  function unreadable({ text, end, columns, number }: Line, expected: string): MalformedRecord {
    return malformed(number, text.slice(columns.line, end), expected);
  }

  return read;
}
