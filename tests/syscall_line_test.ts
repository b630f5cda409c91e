import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readSyscallArguments, readSyscallResult } from "../vectors/kernel/syscall_line.ts";

const hexadecimal = (value: number) => value.toString(16);

/** One value as each of the three printers has it. */
const PRINTERS: Record<string, (value: number) => string> = {
  "a kernel without 0x": hexadecimal,
  "a kernel with 0x": (value) => value < 10 ? String(value) : `0x${hexadecimal(value)}`,
  "trace-cmd report": (value) => `0x${hexadecimal(value).padStart(8, "0")}`,
};

const values = fc.dictionary(
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,9}$/),
  fc.oneof(fc.nat(20), fc.maxSafeNat()),
  { maxKeys: 6, noNullPrototype: true },
);

Deno.test("the arguments of a call are the same numbers whoever prints them", () => {
  fc.assert(fc.property(values, (args) => {
    for (const [printer, print] of Object.entries(PRINTERS)) {
      const text = Object.entries(args).map(([name, value]) => `${name}: ${print(value)}`).join(
        ", ",
      );
      assertEquals(readSyscallArguments(text)?.args, args, printer);
    }
  }));
});

Deno.test("only a bare value of ten or more proves a kernel that prints hexadecimal without 0x", () => {
  const proves = (text: string) => readSyscallArguments(text)?.bareHexadecimal;
  assertEquals(proves("fd: 3, buf: 7f6a00bb6010, count: 100000, pos: 0"), true);
  assertEquals(proves("fd: a"), true);
  assertEquals(proves("fd: 3, pos: 9"), false);
  assertEquals(proves("fd: 3, buf: 0x7f6a00bb6010"), false);
  assertEquals(proves(""), false);
});

Deno.test("user memory behind a pointer is skipped, whatever it holds", () => {
  const memory = fc.uint8Array({ minLength: 1, maxLength: 30 });
  fc.assert(fc.property(memory, fc.boolean(), fc.nat(), (bytes, more, pos) => {
    const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
    const shown = String.fromCharCode(
      ...bytes.map((byte) => byte >= 0x20 && byte < 0x7f ? byte : 0x2e),
    );
    const text = `fd: 1, buf: 0x7ffc0 (${pairs}${more ? ", ..." : ""}) "${shown}"${
      more ? "..." : ""
    }, count: 0x400, pos: 0x${pos.toString(16)}`;
    assertEquals(readSyscallArguments(text)?.args, { fd: 1, buf: 0x7ffc0, count: 0x400, pos });
  }));
});

Deno.test("user memory without its characters, and file names with quotes, are skipped", () => {
  assertEquals(
    readSyscallArguments("fd: 1, buf: 0x7ffc0 (61:62, ...), count: 0x400")?.args,
    { fd: 1, buf: 0x7ffc0, count: 0x400 },
  );
  assertEquals(
    readSyscallArguments('filename: 0x7ffc0 "/mnt/a "b", c", mode: 0x1ff')?.args,
    { filename: 0x7ffc0, mode: 0x1ff },
  );
});

Deno.test("openat's own print has decimal and octal numbers, and flags that are no number", () => {
  const text =
    'dfd: 18446744073709551516, filename: 140722 "/mnt/a", flags: O_RDWR|O_CREAT, mode: 0644';
  assertEquals(readSyscallArguments(text), {
    args: { dfd: 18446744073709551516, filename: 140722, mode: 0o644 },
    bareHexadecimal: false,
  });
});

Deno.test("the types that the option verbose adds are no part of a name", () => {
  assertEquals(
    readSyscallArguments("unsigned int fd: 3, char * buf: 7f6a00bb6010")?.args,
    { fd: 3, buf: 0x7f6a00bb6010 },
  );
});

Deno.test("what is no list of arguments is none", () => {
  for (const text of ["fd", "fd 3", ": 3", "a b: c: d"]) {
    const read = readSyscallArguments(text);
    assert(read === undefined || Object.keys(read.args).length === 0, text);
  }
});

Deno.test("a result is signed, in 64 bits and in 32", () => {
  fc.assert(fc.property(fc.integer({ min: -4095, max: 0x7fff_ffff }), (result) => {
    const wide = BigInt.asUintN(64, BigInt(result)).toString(16);
    assertEquals(readSyscallResult(`0x${wide}`), result);
    const narrow = BigInt.asUintN(32, BigInt(result)).toString(16);
    assertEquals(readSyscallResult(`0x${narrow}`), result);
  }));
  assertEquals(readSyscallResult("0x7f598f816000"), 0x7f598f816000);
  for (const text of ["", "0x", "-1", "0x1 ", "ok"]) {
    assertEquals(readSyscallResult(text), undefined);
  }
});
