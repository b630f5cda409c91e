/**
 * A folder that was copied from tracefs, `per_cpu/cpuN/trace_pipe_raw` with the texts of `events/`: its
 * records are those of a trace.dat with the same pages.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { memorySource } from "../vectors/kernel/byte_source.ts";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import { readFile } from "../vectors/kernel/trace_dat/read_file.ts";
import { readTraceDat } from "../vectors/kernel/trace_dat/read_trace_dat.ts";
import { recordsOf } from "./read_text.ts";
import { markerEvent, probeEvent, syncEvent, traceDat } from "./trace_dat_writer.ts";

const written = traceDat({
  version: 6,
  compression: "none",
  cpus: [
    [
      {
        time: 1e9,
        events: [{ delta: 0, data: syncEvent(12) }, { delta: 4000, data: probeEvent(9) }],
      },
      { time: 9e9, events: [{ delta: 0, data: markerEvent("late") }], missed: 3 },
    ],
    [{ time: 1e9 + 1000, events: [{ delta: 0, data: markerEvent("op=store off=4096") }] }],
  ],
});

const headerPage = `	field: u64 timestamp;	offset:0;	size:8;	signed:0;
	field: local_t commit;	offset:8;	size:8;	signed:1;
	field: int overwrite;	offset:8;	size:1;	signed:1;
	field: char data;	offset:16;	size:4080;	signed:0;
`;

/** Writes the parts of the file as tracefs has them. */
async function copyOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const file = readFile(memorySource(bytes));
  assert(!("kind" in file));
  const folder = await Deno.makeTempDir();
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    const at = `${folder}/${path}`;
    await Deno.mkdir(at.slice(0, at.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(
      at,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  };
  await write("events/header_page", headerPage);
  await write("saved_cmdlines", file.commandLines);
  await write("kallsyms", file.kallsyms);
  await write("trace_clock", "local global [mono] counter\n");
  for (const [at, { system, text }] of file.formats.entries()) {
    await write(`events/${system}/event${at}/format`, text);
  }
  for (const { cpu, offset, size } of file.buffers[0]?.cpus ?? []) {
    await write(`per_cpu/cpu${cpu}/trace_pipe_raw`, bytes.subarray(offset, offset + size));
  }
  return folder;
}

Deno.test("a copy of tracefs has the records of a trace.dat with the same pages", async () => {
  const folder = await copyOf(written);
  try {
    const copy = await openTrace(folder);
    assert(copy.kind === "trace", JSON.stringify(copy));
    assertEquals([copy.header.format, copy.header.clock], ["trace_pipe_raw", "seconds"]);
    const dat = readTraceDat(memorySource(written), "a.dat");
    assert(dat.kind === "trace");
    const comparable = async (trace: typeof dat): Promise<unknown> =>
      (await recordsOf(trace)).map((record) =>
        record.kind === "tracepoint"
          ? [record.line, record.time, record.cpu, record.task, record.name, record.body]
          : record
      );
    assertEquals(await comparable(copy), await comparable(dat));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a folder that is no copy of tracefs, or has no page, is refused in one line", async () => {
  const folder = await copyOf(written);
  try {
    for (
      const [gone, found] of [
        ["events/header_page", "no events/header_page"],
        ["per_cpu", "a directory without per_cpu"],
      ] as const
    ) {
      await Deno.remove(`${folder}/${gone}`, { recursive: true });
      const reading = await openTrace(folder);
      assert(reading.kind === "unreadable");
      assertStringIncludes(reading.reason.found, found);
      assertStringIncludes(reading.reason.expected, "trace_pipe_raw");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
