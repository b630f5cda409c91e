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

/** Reads `dev 254:0 ino 13 ofs=4096`: names before values, with `=`, a colon or a space between. */
export function wordsOf(body: string): Words {
  const words: Record<string, string> = {};
  for (const [, name = "", value = ""] of body.matchAll(WORD)) words[name] ??= value;
  return words;
}

const WORD = /([a-z_]+)(?:=|: ?| )((?:0x)?[0-9a-fA-F][0-9a-fA-F:,]*|-?\d+|\([a-z]+\))(?=[\s:]|$)/g;

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
  return text !== undefined && /^(?:0x)?[0-9a-f]+$/.test(text) ? text : undefined;
}

/** `dev=0xfe00010` of a probe, a `dev_t` with 20 bits of minor, as `254:16`. */
export function kernelDevice(words: Words, name = "dev"): string | undefined {
  const value = numberIn(words, name);
  return value === undefined || value < 0 ? undefined : `${value >>> 20}:${value & 0xfffff}`;
}

/** `254:16` or ext4's `254,16`. */
export function printedDevice(words: Words, name = "dev"): string | undefined {
  const [, major, minor] = /^(\d+)[:,](\d+):?$/.exec(words[name] ?? "") ?? [];
  return major === undefined ? undefined : `${major}:${minor}`;
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
