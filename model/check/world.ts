/**
 * One small world under judgement: the set of states that fit what was seen of one page (and one
 * mapping) so far, and what has happened to it that later observations are compared with.
 *
 * As long as one candidate has broken nothing, nothing is proven. What all candidates have broken is.
 *
 * @module
 */
import { type CandidateSet, unknown, withUnknownPte } from "./candidates.ts";
import type { Projection } from "./explain.ts";
import type { MappingId, Moment, Where } from "./observation.ts";
import type { FileUnderCheck } from "./subject.ts";
import type { Watch } from "./transition.ts";

/** An occasion on which some candidates broke an invariant. */
export interface Occasion {
  readonly where: Where;
  /** Line of the write fault before it: no event that it rests on is older. */
  readonly from: number;
}

/** A violation, and the lines that it rests on. */
export interface Violation {
  readonly id: string;
  /** Where the invariant broke. */
  readonly at: Where;
  /** Where it became certain: the same place, or the observation that refuted the alternatives. */
  readonly proof: Where;
  /** What led to it, and a little of what followed. */
  readonly because: Where[];
  /** How many more observations of the world may still be added to `because`. */
  aftermath: number;
}

/** A small world: a page's entry, or one mapping's PTE of the page. */
export interface World {
  readonly watch: Watch;
  readonly file: FileUnderCheck;
  readonly pgoff: number;
  /** Undefined where the entry is watched. */
  readonly mapping: MappingId | undefined;
  set: CandidateSet;
  /** What the set's occasions were, in its order. */
  occasions: readonly Occasion[];
  /** Removals in flight by slot, as the page sees them. */
  readonly removals: (Projection | undefined)[];
  /** Sync slots that have begun in this world. */
  syncs: number;
  /** Line up to which it was observed. */
  seen: number;
  /** True once the watched mapping was seen to map a hole. */
  mappedHole: boolean;
  /** The last observation that touched the watched PTE. */
  touched: Moment | undefined;
  /** The last write fault in the watched mapping: whose task lives, its mapping lives. */
  writer: Where | undefined;
  /** The last marked store that was not judged, for want of recorded faults. */
  untold: Moment | undefined;
  /** The last observation that cleaned or removed the entry. */
  cleaned: Moment | undefined;
  /** TOWRITE may have outlived DIRTY: another pass has found the entry locked, and passed over it. */
  leftover: boolean;
  /** The last write fault on the page: it may have allocated the extent. */
  allocated: Moment | undefined;
  /** The last write fault on the page before which its block may not have been there. */
  created: Moment | undefined;
  /** The last write fault that marked the entry. */
  dirtied: Moment | undefined;
  /** Since when the entry has been DIRTY without a break, or undefined. */
  dirtySince: Moment | undefined;
  /** The last violations, whose stories go on for a few steps. */
  told: readonly Violation[];
  history: Where[];
  /** The checker's count of gaps when the world was last brought up to date. */
  gaps: number;
}

/** How much of a world's past is kept for reports. */
const historyLength = 24;
/** What is kept of it between two cuts. */
const longestHistory = 32;
/** How much of what follows the proof of a violation its report shows. */
export const aftermathLength = 3;
const noOccasions: readonly Occasion[] = [];

/** The world of a page's entry, of which nothing is known. */
export function createEntryWorld(file: FileUnderCheck, pgoff: number, gaps: number): World {
  return {
    watch: "entry",
    file,
    pgoff,
    mapping: undefined,
    set: unknown.entry,
    occasions: noOccasions,
    removals: [],
    syncs: 0,
    seen: 0,
    mappedHole: false,
    touched: undefined,
    writer: undefined,
    untold: undefined,
    cleaned: undefined,
    leftover: false,
    allocated: undefined,
    created: undefined,
    dirtied: undefined,
    dirtySince: undefined,
    told: [],
    history: [],
    gaps,
  };
}

/** The world of a mapping's PTE of a page: of the entry it knows what the entry's world knows. */
export function createMappingWorld(entry: World, mapping: MappingId): World {
  return {
    ...entry,
    watch: "mapping",
    mapping,
    set: withUnknownPte(entry.set),
    occasions: noOccasions,
    removals: [...entry.removals],
    syncs: 0,
    dirtySince: undefined,
    touched: undefined,
    writer: undefined,
    untold: undefined,
    told: [],
    history: [...entry.history],
  };
}

/** Nothing that was known before can be relied on. */
export function forget(world: World): void {
  world.set = unknown[world.watch];
  world.occasions = noOccasions;
  world.syncs = 0;
  world.leftover = false;
  world.dirtySince = undefined;
  world.file.dirty.delete(world);
  world.file.open.delete(world);
}

/** Remembers an observation for reports: as the world's past, and as what followed a violation. */
export function remember(world: World, where: Where): void {
  if (world.history.at(-1) === where) return;
  world.history.push(where);
  if (world.history.length > longestHistory) world.history = world.history.slice(-historyLength);
  if (world.told.length === 0) return;
  for (const violation of world.told) {
    if (violation.aftermath === 0) continue;
    violation.because.push(where);
    violation.aftermath--;
  }
  world.told = world.told.filter(({ aftermath }) => aftermath > 0);
  if (world.told.length === 0) world.file.telling.delete(world);
}

/** The world's past, as far as reports tell it. */
export function pastOf(world: World): Where[] {
  return world.history.slice(-historyLength);
}
