/**
 * trace-cmd's binary: the records are those of the kernel's own text, and no damage is more than one
 * line.
 *
 * @module
 */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import type { TraceRecord } from "../vectors/kernel/record.ts";
import { memorySource } from "../vectors/kernel/byte_source.ts";
import { checkTrace } from "../vectors/kernel/check_trace.ts";
import { readTraceDat } from "../vectors/kernel/trace_dat/read_trace_dat.ts";
import { recordsOf } from "./read_text.ts";
import {
  markerEvent,
  probeEvent,
  syncEvent,
  traceDat,
  type TraceDatContent,
  type WrittenPage,
} from "./trace_dat_writer.ts";

const runs = { numRuns: 300, seed: 20261129 } as const;
const kinds = [
  { version: 6, compression: "none" },
  { version: 7, compression: "none" },
  { version: 7, compression: "zlib" },
  { version: 7, compression: "zstd" },
] as const;

const cpus: TraceDatContent["cpus"] = [
  [
    {
      time: 1_000_000_000,
      events: [{ delta: 0, data: syncEvent(12) }, { delta: 4000, data: probeEvent(0x7f00) }],
    },
    { time: 9_000_000_000, events: [{ delta: 0, data: markerEvent("late") }] },
  ],
  [{
    time: 1_000_001_000,
    events: [{ delta: 0, data: markerEvent("op=store off=4096") }, {
      delta: 5e9,
      data: syncEvent(13),
    }],
  }],
];

function open(bytes: Uint8Array) {
  return readTraceDat(memorySource(bytes), "a.dat");
}

async function read(file: TraceDatContent): Promise<readonly TraceRecord[]> {
  const trace = open(traceDat(file));
  assert(trace.kind === "trace", JSON.stringify(trace));
  return await recordsOf(trace);
}

Deno.test("the events of all CPUs come in the order of their times, in every version and packing", async () => {
  const head = { task: "fsx", pid: 42 };
  for (const kind of kinds) {
    assertEquals(
      (await read({ ...kind, cpus })).map((each) => ({ ...each, ...bodyOf(each) })).map(plain),
      [
        {
          ...head,
          kind: "tracepoint",
          line: 1,
          cpu: 0,
          time: 1e9,
          name: "ext4_sync_file_enter",
          body: "dev 8,1 ino 12 parent 2 datasync 0 ",
        },
        {
          ...head,
          kind: "marker",
          line: 2,
          cpu: 1,
          time: 1_000_001_000,
          text: "op=store off=4096",
        },
        {
          ...head,
          kind: "probe",
          line: 3,
          cpu: 0,
          time: 1_000_004_000,
          interrupt: undefined,
          name: "mkclean",
          function: "follow_invalidate_pte",
          returns: false,
          args: { addr: "0x7f00" },
        },
        {
          ...head,
          kind: "tracepoint",
          line: 4,
          cpu: 1,
          time: 6_000_001_000,
          name: "ext4_sync_file_enter",
          body: "dev 8,1 ino 13 parent 2 datasync 0 ",
        },
        { ...head, kind: "marker", line: 5, cpu: 0, time: 9e9, text: "late" },
      ],
      JSON.stringify(kind),
    );
  }
});

Deno.test("flags of an event tell the interrupt that has called a probed function, and not the task", async () => {
  const interrupts = [0, 1, 0x08, 0x10, 0x18, 0x40].map((flags) => {
    const data = probeEvent(0x7f00);
    data[2] = flags;
    return { delta: 4000, data };
  });
  const trace = open(traceDat({
    version: 7,
    compression: "none",
    cpus: [[{ time: 1e9, events: interrupts }]],
  }));
  assert(trace.kind === "trace");
  const records = (await Array.fromAsync(trace.batches)).flat();
  assertEquals(
    records.map((record) => record.kind === "probe" && record.interrupt),
    [undefined, undefined, "hard", "soft", "hard", "hard"],
  );
});

