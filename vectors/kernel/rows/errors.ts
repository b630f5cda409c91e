/**
 * Lines of writeback errors: what was recorded, and who was told.
 *
 * @module
 */
import { needsStable } from "./folios.ts";
import { type CacheRow, probedSince510 } from "./row.ts";
import { addressIn, fileOfProbe, fileOfTracepoint, numberIn } from "./words.ts";

/** lib/errseq.c: bits below hold the errno; the flag that it was seen; the counter. */
const ERRNO = 0xfff, SEEN = 0x1000, COUNTER = 13;

/** Which error an `errseq_t` stands for, from 1; 0 for none. */
function errorOf(value: number): number {
  return (value & ERRNO) === 0 ? 0 : (value >>> COUNTER) + 1;
}

/** The error that is recorded over this value: a new one if that was seen, else the same. */
function errorAfter(old: number): number {
  return (old >>> COUNTER) + ((old & SEEN) === 0 ? 1 : 2);
}

/** The lines of writeback errors. */
export const errorRows: readonly CacheRow[] = [
  {
    source: "filemap_set_wb_err",
    words: "dev ino errseq",
    says: "mapping->wb_err has an error; what is printed is the value before",
    anchor: "after",
    versions: "6.12, 7.3",
    read: (words) => {
      const file = fileOfTracepoint(words);
      const old = numberIn(words, "errseq");
      if (file === undefined || old === undefined) return undefined;
      return { kind: "error_recorded", file, error: errorAfter(old) };
    },
  },
  {
    source: "file_check_and_advance_wb_err",
    words: "file dev ino old new",
    says: "an open file was told of an error; of one that was not, no line tells",
    anchor: "inside",
    versions: "6.12, 6.18",
    read: (words) => {
      const file = fileOfTracepoint(words);
      const value = numberIn(words, "new");
      if (file === undefined || value === undefined) return undefined;
      return { kind: "error_told", file, error: errorOf(value) };
    },
  },
  {
    source: "file_check_and_advance_wb_err() returns",
    words: "dev ino file fwberr mwberr mfl stable ret",
    changes: "fwberr mwberr",
    says: "the open file was told of an error, or that there is none",
    anchor: "after",
    versions: probedSince510,
    read: (words) => {
      const file = fileOfProbe(words);
      const descriptor = addressIn(words, "file");
      const status = numberIn(words, "ret");
      if (file === undefined || descriptor === undefined || status === undefined) return undefined;
      const value = numberIn(words, "mwberr");
      return {
        kind: "error_checked",
        file,
        descriptor,
        error: value === undefined ? undefined : errorOf(value),
        reported: status !== 0,
        current: value === undefined ? undefined : value === numberIn(words, "fwberr"),
        stable: needsStable(words),
      };
    },
  },
];
