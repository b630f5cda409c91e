/**
 * What the times of a trace's lines tell of its clock, and of the text: whether the clock tells the events
 * of two CPUs apart, and whether the lines stand in the order of their times.
 *
 * Those of one CPU are in its ring buffer as they came. Those of several CPUs are merged by their times,
 * by tracefs and by all that read it; a text that has the buffers one behind another is not.
 *
 * @module
 */
import type { RecordHead } from "./record.ts";

/** Times as far as they were read. It is one object: numbers that are replaced on every line are kept in it. */
interface ClockOrder {
  /** Time and CPU of the last line. */
  time: number;
  cpu: number;
  /** Lines that have the time of the line before, which is of another CPU. */
  ties: number;
  /** By CPU: the latest time. */
  readonly latest: number[];
  /** The latest time of all, less what a line of another CPU may come late by. */
  latestOfAll: number;
  readonly mostLate: number;
  /** The first line that is earlier than one before it of the same CPU; or of another, by a millisecond. */
  backwards: number | undefined;
}

/**
 * By how much a line of another CPU may be earlier than one before it, in nanoseconds. tracefs' `trace` merges
 * exactly, perf script does not: 81 microseconds were seen, in three million events under load. `trace_pipe` does
 * where no CPU is held up (`recording/late_lines.ts`).
 */
const mostLate = 1_000_000;

/** No line was read. Of a clock that counts nobody knows what a count is: the lines of two CPUs are not compared. */
export function createClockOrder(clock: "seconds" | "count"): ClockOrder {
  return {
    time: 0,
    cpu: 0,
    ties: 0,
    latest: [],
    latestOfAll: -Infinity,
    mostLate: clock === "seconds" ? mostLate : Infinity,
    backwards: undefined,
  };
}

/** Takes the time of the next line. */
export function noteTime(order: ClockOrder, { line, time, cpu }: RecordHead): void {
  if (time === order.time && cpu !== order.cpu) order.ties++;
  order.time = time;
  order.cpu = cpu;
  const { latest } = order;
  // Without holes: of an array with holes each number that is looked at becomes an object.
  while (latest.length <= cpu) latest.push(-Infinity);
  const before = latest[cpu] ?? -Infinity;
  if (time > before) latest[cpu] = time;
  else if (time < before) order.backwards ??= line;
  if (time < order.latestOfAll) order.backwards ??= line;
  else order.latestOfAll = Math.max(order.latestOfAll, time - order.mostLate);
}
