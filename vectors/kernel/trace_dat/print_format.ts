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
type Print = (view: DataView, offset: number) => string;

/** `%-8.3llx`: flags, width, precision, and the letter; `%ps` and its like have two letters. */
const CONVERSION = /%([-#0+ ]*)(\d*)(?:\.(\d+))?(?:hh|h|ll|l|L|z|t|j)?(p[sSfFBK]?|[diouxXcs%])/g;

/** One piece of the text: fixed, or a value in its conversion. */
type Piece = string | {
  readonly compute: Compute;
  readonly show: (value: Value) => string;
  /** True for a number that is not padded: nothing in it can end a word. */
  readonly isBare: boolean;
};

/** A print format that can be used. */
export interface PrintFormat {
  readonly print: Print;
  /**
   * What a probe prints after its parentheses, `dev=0x%llx ino=%llu`: names, and the texts of their
   * values; undefined if something else is printed there too.
   */
  readonly words: readonly { readonly name: string; readonly print: Print }[] | undefined;
}

/** Compiles the print format of an event; undefined if it has a form that is not known here. */
export function compilePrint(
  format: EventFormat,
  names: Names,
  symbols: Symbols,
): PrintFormat | undefined {
  const pieces = piecesOf(format, names, symbols);
  return pieces && { print: printerOf(pieces), words: wordsOf(pieces) };
}

function piecesOf(
  { print }: EventFormat,
  names: Names,
  symbols: Symbols,
): readonly Piece[] | undefined {
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
      const isBare = wide === 0 && /[diouxX]/.test(letter);
      const padded = (value: Value) => pad(show(value), flags, wide);
      pieces.push({ compute, show: wide === 0 ? show : padded, isBare });
    }
  }
  pieces.push(text.slice(from));
  return pieces;
}

function wordsOf(pieces: readonly Piece[]): PrintFormat["words"] {
  const close = pieces.findIndex((piece) => typeof piece === "string" && piece.includes(")"));
  const words: { readonly name: string; readonly print: Print }[] = [];
  for (let at = close; at + 1 < pieces.length; at += 2) {
    const [fixed, value] = [pieces[at], pieces[at + 1]];
    if (typeof fixed !== "string" || value === undefined || typeof value === "string") {
      return undefined;
    }
    const before = at === close ? fixed.slice(fixed.indexOf(")") + 1) : fixed;
    const [, name, prefix = ""] = /^ (\w+)=(0x)?$/.exec(before) ?? [];
    if (name === undefined || !value.isBare) return undefined;
    words.push({ name, print: printerOf([prefix, value]) });
  }
  return close === -1 || pieces.at(-1) !== "" ? undefined : words;
}

function printerOf(pieces: readonly Piece[]): Print {
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
