/**
 * Reads an `events/SYSTEM/EVENT/format` file: where an event's fields are, and how the kernel prints
 * them.
 *
 * @module
 */

/** One field of an event. */
export interface EventField {
  readonly name: string;
  /** The C type as declared: `unsigned long`, `__data_loc char[]`. */
  readonly type: string;
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
  /** Elements of an array; 0 if it is none. */
  readonly elements: number;
}

/** An event's format. */
export interface EventFormat {
  readonly system: string;
  readonly name: string;
  /** What `common_type` has in its events. */
  readonly id: number;
  readonly fields: ReadonlyMap<string, EventField>;
  /** The text after `print fmt: `. */
  readonly print: string;
}

const FIELD =
  /^\s*field:(?:__rel_loc )?(.+?)\s*\boffset:(\d+);\s*size:(\d+);(?:\s*signed:([01]);)?/gm;
const DECLARATION = /^(.*?)(\w+)(?:\[(\w*)\])?;$/s;

/** The number of the event that a format text is of, without reading the rest of it. */
export function eventId(text: string): number | undefined {
  const start = text.indexOf("\nID: ");
  const id = start === -1 ? NaN : parseInt(text.slice(start + 5, start + 15), 10);
  return Number.isNaN(id) ? undefined : id;
}

/** The format; undefined if the text is none. */
export function readEventFormat(system: string, text: string): EventFormat | undefined {
  const [, name] = /^name: (\S+)$/m.exec(text) ?? [];
  const id = eventId(text);
  const [, print] = /^print fmt: ([^]*)$/m.exec(text) ?? [];
  if (name === undefined || id === undefined || print === undefined) return undefined;
  const fields = new Map<string, EventField>();
  for (const [, declaration = "", offset, size, signed] of text.matchAll(FIELD)) {
    const [, type = "", field = "", length] = DECLARATION.exec(declaration.trim()) ?? [];
    fields.set(field, {
      name: field,
      type: type.trim(),
      offset: Number(offset),
      size: Number(size),
      signed: signed === "1",
      elements: length === undefined ? 0 : Number(length) || 1,
    });
  }
  return { system, name, id, fields, print: print.trimEnd() };
}
