/**
 * Worlds of pages that a PMD entry may cover see every fault on another page of their PMD range, and
 * mostly it leaves what is known of them as it was. Those that know the same stand together, and are
 * stepped as one, so that such a fault costs the same in a range of a thousand worlds as in one of ten.
 *
 * @module
 */
import type { Moment } from "./observation.ts";
import { Last, lastBefore, lastLine, lastTime, setLast } from "./moments.ts";
import { HugePages, StandingWorlds } from "./rolls.ts";
import type { Bystanders, Check, Crowd, SmallWorld } from "./subject.ts";

const beginning = { line: 0, time: 0 } as const;

/** Nobody yet. */
export function createBystanders(): Bystanders {
  return {
    huge: new HugePages(),
    alone: new StandingWorlds(),
    crowds: new Map(),
    standing: [],
    pages: 0,
    seen: 0,
    write: undefined,
    joined: [],
    earlier: beginning,
    gaps: 0,
  };
}

/** Turns of the worlds of one page. */
const turns = 2 ** 20;

/** The worlds of a page come: it is its turn after the pages before it. */
export function comePage(of: Bystanders, worlds: readonly SmallWorld[]): void {
  of.pages++;
  worlds.forEach((world, at) => {
    world.turn = of.pages * turns + at;
    of.alone.add(world);
  });
}

/** Another world of a page comes, and has its turn after the page's last one. */
export function comeAfter(of: Bystanders, last: SmallWorld, world: SmallWorld): void {
  world.turn = last.turn + 1;
  of.alone.add(world);
}

/** The world joins those that know the same. It must have been observed at the line of the last step. */
export function join(check: Check, of: Bystanders, world: SmallWorld): void {
  const { set, mapping, mappedHole } = world;
  const name = `${mapping ?? ""}${mappedHole ? "h" : ""}`;
  let bySet = of.crowds.get(name);
  if (bySet === undefined) of.crowds.set(name, bySet = new Map());
  let crowd = bySet.get(set);
  if (crowd === undefined) {
    bySet.set(set, crowd = { name, set, mapping, mappedHole, worlds: new StandingWorlds(), of });
    of.standing.push(crowd);
  }
  of.alone.delete(world);
  crowd.worlds.add(world);
  world.crowd = crowd;
  const { line, time } = of.joined.at(-1) ?? of.earlier;
  of.joined.push({
    world,
    line: Math.max(
      line,
      lastLine(check, world, Last.touched),
      lastLine(check, world, Last.cleaned),
    ),
    time: Math.max(
      time,
      lastTime(check, world, Last.touched),
      lastTime(check, world, Last.cleaned),
    ),
  });
  if (of.joined.length <= joinedKept) return;
  const old = of.joined.splice(0, joinedKept / 2).at(-1);
  if (old !== undefined) of.earlier = { line: old.line, time: old.time };
}

/** Nobody is in this crowd any more; `at` is its place among those that stand. */
export function disperse({ crowds, standing }: Bystanders, { name, set }: Crowd, at: number): void {
  crowds.get(name)?.delete(set);
  const last = standing.pop();
  if (last !== undefined && at < standing.length) standing[at] = last;
}

/** Worlds that have joined last, and are found if something that happened to them proves too late. */
const joinedKept = 64;

/**
 * True once nothing that happened to any of a crowd before it joined can have come after this moment:
 * worlds of which that is not so step out.
 */
export function stepOutLate(check: Check, of: Bystanders, since: Moment): boolean {
  const { clockError } = check.settings;
  const isEarly = ({ line, time }: { line: number; time: number }): boolean =>
    line <= since.line && time + clockError <= since.time;
  for (let at = of.joined.length - 1; at >= 0; at--) {
    const each = of.joined[at];
    if (each === undefined || isEarly(each)) return true;
    const { world } = each;
    if (world.crowd?.of !== of) continue;
    const isBefore = lastBefore(check, world, Last.touched, since) &&
      lastBefore(check, world, Last.cleaned, since);
    if (!isBefore) stepOut(check, world);
  }
  return isEarly(of.earlier);
}

/** Something happens to this world alone: it takes with it what its crowd has seen. */
export function stepOut(check: Check, world: SmallWorld): void {
  const { crowd } = world;
  if (crowd === undefined) return;
  const write = writeOf(world);
  if (write !== undefined) setLast(check, world, Last.dirtied, write);
  world.seen = seenOf(world);
  world.crowd = undefined;
  crowd.worlds.delete(world);
  crowd.of.alone.add(world);
}

/** Line up to which the world was observed, alone or in a crowd. */
export function seenOf({ seen, crowd }: SmallWorld): number {
  return crowd === undefined ? seen : Math.max(seen, crowd.of.seen);
}

/** Line of the last write fault that marked the entry, met alone or in a crowd; 0 if there was none. */
export function dirtiedLine(check: Check, world: SmallWorld): number {
  return writeOf(world)?.line ?? lastLine(check, world, Last.dirtied);
}

/** The last write fault that marked the entry, if the world has met it in a crowd. */
function writeOf({ seen, crowd }: SmallWorld): Moment | undefined {
  const write = crowd?.of.write;
  if (write === undefined || write.line <= seen) return undefined;
  return crowd?.set.mayBeHuge === true ? write : undefined;
}

/** The world sees nothing of other pages any more. */
export function leaveRange(check: Check, { alone }: Bystanders, world: SmallWorld): void {
  stepOut(check, world);
  alone.delete(world);
}
