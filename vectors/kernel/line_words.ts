/**
 * The words of one line by name: places in its text, and no strings of their own. A line of the page cache
 * has half a dozen words, most of them numbers, which are read where they stand.
 *
 * @module
 */
import { numberAt } from "./digits.ts";
import { type Coded, coded } from "./lines.ts";

/** A line's words. Whoever wants one goes to it first, and is done with it before going to the next. */
export interface Words {
  /** What the word that was gone to stands in. */
  readonly text: string;
  /** The characters of that as bytes, as a batch of lines has them. */
  readonly codes: Uint8Array;
  /** Where the word begins in both. */
  readonly from: number;
  /** Where it ends. */
  readonly to: number;
  /** The number that it is, in decimal or with 0x, exact below 2^53; NaN if it is none, or has a sign. */
  readonly number: number;
  /** Goes to the word of this name; false if the line has none. */
  find(name: string): boolean;
}

/** What reads a part of a text. */
export interface TextReader {
  /** Begins with the text of these lines from `start` to `end`. */
  begin(lines: Coded, start: number, end: number): void;
}

/** Words by name. */
export type NamedWords = Readonly<Record<string, string>>;

/** The word of this name as it is printed; undefined if the line has none. */
export function textIn(words: Words, name: string): string | undefined {
  return words.find(name) ? words.text.slice(words.from, words.to) : undefined;
}

/** Where words stand in their text, of one line after the other, so that no line has a list. */
export interface WordPlaces {
  /** Beginning and end of each. */
  readonly places: Int32Array;
  /** The number that each is. */
  readonly numbers: Float64Array;
}

/** Words at places that are known. Of a name that comes twice the last counts. */
export class PlacedWords implements Words {
  text = "";
  codes: Uint8Array = new Uint8Array();
  from = 0;
  to = 0;
  number = NaN;
  #names: readonly string[] = [];
  #table: WordPlaces = { places: new Int32Array(), numbers: new Float64Array() };
  #first = 0;
  #last = 0;
  #again = coded("");

  /** Begins with a line. From `first` to `last` the table has its words, in the order of the names. */
  begin(
    lines: Coded,
    names: readonly string[],
    table: WordPlaces,
    first: number,
    last: number,
  ): this {
    const isSpent = lines.codes.length === 0;
    this.text = lines.text;
    // Whoever keeps the lines of a batch asks for one after the other.
    if (isSpent && this.#again.text !== lines.text) this.#again = coded(lines.text);
    this.codes = isSpent ? this.#again.codes : lines.codes;
    this.#names = names;
    this.#table = table;
    this.#first = first;
    this.#last = last;
    return this;
  }

  /** Goes to a word. */
  find(name: string): boolean {
    const names = this.#names;
    const first = this.#first;
    let index = this.#last - first - 1;
    while (index >= 0 && names[index] !== name) index--;
    if (index < 0) return false;
    const { places, numbers } = this.#table;
    const at = first + index;
    this.from = places[2 * at] ?? 0;
    this.to = places[2 * at + 1] ?? 0;
    this.number = numbers[at] ?? NaN;
    return true;
  }
}

/** Words that are strings. */
export class GivenWords implements Words {
  text = "";
  readonly from = 0;
  to = 0;
  readonly #words: NamedWords;

  /** Has words by name. */
  constructor(words: NamedWords) {
    this.#words = words;
  }

  /** The number that the word is. */
  get number(): number {
    return numberAt(this.codes, 0, this.to);
  }

  /** The characters of the word. */
  get codes(): Uint8Array {
    const { text } = this;
    if (text.length > scratch.length) return coded(text).codes;
    for (let at = 0; at < text.length; at++) scratch[at] = Math.min(text.charCodeAt(at), 0xff);
    return scratch;
  }

  /** Goes to a word. */
  find(name: string): boolean {
    const text = this.#words[name];
    if (text === undefined) return false;
    this.text = text;
    this.to = text.length;
    return true;
  }
}

/** Characters of a given word. */
const scratch = new Uint8Array(64);

/** The name as V8 keeps keys of objects: to compare two of them is to compare their addresses. */
export function asKey(name: string): string {
  return Object.keys({ [name]: name })[0] ?? name;
}
