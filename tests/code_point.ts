/**
 * Any code point but half a surrogate pair, as a unit of texts. It gives the texts that `unit: "binary"`
 * gives, without the table of a million code points that fast-check makes for that.
 *
 * @module
 */
import fc from "fast-check";

const surrogates = { first: 0xd800, count: 0x800 };

/** A text of one code point. */
export const codePoint: fc.Arbitrary<string> = fc.nat({ max: 0x10ffff - surrogates.count }).map(
  (index) => String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count),
  (text) => {
    if (typeof text !== "string" || !/^\P{Cs}$/u.test(text)) throw new RangeError("a code point");
    const point = text.codePointAt(0) ?? 0;
    return point < surrogates.first ? point : point - surrogates.count;
  },
);
