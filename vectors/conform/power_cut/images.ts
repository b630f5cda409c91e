/**
 * Every image that a device may hold when power fails: what completed flushes cover, and of the rest
 * any writes, each in whole or torn where one sector of the device ends and the next begins.
 *
 * @module
 */
import { type Chance, chanceFrom } from "../../../model/operation/chance.ts";
import type { Survivor } from "./store.ts";
import type { Recorded } from "./store_command.ts";

/** A stretch of time between two flushes, in which power may fail. */
interface Moment {
  /** Writes that a completed flush covers. */
  readonly durable: readonly number[];
  /** Writes that the device has taken by the end, and that no completed flush covers. */
  readonly open: readonly number[];
  /** Sectors that each open write touches. */
  readonly sectors: readonly number[];
}

/** An image: writes that reached the media, in their order. */
export type Image = readonly Survivor[];

/** Images that were chosen, and how many there are. */
interface Images {
  readonly chosen: readonly Image[];
  readonly possible: bigint;
}

/** How images are chosen. */
interface Choosing {
  /** The most images. */
  readonly most: number;
  readonly seed: number;
  /** Bytes that the device writes as one, aligned to their size. */
  readonly sector: number;
}

/** Random choices in a row that bring nothing new, after which a moment has no more to give. */
const patience = 200;

/** A moment with so many images has all of them tried, if there is time, and none by chance. */
const fewEnough = 4096n;

/**
 * Chooses at most so many images, no two the same. Corners come first, of each moment in turn: nothing
 * of what is open, all of it, each prefix of it, all but one, one alone, and each write torn; then what
 * chance brings.
 */
export function imagesOf(recorded: Recorded, { most, seed, sector }: Choosing): Images {
  const moments = momentsOf(recorded, sector);
  const chance = chanceFrom(seed);
  const sources = moments.map((moment) => choicesIn(moment, chance));
  const chosen = new Map<string, Image>();
  const idle = moments.map(() => 0);
  while (chosen.size < most && idle.some((each) => each < patience)) {
    sources.forEach((source, at) => {
      const moment = moments[at];
      if (moment === undefined || chosen.size >= most || (idle[at] ?? 0) >= patience) return;
      const image = imageOf(recorded, moment, source.next().value, sector);
      const key = image.join(" ");
      idle[at] = chosen.has(key) ? (idle[at] ?? 0) + 1 : 0;
      chosen.set(key, image);
    });
  }
  return { chosen: [...chosen.values()], possible: countOf(recorded, moments) };
}

/** Moments from the cut on. */
function momentsOf({ writes, flushes, cut }: Recorded, sector: number): readonly Moment[] {
  return Array.from({ length: flushes - cut.flushes + 1 }, (_, index) => {
    const flush = cut.flushes + index;
    const taken = writes.flatMap((write, at) => write.after <= flush ? [{ ...write, at }] : []);
    const isDurable = (by: number): boolean => by > 0 && by <= flush;
    const open = taken.filter((write) => !isDurable(write.flush));
    return {
      durable: taken.filter((write) => isDurable(write.flush)).map(({ at }) => at),
      open: open.map(({ at }) => at),
      sectors: open.map(({ offset, length }) =>
        Math.ceil((offset + length) / sector) - Math.floor(offset / sector)
      ),
    };
  });
}

/** Sectors of each open write that survive, one list an image, without end. */
function* choicesIn({ sectors }: Moment, chance: Chance): Generator<readonly number[], never> {
  const whole = sectors;
  const none = sectors.map(() => 0);
  yield none;
  yield whole;
  for (let kept = 1; kept < whole.length; kept++) {
    yield whole.map((each, at) => at < kept ? each : 0);
  }
  for (const without of whole.keys()) yield whole.map((each, at) => at === without ? 0 : each);
  for (const alone of whole.keys()) yield none.map((_, at) => at === alone ? whole[at] ?? 0 : 0);
  for (const [torn, all] of whole.entries()) {
    for (const kept of tears(all)) yield whole.map((each, at) => at === torn ? kept : each);
    for (const kept of tears(all)) {
      yield whole.map((each, at) => at === torn ? kept : at < torn ? each : 0);
    }
  }
  if (waysOf(whole) <= fewEnough) yield* everyWay(whole);
  while (true) yield whole.map((all) => anySectors(all, chance));
}

/** All that writes of so many sectors may leave. */
function* everyWay(sectors: readonly number[]): Generator<readonly number[]> {
  const [first, ...others] = sectors;
  if (first === undefined) return yield [];
  for (const rest of everyWay(others)) {
    for (let kept = 0; kept <= first; kept++) yield [kept, ...rest];
  }
}

/** In how many ways writes of so many sectors may survive. */
function waysOf(sectors: readonly number[]): bigint {
  return sectors.reduce((product, each) => product * BigInt(each + 1), 1n);
}

/** Where a write is torn first: after some sectors, in the middle, before the last one. */
function tears(sectors: number): readonly number[] {
  const places = [1, 8, Math.floor(sectors / 2), sectors - 1];
  return [...new Set(places)].filter((each) => each > 0 && each < sectors);
}

/** None, all, or a few sectors of a write. */
function anySectors(sectors: number, chance: Chance): number {
  const way = chance(5);
  if (way < 2) return 0;
  return way < 4 ? sectors : chance(sectors + 1);
}

function imageOf(
  { writes }: Recorded,
  { durable, open }: Moment,
  sectors: readonly number[],
  sector: number,
): Image {
  const survivors = durable.map((write): Survivor => [write, writes[write]?.length ?? 0]);
  open.forEach((number, at) => {
    const write = writes[number];
    const kept = sectors[at] ?? 0;
    if (write === undefined || kept === 0) return;
    const end = (Math.floor(write.offset / sector) + kept) * sector;
    survivors.push([number, Math.min(end - write.offset, write.length)]);
  });
  return survivors.sort(([one], [other]) => one - other);
}

/**
 * How many images there are. Where all that a flush covers has survived before it ended, the image is
 * one of the next moment too: it counts once.
 */
function countOf({ writes }: Recorded, moments: readonly Moment[]): bigint {
  return moments.reduce((sum, { open, sectors }, at) => {
    const next = moments[at + 1];
    if (next === undefined) return sum + waysOf(sectors);
    const stay = sectors.filter((_, each) => next.open.includes(open[each] ?? writes.length));
    return sum + waysOf(sectors) - waysOf(stay);
  }, 0n);
}
