/**
 * The ext4 events of fsync and of changes of size and extents (include/trace/events/ext4.h). Devices
 * are printed with a comma, inode numbers in decimal.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import type { FromBinary } from "../binary_event.ts";
import { nameRemovalCall, nameTruncate } from "../translate/naming.ts";
import { syncEntered, syncLeft } from "../translate/sync_events.ts";
import { exactNumber, fileOf } from "./field_text.ts";
import { type Met, tracepoint, type TracepointRow } from "./row.ts";

/** The fields of an event that only names a file. */
interface OfFile {
  readonly file: FileId;
}

/** `ext4_sync_file_exit`. */
interface SyncStatus extends OfFile {
  /** 0 or a negative errno. */
  readonly ret: number;
}

const SYNC_ENTER = /^dev (\d+),(\d+) ino (\d+) parent \d+ datasync -?\d+ ?$/;
const SYNC_EXIT = /^dev (\d+),(\d+) ino (\d+) ret (-?\d+)$/;
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
/** Decodes the end of an fsync; undefined if `body` has not its shape. */
export function ext4SyncFileExit(body: string): SyncStatus | undefined {
  const [, major = "", minor = "", inode = "", status = ""] = SYNC_EXIT.exec(body) ?? [];
  const file = fileOf(major, minor, inode);
  const ret = exactNumber(status);
  return file === undefined || ret === undefined ? undefined : { file, ret };
}
/** Decodes a change of a range of bytes; undefined if `body` has not its shape. */
export const ext4Range: (body: string) => OfFile | undefined = shaped(RANGE);
/** Decodes a truncate, which does not print the new size; undefined if `body` has not its shape. */
export const ext4Truncate: (body: string) => OfFile | undefined = shaped(TRUNCATE);

const fileInBinary: FromBinary<OfFile> = (layout) => {
  const file = layout.file("dev", "ino");
  if (file === undefined) return undefined;
  return (event) => {
    const of = file(event);
    return of && { file: of };
  };
};

const statusInBinary: FromBinary<SyncStatus> = (layout) => {
  const [file, ret] = [layout.file("dev", "ino"), layout.number("ret")];
  if (file === undefined || ret === undefined) return undefined;
  return (event) => {
    const of = file(event);
    return of && { file: of, ret: ret(event) };
  };
};

const removal = {
  prints: "dev ino",
  events: "none: names the file of a removal",
  anchor: "inside",
  lines: "removals",
  versions: "5.10 to 7.2",
  decode: ext4Range,
  binary: fileInBinary,
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
    binary: fileInBinary,
    take: ({ translation, task, record, fields: { file } }) =>
      syncEntered(translation, task, record, file),
  }),
  tracepoint("ext4_sync_file_exit", {
    prints: "dev ino ret",
    events: "sync_end, where no system call shows it",
    anchor: "before",
    lines: "syncs",
    versions: "5.10 to 7.2",
    decode: ext4SyncFileExit,
    binary: statusInBinary,
    take: ({ translation, task, record, fields: { ret } }) =>
      syncLeft(translation, task, record, ret),
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
