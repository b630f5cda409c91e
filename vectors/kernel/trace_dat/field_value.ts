/**
 * Reads the fields of an event from its bytes.
 *
 * @module
 */
import type { Compute, Value } from "./value.ts";
import type { EventField } from "./event_format.ts";

/** How a field is read. */
export interface FieldReader {
  readonly value: Compute;
  /** One element of an array of numbers. */
  readonly element: (view: DataView, offset: number, index: number) => Value;
}

const utf8 = new TextDecoder();
/** Characters of a text that is read one by one. */
const ASCII_AT_ONCE = 256;
/** A dynamic field's own word: length in the upper half, offset in the lower. */
const halfWord = 16;

/** A reader of one field. Bytes that are not there give undefined. */
export function fieldReader(field: EventField, littleEndian: boolean): FieldReader {
  const { type, offset: at, size, signed, elements } = field;
  const number = numberReader(elements > 1 ? size / elements : size, signed, littleEndian);
  const element: FieldReader["element"] = (view, offset, index) => {
    const width = size / Math.max(elements, 1);
    return index >= 0 && index < elements ? number(view, offset + at + index * width) : undefined;
  };
  if (type.startsWith("__data_loc") || type.startsWith("__rel_loc")) {
    const base = type.startsWith("__rel_loc") ? at + 4 : 0;
    return {
      element,
      value(view, offset) {
        if (offset + at + 4 > view.byteLength) return undefined;
        const word = view.getUint32(offset + at, littleEndian);
        return textAt(view, offset + base + (word & 0xffff), word >>> halfWord);
      },
    };
  }
  if (elements > 0 && /\bchar$/.test(type)) {
    return { element, value: (view, offset) => textAt(view, offset + at, size) };
  }
  return { element, value: (view, offset) => number(view, offset + at) };
}

/** The text up to its NUL. */
export function textAt(view: DataView, at: number, length: number): string | undefined {
  if (at + length > view.byteLength) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  const codes: number[] = [];
  for (let index = 0; index < length && index < ASCII_AT_ONCE; index++) {
    const code = bytes[index] ?? 0;
    // Nearly all are short and ASCII: a decoder takes ten times as long to begin.
    if (code === 0) return String.fromCharCode(...codes);
    if (code >= 0x80) break;
    codes.push(code);
  }
  const end = bytes.indexOf(0);
  return utf8.decode(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Reads an integer of some bytes; exact whatever its size. */
export function numberReader(
  size: number,
  signed: boolean,
  littleEndian: boolean,
): (view: DataView, at: number) => number | bigint | undefined {
  return (view, at) => {
    if (at + size > view.byteLength) return undefined;
    switch (size) {
      case 1:
        return signed ? view.getInt8(at) : view.getUint8(at);
      case 2:
        return signed ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian);
      case 4:
        return signed ? view.getInt32(at, littleEndian) : view.getUint32(at, littleEndian);
      case 8: {
        const high = littleEndian ? at + 4 : at;
        const upper = signed
          ? view.getInt32(high, littleEndian)
          : view.getUint32(high, littleEndian);
        if (upper < 0x1f_ffff && upper >= -0x1f_ffff) {
          return upper * 2 ** 32 + view.getUint32(littleEndian ? at : at + 4, littleEndian);
        }
        return signed ? view.getBigInt64(at, littleEndian) : view.getBigUint64(at, littleEndian);
      }
      default:
        return undefined;
    }
  };
}
