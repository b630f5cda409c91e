import { zstdCompressSync } from "node:zlib";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { readTrace } from "../vectors/kernel/ftrace_text.ts";
import { openTrace, readRecording } from "../vectors/kernel/open_trace.ts";
import type { TraceUnreadable } from "../vectors/kernel/record.ts";
import { unpack } from "../vectors/kernel/unpack.ts";
import { readText, readWhole, recordsOf, streamOf } from "./read_text.ts";
import { syncEvent, traceDat } from "./trace_dat_writer.ts";
import { KERNEL_6_12 } from "./trace_excerpts.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const gibberish = "x".repeat(100_000);

async function packed(text: string): Promise<Uint8Array> {
  const stream = streamOf(encode(text)).pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function refused(bytes: Uint8Array): Promise<TraceUnreadable> {
  const reading = await readRecording(streamOf(bytes), { name: "a file" });
  assert(reading.kind === "unreadable");
  return reading.reason;
}

async function refusedFile(path: string): Promise<TraceUnreadable> {
  const reading = await openTrace(path);
  assert(reading.kind === "unreadable");
  assertEquals(reading.reason.file, path);
  return reading.reason;
}

Deno.test("a file that is no trace is refused with what it is and where that shows", async () => {
  const text = "ftrace text, as tracefs' trace and trace_pipe or `trace-cmd report` print it";
  const file = "a file";
  assertEquals(await refused(encode("")), {
    file,
    at: undefined,
    found: "an empty file",
    expected: text,
  });
  assertEquals(await refused(encode("\n \n")), {
    file,
    at: undefined,
    found: "nothing but blank lines",
    expected: text,
  });
  assertEquals(await refused(new Uint8Array([0x61, 0x0a, 0x00])), {
    file,
    at: { byte: 2 },
    found: "a NUL byte: not a text",
    expected: text,
  });
  const passwd = await refused(encode("\nroot:x:0:0\n"));
  assertEquals(passwd.at, { line: 2 });
  assertStringIncludes(passwd.found, '"root:x:0:0"');
});

Deno.test("a text whose first 64 KiB hold no event is refused without reading on", async () => {
  let given = 0;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      given++;
      controller.enqueue(new Uint8Array(encode(`${gibberish}\n`)));
    },
  });
  const reading = await readTrace(endless, { name: "endless" });
  assertEquals(reading.kind, "unreadable");
  assert(given < 10);
});

Deno.test("a gigabyte of zeros is refused after its first block", async () => {
  let given = 0;
  const zeros = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (given++ < 16_384) controller.enqueue(new Uint8Array(65_536));
      else controller.close();
    },
  });
  const reading = await readTrace(zeros, { name: "zeros" });
  assert(reading.kind === "unreadable");
  assertEquals(reading.reason.at, { byte: 0 });
  assert(given < 4);
});

Deno.test("perf's binary and packed data are named, with what to do instead", async () => {
  assertEquals((await refused(encode("PERFILE2\0"))).found, "perf's binary (perf.data)");
  assertEquals((await refused(encode("BZh9"))).found, "bzip2 data");
});

Deno.test("a trace packed with gzip is the trace, in one member or in several", async () => {
  const plain = (await readWhole(KERNEL_6_12)).records;
  const half = KERNEL_6_12.indexOf("\n", KERNEL_6_12.length / 2) + 1;
  const several = [await packed(KERNEL_6_12.slice(0, half)), await packed(KERNEL_6_12.slice(half))];
  for (const members of [[await packed(KERNEL_6_12)], several]) {
    const reading = await readRecording(streamOf(...members), { name: "a.gz" });
    assert(reading.kind === "trace");
    assertEquals(await recordsOf(reading), plain);
  }
});

Deno.test("a trace packed with zstd or xz is the trace", async () => {
  const plain = (await readWhole(KERNEL_6_12)).records;
  const zstd = new Uint8Array(zstdCompressSync(encode(KERNEL_6_12)));
  const reading = await readRecording(streamOf(zstd, zstd), { name: "a.zst" });
  assert(reading.kind === "trace");
  assertEquals((await recordsOf(reading)).slice(0, plain.length), plain);
  // One line, packed by xz 5.4.
  const xz = Uint8Array.fromBase64(
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ABpAFldABBsymaBaGQdrIxQf7yhb9pLwyyL5BkFKTZKgpeAbg3z" +
      "MSUBg82l1TcURCF2QsOFuiYLgo9YC2HAZM/0MtpCiToDzaQobHatxa/Dls8O4x/z3PUVghN7UYAAAAAAADM3" +
      "cv7my/7dAAF1at6wqd8ftvN9AQAAAAAEWVo=",
  );
  const one = await readRecording(streamOf(xz), { name: "a.xz" });
  assert(one.kind === "trace");
  assertEquals((await recordsOf(one)).map(({ kind }) => kind), ["tracepoint"]);
  for (const length of [xz.length - 1, xz.length - 12, 30]) {
    const cut = await readRecording(streamOf(xz.slice(0, length)), { name: "a.xz" });
    assert(cut.kind !== "observations");
    const said = cut.kind === "unreadable" ? cut.reason : (await recordsOf(cut)).at(-1);
    assertStringIncludes(JSON.stringify(said), "xz data that is cut or corrupt", `${length}`);
  }
});

