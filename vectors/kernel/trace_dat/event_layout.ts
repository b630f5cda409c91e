/**
 * Where the fields of an event are, as its format in the file says, for rows that read them without
 * printing them.
 *
 * @module
 */
import type { FileIds } from "../file_ids.ts";
import type { BinaryEvent, EventLayout, Read } from "../binary_event.ts";
import type { EventField, EventFormat } from "./event_format.ts";
import { textAt } from "./field_value.ts";

/** Bits of a kernel's `dev_t` that are the minor number. */
const MINOR_BITS = 20;

/** Prints a `dev_t`; a trace has few of them. */
function createDeviceNames(): (device: number) => string {
  const known = new Map<number, string>();
  return (device) => {
    let name = known.get(device);
    if (name === undefined) {
      name = `${device >>> MINOR_BITS}:${device & (1 << MINOR_BITS) - 1}`;
      known.set(device, name);
    }
    return name;
  };
}

/** The layout of a format. */
export function eventLayout(
  { fields }: EventFormat,
  littleEndian: boolean,
  files: FileIds,
  print: Read<string>,
): EventLayout {
  const all = [...fields.values()];
  const size = Math.max(0, ...all.map(({ offset, size }) => offset + size));
  const number = (name: string): Read<number> | undefined => {
    const field = fields.get(name);
    return field && integer(field, littleEndian);
  };
  return {
    fits: ({ view, offset }) => offset + size <= view.byteLength,
    number,
    print,
    fileOf: files,
    text(name, says) {
      const field = fields.get(name);
      if (field === undefined || field.elements === 0 || !/\bchar$/.test(field.type)) {
        return undefined;
      }
      return repeated(field, says);
    },
    file(device, inode) {
      const [dev, ino] = [number(device), number(inode)];
      if (dev === undefined || ino === undefined) return undefined;
      const nameOf = createDeviceNames();
      return (event) => {
        const found = ino(event);
        return Number.isSafeInteger(found) ? files(nameOf(dev(event)), found) : undefined;
      };
    },
  };
}

/** Texts that are compared one after the other: such as the few devices that a trace writes to. */
const mostTexts = 8;

/** A text that mostly is what it was in some event before: then it is not decoded again. */
function repeated<T>({ offset: at, size }: EventField, says: (text: string) => T): Read<T> {
  const known: { readonly bytes: Uint8Array; readonly said: T }[] = [];
  return ({ view, offset }) => {
    const start = offset + at;
    for (const { bytes, said } of known) if (isText(view, start, bytes)) return said;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + start, size).slice();
    const said = says(textAt(view, start, size) ?? "");
    if (known.length === mostTexts) known.pop();
    known.unshift({ bytes, said });
    return said;
  };
}

/** True if this text stands there: what comes after its NUL is left over from something else. */
function isText(view: DataView, start: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (view.getUint8(start + index) !== byte) return false;
    if (byte === 0) return true;
  }
  return true;
}

/** A reader for each width, so that the hot loop has no choice to make. */
function integer(
  { offset: at, size, signed, elements }: EventField,
  little: boolean,
): Read<number> | undefined {
  if (elements > 0) return undefined;
  switch (size) {
    case 1:
      return signed
        ? ({ view, offset }) => view.getInt8(offset + at)
        : ({ view, offset }) => view.getUint8(offset + at);
    case 2:
      return signed
        ? ({ view, offset }) => view.getInt16(offset + at, little)
        : ({ view, offset }) => view.getUint16(offset + at, little);
    case 4:
      return signed
        ? ({ view, offset }) => view.getInt32(offset + at, little)
        : ({ view, offset }) => view.getUint32(offset + at, little);
    case 8: {
      const [high, low] = little ? [at + 4, at] : [at, at + 4];
      const upper = signed
        ? ({ view, offset }: BinaryEvent) => view.getInt32(offset + high, little)
        : ({ view, offset }: BinaryEvent) => view.getUint32(offset + high, little);
      return (event) => upper(event) * 2 ** 32 + event.view.getUint32(event.offset + low, little);
    }
    default:
      return undefined;
  }
}
