/**
 * What kind of record the name before the colon announces, and how often each name was seen.
 *
 * @module
 */

import { type Coded, coded } from "./lines.ts";
import { copyOf, standsAt } from "./part_of_text.ts";
import { tracepointRow } from "./tracepoints.ts";

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
interface SeenName {
  readonly name: string;
  readonly style: BodyStyle;
  /** Lines that bore it so far. */
  count: number;
}

/** The names of one trace; the same event has one name in every style of the text. */
export interface EventNames {
  /** The entry of `name`, made at its first call. */
  seen(name: string): SeenName;
  /** The entry of a name in a text, which is only cut out at first sight; `hash` is of its characters. */
  seenAt(lines: Coded, start: number, end: number, hash: number): SeenName;
  /** The entry of a system call's entries or returns: `fsync` is counted as `sys_enter_fsync`. */
  call(syscall: string, event: "sys_enter_" | "sys_exit_"): SeenName;
  /** Lines by name, for all lines that are events; system calls as `sys_enter_*` and `sys_exit_*`. */
  counts(): Map<string, number>;
}

/** Names that are counted each by itself: a kernel has two thousand, and what is no trace any number. */
const mostNames = 10_000;

/** Names that are found by their characters: a power of two, more than most traces have. */
const slots = 512;

/** A name, and its characters. */
interface FoundName {
  readonly entry: SeenName;
  readonly codes: Uint8Array;
}

/** Under what all others are counted. */
const otherNames = "other events";

/** A name too many: its lines are counted with those of all others. */
class OtherName implements SeenName {
  constructor(
    readonly name: string,
    readonly style: BodyStyle,
    readonly others: { count: number },
  ) {}

  get count(): number {
    return this.others.count;
  }

  set count(count: number) {
    this.others.count = count;
  }
}

/** The hash of a name with one more character; that of no name is 0. */
export function hashed(hash: number, code: number): number {
  return (Math.imul(hash, 31) + code) | 0;
}

/** An empty collection. */
export function newEventNames(): EventNames {
  const names = new Map<string, SeenName>();
  /** The name that was met last of those that share a slot. */
  const recent: (FoundName | undefined)[] = new Array(slots).fill(undefined);
  function seen(name: string): SeenName {
    const known = names.get(name);
    if (known !== undefined) return known;
    const entry = { name, style: styleOf(name), count: 0 };
    if (names.size < mostNames || tracepointRow(name) !== undefined) {
      names.set(name, entry);
      return entry;
    }
    const others = names.get(otherNames) ?? { name: otherNames, style: "tracepoint", count: 0 };
    names.set(otherNames, others);
    return new OtherName(name, entry.style, others);
  }
  const calls = { sys_enter_: new Map<string, SeenName>(), sys_exit_: new Map<string, SeenName>() };
  return {
    seen,
    call(syscall, event) {
      let entry = calls[event].get(syscall);
      if (entry !== undefined) return entry;
      entry = seen(`${event}${syscall}`);
      if (calls[event].size < slots) calls[event].set(syscall, entry);
      return entry;
    },
    seenAt(lines, start, end, hash) {
      const slot = hash & slots - 1;
      const known = recent[slot];
      if (known !== undefined && standsAt(lines, start, end, known.codes)) return known.entry;
      const entry = seen(copyOf(lines, start, end));
      recent[slot] = { entry, codes: coded(entry.name).codes };
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

function styleOf(name: string): BodyStyle {
  if (name === "tracing_mark_write" || /^0x[0-9a-f]{8,16}$/.test(name)) return "marker";
  if (name === "print") return "print";
  // `sys_enter` and `sys_exit` alone are the raw_syscalls events: numbers without names.
  if (/^sys_enter_\w/.test(name)) return "syscall-enter";
  if (/^sys_exit_\w/.test(name)) return "syscall-exit";
  return "tracepoint";
}