Deno.test("frames of zstd data are one trace, in any pieces; what is cut or no frame is named", async () => {
  const plain = encode(KERNEL_6_12);
  const [one, two] = [plain.slice(0, 900), plain.slice(900)]
    .map((part) => new Uint8Array(zstdCompressSync(part)));
  assert(one !== undefined && two !== undefined);
  const skippable = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2);
  const whole = Uint8Array.from([...skippable, ...one, ...two, ...skippable]);
  const unpacked = async (bytes: Uint8Array<ArrayBuffer>, size: number) => {
    const pieces = Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, at) => bytes.slice(at * size, (at + 1) * size),
    );
    let text = "";
    const decoder = new TextDecoder();
    try {
      for await (const chunk of unpack(streamOf(...pieces), "zstd")) text += decoder.decode(chunk);
    } catch (error) {
      assert(error instanceof Error);
      return { text, error: error.message };
    }
    return { text, error: undefined };
  };
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: whole.length }), async (size) => {
      assertEquals(await unpacked(whole, size), { text: KERNEL_6_12, error: undefined });
    }),
    { numRuns: 20, seed: 20261129 },
  );
  const ends = [skippable.length, skippable.length + one.length, whole.length - skippable.length];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 5, max: whole.length - 1 }), async (length) => {
      const { error } = await unpacked(whole.slice(0, length), 64);
      assertEquals(error === undefined, ends.includes(length), `${length}: ${error}`);
    }),
    { numRuns: 40, seed: 20261129 },
  );
  const { text, error } = await unpacked(Uint8Array.from([...whole, ...encode("junk")]), 64);
  assertEquals(text, KERNEL_6_12);
  assertStringIncludes(error ?? "", "zstd data that is cut or corrupt");
});

Deno.test("gzip data cut anywhere gives what it holds, and says where it broke off", async () => {
  const whole = (await readWhole(KERNEL_6_12)).records;
  const gzip = await packed(KERNEL_6_12);
  for (let length = 2; length < gzip.length; length += 7) {
    const reading = await readRecording(streamOf(gzip.slice(0, length)), { name: "a.gz" });
    if (reading.kind === "unreadable") {
      assertStringIncludes(reading.reason.found, "gzip data that is cut or corrupt");
      continue;
    }
    assert(reading.kind === "trace");
    const records = await recordsOf(reading);
    const last = records.at(-1);
    assert(last?.kind === "malformed" && !last.harmless);
    assertStringIncludes(last.expected, "broke off: gzip data that is cut or corrupt");
    assertEquals(records.slice(0, -1), whole.slice(0, records.length - 1));
  }
});

Deno.test("gzip within gzip is refused, and so is an empty file that was packed", async () => {
  const inner = await packed(KERNEL_6_12);
  const outer = streamOf(inner).pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(outer).arrayBuffer());
  assertEquals((await refused(bytes)).found, "gzip data");
  assertEquals((await refused(await packed(""))).found, "an empty file");
  assertEquals((await refused(await packed("\0".repeat(10_000_000)))).at, { byte: 0 });
});

Deno.test("a path that is no readable file is refused in one line", async () => {
  assertEquals((await refusedFile("tests/no_such_trace.txt")).found, "no such file");
  assertEquals((await refusedFile("tests")).found, "a directory without per_cpu/cpuN");
  assertStringIncludes((await refusedFile("deno.json")).found, "no event");
});

Deno.test({
  name: "a path that the process may not read is refused in one line",
  permissions: { read: false },
  async fn() {
    assertEquals(
      (await refusedFile("deno.json")).found,
      "a path that --allow-read does not cover",
    );
  },
});

Deno.test("a hyphen is standard input", async () => {
  const url = new URL("../vectors/kernel/open_trace.ts", import.meta.url);
  const program = `import { openTrace } from ${JSON.stringify(url.href)};
    const reading = await openTrace("-");
    if (reading.kind !== "trace") throw new Error(JSON.stringify(reading));
    let records = 0;
    for await (const batch of reading.batches) records += batch.length;
    console.log(records);`;
  const child = new Deno.Command("deno", {
    args: ["eval", program],
    cwd: new URL("../", import.meta.url),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(await packed(KERNEL_6_12));
  await writer.close();
  const { stdout } = await child.output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "8");
});

Deno.test("closing a trace that nobody read lets go of its stream", async () => {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(encode(KERNEL_6_12))),
    cancel() {
      cancelled = true;
    },
  });
  const reading = await readTrace(stream, { name: "endless" });
  assert(reading.kind === "trace");
  await reading.close();
  assert(cancelled);
  assertEquals(await readText(""), {
    file: "a text",
    at: undefined,
    found: "an empty file",
    expected: "ftrace text, as tracefs' trace and trace_pipe or `trace-cmd report` print it",
  });
});

Deno.test({
  name: "a trace.dat that is closed before it is read leaves no file open",
  sanitizeResources: true,
  async fn() {
    const file = await Deno.makeTempFile({ prefix: "pagespec-closed-", suffix: ".dat" });
    try {
      const cpus = [[{ time: 1e9, events: [{ delta: 0, data: syncEvent(12) }] }]];
      await Deno.writeFile(file, traceDat({ version: 7, compression: "none", cpus }));
      const reading = await openTrace(file);
      assert(reading.kind === "trace");
      await reading.close();
      await reading.close();
    } finally {
      await Deno.remove(file);
    }
  },
});
