/**
 * The words of one line, by the names that the kernel prints or a probe gives them: identities,
 * numbers, flags. A word that has not the shape that is expected makes its line unreadable.
 *
 * @module
 */
import type { FolioFlags } from "../../../model/check/page_cache/observation.ts";
import type { FileId } from "../../../model/check/observation.ts";
import { fileId } from "../file_ids.ts";

/** A line's words by name. */
export type Words = Readonly<Record<string, string>>;

/**
 * Reads `dev 254:0 ino 13 ofs=4096`: names before values, with `=`, a colon or a space between. A value
 * is a number, several with `:` or `,` between, or a word in parentheses. Of a name that comes twice
 * the first counts. Every line of a page cache comes through here, so it goes by character codes, and
 * takes the words that are `wanted` alone, if they are told.
 */
export function wordsOf(body: string, wanted?: readonly string[]): Words {
  const words: Record<string, string> = {};
  let left = wanted?.length;
  let at = 0;
  while (at < body.length) {
    if (!isName(body.charCodeAt(at))) {
      at++;
      continue;
    }
    const start = at;
    while (isName(body.charCodeAt(at))) at++;
    const value = valueStart(body, at);
    const end = value === undefined ? undefined : valueEnd(body, value);
    if (value === undefined || end === undefined) continue;
    const name = wanted === undefined ? body.slice(start, at) : oneOf(wanted, body, start, at);
    at = end;
    if (name === undefined || words[name] !== undefined) continue;
    words[name] = body.slice(value, end);
    if (left !== undefined && --left === 0) break;
  }
  return words;
}

/** The name that stands in a text from `start` to `end`, if it is one of these. */
function oneOf(
  names: readonly string[],
  body: string,
  start: number,
  end: number,
): string | undefined {
  for (const name of names) {
    if (name.length !== end - start) continue;
    let same = 0;
    while (same < name.length && name.charCodeAt(same) === body.charCodeAt(start + same)) same++;
    if (same === name.length) return name;
  }
  return undefined;
}

const SPACE = 0x20,
  ZERO = 0x30,
  LEFT = 0x28,
  RIGHT = 0x29,
  COMMA = 0x2c,
  MINUS = 0x2d,
  COLON = 0x3a;
const EQUALS = 0x3d, UNDERSCORE = 0x5f, LOWER_X = 0x78;

