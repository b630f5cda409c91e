/**
 * What the words of one line stand for: identities, numbers, flags. A word that has not the shape that is
 * expected makes its line unreadable.
 *
 * @module
 */
import type { FolioFlags } from "../../../model/check/page_cache/observation.ts";
import type { FileId } from "../../../model/check/observation.ts";
import { decimalAt, hexadecimalAt, isPrefixed } from "../digits.ts";
import { fileId } from "../file_ids.ts";
import { GivenWords, textIn, type Words } from "../line_words.ts";

const COMMA = 0x2c, COLON = 0x3a;

/** A whole number, decimal or with 0x; undefined if there is none, or not exactly. */
export function numberIn(words: Words, name: string): number | undefined {
  const value = positionIn(words, name);
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

/** A position in bytes, which may only say "to the end": beyond 2^53 the nearest double. */
export function positionIn(words: Words, name: string): number | undefined {
  if (!words.find(name) || words.from === words.to) return undefined;
  const { number } = words;
  if (Number.isSafeInteger(number)) return number;
  // It has a sign, or is not exact.
  const value = Number(words.text.slice(words.from, words.to));
  return Number.isNaN(value) ? undefined : value;
}

/** An inode number in hexadecimal without 0x. */
export function bareHexadecimal(words: Words, name: string): number | undefined {
  if (!words.find(name) || words.from === words.to) return undefined;
  const value = hexadecimalAt(words.codes, words.from, words.to);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** An address: only ever compared, so it stays text, which is one string as long as it comes often. */
export function addressIn(words: Words, name: string): string | undefined {
  if (!words.find(name)) return undefined;
  const { codes, from, to } = words;
  // All but the first digits of a kernel's address are told by a number.
  const isOfKernel = to - from === 18 && isPrefixed(codes, from) &&
    hexadecimalAt(codes, from + 2, from + 6) === KERNEL;
  const number = isOfKernel ? hexadecimalAt(codes, from + 6, to) : NaN;
  const known = addresses.get(number);
  if (known !== undefined) return known;
  const copy = keptAddress(words.text.slice(from, to));
  if (copy === undefined || Number.isNaN(number)) return copy;
  if (addresses.size >= mostAddresses) addresses.clear();
  addresses.set(number, copy);
  return copy;
}

/** An address that may be kept, and does not keep all the text that it is from; undefined if it is none. */
export function keptAddress(address: string): string | undefined {
  if (!/^(?:0x)?[0-9a-f]+$/.test(address)) return undefined;
  // Two short slices are copies.
  return address.slice(0, SHORT) + address.slice(SHORT);
}

/** Characters of which V8 makes a copy, and not a view of the whole. */
const SHORT = 12;
/** How the addresses of a kernel of 64 bits begin. */
const KERNEL = 0xffff;
/** Addresses of kernels, by what comes after that. */
const addresses = new Map<number, string>();
const mostAddresses = 10_000;

/** `dev=0xfe00010` of a probe, a `dev_t` with 20 bits of minor, as `254:16`. */
export function kernelDevice(words: Words, name = "dev"): string | undefined {
  const value = numberIn(words, name);
  return value === undefined || value < 0 ? undefined : deviceName(value >>> 20, value & 0xfffff);
}

/** A device by its numbers, as `254:16`. */
export function deviceName(major: number, minor: number): string {
  const number = major < MINORS && minor < MINORS ? major * MINORS + minor : -1;
  const known = numbered.get(number);
  if (known !== undefined) return known;
  const device = `${major}:${minor}`;
  if (number >= 0 && numbered.size < mostDevices) numbered.set(number, device);
  return device;
}

/** Minor numbers of one major in a `dev_t`. */
const MINORS = 0x100000;

/** Names of devices by number: a trace has few, and prints them on every line. */
const numbered = new Map<number, string>();
const mostDevices = 1000;

/** `254:16` or ext4's `254,16`; a colon may come after it. */
export function printedDevice(words: Words, name = "dev"): string | undefined {
  if (!words.find(name)) return undefined;
  const { codes, from } = words;
  const to = codes[words.to - 1] === COLON ? words.to - 1 : words.to;
  let middle = from;
  while (middle < to && codes[middle] !== COLON && codes[middle] !== COMMA) middle++;
  if (middle === from || middle + 1 >= to) return undefined;
  const major = decimalAt(codes, from, middle);
  const minor = decimalAt(codes, middle + 1, to);
  return Number.isNaN(major) || Number.isNaN(minor) ? undefined : deviceName(major, minor);
}

/** `254:16` or `254,16`, of a text that is nothing else. */
export function deviceOf(text: string): string | undefined {
  return printedDevice(new GivenWords({ dev: text }));
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

/** Bits of `folio->flags` as they are from 6.12 to 7.3. */
const LOCKED = 0x1, WRITEBACK = 0x2, UPTODATE = 0x8, DIRTY = 0x10, HEAD = 0x40;

/** The low byte of a word of 64 bits, `fl=0x17ffffc0000023` of a probe; undefined if it is none. */
export function lowByte(words: Words, name: string): number | undefined {
  if (!words.find(name)) return undefined;
  const { codes, from, to, number } = words;
  if (Number.isNaN(number) || to - from > 18 || !isPrefixed(codes, from)) return undefined;
  return hexadecimalAt(codes, Math.max(from + 2, to - 2), to);
}

/**
 * The bits of `folio->flags` from 5.10 to 6.1, where they stand in another order, and what each is from
 * 6.12 on: PG_locked, PG_uptodate, PG_dirty, PG_writeback, PG_head.
 */
const formerBits = [
  [0x1, LOCKED],
  [0x4, UPTODATE],
  [0x8, DIRTY],
  [0x8000, WRITEBACK],
  [0x1_0000, HEAD],
] as const;

/** The flags in a word of 64 bits of a kernel before they were put in order, as their later low byte. */
export function formerFlags(words: Words, name: string): number | undefined {
  const text = textIn(words, name);
  if (text === undefined || !/^0x[0-9a-f]{1,16}$/.test(text)) return undefined;
  const bits = Number.parseInt(text.slice(2).slice(-5), 16);
  return formerBits.reduce((all, [former, later]) => (bits & former) === 0 ? all : all | later, 0);
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

/** The largest folio has 1 GiB, in hugetlbfs: a line that says more is damaged. */
export const mostOrder = 18;

/** Pages of a folio: `nr=` of a probe, which means something only for the head of several. */
export function folioPages(words: Words, bits: number | undefined): number | undefined {
  if (bits === undefined) return undefined;
  if ((bits & HEAD) === 0) return 1;
  const pages = numberIn(words, "nr");
  return pages !== undefined && pages > 0 && pages <= 2 ** mostOrder ? pages : undefined;
}
