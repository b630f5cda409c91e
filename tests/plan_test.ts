/**
 * A plan: what to record on a kernel and a file system, so that invariants can be decided.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { pageCacheIds } from "../model/check/page_cache/ids.ts";
import type { Unjudged } from "../model/check/page_cache/why.ts";
import { decidedByRecording } from "../vectors/kernel/decided_by_recording.ts";
import type { RecordingFacts } from "../vectors/kernel/recording/header_lines.ts";
import { planFor } from "../vectors/kernel/recording/plan.ts";
import { planFilters } from "../vectors/kernel/recording/plan_filters.ts";
import { planText, recorders } from "../vectors/kernel/recording/plan_text.ts";
import { readerOfTracepoint, rows } from "../vectors/kernel/rows.ts";
import { whyText } from "../vectors/kernel/why_text.ts";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const everything = {
  kernel: "6.12.107",
  fileSystem: undefined,
  dax: undefined,
  ids: undefined,
} as const;

const unfiltered = planFilters([], () => "");
/** Of two devices, where every event names its own. */
const filtered = planFilters(["8:1", "8:0"], () => "\tfield:dev_t dev;\toffset:8;");

Deno.test("a plan has every tracepoint that is read, and nothing else", () => {
  const { events, undecided } = planFor(everything);
  const read = (name: string): boolean => readerOfTracepoint(name) !== undefined;
  assert(events.every((event) => read(event.slice(event.indexOf("/") + 1))));
  assert(
    rows.every(({ source }) =>
      source.includes("(") || events.some((event) => event.endsWith(`/${source}`))
    ),
  );
  assert(events.includes("fs_dax/dax_writeback_one"));
  assertEquals(undecided, []);
});

