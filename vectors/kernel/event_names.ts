/**
 * What kind of record the name before the colon announces, and how often each name was seen.
 *
 * @module
 */

import type { Coded } from "./lines.ts";
import {
  copyOf,
  type Known,
  knownPart,
  slotAt,
  slotCount,
  SLOTTED,
  standsAt,
} from "./part_of_text.ts";
import type { KnownSite } from "./probe_line.ts";
import { readerOfTracepoint } from "./rows.ts";

/** How the text behind a name is read. */
type BodyStyle =
  | "tracepoint"
  /** `tracing_mark_write: text`, the kernel's print of a marker; or an address it has no symbol for. */
  | "marker"
  /** `print: tracing_mark_write: text`, trace-cmd's. */
  | "print"
  /** `sys_enter_fsync: fd: 0x3`. */
  | "syscall-enter"
  /** `sys_exit_fsync: 0x0`. */
  | "syscall-exit";

/** One name of the trace. */
export interface SeenName {
  readonly name: string;
  readonly style: BodyStyle;
  /** Of a probe: where it was said to be. */
  readonly sites: KnownSite[];
  /** Of a system call: its own name, `fsync`; else empty. */
  readonly syscall: string;
  /** Of a system call: names of its arguments, as its last line had them. */
  readonly argumentNames: string[];
  /** Lines that bore it so far. */
  count: number;
}

/** The names of one trace; the same event has one name in every style of the text. */
export interface EventNames {
  /** The entry of `name`, made at its first call. */
  seen(name: string): SeenName;
  /** What stands at `start`, if it was met before. */
  known(lines: Coded, start: number, end: number): FoundName | undefined;
  /** The entry of what stands from `start` to `end`, `before` what follows it; from now on it is known. */
  met(lines: Coded, start: number, end: number, before: FoundName["before"]): SeenName;
  /** Lines by name, for all lines that are events; system calls as `sys_enter_*` and `sys_exit_*`. */
  counts(): Map<string, number>;
}

/** Names that are counted each by itself: a kernel has two thousand, and what is no trace any number. */
const mostNames = 10_000;

/** Names that are compared one after the other: a text of nothing but names has any number. */
const mostAlike = 16;

/** A name where it stands, and what follows it there. */
export interface FoundName {
  readonly entry: SeenName;
  /** What follows: `name: `, or of a system call also `sys_name(` and `sys_name -> `. */
  readonly before: ": " | "(" | " -> ";
  /** The characters of all this. */
  readonly known: Known;
}

/** Under what all others are counted. */
const otherNames = "other events";

/** A name too many: its lines are counted with those of all others. */
class OtherName implements SeenName {
  constructor(
    readonly name: string,
    readonly style: BodyStyle,
    readonly syscall: string,
    readonly others: { count: number },
  ) {}

  readonly sites: KnownSite[] = [];
  readonly argumentNames: string[] = [];

  get count(): number {
    return this.others.count;
  }

  set count(count: number) {
    this.others.count = count;
  }
}

/** An empty collection. */
export function newEventNames(): EventNames {
  const names = new Map<string, SeenName>();
  /** Names that begin alike, with those whose beginnings share a slot. */
  const alike: (readonly FoundName[])[] = new Array(slotCount).fill([]);
  function seen(name: string): SeenName {
    const known = names.get(name);
    if (known !== undefined) return known;
    const entry = newName(name);
    if (names.size < mostNames || readerOfTracepoint(name) !== undefined) {
      names.set(name, entry);
      return entry;
    }
    const others = names.get(otherNames) ?? newName(otherNames);
    names.set(otherNames, others);
    return new OtherName(name, entry.style, entry.syscall, others);
  }
  return {
    seen,
    known(lines, start, end) {
      if (start + SLOTTED > end) return undefined;
      for (const found of alike[slotAt(lines, start)] ?? []) {
        if (standsAt(lines, start, end, found.known)) return found;
      }
      return undefined;
    },
    met(lines, start, end, before) {
      const met = names.get(lines.text.slice(start, end));
      if (met !== undefined && end - start + before.length < SLOTTED) return met;
      const text = copyOf(lines, start, end);
      const entry = seen(before === ": " ? text : nameOfCall(text, before));
      // What is shorter shares its slot with what follows it.
      const known = knownPart(`${text}${before}`);
      if (known === undefined || known.length < SLOTTED) return entry;
      const slot = slotAt(lines, start);
      const others = alike[slot] ?? [];
      if (others.length < mostAlike) alike[slot] = [...others, { entry, before, known }];
      return entry;
    },
    counts() {
      const counts = new Map<string, number>();
      for (const { name, count } of names.values()) {
        if (count > 0) counts.set(name, count);
      }
      return counts;
    },
  };
}

/** `sys_fsync(` is the entry of what trace-cmd calls `sys_enter_fsync`. */
function nameOfCall(text: string, before: "(" | " -> "): string {
  return `${before === "(" ? "sys_enter_" : "sys_exit_"}${text.slice("sys_".length)}`;
}

function newName(name: string): SeenName {
  const style = styleOf(name);
  const syscall = style === "syscall-enter"
    ? name.slice("sys_enter_".length)
    : style === "syscall-exit"
    ? name.slice("sys_exit_".length)
    : "";
  return { name, style, sites: [], syscall, argumentNames: [], count: 0 };
}

function styleOf(name: string): BodyStyle {
  if (name === "tracing_mark_write" || /^0x[0-9a-f]{8,16}$/.test(name)) return "marker";
  if (name === "print") return "print";
  // `sys_enter` and `sys_exit` alone are the raw_syscalls events: numbers without names.
  if (/^sys_enter_\w/.test(name)) return "syscall-enter";
  if (/^sys_exit_\w/.test(name)) return "syscall-exit";
  return "tracepoint";
}
