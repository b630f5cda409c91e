/**
 * What many worlds of a file see alike, on its way past one after the other.
 *
 * @module
 */
import type { CandidateSet, Course, Leap } from "./candidate_set.ts";
import { calmOf, calmSince } from "./drift.ts";
import { addKept } from "./kept.ts";
import type { Where } from "./observation.ts";
import { observe, refresh } from "./observe.ts";
import type { SeenProjection } from "./projection.ts";
import type { Check, FileUnderCheck, SmallWorld } from "./subject.ts";
import { takeKeeping, takeLeap, tellsOfHoles } from "./take.ts";
import type { WatchedPart } from "./transition.ts";

/** Worlds that watch the same thing, on their way past one observation: mostly they know the same. */
interface Alike {
  /** What may have happened unseen, and the observation. */
  readonly course: Course;
  /** The set that the last of them had, and the leap from there. */
  from: CandidateSet | undefined;
  leap: Leap | undefined;
  /** How many have taken that leap, which only keeps; and how many of those tell of holes. */
  count: number;
  holes: number;
}

/** What worlds of one file see alike, on its way past one after the other, as `observe` takes one. */
export class SeenAlike {
  readonly #check: Check;
  readonly #seen: SeenProjection;
  readonly #where: Where;
  readonly #elsewhere: (() => SeenProjection) | undefined;
  readonly #since: number;
  readonly #entries: Alike;
  readonly #mappings: Alike;

  constructor(
    check: Check,
    file: FileUnderCheck,
    seen: SeenProjection,
    where: Where,
    elsewhere?: () => SeenProjection,
  ) {
    this.#check = check;
    this.#seen = seen;
    this.#where = where;
    this.#elsewhere = elsewhere;
    this.#since = calmSince(check, file);
    const calm = calmOf(check, file);
    this.#entries = alikeAfter(check, "entry", calm.entry, seen);
    this.#mappings = alikeAfter(check, "mapping", calm.mapping, seen);
  }

  /** Takes the next world past it. */
  take(world: SmallWorld): void {
    const check = this.#check;
    const where = this.#where;
    refresh(check, world);
    if (world.removals.length > 0 || world.seen < this.#since) {
      observe(check, world, this.#seen, where, this.#elsewhere);
      return;
    }
    const as = world.watch === "entry" ? this.#entries : this.#mappings;
    let { leap } = as;
    if (as.from !== world.set || leap === undefined) {
      addAlike(check, as);
      as.from = world.set;
      as.leap = leap = check.automaton.leap(world.set, as.course);
    }
    if (leap.next === undefined) {
      observe(check, world, this.#seen, where, this.#elsewhere);
      return;
    }
    world.seen = where.line;
    if (leap.onlyKeeps) {
      as.count++;
      if (tellsOfHoles(world)) as.holes++;
      if (leap.moves) takeKeeping(check, world, leap, where);
    } else takeLeap(check, world, leap, where, where);
  }

  /** All have seen it: what they have kept is counted. */
  end(): void {
    addAlike(this.#check, this.#entries);
    addAlike(this.#check, this.#mappings);
  }
}

function alikeAfter(
  { automaton }: Check,
  watch: WatchedPart,
  calm: Course,
  seen: SeenProjection,
): Alike {
  const course = automaton.after(calm, automaton.judged(watch, seen));
  return { course, from: undefined, leap: undefined, count: 0, holes: 0 };
}

/** Takes worlds of one file past what each of them sees alike. */
export function observeAll(
  check: Check,
  file: FileUnderCheck,
  worlds: readonly SmallWorld[],
  seen: SeenProjection,
  where: Where,
  elsewhere?: () => SeenProjection,
): void {
  if (worlds.length === 0) return;
  const alike = new SeenAlike(check, file, seen, where, elsewhere);
  for (const world of worlds) alike.take(world);
  alike.end();
}

/** Counts what they have kept. */
function addAlike({ findings }: Check, as: Alike): void {
  const held = as.leap?.last?.held;
  if (held !== undefined && as.count > 0) addKept(findings.judged, held, as.count, as.holes);
  as.count = as.holes = 0;
}
