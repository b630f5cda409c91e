/**
 * Reads numbers and strings one after the other. Reading beyond the end never throws: it gives zeros,
 * and `short` says from then on that something was missing, so that a caller asks once at the end of
 * a part and not after every number.
 *
 * @module
 */

/** A position in some bytes. */
export interface Cursor {
  /** Offset of the next byte. */
  readonly at: () => number;
  /** True if more was asked for than there is. */
  readonly short: () => boolean;
  /** Bytes that are left. */
  readonly left: () => number;
  readonly u8: () => number;
  readonly u16: () => number;
  readonly u32: () => number;
  /** As a double: exact below 2^53, and no file is larger. */
  readonly u64: () => number;
  /** A string up to its NUL, which is read too. */
  readonly cString: () => string;
  readonly bytes: (length: number) => Uint8Array;
  readonly text: (length: number) => string;
}

const utf8 = new TextDecoder();

/** A cursor at the first of `bytes`. */
export function cursorOf(bytes: Uint8Array, littleEndian: boolean): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let next = 0;
  let isShort = false;
  /** Moves on, and gives the offset from before; -1 if there are not so many bytes. */
  function take(length: number): number {
    if (isShort || length > view.byteLength - next) {
      isShort = true;
      return -1;
    }
    const at = next;
    next += length;
    return at;
  }
  function take32(): number {
    const at = take(4);
    return at === -1 ? 0 : view.getUint32(at, littleEndian);
  }
  function takeBytes(length: number): Uint8Array {
    const at = take(length);
    return at === -1 ? new Uint8Array() : bytes.subarray(at, at + length);
  }
  return {
    at: () => next,
    short: () => isShort,
    left: () => view.byteLength - next,
    u8() {
      const at = take(1);
      return at === -1 ? 0 : view.getUint8(at);
    },
    u16() {
      const at = take(2);
      return at === -1 ? 0 : view.getUint16(at, littleEndian);
    },
    u32: take32,
    u64() {
      const [first, second] = [take32(), take32()];
      return littleEndian ? second * 0x1_0000_0000 + first : first * 0x1_0000_0000 + second;
    },
    cString() {
      const end = bytes.indexOf(0, next);
      if (end === -1) {
        isShort = true;
        return "";
      }
      const text = utf8.decode(bytes.subarray(next, end));
      next = end + 1;
      return text;
    },
    bytes: takeBytes,
    text: (length) => utf8.decode(takeBytes(length)),
  };
}
