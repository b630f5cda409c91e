/**
 * Records a command: sets a private instance of tracefs up, runs the command, and leaves a trace with a
 * header that says what text lacks.
 *
 * @module
 */
import { systemError } from "../../format/system_error.ts";
import { eventFilter } from "./event_filter.ts";
import { headerLines, missedLine, type RecordingFacts } from "./header_lines.ts";
import {
  blockQueue,
  blockSizeAt,
  bufferKilobytes,
  deviceStack,
  kernelTypes,
  mountedAt,
  runningKernel,
  skippedFunction,
} from "./machine.ts";
import { driverOf, isDax } from "./mount.ts";
import { openPartial, partialOf } from "./partial_file.ts";
import { placeLateLines } from "./place_late_lines.ts";
import { planFor } from "./plan.ts";
import { CommandSignals } from "./command_signals.ts";
import { LineCounter } from "./line_counter.ts";
import { createInstance, type TracingInstance } from "./tracing_instance.ts";

/** What to record. */
interface RecordOptions {
  /** The command and its arguments. */
  readonly command: readonly string[];
  /** A folder on the file system that is recorded; undefined for all file systems. */
  readonly folder: string | undefined;
  /** Where the trace goes; a file of this name is replaced when the recording is whole. */
  readonly output: string;
}

/** Events of the recording. */
interface EventCounts {
  /** Events that are in the trace. */
  readonly read: number;
  /** Events that the buffer had no room for. */
  readonly lost: number;
}

/** What came of it. */
type Recorded =
  | { readonly kind: "refused"; readonly why: string }
  | {
    readonly kind: "recorded";
    readonly counts: EventCounts;
    /** Functions that the plan asked to probe, and those of them that the kernel did not let be probed. */
    readonly probes: { readonly asked: number; readonly refused: readonly string[] };
    /** The command's exit status; 128 and the signal's number if one ended it. */
    readonly status: number;
    /** Set if the command could not be started. */
    readonly failed: string | undefined;
  };

/** Width of the counts, which are written when the recording is over, in digits. */
const countWidth = 12;
const encoder = new TextEncoder();