Deno.test("what the reason of an undecided page-cache verdict says to record, plan records", () => {
  const missing = [
    "write",
    "end",
    "flush",
    "unmap",
    "descriptor",
    "cache",
    "part",
    "transaction",
    "commit",
    "range",
    "return",
    "fault",
    "error",
    "change",
    "removal",
    "fill",
  ] as const satisfies readonly Unjudged[];
  const { events, syscalls, probes } = planFor({ ...everything, ids: pageCacheIds });
  const planned = [
    ...events,
    ...syscalls.flatMap((call) => [`sys_enter_${call}`, `sys_exit_${call}`]),
    ...probes.map((each) => each.function),
  ].map((name) => name.replace(/^.*\//, ""));
  for (const each of missing) {
    const why = { kind: "unjudged_calls", line: 1, more: 0, missing: each } as const;
    const [, ...asked] = whyText(why).split(/record |a probe on /);
    const names = asked.join(" ").match(/\b[a-z0-9]+(_[a-z0-9]+)+\b/g) ?? [];
    const lacking = names.filter((name) =>
      !["write_cache", "io_uring"].includes(name) &&
      !planned.some((known) => known.startsWith(name.replace(/^_+/, "")))
    );
    assertEquals(lacking, [], `${each}: ${whyText(why)}`);
    assertEquals(decidedByRecording(why), names.length > 0, each);
  }
});

Deno.test("a plan for a file system leaves out the events of others, and one without DAX those of DAX", () => {
  const groups = (events: readonly string[]) => new Set(events.map((event) => event.split("/")[0]));
  const ext4 = groups(planFor({ ...everything, fileSystem: "ext4" }).events);
  assert(ext4.has("ext4") && !ext4.has("xfs"));
  const cached = planFor({ ...everything, dax: false });
  assert(!groups(cached.events).has("fs_dax"));
  assert(!cached.probes.some((each) => each.function === "pfn_mkclean_range"));
});

Deno.test("a plan for one invariant says what keeps it undecided, if anything does", () => {
  assertEquals(planFor({ ...everything, ids: ["DAX-WAIT-1"] }).undecided, []);
  assertEquals(planFor({ ...everything, ids: ["DAX-ENTRY-1"] }).undecided.map(({ id }) => id), [
    "DAX-ENTRY-1",
  ]);
  const asked = { ...everything, dax: false, ids: ["STABLE-2", "DAX-ENTRY-1"] };
  const laterDecided = planFor({ ...asked, kernel: "6.1" }).undecided
    .flatMap(({ id, inLaterKernels }) => inLaterKernels ? [id] : []);
  assertEquals(laterDecided, ["STABLE-2"]);
  assertEquals(planFor({ ...asked, kernel: "6.12" }).undecided.map(({ id }) => id), [
    "DAX-ENTRY-1",
  ]);
  const few = planFor({ ...everything, ids: ["DAX-HOLE-1"] });
  assert(few.events.length < planFor(everything).events.length);
});

Deno.test("what a plan for DAX-CLEAN-2 records convicts a kernel if the missed task is heard of again", async () => {
  const kernel = "5.10.262";
  const { events, syscalls, probes } = planFor({
    ...everything,
    kernel,
    fileSystem: "ext4",
    ids: ["DAX-CLEAN-2"],
  });
  assert(!events.some((event) => event.startsWith("filemap/")), "no event of the page cache");
  const names = [
    ...events.map((event) => event.slice(event.indexOf("/") + 1)),
    ...syscalls.map((call) => `sys_${call}`),
    ...probes.map((probe) => `\\w+: \\(${probe.function}\\+`),
    "writeback_dirty_inode", // what the task does next
  ];
  const planned = new RegExp(`: (?:${names.join("|")})\\b`);
  const kept = (await recordedText("5.10-mkclean-ext4"))
    .filter((line) => line.startsWith("#") || planned.test(line));
  const result = await judgeLines(recounted(kept), kernel);
  assertEquals(verdictOn(result, "DAX-CLEAN-2"), "violated");
});

Deno.test("trace-cmd and perf are given the events that the kernel has, and refuse none", () => {
  const plan = planFor(everything);
  for (const recorder of ["trace-cmd", "perf"] as const) {
    const lines = planText(plan, recorder, unfiltered).split("\n");
    const command = lines.find((line) => line.startsWith(`${recorder} record`)) ?? "";
    assertStringIncludes(command, ' "$@" ');
    assert(!plan.events.some((event) => command.includes(event.replace("/", ":"))), command);
  }
});

Deno.test("the probe on mkclean is that of the kernel; of an unknown kernel there is none", () => {
  const probed = (kernel: string | undefined) =>
    planFor({ ...everything, kernel, dax: true }).probes.map((each) => each.function);
  assertEquals(probed("5.10.262"), ["follow_invalidate_pte"]);
  assertEquals(probed("6.1"), ["pfn_mkclean_range"]);
  assertEquals(probed(undefined), []);
});

Deno.test("the commands of a plan are those of a shell", async () => {
  for (const recorder of recorders) {
    const script = planText(planFor(everything), recorder, unfiltered);
    const shell = await new Deno.Command("sh", { args: ["-n", "-c", script] }).output();
    assertEquals(new TextDecoder().decode(shell.stderr), "", recorder);
    assertStringIncludes(script, "dax_writeback_one");
    assertStringIncludes(script, "# a probe that the kernel refuses may be missing");
  }
});

Deno.test("what a kernel has refused is not asked for again, and the commands end well", async () => {
  for (const recorder of recorders) {
    const script = planText(planFor(everything), recorder, filtered);
    const lines = script.split("\n");
    const ofProbes = [
      ...lines.filter((line) => /^if .*\/pagespec\b/.test(line)),
      ...lines.slice(lines.findLastIndex((line) => line.startsWith("for probe in "))),
    ];
    assert(ofProbes.length >= 3, recorder);
    const there = "/nowhere";
    const program = ofProbes.map((line) =>
      line.replaceAll("/sys/kernel/tracing", there).replaceAll(/ events\//g, ` ${there}/events/`)
    );
    const shell = await new Deno.Command("sh", { args: ["-c", program.join("\n")] }).output();
    assertEquals([new TextDecoder().decode(shell.stderr), shell.code], ["", 0], recorder);
  }
});

Deno.test("a plan for a folder filters by its devices, as record does, and nothing by inode or process", async () => {
  const plan = planFor(everything);
  const ofDevices = "dev == 8388609 || dev == 8388608";
  for (const recorder of recorders) {
    const script = planText(plan, recorder, filtered);
    const shell = await new Deno.Command("sh", { args: ["-n", "-c", script] }).output();
    assertEquals(new TextDecoder().decode(shell.stderr), "", recorder);
    assertStringIncludes(script, ofDevices, recorder);
    assert(!planText(plan, recorder, unfiltered).includes(ofDevices));
    assert(!/\bino == |_pid\b/.test(script), recorder);
  }
  const script = planText(plan, "tracefs", filtered);
  for (const { name, paired } of plan.probes) {
    assert(paired !== true || !script.includes(`/${name}/filter`), name);
  }
});

Deno.test("an event of which few lines are read is planned with its filter, or stays off", () => {
  const script = planText(planFor(everything), "tracefs", unfiltered);
  assertStringIncludes(
    script,
    "echo 'function.function == bio_dirty_fn' > events/workqueue/$event/filter && echo 1 > ",
  );
});

Deno.test("what a plan records comes to lie where its commands were begun", () => {
  for (const recorder of recorders) {
    const script = planText(planFor(everything), recorder, unfiltered);
    const written = script.match(/my\.(?:dat|trace\.txt)/g) ?? [];
    assert(written.length > 0 && !script.includes("/tmp"), recorder);
  }
  assertStringIncludes(
    planText(planFor(everything), "tracefs", unfiltered),
    '"$here/my.trace.txt"',
  );
});

Deno.test("of the causes why a return is not shown, those remain that the recording's header does not rule out", () => {
  const why = { kind: "unjudged_calls", line: 1, more: 0, missing: "return" } as const;
  const { events, syscalls, probes } = planFor({ ...everything, ids: undefined });
  const facts = {
    events: [
      ...events.map((each) => `${each} if 8:0`),
      ...syscalls.flatMap((each) => [`syscalls/sys_enter_${each}`, `syscalls/sys_exit_${each}`]),
    ],
    probes: probes.map((each) => each.function),
  };
  const says = (text: string, known: RecordingFacts): void => {
    const [, asked] = whyText(why, known).split(/ is not judged: its return is not shown/);
    assertEquals(asked, text);
  };
  says(", though all was recorded that tells of one: a line may be missing", facts);
  says(
    ": of loop devices, O_DSYNC, and files that are registered with io_uring, record a probe on the " +
      "return of xfs_file_fsync",
    { events: facts.events },
  );
  says(
    ": record syscalls:sys_exit_fsync; of loop devices, O_DSYNC, and files that are registered with " +
      "io_uring, a probe on the return of xfs_file_fsync",
    { events: facts.events.filter((each) => !each.startsWith("syscalls/")) },
  );
  assertEquals(whyText(why, {}), whyText(why));
});
