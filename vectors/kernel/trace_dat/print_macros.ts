/**
 * The macros that print formats call (include/trace/stages/stage3_trace_output.h).
 *
 * @module
 */
import { type Argument, type Compute, isSmall, type NamedValue } from "./value.ts";

/** The value of a macro; unknown for one that is not known here. */
export function callMacro(name: string, given: readonly Argument[]): Compute {
  const [value, second, third] = given;
  if (typeof value !== "function") return () => undefined;
  if (/^__print_flags(?:_u64)?$/.test(name) && typeof second === "function") {
    return printFlags(value, second, Array.isArray(third) ? third : []);
  }
  if (/^__print_symbolic(?:_u64)?$/.test(name) && Array.isArray(second)) {
    return printSymbolic(value, second);
  }
  return () => undefined;
}

/** As `trace_print_flags_seq()`: names joined, and what none of them has in hexadecimal. */
function printFlags(flags: Compute, delimiter: Compute, items: readonly NamedValue[]): Compute {
  return (view, offset) => {
    const value = flags(view, offset);
    if (value === undefined || typeof value === "string") return undefined;
    const names: string[] = [];
    const joined = () => names.join(String(delimiter(view, offset) ?? "|"));
    if (isSmall(value)) {
      let small = value;
      for (const item of items) {
        const mask = item.value(view, offset);
        if (!isSmall(mask) || mask === 0 || (small & mask) !== mask) continue;
        names.push(String(item.name(view, offset) ?? ""));
        small &= ~mask;
      }
      if (small !== 0) names.push(`0x${small.toString(16)}`);
      return joined();
    }
    let left = BigInt(value);
    for (const item of items) {
      const mask = item.value(view, offset);
      if (mask === undefined || typeof mask === "string") continue;
      const bits = BigInt(mask);
      if (bits === 0n || (left & bits) !== bits) continue;
      names.push(String(item.name(view, offset) ?? ""));
      left &= ~bits;
    }
    if (left !== 0n) names.push(`0x${BigInt.asUintN(64, left).toString(16)}`);
    return joined();
  };
}

/** As `trace_print_symbols_seq()`: the name of the value, or the value in hexadecimal. */
function printSymbolic(symbol: Compute, items: readonly NamedValue[]): Compute {
  return (view, offset) => {
    const value = symbol(view, offset);
    if (value === undefined || typeof value === "string") return undefined;
    for (const item of items) {
      const key = item.value(view, offset);
      if (key !== undefined && typeof key !== "string" && BigInt(key) === BigInt(value)) {
        return item.name(view, offset);
      }
    }
    return `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
  };
}
