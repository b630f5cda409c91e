/**
 * When something last happened to each world: later observations are compared with it. All moments are
 * numbers in one flat array, the world's own in a row.
 *
 * @module
 */
import type { Moment } from "./observation.ts";

/** What is noted of a world, by its place in the row. */
export const Last = {
  /** An observation touched the watched PTE. */
  touched: 0,
  /** The entry was cleaned or removed. */
  cleaned: 1,
  /** A write fault was on the page: it may have allocated the extent. */
  allocated: 2,
  /** A write fault marked the entry. */
  dirtied: 3,
  /** The entry became DIRTY, and has been since then without a break. */
  dirtySince: 4,
  /** A fault in another mapping may have taken the zero page out of the watched PTE. */
  emptied: 5,
} as const;

/** One of them. */
type Last = typeof Last[keyof typeof Last];

/** Numbers of a moment: line, time, CPU. */
const width = 3;
/** Numbers of a world. */
const rowLength = width * Object.keys(Last).length;
/** The line of what has not happened. */
const never = -1;

/** The moments of all worlds. */
export interface Moments {
  values: Float64Array;
}

/** Who has them, and how far the clocks of two CPUs may differ (`Moment.time`). */
interface Keeper {
  readonly moments: Moments;
  readonly settings: { readonly clockError: number };
}

/** A world, which has a row of them. */
interface OfRow {
  readonly row: number;
}

/** Of no world. */
export function createMoments(): Moments {
  return { values: new Float64Array(64 * rowLength).fill(never) };
}

/** Makes a row for a world that nothing has happened to. */
export function clearRow(moments: Moments, row: number): void {
  const at = row * rowLength;
  if (at >= moments.values.length) {
    const { values } = moments;
    moments.values = new Float64Array(2 * values.length);
    moments.values.set(values);
  }
  moments.values.fill(never, at, at + rowLength);
}

/** Notes that one of these things happens to the world now. */
export function setLast(
  { moments: { values } }: Keeper,
  { row }: OfRow,
  last: Last,
  now: Moment,
): void {
  const at = row * rowLength + last * width;
  values[at] = now.line;
  values[at + 1] = now.time;
  values[at + 2] = now.cpu;
}

/** Notes that one of these things has never happened to the world. */
export function clearLast({ moments: { values } }: Keeper, { row }: OfRow, last: Last): void {
  values[row * rowLength + last * width] = never;
}

/** Notes that one of these things last happened to a world when it did to another. */
export function copyLast(
  { moments: { values } }: Keeper,
  to: OfRow,
  from: OfRow,
  last: Last,
): void {
  const at = from.row * rowLength + last * width;
  values.copyWithin(to.row * rowLength + last * width, at, at + width);
}

/** True if it has happened. */
export function hasHappened(
  { moments: { values } }: Keeper,
  { row }: OfRow,
  last: Last,
): boolean {
  return (values[row * rowLength + last * width] ?? never) >= 0;
}

/** The line at which it last happened; 0 if never. */
export function lastLine({ moments: { values } }: Keeper, { row }: OfRow, last: Last): number {
  return Math.max(0, values[row * rowLength + last * width] ?? 0);
}

/** The time at which it last happened; 0 if never. */
export function lastTime(check: Keeper, world: OfRow, last: Last): number {
  if (!hasHappened(check, world, last)) return 0;
  return check.moments.values[world.row * rowLength + last * width + 1] ?? 0;
}

/** True if all of it surely happened before a moment, or at it, as `surelyBefore` tells; or never. */
export function lastBefore(
  { moments: { values }, settings }: Keeper,
  { row }: OfRow,
  last: Last,
  moment: Moment,
): boolean {
  const at = row * rowLength + last * width;
  const line = values[at] ?? never;
  if (line < 0) return true;
  if (line > moment.line) return false;
  return values[at + 2] === moment.cpu ||
    (values[at + 1] ?? 0) + settings.clockError <= moment.time;
}
