/**
 * Names of kernel functions by address, from the text of /proc/kallsyms.
 *
 * @module
 */
import type { Value } from "./value.ts";

/** Finds symbols. */
export interface Symbols {
  /** `name+0x4/0x1c0 [module]`, or the address with 0x where no symbol covers it. */
  readonly print: (address: Value, withOffset: boolean) => string;
}

/** A line of /proc/kallsyms from its address to its end. */
const NAME = /^ [a-zA-Z] (\S+)(?:\t(\[\S+\]))?$/;
/** Kernel addresses differ in their lower 48 bits alone, which a double holds exactly. */
const lower = 2 ** 48;

/** Where symbols are. A kernel has 200,000 of them, and few are asked for: those alone are cut out. */
interface Table {
  readonly text: string;
  /** Addresses in the order of the text, and in their own. */
  readonly listed: Float64Array;
  readonly sorted: Float64Array;
  /** Where the text goes on after each listed address. */
  readonly rest: Uint32Array;
}

/** The symbols of a text, which is only read when the first one is asked for. */
export function symbolsOf(kallsyms: string): Symbols {
  let table: Table | undefined;
  return {
    print(address, withOffset) {
      if (address === undefined || typeof address === "string") return String(address);
      const value = BigInt.asUintN(64, BigInt(address));
      const plain = `0x${value.toString(16)}`;
      // User addresses have no symbol, and are most of what is asked for.
      if (value < 0x8000_0000n) return plain;
      table ??= readSymbols(kallsyms);
      const at = Number(value % BigInt(lower));
      const after = firstAfter(table.sorted, at);
      const [start, next] = [table.sorted[after - 1], table.sorted[after] ?? Infinity];
      if (start === undefined || next === Infinity || value >> 47n === 0n) return plain;
      const symbol = symbolAt(table, start);
      if (symbol === undefined) return plain;
      const { name, module } = symbol;
      if (!withOffset) return name;
      const place = `${name}+0x${(at - start).toString(16)}/0x${(next - start).toString(16)}`;
      return module === undefined ? place : `${place} ${module}`;
    },
  };
}

function readSymbols(text: string): Table {
  const listed: number[] = [];
  const rest: number[] = [];
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf("\n", start);
    if (end === -1) end = text.length;
    // In two halves of 24 bits: what is above them shifts out.
    let [high, low] = [0, 0];
    let at = start;
    for (let digit = digitAt(text, at); digit !== -1; digit = digitAt(text, ++at)) {
      high = (high << 4 | low >>> 20) & 0xff_ffff;
      low = (low << 4 | digit) & 0xff_ffff;
    }
    const digits = at - start;
    if (digits < 8 || digits > 16 || !isName(text, at, end)) continue;
    listed.push(high * 2 ** 24 + low);
    rest.push(at);
  }
  const addresses = Float64Array.from(listed);
  return {
    text,
    listed: addresses,
    sorted: addresses.toSorted(),
    rest: Uint32Array.from(rest),
  };
}

/** The value of a hexadecimal digit; -1 if none stands there. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x61 + 10 : -1;
}

/** True if a type and a name stand there, as they do in all lines that a kernel prints. */
function isName(text: string, at: number, end: number): boolean {
  return end > at + 3 && text.charCodeAt(at) === 0x20 && text.charCodeAt(at + 2) === 0x20 &&
    text.charCodeAt(at + 3) > 0x20;
}

/** The last symbol of a text at this address. */
function symbolAt(
  { text, listed, rest }: Table,
  address: number,
): { readonly name: string; readonly module: string | undefined } | undefined {
  const start = rest[listed.lastIndexOf(address)] ?? text.length;
  const end = text.indexOf("\n", start);
  const [, name, module] = NAME.exec(text.slice(start, end === -1 ? text.length : end)) ?? [];
  return name === undefined ? undefined : { name, module };
}

/** Index of the first address behind this one. */
function firstAfter(sorted: Float64Array, at: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
