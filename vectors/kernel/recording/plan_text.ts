/**
 * A plan as commands that somebody can paste into a root shell.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import type { RecordingPlan } from "./plan.ts";
import { definitionLine } from "./probe_definition.ts";

/** The programs that can carry a plan out. */
export const recorders = ["tracefs", "trace-cmd", "perf"] as const;

/** One of them. */
type Recorder = typeof recorders[number];

/** Group of the probes, so that they are found and removed. */
const group = "pagespec";
/** Kilobytes of all ring buffers together, and of one CPU's at most. */
const totalKilobytes = 1024 * 1024, mostKilobytes = 64 * 1024;
/** What a shell makes of that: kilobytes of one CPU. */
const bufferKilobytes = `$((${totalKilobytes} / $(nproc) < ${mostKilobytes} ? ` +
  `${totalKilobytes} / $(nproc) : ${mostKilobytes}))`;

/** The commands. */
export function planText(plan: RecordingPlan, recorder: Recorder): string {
  return match(recorder)
    .with("tracefs", () => tracefs(plan))
    .with("trace-cmd", () => traceCmd(plan))
    .with("perf", () => perf(plan))
    .exhaustive();
}

function callEvents({ syscalls }: RecordingPlan): readonly string[] {
  return syscalls.flatMap((each) => [`syscalls/sys_enter_${each}`, `syscalls/sys_exit_${each}`]);
}

/** The commands that define the probes. A kernel without kprobes takes none of them, and says so of each. */
function defined({ probes }: RecordingPlan, file: string): readonly string[] {
  if (probes.length === 0) return [];
  return [
    "# a probe that the kernel refuses may be missing: what rests on it stays undecided",
    ...probes.map((probe) => `echo '${definitionLine(probe, group)}' >> ${file}`),
  ];
}

function tracefs(plan: RecordingPlan): string {
  const { events, probes } = plan;
  const groups = Map.groupBy(
    [...events, ...callEvents(plan)],
    (event) => event.split("/")[0] ?? "",
  );
  return [
    "cd /sys/kernel/tracing",
    ...defined(plan, "dynamic_events"),
    "mkdir instances/pagespec && cd instances/pagespec",
    "echo 0 > tracing_on",
    "echo mono > trace_clock",
    `echo ${bufferKilobytes} > buffer_size_kb`,
    "echo 1 > options/record-tgid",
    ...[...groups].flatMap(([name, all]) => [
      `for event in ${all.map((event) => event.slice(name.length + 1)).join(" ")}; do`,
      `  [ -e events/${name}/$event ] && echo 1 > events/${name}/$event/enable`,
      "done",
    ]),
    ...(probes.length > 0 ? [`echo 1 > events/${group}/enable`] : []),
    "echo 1 > tracing_on",
    "# now run your program; then",
    "echo 0 > tracing_on",
    "cat trace > /tmp/my.trace.txt",
    "grep -h 'overrun\\|dropped' per_cpu/cpu*/stats   # every number must be 0",
    "echo 0 > events/enable; cd ../.. && rmdir instances/pagespec",
    ...probes.map(({ name }) => `echo '-:${group}/${name}' >> dynamic_events`),
  ].join("\n");
}

function traceCmd(plan: RecordingPlan): string {
  return recorded(plan, [
    `trace-cmd record -C mono -b ${bufferKilobytes} -o my.dat $events your-program`,
  ]);
}

function perf(plan: RecordingPlan): string {
  return recorded(plan, [
    "perf record -a -k CLOCK_MONOTONIC -o perf.data $events -- your-program",
    "perf script -i perf.data > my.trace.txt",
  ]);
}

/** The commands of a program that is given `$events`, and ends if the kernel lacks one of them. */
function recorded(plan: RecordingPlan, program: readonly string[]): string {
  const { events, probes } = plan;
  const all = [...events, ...callEvents(plan), ...probes.map(({ name }) => `${group}/${name}`)];
  return [
    ...defined(plan, "/sys/kernel/tracing/dynamic_events"),
    "events=",
    `for event in ${all.map((event) => event.replace("/", ":")).join(" ")}; do`,
    '  [ -e "/sys/kernel/tracing/events/${event%:*}/${event#*:}" ] && events="$events -e $event"',
    "done",
    ...program,
    ...probes.map(({ name }) => `echo '-:${group}/${name}' >> /sys/kernel/tracing/dynamic_events`),
  ].join("\n");
}
