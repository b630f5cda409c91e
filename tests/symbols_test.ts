import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { symbolsOf } from "../vectors/kernel/trace_dat/symbols.ts";

/** Where the kernel's text begins. */
const base = 0xffff_ffff_8100_0000n;

/** Symbols in any order, some of them at one address, some of modules, beside lines that are none. */
const symbols = fc.array(
  fc.record({
    at: fc.nat(40).map((page) => base + BigInt(page) * 16n),
    name: fc.stringMatching(/^[a-z_]{1,5}$/),
    module: fc.constantFrom(undefined, "xfs", "ext4"),
  }),
  { minLength: 1, maxLength: 20 },
);

Deno.test("an address is in the last symbol at or before it, if another one follows", () => {
  fc.assert(fc.property(symbols, fc.nat(700), (list, offset) => {
    const lines = list.map(({ at, name, module }) =>
      `${at.toString(16)} T ${name}${module === undefined ? "" : `\t[${module}]`}`
    );
    const address = base + BigInt(offset);
    const sorted = list.toSorted((one, other) => Number(one.at - other.at));
    const index = sorted.findLastIndex(({ at }) => at <= address);
    const [symbol, next] = [sorted[index], sorted[index + 1]];
    const expected = symbol === undefined || next === undefined
      ? `0x${address.toString(16)}`
      : `${symbol.name}+0x${(address - symbol.at).toString(16)}/0x${
        (next.at - symbol.at).toString(16)
      }${symbol.module === undefined ? "" : ` [${symbol.module}]`}`;
    const { print } = symbolsOf(["no symbol", "", ...lines, "12 T x"].join("\n"));
    assertEquals(print(address, true), expected);
    assertEquals(print(address, false), expected.replace(/\+0x.*/, ""));
  }));
});

Deno.test("an address of user space, or in no symbol, is a number", () => {
  const { print } = symbolsOf(
    `${base.toString(16)} T first\n${(base + 64n).toString(16)} T last\n`,
  );
  assertEquals(print(0x4006c5, true), "0x4006c5");
  assertEquals(print(base - 1n, true), `0x${(base - 1n).toString(16)}`);
  assertEquals(print(base + 64n, true), `0x${(base + 64n).toString(16)}`);
  assertEquals(print(base + 4n, true), "first+0x4/0x40");
  assertEquals(symbolsOf("").print(base, true), `0x${base.toString(16)}`);
});
