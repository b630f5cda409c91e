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
import { asKey, type NamedWords } from "./line_words.ts";

/** What a probe line says behind its name. */
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
  /** Where the value of each begins and ends. */
  readonly places: readonly number[];
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
}

/** Sites as they were printed: a trace has few, and each on many lines. */
const sites = new Map<string, Site | undefined>();
const mostSites = 1000;
const mostNames = 32;

/**
 * Reads the text behind `name: `, from `start` to `end`. Undefined if it is no probe's; "unreadable" if it
 * begins as one and goes on otherwise: a parenthesis or an argument that does not end.
 */
export function readProbe(
  lines: Coded,
  start: number,
  end: number,
): ProbeText | "unreadable" | undefined {
  const { text, codes } = lines;
  if (start === end || codes[start] !== LEFT) return undefined;
  let close = start + 1;
  while (close < end && codes[close] !== RIGHT) close++;
  if (close === end) return "unreadable";
  const site = siteOf(text.slice(start + 1, close));
  if (site === undefined) return undefined;
  const args = readArguments(lines, close + 1, end, site);
  if (args === undefined) return "unreadable";
  const { names, places } = args;
  return { function: site.function, returns: site.returns, names, places };
}

/** The arguments of a probe by name. */
export function argsAt(
  { text }: Coded,
  names: readonly string[],
  places: readonly number[],
): NamedWords {
  const args: Record<string, string> = {};
  for (let at = 0; at < places.length; at += 2) {
    args[names[at / 2] ?? ""] = text.slice(places[at], places[at + 1]);
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
    : { function: probed, returns: right !== undefined, names: [] };
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

/** The arguments from `start` to `end`. Nearly all are words; strings and arrays are read whole. */
function readArguments(
  lines: Coded,
  start: number,
  end: number,
  site: Site,
): Pick<ProbeText, "names" | "places"> | undefined {
  const { text, codes } = lines;
  const places: number[] = [];
  let { names } = site;
  let met: string[] | undefined;
  const last = codes[end - 1] ?? 0;
  const stop = last > SPACE && last < 0x80 ? end : start + text.slice(start, end).trimEnd().length;
  for (let at = start, index = 0; at < stop; index++) {
    let equals = at + 1;
    while (isWord(codes[equals] ?? 0)) equals++;
    if (codes[at] !== SPACE || equals === at + 1) return undefined;
    if (equals >= end || codes[equals] !== EQUALS) return undefined;
    const name = names[index] ?? "";
    if (name.length !== equals - at - 1 || !text.startsWith(name, at + 1)) {
      // Lines before keep the names that they have.
      names = met ??= names.slice(0, index);
      met.push(asKey(text.slice(at + 1, equals)));
    }
    const value = equals + 1;
    const next = valueEnd(lines, at, value, end);
    places.push(value, next);
    at = next;
  }
  if (names.length <= mostNames) site.names = names;
  return { names, places };
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