function bodyOf(record: TraceRecord) {
  return record.kind === "tracepoint"
    ? { body: record.body }
    : record.kind === "marker"
    ? { text: record.text }
    : record.kind === "probe"
    ? { args: record.args }
    : {};
}

function plain(record: object) {
  const bytes = new Set(["layout", "view", "offset", "says"]);
  return Object.fromEntries(Object.entries(record).filter(([name]) => !bytes.has(name)));
}

Deno.test("the file names its kernel, and its clock says what its times count", () => {
  const trace = open(traceDat({ version: 7, compression: "zstd", cpus }));
  assert(trace.kind === "trace");
  assertEquals([trace.header.kernel, trace.header.clock], ["6.12.107", "seconds"]);
});

Deno.test("times beyond 2^53, as the clock tai has them, do not stand still within a page", async () => {
  const time = 1_796_049_729_609_133_056;
  const events = Array.from({ length: 60 }, () => ({ delta: 100, data: syncEvent(1) }));
  const pages = [{ time, events }];
  const records = await read({ version: 7, compression: "none", cpus: [pages] });
  for (const [at, record] of records.entries()) {
    assert(record.kind === "tracepoint");
    // Doubles of this size are 256 apart.
    assert(Math.abs(record.time - time - (at + 1) * 100) <= 144, `event ${at}`);
  }
});

Deno.test("a page that says what was lost before it is a loss, with its number", async () => {
  const pages: readonly WrittenPage[] = [{
    time: 5,
    missed: 57,
    events: [{ delta: 0, data: syncEvent(1) }],
  }];
  const [lost] = await read({ version: 7, compression: "none", cpus: [pages] });
  assertEquals(lost, { kind: "lost", line: 1, cpu: 0, count: 57 });
});

/** What is said of events that were taken out, where the kernel counted so many. */
async function takenOut(...counts: readonly number[]) {
  const stats = counts.map((count, cpu) => `CPU: ${cpu}\nentries: 1\nread events: ${count - 1}\n`);
  const trace = open(traceDat({ version: 7, compression: "zstd", cpus, stats }));
  assert(trace.kind === "trace");
  const { notes } = await checkTrace(trace, { path: "a.dat", kernel: undefined });
  return notes.filter(({ kind }) => kind === "taken_out");
}

Deno.test("events that the kernel counted and the file does not have were taken out", async () => {
  assertEquals(await takenOut(3, 2), []);
  assertEquals(await takenOut(103, 2), [{
    kind: "taken_out",
    promised: 105,
    found: 5,
  }]);
  // A part that trace-cmd split off has no statistics, and of one CPU alone they say nothing.
  assertEquals(await takenOut(), []);
  assertEquals(await takenOut(103), []);
});

Deno.test("two CPUs with the same bytes, and a CPU that there cannot be, are refused", () => {
  const bytes = traceDat({ version: 6, compression: "none", cpus });
  const view = new DataView(bytes.buffer);
  const word = new TextEncoder().encode("flyrecord");
  const at = bytes.findIndex((_, from) =>
    word.every((each, index) => bytes[from + index] === each)
  );
  view.setBigUint64(at + 26, view.getBigUint64(at + 10, true), true);
  const trace = open(bytes);
  assert(trace.kind === "unreadable");
  assertEquals(trace.reason.found, "a trace.dat with events of two CPUs in the same bytes");
});

Deno.test("an event that is shorter than its fields is damaged", async () => {
  const short = syncEvent(7).subarray(0, 24);
  const pages: readonly WrittenPage[] = [{
    time: 5,
    events: [{ delta: 0, data: short }, { delta: 1, data: syncEvent(8) }],
  }];
  const records = await read({ version: 7, compression: "none", cpus: [pages] });
  assertEquals(records.map(({ kind }) => kind), ["malformed", "tracepoint"]);
});

