/**
 * The words in the text of a tracepoint: `dev 254:0 ino 13 ofs=4096`.
 *
 * @module
 */
import { numberAt } from "../digits.ts";
import { type Coded, coded } from "../lines.ts";
import { asKey, type TextReader, type Words } from "../line_words.ts";

/** What stood between two values, or before the first. */
interface Between {
  readonly codes: Uint8Array;
  /** Which of the wanted words comes next; -1 if it is none of them. */
  readonly name: number;
}

const MINUS = 0x2d,
  LEFT = 0x28,
  RIGHT = 0x29,
  COMMA = 0x2c,
  COLON = 0x3a,
  SPACE = 0x20,
  EQUALS = 0x3d,
  UNDERSCORE = 0x5f,
  LOWER_X = 0x78;

/** Where lines differ too often, nothing more is learned. */
const mostLearned = 1000;

/**
 * Finds names before values, with `=`, a colon or a space between. A value is a number, several with `:`
 * or `,` between, or a word in parentheses. Of a name that comes twice the first counts.
 *
 * It goes no further into a line than to what it is asked for. Lines of one tracepoint have the same
 * text between their values, so it remembers that, and goes over it as a whole.
 */
export class TracepointWords implements TextReader, Words {
  from = 0;
  to = 0;
  #lines = coded("");
  #codes = this.#lines.codes;
  #end = 0;
  /** How far the line was read. */
  #at = 0;
  /** Values that were met in it. */
  #met = 0;
  readonly #names: readonly string[];
  /** Where each value begins and ends; -1 for one that was not met. */
  readonly #places: number[];
  /** What stood between the values of lines before. Whatever it was, it has the same name in it again. */
  readonly #between: Between[] = [];
  #learned = 0;

  /** Finds words of these names, and no others. */
  constructor(names: readonly string[]) {
    this.#names = names.map(asKey);
    this.#places = names.flatMap(() => [-1, -1]);
  }

  /** Begins with a line. */
  begin(lines: Coded, start: number, end: number): void {
    this.#lines = lines;
    this.#codes = lines.codes;
    this.#at = start;
    this.#end = end;
    this.#met = 0;
    const places = this.#places;
    for (let at = 0; at < places.length; at += 2) places[at] = -1;
  }

  /** The number that the word is. */
  get number(): number {
    return numberAt(this.#codes, this.from, this.to);
  }

  /** The text of the line, with others. */
  get text(): string {
    return this.#lines.text;
  }

  /** Characters of the line, with others, as bytes. */
  get codes(): Uint8Array {
    return this.#codes;
  }

  /** Goes to a word. */
  find(name: string): boolean {
    const names = this.#names;
    let index = 0;
    while (index < names.length && names[index] !== name) index++;
    if (index === names.length) return false;
    const places = this.#places;
    while (places[2 * index] === -1) if (!this.#meet()) return false;
    this.from = places[2 * index] ?? 0;
    this.to = places[2 * index + 1] ?? 0;
    return true;
  }

  /** Goes over the next value; false if there is none. */
  #meet(): boolean {
    const between = this.#between[this.#met];
    if (between === undefined) return this.#search();
    const known = between.codes;
    const codes = this.#codes;
    const start = this.#at;
    const value = start + known.length;
    if (value > this.#end) return this.#search();
    for (let at = 0; at < known.length; at++) {
      if (known[at] !== codes[start + at]) return this.#search();
    }
    const to = valueEnd(this.#lines, value, this.#end);
    if (to === undefined) return this.#search();
    this.#take(between.name, value, to);
    return true;
  }

  #take(name: number, from: number, to: number): void {
    this.#met++;
    this.#at = to;
    const places = this.#places;
    if (name === -1 || places[2 * name] !== -1) return;
    places[2 * name] = from;
    places[2 * name + 1] = to;
  }

  /** Goes over the next value by character; false if there is none. */
  #search(): boolean {
    const lines = this.#lines;
    const { text } = lines;
    const codes = this.#codes;
    const end = this.#end;
    let at = this.#at;
    while (at < end) {
      if (!isName(codes[at] ?? 0)) {
        at++;
        continue;
      }
      const start = at;
      while (at < end && isName(codes[at] ?? 0)) at++;
      const value = valueStart(codes, at, end);
      const to = value === undefined ? undefined : valueEnd(lines, value, end);
      if (value === undefined || to === undefined) continue;
      const name = this.#names.indexOf(text.slice(start, at));
      // A text that is not all ASCII has the same byte for different characters.
      const before = codes.slice(this.#at, value);
      if (this.#learned++ < mostLearned && before.every((code) => code < 0x80)) {
        this.#between[this.#met] = { codes: before, name };
      }
      this.#take(name, value, to);
      return true;
    }
    this.#at = at;
    return false;
  }
}

function isName(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code === UNDERSCORE;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexadecimal(code: number): boolean {
  return isDigit(code) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
}

/** True where a value may end: before a blank, a colon, or nothing. */
function isBorder({ text, codes }: Coded, at: number, end: number): boolean {
  const code = codes[at] ?? 0;
  return at === end || code === COLON || code === SPACE || /\s/.test(text.charAt(at));
}

/** Where the value begins of a name that ends here; undefined if nothing stands between them. */
function valueStart(codes: Uint8Array, at: number, end: number): number | undefined {
  if (at >= end) return undefined;
  const code = codes[at];
  if (code === EQUALS || code === SPACE) return at + 1;
  if (code !== COLON) return undefined;
  return at + 1 < end && codes[at + 1] === SPACE ? at + 2 : at + 1;
}

/** Where the value ends that begins here; undefined if none does. */
function valueEnd(lines: Coded, start: number, end: number): number | undefined {
  const { codes } = lines;
  if (start >= end) return undefined;
  let at = start;
  const first = codes[at] ?? 0;
  if (first === MINUS || first === LEFT) {
    const fits = first === MINUS ? isDigit : isName;
    const inside = ++at;
    while (at < end && fits(codes[at] ?? 0) && codes[at] !== UNDERSCORE) at++;
    if (at === inside) return undefined;
    if (first === LEFT && (at === end || codes[at++] !== RIGHT)) return undefined;
    return isBorder(lines, at, end) ? at : undefined;
  }
  if (first === 0x30 && at + 1 < end && codes[at + 1] === LOWER_X) at += 2;
  if (at >= end || !isHexadecimal(codes[at++] ?? 0)) return undefined;
  const least = at;
  for (; at < end; at++) {
    const code = codes[at] ?? 0;
    if (!isHexadecimal(code) && code !== COLON && code !== COMMA) break;
  }
  // What does not end at a border ends at the last colon in it, if anywhere.
  if (isBorder(lines, at, end)) return at;
  while (at >= least && codes[at] !== COLON) at--;
  return at >= least ? at : undefined;
}
