/**
 * Which of the tracing instances in a trace.dat is read.
 *
 * @module
 */
import type { CpuStats, TraceBuffer, TraceFile } from "./trace_file.ts";

/** The instance that is read, and what its CPUs said of losses. */
interface Chosen {
  readonly kind: "chosen";
  readonly buffer: TraceBuffer;
  readonly stats: readonly CpuStats[];
}

/** Why none is: what the file holds, and what was expected of it or of the user. */
interface Refused {
  readonly kind: "refused";
  readonly found: string;
  readonly expected: string;
}

/** What the buffer that belongs to no instance is called; in the file it has no name. */
const TOP = "top";

/**
 * The instance with the name, or the only one that has events. Several are never read as one: the same
 * event may be in each of them.
 */
export function chosenBuffer(
  { buffers, guests, stats }: TraceFile,
  name: string | undefined,
): Chosen | Refused {
  if (guests) {
    return refused(
      "a trace that belongs to another of a host or a guest, whose clocks must be matched",
      "one kernel's own trace: `trace-cmd record` without -A",
    );
  }
  const [first, ...others] = buffers.filter(hasEvents);
  if (first === undefined) {
    return refused(
      "a trace.dat without events",
      "some: was anything enabled, and not yet read, when it was written?",
    );
  }
  const list = [first, ...others];
  const names = list.map(nameOf);
  if (name === undefined) {
    if (others.length === 0) return chosen(first, stats);
    return refused(
      `events of ${list.length} tracing instances, of which one may repeat another's`,
      `--instance NAME with one of ${names.join(", ")}`,
    );
  }
  // An instance may be called "top"; it can then be told from the buffer without a name by "" alone.
  const buffer = list.find((each) => each.name === name) ??
    (name === TOP ? list.find((each) => each.name === "") : undefined);
  if (buffer === undefined) {
    return refused(
      `no events of an instance ${JSON.stringify(name)}`,
      `--instance NAME with one of ${names.join(", ")}`,
    );
  }
  return chosen(buffer, stats);
}

/** The buffer with its own statistics, if those of several are told apart. */
function chosen(buffer: TraceBuffer, stats: readonly CpuStats[]): Chosen | Refused {
  const odd = buffer.cpus.find(({ cpu }) => cpu >= mostCpus);
  if (odd !== undefined) return refused(`a trace.dat of a CPU ${odd.cpu}`, "65535 at most");
  if (isShared(buffer)) {
    return refused("a trace.dat with events of two CPUs in the same bytes", "a part for each CPU");
  }
  const own = stats.filter(({ instance }) => instance === buffer.name);
  return { kind: "chosen", buffer, stats: own.length === 0 ? stats : own };
}

/** CPUs that Linux can be built for at most, and more. */
const mostCpus = 65_536;

/** True if the parts of two CPUs overlap, or two are of one CPU. */
function isShared({ cpus }: TraceBuffer): boolean {
  const parts = cpus.filter(({ size }) => size > 0).toSorted((a, b) => a.offset - b.offset);
  return new Set(parts.map(({ cpu }) => cpu)).size < parts.length ||
    parts.some(({ offset }, at) => {
      const before = parts[at - 1];
      return before !== undefined && before.offset + before.size > offset;
    });
}

function hasEvents({ cpus }: TraceBuffer): boolean {
  return cpus.some(({ size }) => size > 0);
}

/** As a shell takes it. */
function nameOf({ name }: TraceBuffer): string {
  if (name === "") return TOP;
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
}

function refused(found: string, expected: string): Refused {
  return { kind: "refused", found, expected };
}
