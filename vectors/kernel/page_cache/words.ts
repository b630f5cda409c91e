/**
 * The words of one line, by the names that the kernel prints or a probe gives them: identities,
 * numbers, flags. A word that has not the shape that is expected makes its line unreadable.
 *
 * @module
 */
import type { FolioFlags } from "../../../model/check/page_cache/observation.ts";
import type { FileId } from "../../../model/check/observation.ts";

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

const SPACE = 0x20, LEFT = 0x28, RIGHT = 0x29, COMMA = 0x2c, MINUS = 0x2d, COLON = 0x3a;
const EQUALS = 0x3d, UNDERSCORE = 0x5f, LOWER_X = 0x78;

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
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
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
  return value === undefined || value < 0 ? undefined : `${value >>> 20}:${value & 0xfffff}`;
}

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
  return dev === undefined || ino === undefined ? undefined : { dev, ino };
}

/** The file of a tracepoint that prints its inode number in decimal, or in hexadecimal with 0x. */
export function fileOfTracepoint(words: Words, name = "dev"): FileId | undefined {
  const dev = printedDevice(words, name);
  const ino = numberIn(words, "ino");
  return dev === undefined || ino === undefined ? undefined : { dev, ino };
}

/** Bits of `folio->flags`, the same from 5.10 to 7.3. */
const LOCKED = 0x1n, WRITEBACK = 0x2n, UPTODATE = 0x8n, DIRTY = 0x10n, HEAD = 0x40n;

function bits(words: Words): bigint | undefined {
  const text = words["fl"];
  return text !== undefined && /^0x[0-9a-f]{1,16}$/.test(text) ? BigInt(text) : undefined;
}

/** The flags of a folio, `fl=` of a probe. */
export function folioFlags(words: Words): FolioFlags | undefined {
  const flags = bits(words);
  if (flags === undefined) return undefined;
  return {
    locked: (flags & LOCKED) !== 0n,
    uptodate: (flags & UPTODATE) !== 0n,
    dirty: (flags & DIRTY) !== 0n,
    writeback: (flags & WRITEBACK) !== 0n,
  };
}

/** Pages of a folio: `nr=` of a probe, which means something only for the head of several. */
export function folioPages(words: Words): number | undefined {
  const flags = bits(words);
  if (flags === undefined) return undefined;
  if ((flags & HEAD) === 0n) return 1;
  const pages = numberIn(words, "nr");
  return pages !== undefined && pages > 0 ? pages : undefined;
}
