/**
 * A private instance of tracefs: nobody else's trace is disturbed, and nothing of it stays when it ends.
 *
 * Should this process be killed, a guardian that waits for that takes the instance away: a shell whose
 * standard input ends with this process.
 *
 * @module
 */
import { deviceFilter } from "./device_filter.ts";
import { eventFilter } from "./event_filter.ts";
import { definitionLine, type ProbeDefinition } from "./probe_definition.ts";
import { systemError } from "../../format/system_error.ts";

/** Why tracing cannot begin. */
interface TracingRefused {
  readonly kind: "refused";
  readonly why: string;
}

/** An instance. */
export interface TracingInstance {
  readonly kind: "instance";
  readonly folder: string;
  /** Enables an event, `ext4/ext4_sync_file_enter`; false if the kernel does not have it. */
  readonly enable: (event: string) => boolean;
  /** Passes only what is read, or events of these devices, where the event tells; false if not. */
  readonly filter: (event: string, devices: readonly string[]) => boolean;
  /** Defines a probe and enables it, for these devices; false if the kernel refuses it. */
  readonly probe: (definition: ProbeDefinition, devices: readonly string[]) => boolean;
  readonly write: (file: string, text: string) => boolean;
  /** Events that wait to be read, and that were lost, on all CPUs. */
  readonly counts: () => { readonly waiting: number; readonly lost: number };
  /** Hits that its kprobes have missed so far; undefined if it has none, or nothing tells. */
  readonly missed: () => number | undefined;
  /** Takes all of it away. */
  readonly remove: () => Promise<void>;
}

const ROOTS = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

/** Makes an instance of its own name. */
export function createInstance(name: string): TracingInstance | TracingRefused {
  const root = ROOTS.find((each) => exists(`${each}/instances`));
  if (root === undefined) {
    return refused(
      "tracefs is not mounted, or not readable: be root, and `mount -t tracefs nodev /sys/kernel/tracing`",
    );
  }
  const folder = `${root}/instances/${name}`;
  try {
    Deno.mkdirSync(folder);
  } catch (error) {
    return refused(`cannot make ${folder}: ${systemError(error)}`);
  }
  const group = name.replaceAll("-", "_");
  const kprobes = new Set<string>();
  const write = (path: string, text: string, append = false): boolean => {
    try {
      Deno.writeTextFileSync(path, text, { append, create: false });
      return true;
    } catch {
      return false;
    }
  };
  const guardian = new Deno.Command("/bin/sh", {
    args: ["-c", GUARDIAN, "sh", root, name, group],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    kind: "instance",
    folder,
    write: (file, text) => write(`${folder}/${file}`, text),
    enable: (event) => write(`${folder}/events/${event}/enable`, "1"),
    filter(event, devices) {
      const filter = eventFilter(event)?.expression ??
        deviceFilter(readText(`${folder}/events/${event}/format`), devices);
      return filter !== undefined && write(`${folder}/events/${event}/filter`, filter);
    },
    probe(definition, devices) {
      const line = definitionLine(definition, group);
      if (!write(`${root}/dynamic_events`, `${line}\n`, true)) return false;
      if (definition.kind === "p" || definition.kind === "r") kprobes.add(definition.name);
      const event = `${folder}/events/${group}/${definition.name}`;
      const filter = definition.paired === true
        ? undefined
        : deviceFilter(readText(`${event}/format`), devices);
      if (filter !== undefined) write(`${event}/filter`, filter);
      return write(`${event}/enable`, "1");
    },
    counts: () => countsOf(folder),
    missed: () => kprobes.size === 0 ? undefined : missedOf(`${root}/kprobe_profile`, kprobes),
    async remove() {
      const stdin = guardian.stdin.getWriter();
      await stdin.close().catch(() => {});
      await guardian.status;
    },
  };
}

/**
 * Waits until its input ends, whatever signal comes, and takes away the instance `$2` of `$1` and the
 * probes of the group `$3`. An instance is busy while somebody reads its pipe, so it tries for a while.
 */
const GUARDIAN = `trap "" INT TERM HUP QUIT
cat > /dev/null
cd "$1/instances/$2" && echo 0 > tracing_on && echo 0 > events/enable
cd /
n=0
while ! rmdir "$1/instances/$2" 2> /dev/null && [ -d "$1/instances/$2" ] && [ $n -lt 100 ]; do
  n=$((n + 1)); sleep 0.1
done
grep -o ":$3/[A-Za-z0-9_]*" "$1/dynamic_events" 2> /dev/null | while read -r probe; do
  echo "-$probe" >> "$1/dynamic_events"
done`;

function countsOf(folder: string): { readonly waiting: number; readonly lost: number } {
  let [waiting, lost] = [0, 0];
  for (const { name } of Deno.readDirSync(`${folder}/per_cpu`)) {
    const stats = readText(`${folder}/per_cpu/${name}/stats`);
    const number = (key: string): number =>
      Number(new RegExp(`^${key}: (\\d+)$`, "m").exec(stats)?.[1] ?? 0);
    waiting += number("entries");
    lost += number("overrun") + number("commit overrun") + number("dropped events");
  }
  return { waiting, lost };
}

/** The last column of kprobe_profile (Documentation/trace/kprobetrace.rst), of these probes. */
function missedOf(file: string, probes: ReadonlySet<string>): number | undefined {
  const text = readText(file);
  if (text === "") return undefined;
  const lines = text.matchAll(/^\s*(\w+)\s+\d+\s+(\d+)$/gm);
  return [...lines].reduce(
    (sum, [, name = "", missed]) => probes.has(name) ? sum + Number(missed) : sum,
    0,
  );
}

function refused(why: string): TracingRefused {
  return { kind: "refused", why };
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
