/**
 * A row of the table of lines that are read (`rows.ts`).
 *
 * @module
 */
import type { FolioEventKind, FolioSeen } from "../../../model/check/page_cache/observation.ts";
import type { FromBinary } from "../binary_event.ts";
import type { Reading } from "./reading.ts";
import { fileOfProbe, folioFlags, folioPages, numberIn, type Words } from "./words.ts";

/** One row: a line that is read. */
export interface PageCacheRow {
  /** Tracepoint, or function as `folio_mkclean()`; of a return probe as `folio_mkclean() returns`. */
  readonly source: string;
  /** The words that are used: fields as the kernel prints them, arguments as the recipe names them. */
  readonly words: string;
  /** What it is taken for. */
  readonly says: string;
  readonly anchor: "before" | "after" | "inside";
  /** Kernels on which it was seen. */
  readonly versions: string;
  /**
   * Undefined if the words have not the shape that the row expects. `body` is what the words were read
   * from, empty for a probe.
   */
  readonly read: (words: Words, body: string) => Reading | "nothing" | undefined;
  /** Reads a tracepoint from its bytes; where this is left out, they are printed first. */
  readonly binary?: FromBinary<Reading | "nothing">;
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
): PageCacheRow {
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
