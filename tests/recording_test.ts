/**
 * Recording: what a recording says of itself, and that nothing of it stays.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { stableWritesOf } from "../vectors/kernel/page_cache/notes.ts";
import { readTrace } from "../vectors/kernel/ftrace_text.ts";
import {
  headerLines,
  readHeaderLines,
  type RecordingFacts,
} from "../vectors/kernel/recording/header_lines.ts";
import { LineCounter } from "../vectors/kernel/recording/line_counter.ts";
import { driverOf, isDax, mountBelow, mountOf } from "../vectors/kernel/recording/mount.ts";
import { openPartial, partialOf } from "../vectors/kernel/recording/partial_file.ts";
import { planFor } from "../vectors/kernel/recording/plan.ts";
import { deviceFilter } from "../vectors/kernel/recording/device_filter.ts";
import { KERNEL_6_12 } from "./trace_excerpts.ts";

const words = fc.string({ unit: "grapheme-ascii", minLength: 1 }).map((text) =>
  text.replace(/\s+/g, " ").trim()
)
  .filter((text) => text !== "");
const facts: fc.Arbitrary<RecordingFacts> = fc.record({
  kernel: words,
  skips: words,
  mount: words,
  blockSize: fc.constantFrom(1024, 4096),
  writeCache: fc.constantFrom("write back", "write through"),
  stableWrites: fc.boolean(),
  clock: fc.constant("mono"),
  events: fc.array(words, { minLength: 1, maxLength: 4 }),
  probes: fc.array(words, { minLength: 1, maxLength: 2 }),
  missing: fc.array(words, { minLength: 1, maxLength: 2 }),
}, { requiredKeys: [] });

Deno.test("what a recording says of itself is read as it was written", () => {
  fc.assert(
    fc.property(facts, (each) => {
      assertEquals(readHeaderLines(headerLines(each)), each);
    }),
    { seed: 20261129 },
  );
});

Deno.test("the header of a trace has what its recording says, and the kernel's version", async () => {
  const said: RecordingFacts = { kernel: "6.12.107", stableWrites: false };
  const text = headerLines(said).map((line) => `${line}\n`).join("") + KERNEL_6_12;
  const trace = await readTrace(new Blob([text]).stream(), { name: "a" });
  assert(trace.kind === "trace");
  assertEquals([trace.header.kernel, trace.header.facts], ["6.12.107", said]);
  await trace.close();
});

const MOUNTINFO = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 259:0 / /mnt/pm\\040em rw,relatime - ext4 /dev/pmem0 rw,dax=always
31 22 0:30 / /mnt rw - tmpfs none rw
32 22 259:1 / /x rw - xfs /dev/pmem1 rw,dax=inode
33 22 0:41 / /o rw - overlay o rw,lowerdir=/a:/b,upperdir=/mnt/pm\\040em/up,workdir=/w
34 22 0:42 / /ro ro - overlay o ro,lowerdir=/a:/b
`;

Deno.test("that a device needs no stable pages says so of ext4 and XFS on it, and of no other", () => {
  const told = (mount: string, stableWrites: boolean) =>
    stableWritesOf({ facts: { mount, stableWrites } });
  assertEquals(told("7:0 /mnt ext4 rw", false), false);
  assertEquals(told("7:0 /mnt xfs rw,noquota", false), false);
  assertEquals(told("7:0 /mnt ext4 rw", true), undefined);
  assertEquals(told("7:0 /mnt xfs rw,rtdev=/dev/sdb", false), undefined);
  assertEquals(told("0:40 /mnt btrfs rw", false), undefined);
});

Deno.test("the mount of a folder is the longest that holds it, with its DAX option", () => {
  const at = (path: string) => mountOf(path, MOUNTINFO);
  assertEquals(at("/mnt/pm em/a")?.device, "259:0");
  assertEquals(at("/mnt/pmem")?.fileSystem, "tmpfs");
  assertEquals(at("/xy")?.device, "254:0");
  assertEquals(["/mnt/pm em", "/x", "/"].map((path) => isDax(at(path) ?? assertFails())), [
    true,
    undefined,
    false,
  ]);
});

function assertFails(): never {
  throw new Error("there is a mount");
}

Deno.test("an event is filtered by its device where it names one", () => {
  const format = (field: string) =>
    `name: a\nID: 1\nformat:\n\tfield:${field};\toffset:8;\tsize:4;\tsigned:0;\n`;
  assertEquals(
    deviceFilter(format("dev_t dev"), ["8:1", "8:0"]),
    "dev == 8388609 || dev == 8388608",
  );
  assertEquals(deviceFilter(format("dev_t s_dev"), ["8:1"]), "s_dev == 8388609");
  assertEquals(deviceFilter(format("char name[32]"), ["8:0"]), 'name == "8:0"');
  assertEquals(deviceFilter(format("unsigned long address"), ["8:0"]), undefined);
});

Deno.test("events are counted as they pass, however the text is cut into chunks", () => {
  const text =
    "# tracer: nop\n a-1 [0] 1.0: x\nCPU:0 [LOST 5 EVENTS]\n##### CPU 1 buffer started ####\n b-2 [1] 2.0: y\n";
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
      const counter = new LineCounter();
      const places = [0, ...cuts.toSorted((one, other) => one - other), text.length];
      for (const [index, place] of places.entries()) {
        counter.take(new TextEncoder().encode(text.slice(places[index - 1] ?? 0, place)));
      }
      assertEquals(counter.events, 2);
    }),
    { seed: 20261129 },
  );
});

const tracing = "/sys/kernel/tracing";

/** True where this user may make instances of tracefs. */
function traces(): boolean {
  const args = ["-c", `test -w ${tracing}/tracing_on && test -d ${tracing}/instances`];
  return new Deno.Command("sh", { args }).outputSync().success;
}

