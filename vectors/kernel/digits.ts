/**
 * Digits of numbers, as bytes.
 *
 * @module
 */

/** What is no digit. */
const NONE = 0xff;

/** The value of each digit in hexadecimal, in lower case; 0xff for what is none. */
export const DIGITS: Uint8Array = new Uint8Array(256).fill(NONE);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  DIGITS[digit.charCodeAt(0)] = value;
}
