/**
 * The fs_dax events of writeback (include/trace/events/fs_dax.h).
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import type { FromBinary } from "../binary_event.ts";
import type { FieldCursor } from "./field_cursor.ts";
import { fileAt, hex } from "./field_text.ts";
import { pageText } from "./page_text.ts";
import type { DaxReading } from "./dax_reading.ts";
import type { DaxRow, Reads } from "./row.ts";

/** `dax_writeback_range`, `dax_writeback_range_done`. */
interface DaxWritebackRange {
  readonly file: FileId;
  /** First page; in `_done` where the walk stopped, not where it began. */
  readonly start: number;
  /** Last page, inclusive; 0x7ffffffffffff says "to the end". */
  readonly end: number;
}

/** `dax_writeback_one`: the DIRTY tag of one entry was cleared. */
interface DaxWritebackOne {
  readonly file: FileId;
  /** First page of the entry. */
  readonly pgoff: number;
  /** Pages: 1, or 512 for an entry of 2 MiB. */
  readonly pglen: number;
}

/** Decodes the range of a writeback; undefined if the text has not its shape. */
export function daxWritebackRange(text: FieldCursor): DaxWritebackRange | undefined {
  const file = beginsWithFile(text);
  const start = text.passes(" pgoff ") ? text.hexadecimal() : NaN;
  const end = text.passes("-") ? text.hexadecimal() : NaN;
  if (file === undefined || Number.isNaN(start + end) || !text.isDone()) return undefined;
  return { file, start, end };
}

/** Decodes the writeback of one entry; undefined if the text has not its shape. */
export function daxWritebackOne(text: FieldCursor): DaxWritebackOne | undefined {
  const file = beginsWithFile(text);
  const pgoff = text.passes(" pgoff ") ? text.hexadecimal() : NaN;
  const pglen = text.passes(" pglen ") ? text.hexadecimal() : NaN;
  if (file === undefined || Number.isNaN(pgoff + pglen) || !text.isDone()) return undefined;
  return { file, pgoff, pglen };
}

/** The file that a text begins with; what follows it is next. */
function beginsWithFile(text: FieldCursor): FileId | undefined {
  const dev = text.passes("dev ") ? text.device(":") : undefined;
  return text.passes(" ino ") ? fileAt(dev, text.hexadecimal()) : undefined;
}

const rangeInBinary: FromBinary<DaxWritebackRange> = (layout) => {
  const file = layout.file("dev", "ino");
  const [from, to] = [layout.number("start_index"), layout.number("end_index")];
  if (file === undefined || from === undefined || to === undefined) return undefined;
  return (event) => {
    const of = file(event);
    return of && { file: of, start: from(event), end: to(event) };
  };
};

const oneInBinary: FromBinary<DaxWritebackOne> = (layout) => {
  const file = layout.file("dev", "ino");
  const [pgoff, pglen] = [layout.number("pgoff"), layout.number("pglen")];
  if (file === undefined || pgoff === undefined || pglen === undefined) return undefined;
  return (event) => {
    const of = file(event);
    return of && { file: of, pgoff: pgoff(event), pglen: pglen(event) };
  };
};

/** Reads the line, in text or in binary, as what it says. */
function reads<Fields>(
  decode: (text: FieldCursor) => Fields | undefined,
  bytes: FromBinary<Fields>,
  readingOf: (fields: Fields) => DaxReading,
): Reads<DaxReading> {
  return {
    readFields: (text) => {
      const fields = decode(text);
      return fields && readingOf(fields);
    },
    binary: (layout) => {
      const read = bytes(layout);
      if (read === undefined) return undefined;
      return (event) => {
        const fields = read(event);
        return fields && readingOf(fields);
      };
    },
  };
}

const pageCleaned = pageText("dax_writeback_one ", "+0x1, DIRTY cleared");

function cleanedText(pgoff: number, pglen: number): string {
  if (pglen === 1) return pageCleaned(pgoff);
  return `dax_writeback_one ${hex(pgoff)}+${hex(pglen)}, DIRTY cleared`;
}

/** Lines of a writeback pass over DAX entries. */
export const daxWriteback: readonly DaxRow[] = [
  {
    source: "dax_writeback_range",
    words: "dev ino pgoff (first-last)",
    events: "tag_towrite",
    anchor: "before",
    lines: "passes",
    versions: "5.10 to 7.3",
    ...reads(
      daxWritebackRange,
      rangeInBinary,
      ({ file, start, end }) => ({ kind: "pass_begun", file, from: start, to: end + 1 }),
    ),
  },
  {
    source: "dax_writeback_range_done",
    words: "dev ino",
    events: "none: the pass is over",
    anchor: "after",
    lines: "passes",
    versions: "5.10 to 7.3",
    ...reads(daxWritebackRange, rangeInBinary, ({ file }) => ({ kind: "pass_ended", file })),
  },
  {
    source: "dax_writeback_one",
    words: "dev ino pgoff pglen",
    events: "lock_entry clear_mark mkclean flush clear_dirty unlock_entry",
    anchor: "inside",
    lines: "passes",
    versions: "5.10 to 7.3",
    ...reads(daxWritebackOne, oneInBinary, ({ file, pgoff, pglen }) => ({
      kind: "entry_cleaned",
      file,
      pgoff,
      order: pglen > 1 ? "pmd" : "pte",
      text: cleanedText(pgoff, pglen),
    })),
  },
];
