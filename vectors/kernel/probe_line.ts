/**
 * kprobe, kretprobe and fprobe lines: `(func+0x0/0x440) a=0x1` and `(caller+0x8/0x90 <- func) ret=0`.
 *
 * The kernel's text names the probed function (`print_kprobe_event`, `print_kretprobe_event` in
 * kernel/trace/trace_kprobe.c); `trace-cmd report` prints bare addresses, and of a return probe the
 * function first, `(ffffffff8122ab10 <- ffffffffc019a88f)`, since the event's own format does so.
 *
 * @module
 */

import type { Coded } from "./lines.ts";
import { digitAt, isPrefixed } from "./digits.ts";
import { asKey, type NamedWords, type WordPlaces } from "./line_words.ts";
import { type Known, knownPart, standsAt } from "./part_of_text.ts";

/** What a probe line says behind its name. One such object is filled over and over. */
export interface ProbeText {
  /**
   * The probed function without module or compiler suffix. A probe that is not at the function's
   * entry keeps its offset, `pfn_mkclean_range+0x80`; where the text has only an address, that with
   * 0x: neither is mistaken for the entry of a named function.
   */
  readonly function: string;
  readonly returns: boolean;
  /** Names of its arguments, and perhaps more. */
  readonly names: readonly string[];
  /** Where its arguments stand, in the order of the names: in the table from `from` to `to`. */
  readonly table: WordPlaces;
  readonly from: number;
  readonly to: number;
}

/** Bytes of an `endbr64` or `bti` and a patchable nop, behind which a probe still is at the entry. */
const ENTRY_BYTES = 8;

const SITE = /^([\w.$]+)(?:\+0x([0-9a-f]+)\/0x[0-9a-f]+)?(?: \[[\w-]+\])?(?: <[0-9a-f]+>)?$/;
const ADDRESS = /^(?:0x)?([0-9a-f]{8}|[0-9a-f]{16})$/;
const USER_ADDRESS = /^0x[0-9a-f]+$/;
const COMPILER_SUFFIX = /\.(?:constprop|isra|part|llvm)\.\d+/g;
const SPACE = 0x20, QUOTE = 0x22, LEFT = 0x28, RIGHT = 0x29, EQUALS = 0x3d, BRACE = 0x7b;
const ARGUMENT = / (\w+)=("[^]*?"(?= \w+=|$)|\{[^]*?\}(?= |$)|\S*)/y;

/** Where a probe is, as the text in its parentheses says. */
interface Site {
  readonly function: string;
  readonly returns: boolean;
  /** Names of its arguments, as its last line had them: the next has the same, in the same order. */
  names: readonly string[];
  /** Each name as it is printed, ` dev=`; undefined for one that is too short to be compared. */
  marks: readonly (Known | undefined)[];
}

/** A site as lines of one name print it. */
export interface KnownSite {
  readonly site: Site;
  /** With its parentheses. */
  readonly known: Known;
}
/** Sites that are compared one after the other: a function has a few callers, or any number. */
const mostKnown = 8;
/** Characters of one that is compared so. */
const longestKnown = 256;

/** Sites as they were printed: a trace has few, and each on many lines. */
const sites = new Map<string, Site | undefined>();
const mostSites = 1000;
const mostNames = 32;

const wordsOfTable = 8192;

/** Places of the words that were read last. What is full is left to the lines that they are of. */
let table = newTable(wordsOfTable);
let used = 0;

const probe = {
  function: "",
  returns: false,
  names: [] as readonly string[],
  table,
  from: 0,
  to: 0,
};

function newTable(words: number): WordPlaces {
  return { places: new Int32Array(2 * words), numbers: new Float64Array(words) };
}

/**
 * Reads the text behind `name: `, from `start` to `end`. Undefined if it is no probe's; "unreadable" if it
 * begins as one and goes on otherwise: a parenthesis or an argument that does not end. What is returned
 * is good until the next is read.
 *
 * @param sites those that lines of this name had before; a new one is added
 */
export function readProbe(
  lines: Coded,
  start: number,
  end: number,
  sites: KnownSite[],
): ProbeText | "unreadable" | undefined {
  for (const { site, known } of sites) {
    if (!standsAt(lines, start, end, known)) continue;
    return readArguments(lines, start + known.length, end, site) ? probe : "unreadable";
  }
  const { text, codes } = lines;
  if (start === end || codes[start] !== LEFT) return undefined;
  let close = start + 1;
  while (close < end && codes[close] !== RIGHT) close++;
  if (close === end) return "unreadable";
  const site = siteOf(text.slice(start + 1, close));
  if (site === undefined) return undefined;
  const isKept = sites.length < mostKnown && close - start < longestKnown;
  const known = isKept ? knownPart(text.slice(start, close + 1)) : undefined;
  if (known !== undefined) sites.push({ site, known });
  return readArguments(lines, close + 1, end, site) ? probe : "unreadable";
}

/** The arguments of a probe by name: in the table from `first` to `last`. */
export function argsAt(
  { text }: Coded,
  names: readonly string[],
  { places }: WordPlaces,
  first: number,
  last: number,
): NamedWords {
  const args: Record<string, string> = {};
  for (let at = first; at < last; at++) {
    args[names[at - first] ?? ""] = text.slice(places[2 * at], places[2 * at + 1]);
  }
  return args;
}

/** What the text in a probe's parentheses says; undefined if it is no probe's. */
export function siteOf(text: string): Site | undefined {
  const known = sites.get(text);
  if (known !== undefined || sites.has(text)) return known;
  const site = readSite(text);
  // A copy: what `slice` gives may keep all of its text in memory.
  if (sites.size < mostSites) sites.set([...text].join(""), site);
  return site;
}

