/**
 * `enum fault_flag` and `enum vm_fault_reason` (include/linux/mm_types.h), as `__print_flags` prints
 * them: names joined by `|`, and one number in hexadecimal for the bits that the kernel's table of
 * names lacks. The bits are the same from 5.10 to 7.2.
 *
 * @module
 */

import type { TraceHeader } from "../record.ts";

/** How a fault was taken (`FAULT_FLAG_*`). */
export type FaultFlag =
  | "WRITE"
  | "MKWRITE"
  | "ALLOW_RETRY"
  | "RETRY_NOWAIT"
  | "KILLABLE"
  | "TRIED"
  | "USER"
  | "REMOTE"
  | "INSTRUCTION"
  | "INTERRUPTIBLE"
  | "UNSHARE"
  | "ORIG_PTE_VALID"
  | "VMA_LOCK";

/** What became of a fault (`VM_FAULT_*`). The empty set is 0: success with nothing to report. */
export type FaultResult =
  | "OOM"
  | "SIGBUS"
  | "MAJOR"
  /** Up to 6.1 only. */
  | "WRITE"
  | "HWPOISON"
  | "HWPOISON_LARGE"
  | "SIGSEGV"
  | "NOPAGE"
  | "LOCKED"
  | "RETRY"
  | "FALLBACK"
  | "DONE_COW"
  | "NEEDDSYNC"
  | "COMPLETED";

/** A set of names; `unnamed` stands for bits that have no name here. */
export type Flags<Name extends string> = ReadonlySet<Name | "unnamed">;

const FAULT_FLAGS: ReadonlyMap<FaultFlag, number> = new Map([
  ["WRITE", 0x1],
  ["MKWRITE", 0x2],
  ["ALLOW_RETRY", 0x4],
  ["RETRY_NOWAIT", 0x8],
  ["KILLABLE", 0x10],
  ["TRIED", 0x20],
  ["USER", 0x40],
  ["REMOTE", 0x80],
  ["INSTRUCTION", 0x100],
  ["INTERRUPTIBLE", 0x200],
  ["UNSHARE", 0x400],
  ["ORIG_PTE_VALID", 0x800],
  ["VMA_LOCK", 0x1000],
]);

const FAULT_RESULTS: ReadonlyMap<FaultResult, number> = new Map([
  ["OOM", 0x1],
  ["SIGBUS", 0x2],
  ["MAJOR", 0x4],
  ["WRITE", 0x8],
  ["HWPOISON", 0x10],
  ["HWPOISON_LARGE", 0x20],
  ["SIGSEGV", 0x40],
  ["NOPAGE", 0x100],
  ["LOCKED", 0x200],
  ["RETRY", 0x400],
  ["FALLBACK", 0x800],
  ["DONE_COW", 0x1000],
  ["NEEDDSYNC", 0x2000],
  ["COMPLETED", 0x4000],
]);

const faultFlagsByText = new Map<string, Flags<FaultFlag>>();
const faultResultsByText = new Map<string, Flags<FaultResult>>();

/** `WRITE|USER|0x800` or `0x1255` to names; undefined if a part is neither a name nor a number. */
export function faultFlags(text: string): Flags<FaultFlag> | undefined {
  return flagsOf(text, FAULT_FLAGS, faultFlagsByText);
}

/**
 * `MAJOR|NOPAGE`, or the empty text for 0, to names.
 *
 * `trace-cmd report` knows no `VM_FAULT_*` names, since the kernel's format file does not define
 * them: it prints 0 as the first name of the table, `OOM`, and anything else as a number
 * (`print_str_arg` in libtraceevent). So a number is exact, and a lone `OOM` is "unknown". Undefined if
 * a part is neither a name nor a number.
 */
export function faultResult(
  text: string,
  format: TraceHeader["format"],
): Flags<FaultResult> | "unknown" | undefined {
  if (text === "OOM" && (format === "trace-cmd report" || format === "perf script")) {
    return "unknown";
  }
  return flagsOf(text, FAULT_RESULTS, faultResultsByText);
}

/**
 * The value of `FAULT_FLAG_WRITE` or `VM_FAULT_NOPAGE`, which format files have by name; undefined for
 * any other name.
 */
export function faultConstant(name: string): number | undefined {
  const [, kind, rest] = /^(FAULT_FLAG|VM_FAULT)_(\w+)$/.exec(name) ?? [];
  const table: ReadonlyMap<string, number> = kind === "FAULT_FLAG" ? FAULT_FLAGS : FAULT_RESULTS;
  return rest === undefined ? undefined : table.get(rest);
}

/** Texts seen are kept, up to a bound: a trace has a dozen of them, a million times. */
const KEPT_TEXTS = 1000;

function flagsOf<Name extends string>(
  text: string,
  bits: ReadonlyMap<Name, number>,
  seen: Map<string, Flags<Name>>,
): Flags<Name> | undefined {
  const known = seen.get(text);
  if (known !== undefined) return known;
  const flags = new Set<Name | "unnamed">();
  for (const part of text === "" ? [] : text.split("|")) {
    let rest = /^0x[0-9a-f]+$/.test(part) ? Number(part) : Number.NaN;
    for (const [name, bit] of bits) {
      if (part === name) {
        flags.add(name);
        rest = 0;
      } else if (rest % (bit * 2) >= bit) {
        flags.add(name);
        rest -= bit;
      }
    }
    if (Number.isNaN(rest)) return undefined;
    if (rest !== 0) flags.add("unnamed");
  }
  if (seen.size < KEPT_TEXTS) seen.set(text, flags);
  return flags;
}
