/**
 * What a reader of a recorded trace hands on: one record a line, decoded but not interpreted.
 *
 * A reader knows formats (ftrace text, `trace-cmd report`, ...) and nothing of page caches; what a
 * record means is said in `translate.ts`, by the table of `spec/traces.md`.
 *
 * @module
 */
import type { BinaryEvent } from "./binary_event.ts";
import type { NamedWords, TextReader, Words } from "./line_words.ts";
import type { MarkerText } from "./marker_text.ts";
import type { RecordingFacts } from "./recording/header_lines.ts";

/** Where and when a record was made; the part that every record of a task shares. */
export interface RecordHead {
  /** Line of the text, from 1; of a binary trace, the ordinal of the event. */
  readonly line: number;
  /** `comm` of the task as printed, at most 16 characters; may hold `-`, `/`, spaces, `<...>`. */
  readonly task: string;
  /** Thread id. */
  readonly pid: number;
  /** Thread group id, where the option `record-tgid` prints it. */
  readonly tgid?: number | undefined;
  /** Number of the CPU. */
  readonly cpu: number;
  /**
   * Nanoseconds for clocks that print seconds; the raw count for `counter`, `x86-tsc` and the like.
   * Exact below 2^53, 104 days of nanoseconds; above that the nearest double.
   */
  readonly time: number;
}

/** `dax_pte_fault: dev 259:0 ino 0xc ...`: a tracepoint; `body` is the text behind the colon. */
export interface TracepointRecord extends RecordHead {
  /** Tells it from other records. */
  readonly kind: "tracepoint";
  /** Name of the tracepoint. */
  readonly name: string;
  /** Text after the colon; of a binary trace it is printed when it is asked for. */
  readonly body: string;
  /** The event's bytes, where the trace is binary. */
  readonly binary?: BinaryEvent;
  /** Has the body read where it stands, where the trace is a text. */
  readonly give?: (reader: TextReader) => void;
}

/** What interrupts a task; a hard one interrupts a soft one, too. */
export type Interrupt = "hard" | "soft";

/** A kprobe or kretprobe line. The probe's name is its author's; `function` is the kernel's. */
export interface ProbeRecord extends RecordHead {
  /** Tells it from other records. */
  readonly kind: "probe";
  /** Name that its author gave the probe. */
  readonly name: string;
  /**
   * The probed function without offset, module or compiler suffix: `pfn_mkclean_range`. A probe that
   * is not at the entry keeps its offset, `pfn_mkclean_range+0x80`, and where the text has an address
   * for want of a symbol (`trace-cmd report`), this is the address with 0x.
   */
  readonly function: string;
  /** True for a kretprobe (`(caller <- function)`). */
  readonly returns: boolean;
  /**
   * The interrupt that it was called in, and not by the task, as the second flag behind the CPU tells
   * (`h` and `s` in `d.h1.`); undefined where it was the task, or the text has no flags.
   */
  readonly interrupt: Interrupt | undefined;
  /** `mm=0xff.. addr=0x7f..` as name to text. */
  readonly args: NamedWords;
  /** The words of `mm=0xff.. addr=0x7f..`, to be found one by one. */
  readonly words: Words;
}

/** `sys_fsync(fd: 3)` and `sys_enter_fsync: fd: 0x3` alike. */
export interface SyscallEnterRecord extends RecordHead {
  /** Tells it from other records. */
  readonly kind: "syscall-enter";
  /** Without prefix: `fsync`. */
  readonly syscall: string;
  /**
   * Argument name to value. Values are hexadecimal in every style of the text, with or without 0x;
   * they are unsigned, and an argument printed as names (`flags: O_RDWR`) is left out.
   */
  readonly args: Readonly<Record<string, number>>;
  /** True if a number of ten or more was printed without 0x: no kernel of 7.x does that. */
  readonly bareHexadecimal: boolean;
}

/** `sys_fsync -> 0x0` and `sys_exit_fsync: 0x0` alike. */
export interface SyscallExitRecord extends RecordHead {
  /** Tells it from other records. */
  readonly kind: "syscall-exit";
  /** Without prefix: `fsync`. */
  readonly syscall: string;
  /** The signed result: -22 for 0xffffffffffffffea. */
  readonly result: number;
}