function isName(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || code === UNDERSCORE;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The value of a hexadecimal digit in lower case; undefined if it is none. */
function digitOf(code: number): number | undefined {
  if (code >= ZERO && code <= 0x39) return code - ZERO;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : undefined;
}

function isHexadecimal(code: number): boolean {
  return isDigit(code) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
}

/** True where a value may end: before a blank, a colon, or nothing. */
function isBorder(body: string, at: number): boolean {
  const code = body.charCodeAt(at);
  return at === body.length || code === COLON || code === SPACE || /\s/.test(body.charAt(at));
}

/** Where the value begins of a name that ends here; undefined if nothing stands between them. */
function valueStart(body: string, at: number): number | undefined {
  const code = body.charCodeAt(at);
  if (code === EQUALS || code === SPACE) return at + 1;
  if (code !== COLON) return undefined;
  return body.charCodeAt(at + 1) === SPACE ? at + 2 : at + 1;
}

/** Where the value ends that begins here; undefined if none does. */
function valueEnd(body: string, start: number): number | undefined {
  let at = start;
  if (body.charCodeAt(at) === MINUS || body.charCodeAt(at) === LEFT) {
    const fits = body.charCodeAt(at++) === MINUS ? isDigit : isName;
    const first = at;
    while (fits(body.charCodeAt(at)) && body.charCodeAt(at) !== UNDERSCORE) at++;
    if (at === first) return undefined;
    if (fits === isName && body.charCodeAt(at++) !== RIGHT) return undefined;
    return isBorder(body, at) ? at : undefined;
  }
  if (body.charCodeAt(at) === 0x30 && body.charCodeAt(at + 1) === LOWER_X) at += 2;
  if (!isHexadecimal(body.charCodeAt(at++))) return undefined;
  const least = at;
  for (let code = body.charCodeAt(at);; code = body.charCodeAt(++at)) {
    if (!isHexadecimal(code) && code !== COLON && code !== COMMA) break;
  }
  // What does not end at a border ends at the last colon in it, if anywhere.
  if (isBorder(body, at)) return at;
  while (at >= least && body.charCodeAt(at) !== COLON) at--;
  return at >= least ? at : undefined;
}

/** A whole number, decimal or with 0x; undefined if there is none, or not exactly. */
export function numberIn(words: Words, name: string): number | undefined {
  const text = words[name];
  if (text === undefined || text === "") return undefined;
  const value = digitsIn(text) ?? Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * The number that a text of nothing but digits stands for, decimal or with 0x; undefined for any other.
 * From 2^53 on it may be rounded. `Number` does the same in several times the time.
 */
function digitsIn(text: string): number | undefined {
  const isHex = text.length > 2 && text.charCodeAt(0) === ZERO && text.charCodeAt(1) === LOWER_X;
  const base = isHex ? 16 : 10;
  let value = 0;
  for (let at = isHex ? 2 : 0; at < text.length; at++) {
    const digit = digitOf(text.charCodeAt(at));
    if (digit === undefined || digit >= base) return undefined;
    value = value * base + digit;
  }
  return value;
}

/** A position in bytes, which may only say "to the end". */
export function positionIn(words: Words, name: string): number | undefined {
  const text = words[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** An address: only ever compared, so it stays text. */
export function addressIn(words: Words, name: string): string | undefined {
  const text = words[name];
  if (text === undefined || !/^(?:0x)?[0-9a-f]+$/.test(text)) return undefined;
  // Two short slices are copies: an address is kept, and must not keep all the text that it is from.
  return text.slice(0, SHORT) + text.slice(SHORT);
}

/** Characters of which V8 makes a copy, and not a view of the whole. */
const SHORT = 12;

/** `dev=0xfe00010` of a probe, a `dev_t` with 20 bits of minor, as `254:16`. */
export function kernelDevice(words: Words, name = "dev"): string | undefined {
  const value = numberIn(words, name);
  return value === undefined || value < 0 ? undefined : deviceName(value >>> 20, value & 0xfffff);
}

/** A device by its numbers, as `254:16`. */
export function deviceName(major: number, minor: number): string {
  const number = minor < MINORS ? major * MINORS + minor : -1;
  const known = numbered.get(number);
  if (known !== undefined) return known;
  const device = `${major}:${minor}`;
  if (number >= 0 && numbered.size < mostDevices) numbered.set(number, device);
  return device;
}

/** Minor numbers of one major in a `dev_t`. */
const MINORS = 0x100000;

/** Names of devices by number. */
const numbered = new Map<number, string>();
/** Names of devices as they were printed: a trace has few, and prints them on every line. */
const devices = new Map<string, string | undefined>();
const mostDevices = 1000;

/** `254:16` or ext4's `254,16`. */
export function printedDevice(words: Words, name = "dev"): string | undefined {
  const text = words[name] ?? "";
  if (devices.has(text)) return devices.get(text);
  const [, major, minor] = /^(\d+)[:,](\d+):?$/.exec(text) ?? [];
  const device = major === undefined ? undefined : `${major}:${minor}`;
  if (devices.size < mostDevices) devices.set(text, device);
  return device;
}

/** The file of a probe. */
export function fileOfProbe(words: Words): FileId | undefined {
  const dev = kernelDevice(words);
  const ino = numberIn(words, "ino");
  return dev === undefined || ino === undefined ? undefined : fileId(dev, ino);
}

/** The file of a tracepoint that prints its inode number in decimal, or in hexadecimal with 0x. */
export function fileOfTracepoint(words: Words, name = "dev"): FileId | undefined {
  const dev = printedDevice(words, name);
  const ino = numberIn(words, "ino");
  return dev === undefined || ino === undefined ? undefined : fileId(dev, ino);
}

/** Bits of `folio->flags`, the same from 5.10 to 7.3. */
const LOCKED = 0x1, WRITEBACK = 0x2, UPTODATE = 0x8, DIRTY = 0x10, HEAD = 0x40;

/** The low byte of a word of 64 bits, `fl=0x17ffffc0000023` of a probe; undefined if it is none. */
export function lowByte(words: Words, name: string): number | undefined {
  const text = words[name];
  if (text === undefined || text.length < 3 || text.length > 18) return undefined;
  if (text.charCodeAt(0) !== ZERO || text.charCodeAt(1) !== LOWER_X) return undefined;
  let value = 0;
  for (let at = 2; at < text.length; at++) {
    const digit = digitOf(text.charCodeAt(at));
    if (digit === undefined) return undefined;
    value = (value << 4 | digit) & 0xff;
  }
  return value;
}

/** The flags of a folio by the low byte of `folio->flags`: a line takes what is here, and makes none. */
const flagsOf: readonly FolioFlags[] = Array.from({ length: 0x100 }, (_, bits) => ({
  locked: (bits & LOCKED) !== 0,
  uptodate: (bits & UPTODATE) !== 0,
  dirty: (bits & DIRTY) !== 0,
  writeback: (bits & WRITEBACK) !== 0,
}));

/** The flags of a folio, from the low byte of `folio->flags`. */
export function folioFlags(bits: number | undefined): FolioFlags | undefined {
  return bits === undefined ? undefined : flagsOf[bits];
}

/** Pages of a folio: `nr=` of a probe, which means something only for the head of several. */
export function folioPages(words: Words, bits: number | undefined): number | undefined {
  if (bits === undefined) return undefined;
  if ((bits & HEAD) === 0) return 1;
  const pages = numberIn(words, "nr");
  return pages !== undefined && pages > 0 ? pages : undefined;
}
