/**
 * Ways in which a text comes to say what no kernel has printed so: parts that are there twice, two
 * recordings in one, the buffers of CPUs one behind another, clocks of two CPUs that differ a little.
 *
 * @module
 */
import type { TraceResult } from "../../vectors/kernel/check_trace.ts";

/** What is changed. */
export type TextChange =
  /** Lines that follow each other stand there twice. */
  | { readonly kind: "repeated"; readonly from: number; readonly to: number }
  /** Another recording follows, with its header or without. */
  | { readonly kind: "joined"; readonly other: readonly string[] }
  /** The buffers of all CPUs stand one behind another, the last CPU first if they are reversed. */
  | { readonly kind: "unmerged"; readonly reversed: boolean }
  /** The clock of a CPU is ahead by some microseconds, or behind. */
  | { readonly kind: "skewed"; readonly cpu: number; readonly by: number };

const microseconds = 1_000_000;
const columns = /^(.*\[(\d{3,})\] \S+ +)(\d+)\.(\d{6})(: .*)$/;

/** The text after the change. It counts its events no more, unless each is there once. */
export function changed(lines: readonly string[], change: TextChange): readonly string[] {
  switch (change.kind) {
    case "repeated":
      return uncounted(lines.toSpliced(change.to, 0, ...lines.slice(change.from, change.to)));
    case "joined":
      return uncounted([...lines, ...change.other]);
    case "unmerged":
      return unmerged(lines, change.reversed);
    case "skewed":
      return skewed(lines, change);
    default:
      return change satisfies never;
  }
}

function uncounted(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.startsWith("# entries-in-buffer"));
}

/** The lines of each CPU, as `cat per_cpu/cpu*\/trace` has them; its header counts them still. */
function unmerged(lines: readonly string[], reversed: boolean): readonly string[] {
  const cpus = Map.groupBy(lines, (line) => columns.exec(line)?.[2] ?? "");
  const { "": others = [], ...buffers } = Object.fromEntries(cpus);
  const inOrder = Object.keys(buffers).toSorted().map((cpu) => buffers[cpu] ?? []);
  return [...others, ...(reversed ? inOrder.toReversed() : inOrder).flat()];
}

/** The lines in the order of their new times; what is no event stays behind the line before it. */
function skewed(
  lines: readonly string[],
  { cpu, by }: Extract<TextChange, { kind: "skewed" }>,
): readonly string[] {
  let last = -Infinity;
  const timed = lines.map((line) => {
    const [, before, on, seconds, fraction, after] = columns.exec(line) ?? [];
    if (before === undefined || seconds === undefined || fraction === undefined) {
      return { line, time: last };
    }
    const time = Number(seconds) * microseconds + Number(fraction);
    if (Number(on) !== cpu) return { line, time: last = time };
    last = time + by;
    const whole = Math.floor(last / microseconds);
    const rest = String(last % microseconds).padStart(6, "0");
    return { line: `${before}${whole}.${rest}${after}`, time: last };
  });
  return timed.toSorted((one, other) => one.time - other.time).map(({ line }) => line);
}

/** Invariants that hold. */
export function holding(result: TraceResult): readonly string[] {
  return result.invariants.filter(({ verdict }) => verdict === "holds").map(({ id }) => id);
}

/** Invariants that are violated after a change, and were so in nothing that was judged before. */
export function addedByChange(
  before: readonly TraceResult[],
  after: TraceResult,
): readonly string[] {
  const known = new Set(
    before.flatMap(({ invariants }) => invariants).filter(({ verdict, why }) =>
      verdict === "violated" || why?.kind === "implied"
    ).map(({ id }) => id),
  );
  return after.invariants.filter(({ id, verdict }) => verdict === "violated" && !known.has(id))
    .map(({ id }) => id);
}