/**
 * Everything in tracefs that the recording of this process could leave changed. What belongs to recordings
 * of others comes and goes: tracefs is the machine's.
 */
async function tracefs(own: number): Promise<string> {
  const script =
    `cd ${tracing}; ls instances; cat tracing_on trace_clock set_event dynamic_events ` +
    "trace_options buffer_size_kb current_tracer set_event_pid set_event_notrace_pid events/enable";
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => {
    const [, pid] = /pagespec[-_](\d+)/.exec(line) ?? [];
    return pid === undefined || Number(pid) === own;
  }).join("\n");
}

/** No process has this id: nothing of any recording counts. */
const nobody = 0;

function recordArguments(output: string, command: readonly string[]): readonly string[] {
  const cli = new URL("../cli.ts", import.meta.url);
  return [
    "run",
    "-A",
    decodeURIComponent(cli.pathname),
    "record",
    "--output",
    output,
    "--",
    ...command,
  ];
}

Deno.test({
  name: "a recording leaves tracefs as it was, however its command ends (needs root and tracefs)",
  ignore: !traces(),
  async fn() {
    const before = await tracefs(nobody);
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    try {
      for (const command of [["true"], ["sh", "-c", "kill -9 $$"], ["no-such-program"]]) {
        const output = `${folder}/a.txt`;
        const child = new Deno.Command(Deno.execPath(), {
          args: [...recordArguments(output, command)],
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const ran = await child.output();
        assertEquals(await tracefs(child.pid), before, command.join(" "));
        // Of a command that could not be started there is nothing to leave.
        const left = await Deno.remove(output).then(() => true, () => false);
        assertEquals(left, command[0] !== "no-such-program", new TextDecoder().decode(ran.stderr));
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("a recording is written to a file of its own until it is whole", async () => {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    const output = `${folder}/a.txt`;
    await Deno.writeTextFile(partialOf(output), "of a process that was killed");
    const file = openPartial(output);
    assert(typeof file !== "string", String(file));
    assertEquals((await file.stat()).size, 0);
    assertEquals(
      openPartial(output),
      "another recording is written to it; expected an --output of its own",
    );
    assertEquals(openPartial(folder), "a folder; expected a file to write");
    assertEquals(
      openPartial(`${folder}/none/a.txt`),
      "No such file or directory; expected a file that can be written",
    );
    file.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "a full disk ends a recording in one line, and leaves nothing (needs root and tracefs)",
  ignore: !traces(),
  async fn() {
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    const run = (name: string, ...args: readonly string[]) =>
      new Deno.Command(name, { args: [...args] }).output();
    await run("mount", "-t", "tmpfs", "-o", "size=64k", "pagespec", folder);
    const before = await tracefs(nobody);
    try {
      const output = `${folder}/a.txt`;
      const loop = "i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i + 1)); done";
      const child = new Deno.Command(Deno.execPath(), {
        args: [...recordArguments(output, ["sh", "-c", loop])],
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const { code, stderr } = await child.output();
      assertEquals([code, new TextDecoder().decode(stderr)], [
        2,
        `pagespec record: ${output}: No space left on device; expected room for all events\n`,
      ]);
      assertEquals([...Deno.readDirSync(folder)], []);
      assertEquals(await tracefs(child.pid), before);
    } finally {
      await run("umount", folder);
      await Deno.remove(folder);
    }
  },
});

Deno.test({
  name: "a recording that is told to end ends its command (needs root and tracefs)",
  ignore: !traces(),
  async fn() {
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    try {
      const started = `${folder}/started`;
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          ...recordArguments(`${folder}/a.txt`, ["sh", "-c", `: > ${started}; exec sleep 60`]),
        ],
        stdout: "null",
        stderr: "piped",
      }).spawn();
      await until(async () => (await Deno.stat(started)).isFile);
      child.kill("SIGTERM");
      const { stderr } = await child.output();
      assertMatch(new TextDecoder().decode(stderr), /the command ended with status 143/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "a recording that is killed itself leaves tracefs as it was (needs root and tracefs)",
  ignore: !traces(),
  async fn() {
    const before = await tracefs(nobody);
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    const started = `${folder}/started`;
    const filters = `${folder}/filters`;
    const command = [
      "sh",
      "-c",
      'cd "$(dirname "$PAGESPEC_TRACE_MARKER")"; ' +
      "cat set_event_notrace_pid events/exceptions/page_fault_user/filter " +
      `events/block/block_rq_complete/filter > ${filters}; touch ${started}; sleep 2`,
    ];
    const child = new Deno.Command(Deno.execPath(), {
      args: [...recordArguments(`${folder}/a.txt`, command)],
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      await until(async () => (await Deno.stat(started)).isFile);
      assert(await tracefs(child.pid) !== before);
      // An interrupt that meets the recorder ends somebody's write: that is recorded.
      const [own, others] = (await Deno.readTextFile(filters)).trimEnd().split("\n");
      assert(own?.startsWith("common_pid != "), own);
      assertEquals(others, "none");
      child.kill("SIGKILL");
      await child.status;
      await until(async () => await tracefs(child.pid) === before);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it did not come true within 15 seconds");
}

Deno.test("an overlay is recorded where its upper folder lies, and what ext4 mounts with its lines", () => {
  const below = (path: string, mounts = MOUNTINFO) =>
    mountBelow(path, (folder) => mountOf(folder, mounts))?.point;
  assertEquals(["/o/a", "/ro", "/x"].map((each) => below(each)), ["/mnt/pm em", "/ro", "/x"]);
  // As in a container, whose root the host has put together elsewhere.
  const container = MOUNTINFO.replace(
    /^22 .*$/m,
    "22 1 0:50 / / rw - overlay o rw,upperdir=/var/up",
  );
  assertEquals(["/srv", "/x"].map((each) => below(each, container)), [undefined, "/x"]);
  assertEquals(["ext2", "ext3", "ext4", "xfs"].map(driverOf), ["ext4", "ext4", "ext4", "xfs"]);
  const events = (fileSystem: string) =>
    planFor({ kernel: "6.12.107", fileSystem, dax: false, ids: undefined }).events;
  assertEquals(events("ext3"), events("ext4"));
});
