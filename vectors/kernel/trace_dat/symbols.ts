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

const LINE = /^([0-9a-f]{8,16}) [a-zA-Z] (\S+)(?:\t\[(\S+)\])?$/gm;
/** Kernel addresses differ in their lower 48 bits alone, which a double holds exactly. */
const lower = 2 ** 48;

interface Symbol {
  readonly at: number;
  readonly name: string;
}

/** The symbols of a text, which is only read when the first one is asked for. */
export function symbolsOf(kallsyms: string): Symbols {
  let sorted: readonly Symbol[] | undefined;
  return {
    print(address, withOffset) {
      if (address === undefined || typeof address === "string") return String(address);
      const value = BigInt.asUintN(64, BigInt(address));
      const plain = `0x${value.toString(16)}`;
      // User addresses have no symbol, and are most of what is asked for.
      if (value < 0x8000_0000n) return plain;
      sorted ??= readSymbols(kallsyms);
      const at = Number(value % BigInt(lower));
      const index = lastAtOrBefore(sorted, at);
      const symbol = sorted[index];
      const next = sorted[index + 1];
      if (symbol === undefined || next === undefined || value >> 47n === 0n) return plain;
      if (!withOffset) return symbol.name.replace(/ \[.*$/, "");
      const [name = "", module] = symbol.name.split(" ");
      const place = `${name}+0x${(at - symbol.at).toString(16)}/0x${
        (next.at - symbol.at).toString(16)
      }`;
      return module === undefined ? place : `${place} ${module}`;
    },
  };
}

function readSymbols(text: string): readonly Symbol[] {
  const symbols: Symbol[] = [];
  for (const [, address = "", name = "", module] of text.matchAll(LINE)) {
    const at = Number(BigInt(`0x${address}`) % BigInt(lower));
    symbols.push({ at, name: module === undefined ? name : `${name} [${module}]` });
  }
  return symbols.sort((one, other) => one.at - other.at);
}

/** Index of the last symbol at or before an address; -1 if there is none. */
function lastAtOrBefore(sorted: readonly Symbol[], at: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
