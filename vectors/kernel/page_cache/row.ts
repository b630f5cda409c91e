/**
 * A row of the table of lines that are read (`rows.ts`).
 *
 * @module
 */
import type { FolioEventKind, FolioSeen } from "../../../model/check/page_cache/observation.ts";
import type { FromBinary } from "../binary_event.ts";
import type { Reading } from "./reading.ts";
import { fileOfProbe, folioFlags, folioPages, numberIn, type Words } from "./words.ts";

/** What a row says of its line, however that is read. */
interface RowSays {
  /** Tracepoint, or function as `folio_mkclean()`; of a return probe as `folio_mkclean() returns`. */
  readonly source: string;
  /** The words that are used: fields as the kernel prints them, arguments as the recipe names them. */
  readonly words: string;
  /** What it is taken for. */
  readonly says: string;
  readonly anchor: "before" | "after" | "inside";
  /** Kernels on which it was seen. */
  readonly versions: string;
  /** Reads a tracepoint from its bytes; where this is left out, they are printed first. */
  readonly binary?: FromBinary<Reading | "nothing">;
}

/** What a line comes to; undefined if it has not the shape that the row expects. */
type Outcome = Reading | "nothing" | undefined;

/** A row that asks for words by their names. `body` is what they are from, empty for a probe. */
export interface WordsRow extends RowSays {
  readonly read: (words: Words, body: string) => Outcome;
}

/** A row of a tracepoint that is read from its text as a whole. */
interface BodyRow extends RowSays {
  readonly readBody: (body: string) => Outcome;
}

/** One row: a line that is read. */
export type PageCacheRow = WordsRow | BodyRow;

/** The words that a row asks for: those that the table says it uses. */
export function namesOf({ words }: PageCacheRow): readonly string[] {
  return words.match(/[a-z_]+/g) ?? [];
}

/** Kernels on which all function probes of the recipe were tried. */
export const probedOn = "6.12, 7.3";

/** A row of a probe on a folio: `dev ino index nr fl`, and what happened to it. */
export function folioRow(
  source: string,
  kind: FolioEventKind,
  says: string,
  anchor: PageCacheRow["anchor"],
  happened: (words: Words) => boolean = () => true,
): WordsRow {
  return {
    source,
    words: "dev ino index nr fl",
    says,
    anchor,
    versions: probedOn,
    read: (words) => {
      const folio = folioOfProbe(words);
      if (folio === undefined) return undefined;
      return happened(words) ? { kind, folio } : "nothing";
    },
  };
}

/** The folio of a probe with `dev ino index nr fl`. */
export function folioOfProbe(words: Words): FolioSeen | undefined {
  const file = fileOfProbe(words);
  const index = numberIn(words, "index");
  if (file === undefined || index === undefined) return undefined;
  return { file, index, pages: folioPages(words), flags: folioFlags(words) };
}