/** Text that a program wrote to `trace_marker`. */
export interface MarkerRecord extends RecordHead {
  /** Tells it from other records. */
  readonly kind: "marker";
  /** What was written. */
  readonly text: string;
  /** What that says. */
  readonly says: MarkerText;
}

/**
 * `CPU:0 [LOST 57 EVENTS]`: what the ring buffer dropped. The lost events of a CPU lie between its
 * event before this line, or the beginning of the trace, and its next.
 */
export interface LostRecord {
  /** Tells it from other records. */
  readonly kind: "lost";
  /** Number of the line, from 1. */
  readonly line: number;
  /** Undefined where the text names no CPU: then any CPU may have lost them. */
  readonly cpu: number | undefined;
  /** Undefined where the text gives no number. */
  readonly count: number | undefined;
}

/** A line that no rule reads. */
export interface MalformedRecord {
  /** Tells it from other records. */
  readonly kind: "malformed";
  /** Number of the line, from 1. */
  readonly line: number;
  /** At most 80 characters of the line, control characters replaced. */
  readonly text: string;
  /** What should stand there. */
  readonly expected: string;
  /** True where the line cannot hide an event (blank, comment-like, banner); false where it can. */
  readonly harmless: boolean;
}

/** A line that tells of a task. */
export type TaskRecord =
  | TracepointRecord
  | ProbeRecord
  | SyscallEnterRecord
  | SyscallExitRecord
  | MarkerRecord;

/** A line of a trace after its header. */
export type TraceRecord = TaskRecord | LostRecord | MalformedRecord;

/** What a trace says of itself before the first event, or proves by its shape. */
export interface TraceHeader {
  /** What wrote it. */
  readonly format:
    | "ftrace"
    | "trace-cmd report"
    | "trace.dat"
    | "trace_pipe_raw"
    | "perf script"
    | "observations";
  /** What was true of the machine, where `pagespec record` wrote it down. */
  readonly facts?: RecordingFacts;
  /** The kernel's version, `6.12.107`, where the file names it: trace.dat and `pagespec record` do. */
  readonly kernel?: string;
  /** 4 up to 5.15, 5 later, 0 where the text has none (`trace-cmd report`, `nolatency`). */
  readonly latencyColumns: number;
  /** From `entries-in-buffer/entries-written: A/B`; undefined where absent. */
  readonly entries: { readonly inBuffer: number; readonly written: number } | undefined;
  /** Events that a binary file should have, as the kernel counted them; undefined where nobody did. */
  readonly promised?: number | undefined;
  /** CPUs of the machine, from `#P:2`; undefined where the text does not tell. */
  readonly cpus?: number | undefined;
  /** What its times are. */
  readonly clock: Clock;
}

/**
 * What times are. "seconds": printed with a point. "count" and "ticks": bare integers; of `counter` and
 * `uptime`, or of a clock that counts nanoseconds or cycles (`x86-tsc`, and what trace-cmd report does not
 * know to be nanoseconds, such as `boot`).
 */
export type Clock = "seconds" | "count" | "ticks";

/** Why a file could not be read as a trace at all: one clear line for the user. */
export interface TraceUnreadable {
  /** What the file is called in messages. */
  readonly file: string;
  /** Where: a line, a byte offset, or nothing for the file as a whole. */
  readonly at: { readonly line: number } | { readonly byte: number } | undefined;
  /** What is there. */
  readonly found: string;
  /** What should be there. */
  readonly expected: string;
}

/** Name of the event of a record, as a user enables it. */
export function eventName(record: TaskRecord): string {
  switch (record.kind) {
    case "tracepoint":
    case "probe":
      return record.name;
    case "syscall-enter":
      return `sys_enter_${record.syscall}`;
    case "syscall-exit":
      return `sys_exit_${record.syscall}`;
    case "marker":
      return "tracing_mark_write";
    default:
      return record satisfies never;
  }
}
