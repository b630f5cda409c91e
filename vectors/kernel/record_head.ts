/**
 * The columns of a record by themselves. Records of each kind are objects of their own class, and code that
 * takes all kinds pays for that each time it looks at a column. Nearly all lines of a long recording are of
 * two kinds: their columns are copied once, into an object that is filled over and over.
 *
 * @module
 */
import type { RecordHead, TaskRecord } from "./record.ts";

/** Columns of a record, and its kind. */
export interface KindedHead extends RecordHead {
  readonly kind: TaskRecord["kind"];
}

const columns: { -readonly [Column in keyof KindedHead]: KindedHead[Column] } = {
  kind: "tracepoint",
  line: 0,
  task: "",
  pid: 0,
  tgid: undefined,
  cpu: 0,
  time: 0,
};

/**
 * The columns of a record, good until those of another are asked for. The two frequent kinds have a case
 * each, with the same lines: so each line meets records of one class.
 */
export function headOf(record: TaskRecord): KindedHead {
  switch (record.kind) {
    case "tracepoint":
      columns.kind = "tracepoint";
      columns.line = record.line;
      columns.task = record.task;
      columns.pid = record.pid;
      columns.tgid = record.tgid;
      columns.cpu = record.cpu;
      columns.time = record.time;
      return columns;
    case "probe":
      columns.kind = "probe";
      columns.line = record.line;
      columns.task = record.task;
      columns.pid = record.pid;
      columns.tgid = record.tgid;
      columns.cpu = record.cpu;
      columns.time = record.time;
      return columns;
    default:
      columns.kind = record.kind;
      columns.line = record.line;
      columns.task = record.task;
      columns.pid = record.pid;
      columns.tgid = record.tgid;
      columns.cpu = record.cpu;
      columns.time = record.time;
      return columns;
  }
}
