/**
 * What the times of a trace's lines tell of its clock, and of the text: whether the clock tells the events
 * of two CPUs apart, and whether the lines stand in the order of their times.
 *
 * Those of one CPU are in its ring buffer as they came. Those of several CPUs are merged by their times,
 * by tracefs and by all that read it; a text that has the buffers one behind another is not.
 *
 * @module
 */
import type { Clock, RecordHead } from "./record.ts";

/** Lines of events that stand behind later ones of other CPUs. */
export interface LateLines {
  /** The first of them. */
  readonly line: number;
  /** How many there are. */
  readonly count: number;
  /** By how much they are late at most, in nanoseconds. */
  readonly most: number;
}

/** Times as far as they were read. It is one object: numbers that are replaced on every line are kept in it. */
interface ClockOrder {
  /** Time and CPU of the last line. */
  time: number;
  cpu: number;
  /** Lines that have the time of the line before, which is of another CPU. */
  ties: number;
  /** By CPU: the latest time. */
  readonly latest: number[];
  /** The latest time of all; of a clock that counts nobody knows what a count is, and it stays where it began. */
  latestOfAll: number;
  readonly isTime: boolean;
  /** The first line that is earlier than one before it of the same CPU. */
  ownBackwards: number | undefined;
  /** The first line that is earlier than one before it of another CPU, by a millisecond. */
  farBackwards: number | undefined;
  /** Of lines that are earlier than others before them: the first, how many there are, and by how much. */
  late: { line: number; count: number; most: number } | undefined;
}

/**
 * By how much a line of another CPU may be earlier than one before it, in nanoseconds. tracefs' `trace` merges
 * exactly, perf script does not: 81 microseconds were seen, in three million events under load. `trace_pipe` does
 * where no CPU is held up (`lines_in_order.ts`).
 */
const mostLate = 1_000_000;
/** What is less than this may be the clocks of two CPUs, in nanoseconds. */
const leastLate = 5_000;
/** What is late by more than this no CPU was held up for, in nanoseconds: lines of something else are among these. */
const longestHeldUp = 100_000_000;

/** No line was read. Lines of two CPUs are not compared by a clock that counts. */
export function createClockOrder(clock: Clock): ClockOrder {
  return {
    time: 0,
    cpu: 0,
    ties: 0,
    latest: [],
    latestOfAll: -Infinity,
    isTime: clock === "seconds",
    ownBackwards: undefined,
    farBackwards: undefined,
    late: undefined,
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
  else if (time < before) order.ownBackwards ??= line;
  if (!order.isTime) return;
  if (time < order.latestOfAll) noteLate(order, line, order.latestOfAll - time);
  else order.latestOfAll = time;
}

function noteLate(order: ClockOrder, line: number, by: number): void {
  if (by > mostLate) order.farBackwards ??= line;
  if (by < leastLate) return;
  const late = order.late ??= { line, count: 0, most: 0 };
  late.count++;
  late.most = Math.max(late.most, by);
}

/** The first line that is earlier than one before it, if it does not come a little late: then nothing is sure. */
export function backwardsOf({ ownBackwards, farBackwards }: ClockOrder): number | undefined {
  if (ownBackwards === undefined || farBackwards === undefined) return ownBackwards ?? farBackwards;
  return Math.min(ownBackwards, farBackwards);
}

/**
 * Lines that `trace_pipe` may have given late: those of each CPU are in order, and none is late by more than
 * 100 ms.
 */
export function lateLinesOf({ ownBackwards, late }: ClockOrder): LateLines | undefined {
  return ownBackwards === undefined && late !== undefined && late.most <= longestHeldUp
    ? late
    : undefined;
}
