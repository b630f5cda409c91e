/**
 * Reads the fields of an event's text one after the other, by character: most lines of a trace that are
 * read come through here, and an expression with a dozen groups takes three times as long.
 *
 * @module
 */

const MINUS = 0x2d, ZERO = 0x30, NINE = 0x39, LOWER_A = 0x61, LOWER_F = 0x66, SPACE = 0x20;
/** Hexadecimal digits of which every number is exact. */
const EXACT = 13;

/** A position in a text. What is not there gives NaN or undefined, and the position stays. */
export class FieldCursor {
  #text = "";
  #at = 0;

  /** Goes to the beginning of a text. */
  begin(text: string): this {
    this.#text = text;
    this.#at = 0;
    return this;
  }

  /** Goes over these characters; false if they do not come next. */
  passes(characters: string): boolean {
    if (!this.#text.startsWith(characters, this.#at)) return false;
    this.#at += characters.length;
    return true;
  }

  /** Goes over what the sticky expression takes; false if that does not come next. */
  passesAs(expression: RegExp): boolean {
    expression.lastIndex = this.#at;
    if (!expression.test(this.#text)) return false;
    this.#at = expression.lastIndex;
    return true;
  }

  /** Goes past these characters, wherever they come next; false if they do not. */
  skips(characters: string): boolean {
    const at = this.#text.indexOf(characters, this.#at);
    if (at === -1) return false;
    this.#at = at + characters.length;
    return true;
  }

  /** True if what is left of the text ends so. */
  endsWith(characters: string): boolean {
    return this.#text.length - characters.length >= this.#at && this.#text.endsWith(characters);
  }

  /** True at the end of the text. */
  isDone(): boolean {
    return this.#at === this.#text.length;
  }

  /** `0x1f`, or a bare 0. Beyond 2^53 the nearest double. */
  hexadecimal(): number {
    const start = this.#at;
    const text = this.#text;
    if (text.charCodeAt(start) !== ZERO) return NaN;
    let at = start + 2;
    let value = 0;
    if (text.charCodeAt(start + 1) === 0x78) {
      for (let code = text.charCodeAt(at);; code = text.charCodeAt(++at)) {
        if (code >= ZERO && code <= NINE) value = value * 16 + code - ZERO;
        else if (code >= LOWER_A && code <= LOWER_F) value = value * 16 + code - LOWER_A + 10;
        else break;
      }
    }
    if (at === start + 2) {
      this.#at = start + 1;
      return 0;
    }
    this.#at = at;
    return at - start - 2 <= EXACT ? value : Number(text.slice(start, at));
  }

  /** `1234`, `-5`. Beyond 2^53 the nearest double. */
  decimal(): number {
    const start = this.#at;
    const text = this.#text;
    const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
    let at = first;
    let value = 0;
    for (
      let code = text.charCodeAt(at);
      code >= ZERO && code <= NINE;
      code = text.charCodeAt(++at)
    ) {
      value = value * 10 + code - ZERO;
    }
    if (at === first) return NaN;
    this.#at = at;
    if (at - first > EXACT) return Number(text.slice(start, at));
    return first === start ? value : -value;
  }

  /** `259:0`, which may be printed with another separator. */
  device(separator: ":" | ","): string | undefined {
    const start = this.#at;
    const isNumber = this.decimal() >= 0;
    const middle = this.#at;
    if (!isNumber || !this.passes(separator) || !(this.decimal() >= 0)) return undefined;
    return separator === ":"
      ? this.#text.slice(start, this.#at)
      : `${this.#text.slice(start, middle)}:${this.#text.slice(middle + 1, this.#at)}`;
  }

  /** What comes before the next space, or the end. */
  word(): string {
    const start = this.#at;
    this.passesWord();
    return this.#text.slice(start, this.#at);
  }

  /** Goes over what comes before the next space, or the end; false if that is nothing. */
  passesWord(): boolean {
    const start = this.#at;
    const text = this.#text;
    while (this.#at < text.length && text.charCodeAt(this.#at) !== SPACE) this.#at++;
    return this.#at > start;
  }

  /** A word: its number, if it is one in hexadecimal that is exact and a space follows; else the text. */
  numberOrWord(): number | string {
    const start = this.#at;
    const value = this.hexadecimal();
    if (Number.isSafeInteger(value) && this.#text.charCodeAt(this.#at) === SPACE) return value;
    this.#at = start;
    return this.word();
  }
}
