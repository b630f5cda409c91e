/**
 * Prints an event as the kernel does: by the `print fmt` of its format.
 *
 * @module
 */
import { compileArguments, type Names, unescape } from "./c_expression.ts";
import type { Compute, Value } from "./value.ts";
import type { EventFormat } from "./event_format.ts";
import type { Symbols } from "./symbols.ts";

/**
 * The text of an event whose bytes begin at `offset`. A value that cannot be computed, since it needs
 * an address or a constant that the file does not have, is `?`: no decoder takes that for a number.
 */
export type Print = (view: DataView, offset: number) => string;

/** `%-8.3llx`: flags, width, precision, and the letter; `%ps` and its like have two letters. */
const CONVERSION = /%([-#0+ ]*)(\d*)(?:\.(\d+))?(?:hh|h|ll|l|L|z|t|j)?(p[sSfFBK]?|[diouxXcs%])/g;

/** One piece of the text: fixed, or a value in its conversion. */
type Piece = string | { readonly compute: Compute; readonly show: (value: Value) => string };

/** Compiles the print format of an event; undefined if it has a form that is not known here. */
export function compilePrint(
  { print }: EventFormat,
  names: Names,
  symbols: Symbols,
): Print | undefined {
  const format = leadingStrings(print);
  if (format === undefined) return undefined;
  const { text, rest } = format;
  const given = rest.startsWith(",") ? compileArguments(rest.slice(1), names) : [];
  if (given === undefined) return undefined;
  const pieces: Piece[] = [];
  let from = 0;
  let next = 0;
  for (const match of text.matchAll(CONVERSION)) {
    pieces.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    const [, flags = "", width = "", precision, letter = ""] = match;
    if (letter === "%") pieces.push("%");
    else {
      const compute = given[next++];
      if (compute === undefined) return undefined;
      const show = conversion(letter, flags, precision, symbols);
      const wide = Number(width);
      pieces.push({ compute, show: wide === 0 ? show : (value) => pad(show(value), flags, wide) });
    }
  }
  pieces.push(text.slice(from));
  return (view, offset) => {
    let out = "";
    for (const piece of pieces) {
      if (typeof piece === "string") out += piece;
      else {
        const value = piece.compute(view, offset);
        out += value === undefined ? "?" : piece.show(value);
      }
    }
    return out;
  };
}

/** The strings that a print format begins with, joined, and what follows them. */
function leadingStrings(
  print: string,
): { readonly text: string; readonly rest: string } | undefined {
  const STRING = /\s*"((?:[^"\\]|\\.)*)"/y;
  let text: string | undefined;
  let end = 0;
  for (let match = STRING.exec(print); match !== null; match = STRING.exec(print)) {
    text = (text ?? "") + unescape(match[1] ?? "");
    end = STRING.lastIndex;
  }
  return text === undefined ? undefined : { text, rest: print.slice(end).trimStart() };
}

function conversion(
  letter: string,
  flags: string,
  precision: string | undefined,
  symbols: Symbols,
): (value: Value) => string {
  const prefix = flags.includes("#");
  switch (letter) {
    case "s":
      return (value) => {
        const text = String(value);
        return precision === undefined ? text : text.slice(0, Number(precision));
      };
    case "c":
      return (value) => String.fromCharCode(Number(value));
    case "x":
    case "X":
      return (value) => {
        const digits = hexadecimal(value);
        return prefix ? `0x${digits}` : digits;
      };
    case "o":
      return (value) => unsigned(value).toString(8);
    case "u":
      return (value) => unsigned(value).toString();
    case "d":
    case "i":
      return (value) => String(value);
    case "ps":
    case "pS":
    case "pf":
    case "pF":
    case "pB":
      return (value) => symbols.print(value, letter !== "ps");
    default:
      return (value) => hexadecimal(value).padStart(16, "0");
  }
}

function unsigned(value: Value): number | bigint {
  if (typeof value === "bigint") return value < 0n ? BigInt.asUintN(64, value) : value;
  const number = Number(value);
  return number < 0 ? BigInt.asUintN(number >= -0x8000_0000 ? 32 : 64, BigInt(number)) : number;
}

function hexadecimal(value: Value): string {
  return unsigned(value).toString(16);
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const prefix = text.startsWith("0x") ? "0x" : "";
  return prefix + text.slice(prefix.length).padStart(width - prefix.length, "0");
}