Deno.test("events of two instances are refused with their names: one may repeat the other's", () => {
  const bytes = traceDat({ version: 7, compression: "none", cpus, instances: ["mine", "its own"] });
  for (const instance of [undefined, "other"]) {
    const trace = readTraceDat(memorySource(bytes), "a.dat", instance);
    assert(trace.kind === "unreadable");
    assertStringIncludes(trace.reason.expected, '--instance NAME with one of top, mine, "its own"');
  }
});

Deno.test("of several instances the one that is named is read, with what it has lost itself", async () => {
  const stats = ["CPU: 0\noverrun: 0\n", "\nBuffer: mine\n\n", "CPU: 0\noverrun: 7\n"];
  const bytes = traceDat({ version: 7, compression: "zstd", cpus, instances: ["mine"], stats });
  const lost = async (instance: string): Promise<number> => {
    const trace = readTraceDat(memorySource(bytes), "a.dat", instance);
    assert(trace.kind === "trace");
    const records = await recordsOf(trace);
    return records.reduce((sum, each) => sum + (each.kind === "lost" ? each.count ?? 1 : 0), 0);
  };
  assertEquals([await lost("mine"), await lost("top"), await lost("")], [7, 0, 0]);
});

Deno.test("a text names no instance, and is refused if one is asked for", async () => {
  const path = new URL("../vectors/recorded/5.10-mkclean-ext4.trace.txt", import.meta.url).pathname;
  const trace = await openTrace(path, "mine");
  assert(trace.kind === "unreadable");
  assertEquals(trace.reason.found, "a trace that names no tracing instance");
});

Deno.test("a file that is cut anywhere is one line, or its events up to there and the place", async () => {
  for (const kind of kinds) {
    const whole = traceDat({ ...kind, cpus });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 12, max: whole.length - 1 }), async (length) => {
        const trace = open(whole.slice(0, length));
        if (trace.kind === "unreadable") {
          assertGreater(trace.reason.found.length, 0);
          return;
        }
        const records = await recordsOf(trace);
        assert(records.some(({ kind }) => kind === "malformed") || records.length === 5);
      }),
      runs,
    );
  }
});

Deno.test("a file with any bytes changed ends, and throws nothing", async () => {
  for (const kind of kinds) {
    const whole = traceDat({ ...kind, cpus });
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bent = whole.slice();
        for (const [at, byte] of changes) if (at >= 10) bent[at] = byte;
        const trace = open(bent);
        if (trace.kind === "trace") {
          for (const record of await recordsOf(trace)) bodyOf(record);
        }
      }),
      runs,
    );
  }
});

const recordings = new URL("../../shared/recordings/", import.meta.url);
const both = ["5.10.262/s3-ext4dax", "5.10.262/rb-ext4", "6.12.107/s3-ext4dax", "6.12.107/rb-ext4"];

function present(): boolean {
  try {
    return Deno.statSync(recordings).isDirectory;
  } catch {
    return false;
  }
}

Deno.test({
  name: "every record of a real trace.dat is that of the kernel's own text of the same buffer",
  ignore: !present(),
  async fn() {
    for (const name of both) {
      const [binary, text] = await Promise.all(["dat", "trace.txt"].map(async (suffix) => {
        const trace = await openTrace(new URL(`${name}.${suffix}`, recordings).pathname);
        assert(trace.kind === "trace");
        return await recordsOf(trace);
      }));
      assertEquals(binary?.map(comparable), text?.map(comparable), name);
    }
  },
});

/** Without the line, and with times as the text rounds them. 5.10 prints pages by an address of its own. */
function comparable(record: TraceRecord): object {
  if (record.kind === "lost" || record.kind === "malformed") return record;
  const time = Math.floor((record.time + 500) / 1000);
  const shared = {
    ...plain({ ...record, ...bodyOf(record) }),
    line: 0,
    time,
    bareHexadecimal: false,
  };
  return record.kind === "tracepoint"
    ? { ...shared, body: record.body.replace(/page=\S+/, "page=") }
    : shared;
}
