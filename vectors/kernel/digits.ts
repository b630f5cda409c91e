/**
 * Numbers, in texts that are bytes.
 *
 * @module
 */

const ZERO = 0x30, LOWER_X = 0x78;
/** What is no digit. */
const NONE = 0xff;

/** The value of each digit in hexadecimal, in lower case. */
const digits = new Uint8Array(256).fill(NONE);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  digits[digit.charCodeAt(0)] = value;
}

/** The value of a digit in hexadecimal, in lower case; 255 for what is none, or not there. */
export function digitAt(codes: Uint8Array, at: number): number {
  return digits[codes[at] ?? 0] ?? NONE;
}

/** True if 0x stands at `at`. */
export function isPrefixed(codes: Uint8Array, at: number): boolean {
  return codes[at] === ZERO && codes[at + 1] === LOWER_X;
}

/** The number from `from` to `to`, in decimal or with 0x; NaN if there is anything else, or nothing. */
export function numberAt(codes: Uint8Array, from: number, to: number): number {
  return to - from > 2 && isPrefixed(codes, from)
    ? hexadecimalAt(codes, from + 2, to)
    : decimalAt(codes, from, to);
}

/** Decimal digits; NaN if there is anything else, or nothing. */
export function decimalAt(codes: Uint8Array, from: number, to: number): number {
  return valueOf(codes, from, to, 10);
}

/** Digits in hexadecimal without 0x, in lower case; NaN if there is anything else, or nothing. */
export function hexadecimalAt(codes: Uint8Array, from: number, to: number): number {
  return valueOf(codes, from, to, 16);
}

function valueOf(codes: Uint8Array, from: number, to: number, base: 10 | 16): number {
  let value = from < to ? 0 : NaN;
  for (let at = from; at < to; at++) {
    const digit = digitAt(codes, at);
    if (digit >= base) return NaN;
    value = value * base + digit;
  }
  return value;
}
