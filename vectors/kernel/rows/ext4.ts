/**
 * The ext4 events of fsync and of changes of size and extents (include/trace/events/ext4.h). Devices
 * are printed with a comma, inode numbers in decimal.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import type { FieldCursor } from "./field_cursor.ts";
import { fileAt } from "./field_text.ts";
import { removalRow } from "./removal_row.ts";
import type { Reads, SharedRow } from "./row.ts";
import type { SharedReading } from "./shared_reading.ts";

/** The fields of an event that only names a file. */
interface OfFile {
  readonly file: FileId;
}

/** `ext4_sync_file_exit`. */
interface SyncStatus extends OfFile {
  /** 0 or a negative errno. */
  readonly ret: number;
}

/** The file that a text begins with; what follows it is next. */
function beginsWithFile(text: FieldCursor): FileId | undefined {
  const dev = text.passes("dev ") ? text.device(",") : undefined;
  const ino = text.passes(" ino ") ? text.decimal() : NaN;
  return ino >= 0 ? fileAt(dev, ino) : undefined;
}

/** Decodes a text that names its file first, and then has what `isWhole` goes over. */
function shaped(
  isWhole: (text: FieldCursor) => boolean,
): (text: FieldCursor) => OfFile | undefined {
  return (text) => {
    const file = beginsWithFile(text);
    return file !== undefined && isWhole(text) && text.isDone() ? { file } : undefined;
  };
}

/** True if a number with this name comes next. */
function passesNumber(text: FieldCursor, name: string): boolean {
  return text.passes(name) && !Number.isNaN(text.decimal());
}

/** Decodes the beginning of an fsync; undefined if the text has not its shape. */
export const ext4SyncFileEnter: (text: FieldCursor) => OfFile | undefined = shaped((text) => {
  if (!passesNumber(text, " parent ") || !passesNumber(text, " datasync ")) return false;
  text.passes(" ");
  return true;
});

/** Decodes the end of an fsync; undefined if the text has not its shape. */
export function ext4SyncFileExit(text: FieldCursor): SyncStatus | undefined {
  const file = beginsWithFile(text);
  const ret = text.passes(" ret ") ? text.decimal() : NaN;
  if (file === undefined || !Number.isSafeInteger(ret) || !text.isDone()) return undefined;
  return { file, ret };
}

/** Decodes a change of a range of bytes; undefined if the text has not its shape. */
export const ext4Range: (text: FieldCursor) => OfFile | undefined = shaped((text) => {
  if (!passesNumber(text, " offset ") || !passesNumber(text, " len ")) return false;
  if (text.passes(" mode")) {
    text.passes(" ");
    text.passesWord();
  }
  return true;
});

/** Decodes a truncate, which does not print the new size; undefined if the text has not its shape. */
export const ext4Truncate: (text: FieldCursor) => OfFile | undefined = shaped((text) =>
  passesNumber(text, " blocks ")
);

/** Reads a line that only names a file, in text or in binary, as what it says. */
function names(
  decode: (text: FieldCursor) => OfFile | undefined,
  readingOf: (file: FileId) => SharedReading,
): Reads<SharedReading> {
  return {
    readFields: (text) => {
      const named = decode(text);
      return named && readingOf(named.file);
    },
    binary: (layout) => {
      const file = layout.file("dev", "ino");
      if (file === undefined) return undefined;
      return (event) => {
        const of = file(event);
        return of && readingOf(of);
      };
    },
  };
}

/** What a tracepoint tells of a sync call: neither the open file description nor transactions. */
const untold = { descriptor: undefined, metadata: undefined } as const;

const namesRemoval = names(ext4Range, (file) => ({ kind: "removal_named", file }));

/** Lines of the group `ext4` that tell of DAX files and of the page cache. */
export const ext4: readonly SharedRow[] = [
  {
    source: "ext4_sync_file_enter",
    words: "dev ino",
    events: "none: names the file of a sync call",
    says: "a sync call begins",
    anchor: "before",
    lines: "syncs",
    versions: "5.10 to 7.3",
    ...names(ext4SyncFileEnter, (file) => ({ kind: "sync_function", file, ...untold })),
  },
  {
    source: "ext4_sync_file_exit",
    words: "dev ino ret",
    events: "none: ext4's part is over; sync_end, if no system call shows it",
    says: "the file system's part of the sync call is over",
    anchor: "after",
    lines: "syncs",
    versions: "5.10 to 7.3",
    readFields: (text) => {
      const left = ext4SyncFileExit(text);
      if (left === undefined) return undefined;
      return { kind: "sync_function_left", file: left.file, ...untold, status: left.ret };
    },
    binary: (layout) => {
      const [file, ret] = [layout.file("dev", "ino"), layout.number("ret")];
      if (file === undefined || ret === undefined) return undefined;
      return (event) => {
        const of = file(event);
        return of && { kind: "sync_function_left", file: of, ...untold, status: ret(event) };
      };
    },
  },
  removalRow("ext4_punch_hole", "the task punches a hole into the file", namesRemoval),
  removalRow("ext4_zero_range", "the task zeroes a range of the file", namesRemoval),
  removalRow("ext4_collapse_range", "the task takes a range out of the file", namesRemoval),
  removalRow("ext4_insert_range", "the task opens a range in the file", namesRemoval),
  removalRow(
    "ext4_truncate_enter",
    "the task truncates the file",
    // The new size is not printed.
    names(ext4Truncate, (file) => ({ kind: "truncate_named", file, newSize: 0 })),
  ),
];
