/**
 * A row of the table of lines that are read (`rows.ts`): one tracepoint, or one end of a probed function.
 *
 * A row names the words that are used, says what the line means and where it stands to what it tells of,
 * and reads it. What it hands on concerns DAX files, the page cache, or both; it never judges. To add a
 * line is to add a row to its file; `deno task chapters` writes it into `spec/traces.md`,
 * `spec/traces-page-cache.md`, or both.
 *
 * @module
 */
import type { FolioEventKind, FolioSeen } from "../../../model/check/page_cache/observation.ts";
import type { LineClass } from "../../../model/line_class.ts";
import { textIn, type Words } from "../line_words.ts";
import type { FromBinary } from "../binary_event.ts";
import type { TraceHeader } from "../record.ts";
import type { CacheReading } from "./cache_reading.ts";
import type { DaxReading } from "./dax_reading.ts";
import type { FieldCursor } from "./field_cursor.ts";
import type { SharedReading } from "./shared_reading.ts";
import { fileOfProbe, folioFlags, folioPages, formerFlags, lowByte, numberIn } from "./words.ts";

/** A line, whomever it concerns. */
interface Source {
  /** Tracepoint, or function as `folio_mkclean()`; of a return probe as `folio_mkclean() returns`. */
  readonly source: string;
  /** The words that are used: fields as the kernel prints them, arguments as the recipe names them. */
  readonly words: string;
  /** Where the line stands to the effect that it tells of, or to the call that it names. */
  readonly anchor: "before" | "after" | "inside";
  /** Kernels on which it was seen, or whose sources or format files were read. */
  readonly versions: string;
  /**
   * Of a function's return, words that the function may change: where return probes print no arguments,
   * they are not what they were at its entry.
   */
  readonly changes?: string;
  /**
   * Of a function that many probe with words of their own: a word that every line of the recipe's probe
   * has. Lines without it are not read, and nothing is lost by them.
   */
  readonly own?: string;
}

/** What a line is for DAX files. */
interface OfDax {
  /** The model's events that it stands for, or what it is used for instead. */
  readonly events: string;
  /**
   * Class of lines that an invariant's card may need; undefined for a line that only helps to read
   * others.
   */
  readonly lines: LineClass | undefined;
}

/** What a line is for the page cache. */
interface OfCache {
  /** What it is taken for. */
  readonly says: string;
}

/**
 * What a line comes to; undefined if it lacks the shape that the row expects: `[FAILED TO PARSE]`, a cut
 * line, the `fields` option, or a kernel that prints it in another way. It is never taken in part.
 */
export type LineOutcome<Reading> = Reading | "nothing" | undefined;

/** Reads an event from its bytes; where this is left out, it is printed first. */
interface ReadsBytes<Reading> {
  readonly binary?: FromBinary<Reading | "nothing">;
}

/** Asks for words by their names. The body is the text that they are from, empty for a probe. */
interface ReadsWords<Reading> extends ReadsBytes<Reading> {
  readonly read: (words: Words, line: { readonly body: string }) => LineOutcome<Reading>;
}

/** Reads the text of a tracepoint, what comes after the colon, as a whole. */
interface ReadsBody<Reading> extends ReadsBytes<Reading> {
  readonly readBody: (body: string, format: TraceHeader["format"]) => LineOutcome<Reading>;
}

/** Reads that text field by field, from its beginning. */
interface ReadsFields<Reading> extends ReadsBytes<Reading> {
  readonly readFields: (
    fields: FieldCursor,
    format: TraceHeader["format"],
  ) => LineOutcome<Reading>;
}

/** How a row reads its line. */
export type Reads<Reading> = ReadsWords<Reading> | ReadsFields<Reading> | ReadsBody<Reading>;

/** A line of DAX files alone. */
export type DaxRow = Source & OfDax & { readonly says?: undefined } & Reads<DaxReading>;
/** A line of the page cache alone. */
export type CacheRow = Source & OfCache & { readonly events?: undefined } & Reads<CacheReading>;
/** A line that tells of both. */
export type SharedRow = Source & OfDax & OfCache & Reads<SharedReading>;

/** One row. */
export type Row = DaxRow | CacheRow | SharedRow;

/** A row of the page cache that asks for words by their names. */
export type CacheWordsRow = CacheRow & ReadsWords<CacheReading>;

/** The words that a row asks for: those that the table says it uses. */
export function namesOf({ words }: Row): readonly string[] {
  return words === "none" ? [] : words.match(/[a-z_]+/g) ?? [];
}

/** Kernels on which all function probes of the recipe were tried. */
export const probedOn = "6.1 to 7.3";
/** Kernels on which those probes were tried that need neither folios nor the types of a module. */
export const probedSince510 = "5.10 to 7.3";
/** Kernels before folios, on which probes of pages were tried. */
export const probedWithPages = "5.10, 5.15";
/** Such a kernel whose modules have no types. */
export const probedWithoutModules = "5.10";
/** Kernels on which those probes were tried that are defined from 6.12 on alone. */
export const probedSince612 = "6.12, 7.3";

/** True for functions of kernels before folios. Others have probed them, with words of their own. */
export function isOfPages(versions: string): boolean {
  return versions === probedWithPages || versions === probedWithoutModules;
}

/** A row of a probe on a folio: `dev ino index nr fl`, and what happened to it. */
export function folioRow(
  source: string,
  kind: FolioEventKind,
  says: string,
  anchor: CacheRow["anchor"],
  happened: (words: Words) => boolean = () => true,
  versions: string = probedOn,
): CacheWordsRow {
  return {
    ...isOfPages(versions) ? { own: "ino" } : {},
    source,
    words: "dev ino index nr fl",
    says,
    anchor,
    versions,
    read: (words) => {
      const folio = folioOfProbe(words);
      if (folio === undefined) return ofNoFile(words) ? "nothing" : undefined;
      return happened(words) ? { kind, folio } : "nothing";
    },
  };
}

/** True for a folio that belongs to no file, such as one that is swapped out: its mapping leads nowhere. */
export function ofNoFile(words: Words): boolean {
  return textIn(words, "dev") === "(fault)";
}

/** The folio of a probe with `dev ino index nr fl`. */
export function folioOfProbe(
  words: Words,
  index = numberIn(words, "index"),
): FolioSeen | undefined {
  const file = fileOfProbe(words);
  if (file === undefined || index === undefined) return undefined;
  const bits = lowByte(words, "fl") ?? formerFlags(words, "pfl");
  return { file, index, pages: folioPages(words, bits), flags: folioFlags(bits) };
}
