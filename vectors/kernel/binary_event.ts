/**
 * Events in binary, whose fields are read without printing them first. A reader of a binary format
 * gives them with a layout; the row of a tracepoint asks the layout once for what it wants.
 *
 * @module
 */
import type { FileId } from "../../model/check/observation.ts";
import type { TextReader } from "./line_words.ts";
import type { FileIds } from "./file_ids.ts";

/** The bytes of one event. */
export interface BinaryEvent {
  /** Where its fields are. */
  readonly layout: EventLayout;
  /** Bytes among which those of the event are. */
  readonly view: DataView;
  /** Where the event begins in `view`. */
  readonly offset: number;
}

/** Reads something from the bytes of an event. */
export type Read<T> = (event: BinaryEvent) => T;

/** Where the fields of one kind of event are. There is one for each format of a file. */
export interface EventLayout {
  /** True if the event's bytes reach as far as its fields do. */
  readonly fits: Read<boolean>;
  /** An integer, beyond 2^53 the nearest double; undefined if the event has no such field. */
  readonly number: (field: string) => Read<number> | undefined;
  /** The event as the kernel's text has it, after the colon; empty if it cannot be printed. */
  readonly print: Read<string>;
  /** What the text of an array of characters says: what says the same is asked once. */
  readonly text: <T>(field: string, says: (text: string) => T) => Read<T> | undefined;
  /** Files of the trace by device, `259:0`, and inode number: a file is one object. */
  readonly fileOf: FileIds;
  /** A file by its device and inode number; undefined for an event whose number is beyond 2^53. */
  readonly file: (device: string, inode: string) => Read<FileId | undefined> | undefined;
}

/** How a row reads an event in binary; undefined if the layout lacks what it wants. */
export type FromBinary<Fields> = (layout: EventLayout) => Read<Fields | undefined> | undefined;

/** Why an event was not read from its bytes: its text may tell. */
const notRead = Symbol("not read");

/**
 * A row's fields from the bytes of an event; `notRead` if the row or the layout does not allow it, and
 * undefined if the bytes do not. What a layout allows is found out once.
 */
function binaryReader<Fields>(
  from: FromBinary<Fields> | undefined,
): (event: BinaryEvent) => Fields | undefined | typeof notRead {
  if (from === undefined) return () => notRead;
  type Reader = Read<Fields | undefined | typeof notRead>;
  const readers = new WeakMap<EventLayout, Reader>();
  const readerOf = (layout: EventLayout): Reader => {
    let read = readers.get(layout);
    if (read === undefined) readers.set(layout, read = from(layout) ?? (() => notRead));
    return read;
  };
  // Of one trace, all events of a row have the same.
  let latest: { readonly layout: EventLayout; readonly read: Reader } | undefined;
  return (event) => {
    const { layout } = event;
    if (latest?.layout !== layout) latest = { layout, read: readerOf(layout) };
    return layout.fits(event) ? latest.read(event) : undefined;
  };
}

/** A line of a trace in text, or an event in binary that can be printed as one. */
export interface EventLine {
  readonly body: string;
  readonly binary?: BinaryEvent;
  readonly give?: (reader: TextReader) => void;
}

/** Reads a row's fields: from the bytes of an event that has them and allows it, else from its text. */
export function fieldReader<Fields, Format>(
  from: FromBinary<Fields> | undefined,
  decode: (line: EventLine, format: Format) => Fields | undefined,
): (line: EventLine, format: Format) => Fields | undefined {
  const ofBytes = binaryReader(from);
  return (line, format) => {
    if (line.binary === undefined) return decode(line, format);
    const fields = ofBytes(line.binary);
    return fields === notRead ? decode(line, format) : fields;
  };
}
