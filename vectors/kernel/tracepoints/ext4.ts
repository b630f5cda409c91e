/**
 * The ext4 events of fsync and of changes of size and extents (include/trace/events/ext4.h). Devices
 * are printed with a comma, inode numbers in decimal.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { nameCall, nameRemovalCall, nameTruncate } from "../translate/naming.ts";
import { whereOf } from "../translate/translation.ts";
import { fileOf } from "./field_text.ts";
import { type Met, tracepoint, type TracepointRow } from "./row.ts";

/** The fields of an event that only names a file. */
interface OfFile {
  readonly file: FileId;
}

const SYNC_ENTER = /^dev (\d+),(\d+) ino (\d+) parent \d+ datasync -?\d+ ?$/;
const RANGE = /^dev (\d+),(\d+) ino (\d+) offset -?\d+ len -?\d+(?: mode ?\S*)?$/;
const TRUNCATE = /^dev (\d+),(\d+) ino (\d+) blocks \d+$/;

function shaped(shape: RegExp): (body: string) => OfFile | undefined {
  return (body) => {
    const [, major = "", minor = "", inode = ""] = shape.exec(body) ?? [];
    const file = fileOf(major, minor, inode);
    return file === undefined ? undefined : { file };
  };
}

/** Decodes the beginning of an fsync; undefined if `body` has not its shape. */
export const ext4SyncFileEnter: (body: string) => OfFile | undefined = shaped(SYNC_ENTER);
/** Decodes a change of a range of bytes; undefined if `body` has not its shape. */
export const ext4Range: (body: string) => OfFile | undefined = shaped(RANGE);
/** Decodes a truncate, which does not print the new size; undefined if `body` has not its shape. */
export const ext4Truncate: (body: string) => OfFile | undefined = shaped(TRUNCATE);

const removal = {
  prints: "dev ino",
  events: "none: names the file of a removal",
  anchor: "inside",
  lines: "removals",
  versions: "5.10 to 7.2",
  decode: ext4Range,
  take: ({ translation, task, record, fields: { file } }: Met<OfFile>) =>
    nameRemovalCall(translation, task, record, file, 0),
} as const;

/** Tracepoints of the group `ext4`. */
export const ext4: readonly TracepointRow[] = [
  tracepoint("ext4_sync_file_enter", {
    prints: "dev ino",
    events: "none: names the file of a sync call",
    anchor: "before",
    lines: "syncs",
    versions: "5.10 to 7.2",
    decode: ext4SyncFileEnter,
    take: ({ translation, task, record, fields: { file } }) =>
      nameCall(translation, task, file, whereOf(record, record.name)),
  }),
  tracepoint("ext4_punch_hole", removal),
  tracepoint("ext4_zero_range", removal),
  tracepoint("ext4_collapse_range", removal),
  tracepoint("ext4_insert_range", removal),
  tracepoint("ext4_truncate_enter", {
    ...removal,
    decode: ext4Truncate,
    take: ({ translation, task, record, fields: { file } }) =>
      nameTruncate(translation, task, record, file, 0),
  }),
];
