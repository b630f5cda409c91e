/**
 * The reader against recordings of stock kernels, each of which is complete, and against counts that
 * were made without it. The recordings are not part of this repository; where they are not beside
 * it, the tests are ignored.
 */
import { assert, assertEquals } from "@std/assert";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import type { TraceRecord } from "../vectors/kernel/record.ts";
import { readerOfTracepoint } from "../vectors/kernel/rows.ts";
import { recordsOf } from "./read_text.ts";

const RECORDINGS = new URL("../../shared/recordings/", import.meta.url);
const KERNELS = ["5.10.262", "6.12.107"];

function present(): boolean {
  try {
    return Deno.statSync(RECORDINGS).isDirectory;
  } catch {
    return false;
  }
}

const ignore = !present();

/** Kinds by what only a line of that kind holds behind its time. */
const SHAPES: Record<string, RegExp> = {
  marker: /: (?:print: +)?tracing_mark_write: /,
  "syscall-enter": /: (?:sys_\w+\(|sys_enter_\w+:)/,
  "syscall-exit": /: (?:sys_\w+ -> |sys_exit_\w+:)/,
  probe: /: k[pr]_\w+: +\(/,
};

function countLines(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#") || line.startsWith("cpus=")) continue;
    const kind = Object.keys(SHAPES).find((name) => SHAPES[name]?.test(line)) ?? "tracepoint";
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function countRecords(records: readonly TraceRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of records) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

async function read(path: string) {
  const trace = await openTrace(path);
  assert(trace.kind === "trace", path);
  return { header: trace.header, records: await recordsOf(trace) };
}

for (const kernel of KERNELS) {
  const folder = new URL(`${kernel}/`, RECORDINGS);

  Deno.test({
    name: `no line of the recordings of ${kernel} is unread, and none is read as another kind`,
    ignore,
    async fn() {
      let files = 0;
      for await (const { name } of Deno.readDir(folder)) {
        if (!/\.(?:trace|report)\.txt$/.test(name)) continue;
        const path = new URL(name, folder).pathname;
        const { header, records } = await read(path);
        assertEquals(countRecords(records), countLines(await Deno.readTextFile(path)), path);
        const report = name.endsWith(".report.txt");
        assertEquals(header.format, report ? "trace-cmd report" : "ftrace", path);
        assertEquals(header.latencyColumns, report ? 0 : kernel.startsWith("5.") ? 4 : 5, path);
        assertEquals(header.entries?.inBuffer, header.entries?.written, path);
        if (!report) assertEquals(header.entries?.inBuffer, records.length, path);
        for (const record of records) {
          if (record.kind !== "tracepoint") continue;
          const reader = readerOfTracepoint(record.name);
          if (reader === undefined) continue;
          const reading = reader.read(record, header.format);
          assert(reading !== undefined, `${path}:${record.line}: ${record.body}`);
        }
        files++;
      }
      assert(files >= 20);
    },
  });

  Deno.test({
    name: `trace-cmd's report of a buffer of ${kernel} reads as the kernel's own text of it`,
    ignore,
    async fn() {
      for (const scenario of ["s3-ext4dax", "rb-ext4"]) {
        const text = await read(new URL(`${scenario}.trace.txt`, folder).pathname);
        const report = await read(new URL(`${scenario}.report.txt`, folder).pathname);
        assertEquals(report.records.length, text.records.length);
        for (const [index, ours] of report.records.entries()) {
          const kernels = text.records[index];
          assert(kernels !== undefined);
          assertEquals(comparable(ours), comparable(kernels), `${scenario}:${ours.line}`);
        }
      }
    },
  });
}

/** What both printers can tell: no line numbers, no symbols of probes, no undecoded bodies. */
function comparable(record: TraceRecord): object {
  switch (record.kind) {
    case "tracepoint": {
      const { line: _line, body: _body, ...rest } = record;
      const said = readerOfTracepoint(record.name)?.read(record, "ftrace");
      if (said === undefined || said === "nothing") return rest;
      // trace-cmd does not print every result as the kernel does.
      const { result: _result, major: _major, text: _text, mapped: _mapped, ...both } = {
        result: 0,
        major: undefined,
        text: "",
        mapped: true,
        ...said,
      };
      return { ...rest, ...both };
    }
    case "probe": {
      const { line: _line, function: _function, ...rest } = record;
      return rest;
    }
    case "syscall-enter": {
      const { line: _line, bareHexadecimal: _bare, ...rest } = record;
      return rest;
    }
    default: {
      const { line: _line, ...rest } = record;
      return rest;
    }
  }
}