function readSite(text: string): Site | undefined {
  const [left = "", right, ...more] = text.split(" <- ");
  if (more.length > 0) return undefined;
  const probed = right === undefined ? entryOf(left) : returnOf(left, right);
  return probed === undefined
    ? undefined
    : { function: probed, returns: right !== undefined, names: [], marks: [] };
}

function entryOf(site: string): string | undefined {
  const address = addressOf(site);
  if (address !== undefined) return address;
  const [, symbol, offset] = SITE.exec(site) ?? [];
  // `(group.event)` without an offset is an event probe: it sits on a tracepoint, not in a function.
  if (symbol === undefined || offset === undefined) return undefined;
  const name = symbol.replace(COMPILER_SUFFIX, "");
  return parseInt(offset, 16) <= ENTRY_BYTES ? name : `${name}+0x${offset}`;
}

function returnOf(left: string, right: string): string | undefined {
  if (ADDRESS.test(left) && ADDRESS.test(right) && !left.startsWith("0x")) return addressOf(left);
  const address = addressOf(right);
  if (address !== undefined) return address;
  const [, symbol] = SITE.exec(right) ?? [];
  return symbol?.replace(COMPILER_SUFFIX, "");
}

/** `0x4006c5` of a user probe, or a kernel address that the text has no symbol for, always with 0x. */
function addressOf(site: string): string | undefined {
  if (USER_ADDRESS.test(site)) return site;
  return ADDRESS.test(site) ? `0x${site}` : undefined;
}

/** Reads the arguments from `start` to `end`. Nearly all are words; strings and arrays are read whole. */
function readArguments(lines: Coded, start: number, end: number, site: Site): boolean {
  const { text, codes } = lines;
  let { names, marks } = site;
  let met: { readonly names: string[]; readonly marks: (Known | undefined)[] } | undefined;
  probe.from = used;
  const last = codes[end - 1] ?? 0;
  const stop = last > SPACE && last < 0x80 ? end : start + text.slice(start, end).trimEnd().length;
  for (let at = start, index = 0; at < stop; index++) {
    const mark = marks[index];
    let value = 0;
    if (mark !== undefined && standsAt(lines, at, end, mark)) value = at + mark.length;
    else {
      let equals = at + 1;
      while (isWord(codes[equals] ?? 0)) equals++;
      if (codes[at] !== SPACE || equals === at + 1) return false;
      if (equals >= end || codes[equals] !== EQUALS) return false;
      value = equals + 1;
      // Lines before keep the names that they have.
      met ??= { names: names.slice(0, index), marks: marks.slice(0, index) };
      met.names.push(asKey(text.slice(at + 1, equals)));
      met.marks.push(knownPart(text.slice(at, value)));
      ({ names, marks } = met);
    }
    at = keepWord(lines, at, value, end);
  }
  if (met !== undefined && names.length <= mostNames) {
    site.names = names;
    site.marks = marks;
  }
  probe.function = site.function;
  probe.returns = site.returns;
  probe.names = names;
  probe.table = table;
  probe.to = used;
  return true;
}

/** Adds the word that begins at `value`, of the argument at `at`, to the table; returns where it ends. */
function keepWord(lines: Coded, at: number, value: number, end: number): number {
  if (used === table.numbers.length) moveOn(probe.from);
  const { codes } = lines;
  const { places, numbers } = table;
  let next = value;
  let number = NaN;
  // What is a number is read in the same pass: it is what most words are asked for.
  if (isPrefixed(codes, value)) {
    next += 2;
    let [high, low] = [0, 0];
    for (let digit = digitAt(codes, next); digit < 16; digit = digitAt(codes, ++next)) {
      high = high << 4 | low >>> 28;
      low = low << 4 | digit;
    }
    const digits = next - value - 2;
    if (digits > 0 && digits <= 16) number = (high >>> 0) * 2 ** 32 + (low >>> 0);
  } else {
    let sum = 0;
    for (let digit = digitAt(codes, next); digit < 10; digit = digitAt(codes, ++next)) {
      sum = sum * 10 + digit;
    }
    if (next > value) number = sum;
  }
  if (next < end && codes[next] !== SPACE) {
    number = NaN;
    next = valueEnd(lines, at, value, end);
  }
  places[2 * used] = value;
  places[2 * used + 1] = next;
  numbers[used++] = number;
  return next;
}

/** The table is full: another takes what the line has so far, from `from` on. */
function moveOn(from: number): void {
  const { places, numbers } = table;
  const begun = used - from;
  table = newTable(Math.max(wordsOfTable, 2 * begun));
  table.places.set(places.subarray(2 * from, 2 * used));
  table.numbers.set(numbers.subarray(from, used));
  probe.from = 0;
  used = begun;
}

/** Where the value ends that begins at `value`, of the argument at `at`. */
function valueEnd({ text, codes }: Coded, at: number, value: number, end: number): number {
  for (let next = value; next < end; next++) {
    const code = codes[next] ?? 0;
    if (code === SPACE) return next;
    const isOpen = next === value && (code === QUOTE || code === BRACE);
    if (!isOpen && code > SPACE && code < 0x80) continue;
    ARGUMENT.lastIndex = 0;
    ARGUMENT.exec(text.slice(at, end));
    return at + ARGUMENT.lastIndex;
  }
  return end;
}

/** True for a character of a name, which is a `\w`. */
function isWord(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}
