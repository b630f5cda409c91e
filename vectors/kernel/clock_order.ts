/**
 * What the times of a trace's lines tell of its clock: whether it tells the events of two CPUs apart, and
 * whether any CPU's lines run backwards.
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
  /** The first line that is earlier than one before it of the same CPU. */
  backwards: number | undefined;
}

/** No line was read. */
export function createClockOrder(): ClockOrder {
  return { time: 0, cpu: 0, ties: 0, latest: [], backwards: undefined };
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
}
