import { assert, assertEquals } from "@std/assert";
import { incomingLines } from "../vectors/conform/incoming_lines.ts";
import fc from "fast-check";
import { linesOf, LONGEST_LINE, splitLines } from "../vectors/kernel/lines.ts";
import { readText } from "./read_text.ts";
import { streamOf } from "./read_text.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function split(...chunks: readonly Uint8Array[]) {
  const lines: string[] = [];
  const overlong: number[] = [];
  let end;
  for await (const batch of splitLines(streamOf(...chunks))) {
    for (const [index, line] of batch.text.split("\n").entries()) {
      if (line.length > LONGEST_LINE) overlong.push(lines.length + index + 1);
    }
    lines.push(...linesOf(batch));
    end = batch.end;
  }
  return { lines, overlong, end };
}

Deno.test("lines come out as they went in, with their numbers, however they were chunked", async () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "€", "\n", "\r\n", "😀") }));
  await fc.assert(fc.asyncProperty(text, fc.array(fc.nat(200)), async (parts, cuts) => {
    const whole = bytes(parts.join(""));
    const ends = [...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
    const chunks = ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
    const expected = parts.join("").split(/\n/);
    const tail = expected.pop();
    const { lines, end } = await split(...chunks);
    assertEquals(lines, expected.map((line) => line.replace(/\r$/, "")));
    assertEquals(end, { tail: tail ?? "", broken: undefined });
  }));
});

Deno.test("a line too long is cut once and skipped to its newline, in one chunk or in many", async () => {
  const long = "x".repeat(3 * LONGEST_LINE);
  const text = bytes(`first\n${long}\nlast\n`);
  const pieces = Array.from(
    { length: Math.ceil(text.length / 1000) },
    (_, index) => text.slice(index * 1000, (index + 1) * 1000),
  );
  for (const chunks of [[text], pieces]) {
    const { lines, overlong } = await split(...chunks);
    assertEquals(lines.length, 3);
    assertEquals(overlong, [2]);
    assert((lines[1] ?? "").length < 1000);
    assertEquals([lines[0], lines[2]], ["first", "last"]);
  }
});

Deno.test("bytes that are no UTF-8 are replaced, and the line is kept", async () => {
  const { lines } = await split(new Uint8Array([0x61, 0xff, 0x62, 0x0a]));
  assertEquals(lines, ["a\ufffdb"]);
});

Deno.test("a stream that fails ends the lines, and says why", async () => {
  const failing = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      controller.enqueue(new Uint8Array([0x61, 0x0a, 0x62]));
      controller.error(new Error("input/output error"));
    },
  }, { highWaterMark: 0 });
  let last;
  for await (const batch of splitLines(failing)) last = batch;
  assertEquals(last?.end?.broken, "input/output error");
});

Deno.test("whoever leaves a trace early lets go of the stream", async () => {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array([0x61, 0x0a])),
    cancel() {
      cancelled = true;
    },
  });
  for await (const batch of splitLines(stream)) {
    if (batch.text !== "") break;
  }
  assert(cancelled);
});

Deno.test("an overlong line and a line with NUL bytes are malformed and may hide events", async () => {
  const event = "           procA-227     [000] .....    19.508052: a: b\n";
  const filler = event.repeat(100);
  const damaged = `${event.slice(0, -1)}\0\0\0\n`;
  const read = await readText(`${filler}${damaged}${"y".repeat(LONGEST_LINE + 1)}\n${event}`);
  assert("records" in read);
  const bad = read.records.filter((record) => record.kind === "malformed");
  assertEquals(bad.map(({ line, harmless }) => [line, harmless]), [[101, false], [102, false]]);
  assertEquals(read.records.length, 103);
});

Deno.test("lines of a driver come whole, however the stream cuts them", async () => {
  const cut = fc.array(fc.oneof(fc.constant("\n"), fc.string({ unit: "grapheme" })));
  await fc.assert(fc.asyncProperty(cut, async (parts) => {
    const bytes = parts.map((part) => new TextEncoder().encode(part));
    const found = await Array.fromAsync(incomingLines(ReadableStream.from(bytes)));
    assertEquals(found, parts.join("").split("\n").slice(0, -1));
  }));
});
