/**
 * What a tracepoint is to the translation: one row, which stands in one place.
 *
 * A row names the fields that are used, says what the line means and where it stands to what it tells
 * of, decodes its text and hands it on. To add a tracepoint is to add a row to its group's file;
 * `deno task chapters` writes it into `spec/traces.md`.
 *
 * @module
 */
import type { LineClass } from "../../../model/line_class.ts";
import { fieldReader, type FromBinary } from "../binary_event.ts";
import type { TraceHeader, TracepointRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import type { Translation } from "../translate/translation.ts";

/** Where a tracepoint stands to the effect that it tells of, or to the call that it names. */
type Anchor = "before" | "after" | "inside";

/** A line of a tracepoint, decoded, and who has met it. */
export interface Met<Fields> {
  readonly translation: Translation;
  readonly task: TaskState;
  readonly record: TracepointRecord;
  readonly fields: Fields;
}

/** What a row declares. */
interface DeclaredTracepoint<Fields extends object> {
  /** The fields that are used, as the kernel prints them. */
  readonly prints: string;
  /** The model's events that it stands for, or what it is used for instead. */
  readonly events: string;
  readonly anchor: Anchor;
  /**
   * Class of lines that an invariant's card may need; undefined for a line that only helps to read
   * others.
   */
  readonly lines: LineClass | undefined;
  /** Kernels whose sources or format files were read. */
  readonly versions: string;
  /** The fields of a body, the text after the colon; undefined if it lacks the event's shape. */
  readonly decode: (body: string, format: TraceHeader["format"]) => Fields | undefined;
  /** The fields of an event in binary; where this is left out, it is printed first. */
  readonly binary?: FromBinary<Fields>;
  /** What the line means: called once a line, in the order of the trace. */
  readonly take: (met: Met<Fields>) => void;
}

/** One row of the table. */
export interface TracepointRow extends Omit<DeclaredTracepoint<object>, "take" | "binary"> {
  readonly tracepoint: string;
  /**
   * Translates one line. False if its body lacks the event's shape: `[FAILED TO PARSE]`, a cut line,
   * the `fields` option, or a kernel that prints it in another way. It is never taken in part.
   */
  readonly translate: (
    translation: Translation,
    task: TaskState,
    record: TracepointRecord,
  ) => boolean;
}

/** Makes the row of a tracepoint. */
export function tracepoint<Fields extends object>(
  name: string,
  { take, binary, ...declared }: DeclaredTracepoint<Fields>,
): TracepointRow {
  const read = fieldReader(binary, declared.decode);
  return {
    tracepoint: name,
    ...declared,
    translate(translation, task, record) {
      const fields = read(record, translation.header.format);
      if (fields === undefined) return false;
      take({ translation, task, record, fields });
      return true;
    },
  };
}