/** Records. The trace is at `output` only if it is whole. */
export async function record(options: RecordOptions): Promise<Recorded> {
  const { folder } = options;
  const mount = folder === undefined ? undefined : mountedAt(folder);
  if (folder !== undefined && mount === undefined) {
    return {
      kind: "refused",
      why:
        `${folder}: no such folder; of an overlay, expected that its upper folder is seen from here`,
    };
  }
  const instance = createInstance(`pagespec-${Deno.pid}`);
  if (instance.kind === "refused") return instance;
  const { output } = options;
  const partial = partialOf(output);
  const file = openPartial(output);
  if (typeof file === "string") {
    await instance.remove();
    return { kind: "refused", why: `${output}: ${file}` };
  }
  // This process stays to take everything down. ^C reaches the command by itself; what is sent to this one alone is passed on.
  const signals = new CommandSignals();
  try {
    const { facts, probes: asked } = prepare(instance, mount);
    const missedBefore = instance.missed();
    const missedLines = (): readonly string[] => {
      const missed = instance.missed();
      return missed === undefined || missedBefore === undefined
        ? []
        : [missedLine(missed - missedBefore)];
    };
    const head = [
      "# tracer: nop",
      "#",
      countsLine({ read: 0, lost: 0 }),
      ...missedLines(),
      "#",
      ...headerLines(facts),
    ];
    file.writeSync(encoder.encode(head.map((line) => `${line}\n`).join("")));
    const reader = new Deno.Command("cat", {
      args: [`${instance.folder}/trace_pipe`],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const counted = new LineCounter();
    const copied = copy(reader.stdout, file, counted).then(() => undefined, systemError);
    leaveOut(instance, facts.events ?? [], [...ownThreads(), String(reader.pid)]);
    instance.write("tracing_on", "1");
    let failed: string | undefined;
    copied.then((why) => failed = why);
    const ran = await runCommand(options.command, instance.folder, signals);
    instance.write("tracing_on", "0");
    await drained(instance, () => failed !== undefined);
    // A pipe that was read ends by itself when tracing is off; one that gave nothing does not.
    let ended = false;
    const status = reader.status.then(() => ended = true);
    await Promise.race([status, new Promise((resolve) => setTimeout(resolve, 200))]);
    if (!ended) reader.kill("SIGTERM");
    const why = await copied;
    await status;
    if (why !== undefined) {
      Deno.removeSync(partial);
      return { kind: "refused", why: `${output}: ${why}; expected room for all events` };
    }
    const { lost } = instance.counts();
    const counts = { read: counted.events, lost };
    file.seekSync(encoder.encode("# tracer: nop\n#\n").length, Deno.SeekMode.Start);
    const told = [countsLine(counts), ...missedLines()];
    file.writeSync(encoder.encode(told.join("\n")));
    placeLateLines(partial);
    // A command that could not be started leaves an earlier recording alone.
    await (ran.failed === undefined ? Deno.rename(partial, output) : Deno.remove(partial));
    return { kind: "recorded", counts, probes: asked, ...ran };
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    return { kind: "refused", why: `${output}: ${systemError(error)}` };
  } finally {
    await instance.remove();
    file.close();
    signals.end();
  }
}

/** Writes a text to a file, and counts its events. */
async function copy(
  text: ReadableStream<Uint8Array>,
  file: Deno.FsFile,
  counted: LineCounter,
): Promise<void> {
  for await (const chunk of text) {
    counted.take(chunk);
    for (let at = 0; at < chunk.length;) at += file.writeSync(chunk.subarray(at));
  }
}

/** As tracefs' `trace` prints it, with room for what is only known at the end. */
function countsLine({ read, lost }: EventCounts): string {
  const inBuffer = String(read).padStart(countWidth, "0");
  const written = String(read + lost).padStart(countWidth, "0");
  const cpus = navigator.hardwareConcurrency;
  return `# entries-in-buffer/entries-written: ${inBuffer}/${written}   #P:${cpus}`;
}

/**
 * Leaves out what these tasks do by themselves. Not by `set_event_notrace_pid`, which leaves out what an
 * interrupt does that meets one of them, too: the end of somebody's write.
 */
function leaveOut(
  instance: TracingInstance,
  events: readonly string[],
  pids: readonly string[],
): void {
  const others = pids.map((pid) => `common_pid != ${pid}`).join(" && ");
  for (const event of events) {
    if (!/^(?:exceptions|syscalls)\//.test(event)) continue;
    instance.write(`events/${event}/filter`, others);
  }
}

/** Threads of this process, whose own page faults are nobody's business. */
function ownThreads(): readonly string[] {
  return [...Deno.readDirSync("/proc/self/task")].map(({ name }) => name);
}

/** Switches on what the plan asks for; says what that is. */
function prepare(
  instance: TracingInstance,
  mount: ReturnType<typeof mountedAt>,
): { readonly facts: RecordingFacts; readonly probes: { asked: number; refused: string[] } } {
  const kernel = runningKernel();
  const plan = planFor({
    kernel,
    fileSystem: mount?.fileSystem,
    dax: mount === undefined ? undefined : isDax(mount),
    types: kernelTypes(mount?.fileSystem),
    ids: undefined,
  });
  instance.write("tracing_on", "0");
  instance.write("trace_clock", "mono");
  instance.write("buffer_size_kb", String(bufferKilobytes()));
  instance.write("options/record-tgid", "1");
  // What a program writes to the top trace_marker is copied here, where the kernel can (6.16 and later).
  instance.write("options/copy_trace_marker", "1");
  const devices = mount === undefined ? [] : deviceStack(mount.device);
  const events: string[] = [];
  const missing: string[] = [...plan.missing];
  const calls = plan.syscalls.flatMap((
    each,
  ) => [`syscalls/sys_enter_${each}`, `syscalls/sys_exit_${each}`]);
  for (const event of [...plan.events, ...calls]) {
    const filtered = instance.filter(event, devices);
    // Without its filter it would tell of all that the kernel does.
    const own = eventFilter(event);
    if ((filtered || own?.needed !== true) && instance.enable(event)) {
      const only = own?.says ?? devices.join(" or ");
      events.push(filtered ? `${event} if ${only}` : event);
    } else missing.push(event);
  }
  const probes: string[] = [];
  const refused: string[] = [];
  for (const probe of plan.probes) {
    (instance.probe(probe, devices) ? probes : refused).push(probe.function);
  }
  const queue = mount === undefined ? undefined : blockQueue(mount.device);
  // Only ext4 prints blocks of its own size.
  const isExt4 = mount !== undefined && driverOf(mount.fileSystem) === "ext4";
  const blockSize = isExt4 ? blockSizeAt(mount.point) : undefined;
  const skips = skippedFunction();
  const facts: RecordingFacts = {
    kernel,
    ...(skips === undefined ? {} : { skips }),
    clock: "mono",
    events,
    probes,
    missing: [...missing, ...refused],
    ...(mount === undefined ? {} : {
      mount: `${mount.device} ${mount.point} ${mount.fileSystem} ${mount.options}`,
    }),
    ...(blockSize === undefined ? {} : { blockSize }),
    ...(queue?.writeCache === undefined ? {} : { writeCache: queue.writeCache }),
    ...(queue?.stableWrites === undefined ? {} : { stableWrites: queue.stableWrites }),
  };
  return { facts, probes: { asked: plan.probes.length, refused } };
}

/** Runs the command in its own terminal; its marker is that of the instance. */
async function runCommand(
  [program = "", ...args]: readonly string[],
  folder: string,
  signals: CommandSignals,
): Promise<{ readonly status: number; readonly failed: string | undefined }> {
  try {
    const child = new Deno.Command(program, {
      args,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
      env: { PAGESPEC_TRACE_MARKER: `${folder}/trace_marker` },
    }).spawn();
    signals.passTo(child);
    return { status: (await child.status).code, failed: undefined };
  } catch (error) {
    return { status: 127, failed: systemError(error).replace(/^Failed to spawn '.*': /s, "") };
  }
}

/** Waits until the pipe has been read to its end, or nobody reads it any more: a minute at most. */
async function drained(instance: TracingInstance, isOver: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !isOver() && instance.counts().waiting > 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
