/**
 * A plan as commands that somebody can paste into a root shell.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import type { RecordingPlan } from "./plan.ts";
import type { PlanFilters } from "./plan_filters.ts";
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
export function planText(plan: RecordingPlan, recorder: Recorder, filters: PlanFilters): string {
  return match(recorder)
    .with("tracefs", () => tracefs(plan, filters))
    .with("trace-cmd", () => traceCmd(plan, filters))
    .with("perf", () => perf(plan, filters))
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

/** The commands that take the probes away which the kernel has defined. */
function undefinedAgain({ probes }: RecordingPlan, root: string): readonly string[] {
  if (probes.length === 0) return [];
  const from = root === "." ? "" : `${root}/`;
  const take = ifThere(
    `${from}events/${group}/$probe`,
    () => `echo "-:${group}/$probe" >> ${from}dynamic_events`,
  );
  return [`for probe in ${probes.map(({ name }) => name).join(" ")}; do`, `  ${take}`, "done"];
}

/** A command for a file of tracefs that the kernel may lack. */
function ifThere(file: string, command: (file: string) => string): string {
  return `if [ -e ${file} ]; then ${command(file)}; fi`;
}

function tracefs(plan: RecordingPlan, filters: PlanFilters): string {
  const { events, probes } = plan;
  const alike = Map.groupBy(
    [...events, ...callEvents(plan)],
    (event) => switchedOn(event, filters),
  );
  return [
    "here=$PWD",
    "cd /sys/kernel/tracing",
    ...defined(plan, "dynamic_events"),
    "mkdir instances/pagespec && cd instances/pagespec",
    "echo 0 > tracing_on",
    "echo mono > trace_clock",
    `echo ${bufferKilobytes} > buffer_size_kb`,
    "echo 1 > options/record-tgid",
    ...[...alike].flatMap(([switchOn, all]) => [
      `for event in ${all.map((event) => event.slice(event.indexOf("/") + 1)).join(" ")}; do`,
      `  ${switchOn}`,
      "done",
    ]),
    ...probes.flatMap((probe) => {
      const filter = filters.ofProbe(probe);
      return filter === undefined ? [] : [
        ifThere(`events/${group}/${probe.name}`, (there) => `echo '${filter}' > ${there}/filter`),
      ];
    }),
    ...(probes.length > 0
      ? [ifThere(`events/${group}`, (there) => `echo 1 > ${there}/enable`)]
      : []),
    "echo 1 > tracing_on",
    'cd "$here"   # now run your program; then',
    "cd /sys/kernel/tracing/instances/pagespec",
    "echo 0 > tracing_on",
    'cat trace > "$here/my.trace.txt"',
    "grep -h 'overrun\\|dropped' per_cpu/cpu*/stats   # every number must be 0",
    "echo 0 > events/enable; cd ../.. && rmdir instances/pagespec",
    ...undefinedAgain(plan, "."),
    'cd "$here"',
  ].join("\n");
}

/** What switches `$event` on, in a private instance, and all events of its group with the same filter. */
function switchedOn(event: string, { ofEvent, ofDevice }: PlanFilters): string {
  const folder = `events/${event.slice(0, event.indexOf("/"))}/$event`;
  const enable = `echo 1 > ${folder}/enable`;
  const own = ofEvent(event);
  const filter = own?.expression ?? ofDevice(event);
  if (filter === undefined) return `[ -e ${folder} ] && ${enable}`;
  const filtered = `echo '${filter}' > ${folder}/filter`;
  return own?.needed === true
    ? `[ -e ${folder} ] && ${filtered} && ${enable}`
    : `[ -e ${folder} ] && { ${filtered}; ${enable}; }`;
}

function traceCmd(plan: RecordingPlan, filters: PlanFilters): string {
  return recorded(plan, filters, "-f", [
    `trace-cmd record -C mono -b ${bufferKilobytes} -o my.dat "$@" your-program`,
  ]);
}

function perf(plan: RecordingPlan, filters: PlanFilters): string {
  return recorded(plan, filters, "--filter", [
    'perf record -a -m 16M -k CLOCK_MONOTONIC -o perf.data "$@" -- your-program',
    "perf script --show-lost-events -i perf.data > my.trace.txt",
  ]);
}

/**
 * The commands of a program that is given events as `"$@"`, and ends if the kernel lacks one of them, or
 * does not take a filter: so only those by device are given, which the kernel is known to take.
 */
function recorded(
  plan: RecordingPlan,
  { ofDevice, ofProbe }: PlanFilters,
  option: string,
  program: readonly string[],
): string {
  const { events, probes } = plan;
  const all = [
    ...[...events, ...callEvents(plan)].map((event) => ({ event, filter: ofDevice(event) })),
    ...probes.map((probe) => ({ event: `${group}/${probe.name}`, filter: ofProbe(probe) })),
  ];
  const byFilter = Map.groupBy(all, ({ filter }) => filter);
  return [
    ...defined(plan, "/sys/kernel/tracing/dynamic_events"),
    "set --",
    ...[...byFilter].flatMap(([filter, of]) => [
      `for event in ${of.map(({ event }) => event.replace("/", ":")).join(" ")}; do`,
      '  [ -e "/sys/kernel/tracing/events/${event%:*}/${event#*:}" ] && set -- "$@" -e $event' +
      (filter === undefined ? "" : ` ${option} '${filter}'`),
      "done",
    ]),
    ...program,
    ...undefinedAgain(plan, "/sys/kernel/tracing"),
  ].join("\n");
}
