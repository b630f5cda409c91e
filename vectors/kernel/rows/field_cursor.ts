/**
 * Reads the fields of an event's text one after the other, by character: most lines of a trace that are
 * read come through here, and an expression with a dozen groups takes three times as long.
 *
 * @module
 */
import { digitAt, hexadecimalAt } from "../digits.ts";
import { type Coded, coded } from "../lines.ts";
import type { TextReader } from "../line_words.ts";
import { deviceName } from "./words.ts";

const MINUS = 0x2d, ZERO = 0x30, LOWER_X = 0x78, SPACE = 0x20;
/** Hexadecimal digits of which every number is exact. */
const EXACT = 13;

/** A position in a text. What is not there gives NaN or undefined, and the position stays. */
export class FieldCursor implements TextReader {
  #lines = coded("");
  #codes = this.#lines.codes;
  #at = 0;
  #end = 0;

  /** Goes to the beginning of the text from `start` to `end`. */
  begin(lines: Coded, start: number, end: number): void {
    this.#lines = lines;
    this.#codes = lines.codes;
    this.#at = start;
    this.#end = end;
  }

  /** Goes over these characters, which are ASCII; false if they do not come next. */
  passes(characters: string): boolean {
    const codes = this.#codes;
    const start = this.#at;
    const { length } = characters;
    if (start + length > this.#end) return false;
    for (let at = 0; at < length; at++) {
      if (codes[start + at] !== characters.charCodeAt(at)) return false;
    }
    this.#at = start + length;
    return true;
  }

  /** Goes over what the sticky expression takes; false if that does not come next. */
  passesAs(expression: RegExp): boolean {
    expression.lastIndex = this.#at;
    if (!expression.test(this.#lines.text) || expression.lastIndex > this.#end) return false;
    this.#at = expression.lastIndex;
    return true;
  }

  /** Goes past these characters, wherever they come next; false if they do not. */
  skips(characters: string): boolean {
    const start = this.#at;
    while (this.#at < this.#end) {
      if (this.passes(characters)) return true;
      this.#at++;
    }
    this.#at = start;
    return false;
  }

  /** True if what is left of the text ends so. */
  endsWith(characters: string): boolean {
    const end = this.#end;
    return end - characters.length >= this.#at && this.#lines.text.endsWith(characters, end);
  }

  /** True at the end of the text. */
  isDone(): boolean {
    return this.#at === this.#end;
  }

  /** `0x1f`, or a bare 0. Beyond 2^53 the nearest double. */
  hexadecimal(): number {
    const codes = this.#codes;
    const end = this.#end;
    const start = this.#at;
    if (start >= end || codes[start] !== ZERO) return NaN;
    let at = start + 1;
    let value = 0;
    if (at < end && codes[at] === LOWER_X) {
      at++;
      while (at < end) {
        const digit = digitAt(codes, at);
        if (digit > 15) break;
        value = value * 16 + digit;
        at++;
      }
      // A bare 0, and something else behind it.
      if (at === start + 2) at = start + 1;
    }
    this.#at = at;
    return at - start - 2 <= EXACT ? value : Number(this.#lines.text.slice(start, at));
  }

  /** `1f`, without 0x. Beyond 2^53 not exact. */
  bareHexadecimal(): number {
    const start = this.#at;
    let at = start;
    while (at < this.#end && digitAt(this.#codes, at) < 16) at++;
    this.#at = at;
    return hexadecimalAt(this.#codes, start, at);
  }

  /** `1234`, `-5`. Beyond 2^53 the nearest double. */
  decimal(): number {
    const codes = this.#codes;
    const end = this.#end;
    const start = this.#at;
    const first = start < end && codes[start] === MINUS ? start + 1 : start;
    let at = first;
    let value = 0;
    while (at < end) {
      const digit = digitAt(codes, at);
      if (digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at === first) return NaN;
    this.#at = at;
    if (at - first > EXACT) return Number(this.#lines.text.slice(start, at));
    return first === start ? value : -value;
  }

  /** `259:0`, or `259,0` with the other separator. */
  device(separator: ":" | ","): string | undefined {
    const major = this.decimal();
    if (!this.passes(separator)) return undefined;
    const minor = this.decimal();
    return major >= 0 && minor >= 0 ? deviceName(major, minor) : undefined;
  }

  /** What comes before the next space, or the end. */
  word(): string {
    const start = this.#at;
    this.passesWord();
    return this.#lines.text.slice(start, this.#at);
  }

  /** Goes over what comes before the next space, or the end; false if that is nothing. */
  passesWord(): boolean {
    const codes = this.#codes;
    const start = this.#at;
    let at = start;
    while (at < this.#end && codes[at] !== SPACE) at++;
    this.#at = at;
    return at > start;
  }

  /** A word: its number, if it is one in hexadecimal that is exact and a space follows; else the text. */
  numberOrWord(): number | string {
    const start = this.#at;
    const value = this.hexadecimal();
    const isWhole = this.#at < this.#end && this.#codes[this.#at] === SPACE;
    if (Number.isSafeInteger(value) && isWhole) return value;
    this.#at = start;
    return this.word();
  }
}

/** The fields of a text. */
export function fieldsOf(text: string): FieldCursor {
  const fields = new FieldCursor();
  fields.begin(coded(text), 0, text.length);
  return fields;
}
