/**
 * One step of a set of candidates: the ways on from each, brought together again.
 *
 * @module
 */
import type { Candidate, CandidateSet, OpenOccasion, SetStep } from "./candidate_set.ts";
import { identify, merge, type Sets } from "./candidates.ts";
import { placeOf } from "./kept.ts";
import type { Transition } from "./transition.ts";

/** Ways on from a set, as they are found. */
interface Ways {
  readonly sets: Sets;
  readonly set: CandidateSet;
  /** Candidates after the step, before equal ones are merged. */
  readonly found: Candidate[];
  readonly began: OpenOccasion[];
  /** Invariants that a way kept or broke which rests on nothing unseen. */
  readonly kept: Set<string>;
  readonly broken: Set<string>;
  /** What each way broke that asks for nothing unseen and nothing out of the ordinary. */
  readonly ordinary: (readonly string[])[];
}

/** More breaches of a candidate than these are thinned out. */
const mostBreaches = 4;

/** No ways yet. */
export function gather(sets: Sets, set: CandidateSet): Ways {
  return { sets, set, found: [], began: [], kept: new Set(), broken: new Set(), ordinary: [] };
}

/** How a way is added. */
export interface How {
  /** False for what only shapes the set. */
  readonly judges: boolean;
  /** True for what may have happened, and need not have. */
  readonly tentative: boolean;
}

/** Adds the way of a candidate over a transition. */
export function addWay(
  ways: Ways,
  from: Candidate,
  to: Transition,
  { judges, tentative }: How,
): void {
  // To have broken something and to have been undone unseen is two coincidences, too.
  const hidden = to.undone && from.breaches.length > 0 ? 2 : to.unseen;
  const unseen = from.unseen > hidden ? from.unseen : hidden;
  const departs = from.departs || to.departures > 0;
  const assumed = from.assumed || to.assumed;
  const counted = !assumed && unseen === 0;
  if (counted && !departs) ways.ordinary.push(to.broken);
  if (counted) { for (const id of to.kept) ways.kept.add(id); }
  if (counted) { for (const id of to.broken) ways.broken.add(id); }
  const breaches = judges && to.broken.length > 0
    ? [...from.breaches, ...to.broken.map((id) => occasionOf(ways, id, counted, tentative))]
    : from.breaches;
  ways.found.push({
    key: to.to,
    removed: from.removed,
    assumed,
    unseen,
    gone: from.gone || to.gone,
    elsewhere: from.elsewhere,
    departs,
    breaches: breaches.length > mostBreaches ? thinned(ways, breaches) : breaches,
  });
}

/**
 * Of each invariant the first breach and the last, which tell the story; and the first that counts, or what
 * was never decided would be forgotten.
 */
function thinned({ set, began }: Ways, breaches: readonly number[]): readonly number[] {
  const before = set.occasions.length;
  const occasionAt = (place: number): OpenOccasion | undefined =>
    set.occasions[place] ?? began[place - before];
  return breaches.filter((place, at) => {
    const same = (other: number): boolean => occasionAt(other)?.id === occasionAt(place)?.id;
    const counts = (other: number): boolean => same(other) && occasionAt(other)?.counted === true;
    return breaches.findIndex(same) === at || breaches.findLastIndex(same) === at ||
      breaches.findIndex(counts) === at;
  });
}

function occasionOf(
  { set, began }: Ways,
  id: string,
  counted: boolean,
  tentative: boolean,
): number {
  const before = set.occasions.length;
  const known = began.findIndex((each) => each.id === id);
  if (known < 0) {
    began.push({ id, counted, tentative });
    return before + began.length - 1;
  }
  if (counted) began[known] = { id, counted, tentative };
  return before + known;
}

/** Brings the ways together: equal states are merged, and what all have in common is concluded. */
export function stepOf(ways: Ways, judges: boolean): SetStep {
  const { sets, set, found, kept, broken } = ways;
  const all = [...set.occasions, ...worthCounting(ways)];
  const merged = settle(mergeEqual(found, all));
  const proven = commonBreaches(merged.candidates, all);
  const provenIds = new Set(proven.map((each) => all[each]?.id));
  const undecided = merged.candidates
    .filter((each) => proven.length === 0 || !merged.ordinary || isOrdinary(each))
    .map((each) => ({
      ...each,
      breaches: each.breaches.filter((place) => !provenIds.has(all[place]?.id)),
    }));
  const rest = withoutRepeats(undecided, all, set.occasions.length);
  const open = placesOf(rest);
  const before = new Set(placesOf(found.filter(({ unseen }) => unseen < 2 || !merged.ordinary)));
  const left = placesOf(merged.candidates).flatMap((place) => all[place] ?? []);
  const after = new Set(left.map(({ id }) => id));
  const counting = new Set(left.filter(({ counted }) => counted).map(({ id }) => id));
  const held = judges ? [...kept].filter((id) => !broken.has(id)) : [];
  const lapsed: number[] = [];
  all.forEach(({ id, counted, tentative }, place) => {
    if (!counted || counting.has(id)) return;
    // Another one may be left of the same invariant, of which nobody need know.
    if (before.has(place)) lapsed.push(place);
    else if (!tentative && !after.has(id)) held.push(id);
  });
  const departed = merged.departed && set.candidates.some(({ departs }) => !departs);
  const renumbered = rest.map((each) => ({
    ...each,
    breaches: each.breaches.map((place) => open.indexOf(place)),
  }));
  const reorders = proven.length + lapsed.length > 0 ||
    open.length !== set.occasions.length || open.some((place, at) => place !== at);
  return {
    next: found.length === 0
      ? undefined
      : sets.intern(renumbered, open.flatMap((place) => all[place] ?? [])),
    uneventful: !reorders && held.length === 0 && !departed && !merged.silent,
    reorders,
    all,
    open,
    proven,
    lapsed,
    held: held.map(placeOf),
    departed,
    silent: merged.silent,
  };
}

/** What only a way out of the ordinary broke is no occasion, where there is an ordinary way. */
function worthCounting({ began, ordinary }: Ways): readonly OpenOccasion[] {
  if (ordinary.length === 0) return began;
  return began.map((each) => ({
    ...each,
    counted: each.counted && ordinary.some((broken) => broken.includes(each.id)),
  }));
}

function mergeEqual(found: readonly Candidate[], all: readonly OpenOccasion[]): Candidate[] {
  const merged = new Map<string, Candidate>();
  for (const each of found) {
    const name = identify(each);
    const old = merged.get(name);
    merged.set(name, old === undefined ? each : merge(old, each, all));
  }
  return [...merged.values()];
}

interface Settled {
  readonly candidates: readonly Candidate[];
  readonly departed: boolean;
  readonly silent: boolean;
  /** Some candidate asks for nothing out of the ordinary. */
  readonly ordinary: boolean;
}

/** What all candidates rest on is no longer a difference between them: it has happened. */
function settle(candidates: readonly Candidate[]): Settled {
  const assumed = candidates.every((each) => each.assumed);
  const silent = candidates.length > 0 && candidates.every(({ unseen }) => unseen > 0);
  const rewritten = silent && candidates.every(({ unseen }) => unseen === 2);
  const settled = candidates.map((each): Candidate => ({
    ...each,
    assumed: each.assumed && !assumed,
    unseen: !silent ? each.unseen : each.unseen === 2 && !rewritten ? 1 : 0,
  }));
  return {
    candidates: settled,
    departed: candidates.length > 0 && candidates.every(({ departs }) => departs),
    silent,
    ordinary: settled.some(isOrdinary),
  };
}

/** Asks for nothing that no released kernel does, nor for two unseen coincidences. */
function isOrdinary({ departs, unseen }: Candidate): boolean {
  return !departs && unseen < 2;
}

/**
 * For each invariant that was broken whatever happened, the occasions on which it was.
 *
 * A way that broke nothing speaks against that, but for one that asks for two unseen coincidences:
 * this is not believed against an ordinary way. A way that asks for what no released kernel does
 * speaks against one that broke nothing, not against one that did.
 */
function commonBreaches(
  candidates: readonly Candidate[],
  all: readonly OpenOccasion[],
): readonly number[] {
  const ordinary = candidates.filter(isOrdinary);
  const believed = ordinary.length > 0 ? candidates.filter(({ unseen }) => unseen < 2) : candidates;
  if (believed.some(({ breaches }) => breaches.length === 0)) return [];
  const [first, ...others] = ordinary.length > 0 ? ordinary : candidates;
  if (first === undefined) return [];
  const proven: number[] = [];
  for (const id of new Set(first.breaches.map((place) => all[place]?.id))) {
    const has = ({ breaches }: Candidate): boolean => breaches.some((each) => all[each]?.id === id);
    if (!others.every(has)) continue;
    const places = first.breaches.filter((place) => all[place]?.id === id);
    const shared = places.filter((place) =>
      others.every(({ breaches }) => breaches.includes(place))
    );
    proven.push(...(shared.length > 0 ? shared : places.slice(-1)));
  }
  return proven;
}

/**
 * Where the very candidates that broke an invariant before break it again, and this rests on what was not
 * shown, both occasions will be decided by the same. Only the first stays open, so that a page of which
 * nothing is seen any more is not another one after each sync call.
 */
function withoutRepeats(
  candidates: readonly Candidate[],
  all: readonly OpenOccasion[],
  before: number,
): readonly Candidate[] {
  const repeats = all.flatMap((each, place) =>
    place >= before && !each.counted &&
      all.slice(0, before).some((known, earlier) => {
        if (
          known.id !== each.id || known.counted || known.tentative !== each.tentative
        ) return false;
        return candidates.every(({ breaches }) =>
          breaches.includes(earlier) === breaches.includes(place)
        );
      })
      ? [place]
      : []
  );
  if (repeats.length === 0) return candidates;
  return candidates.map((each) => ({
    ...each,
    breaches: each.breaches.filter((place) => !repeats.includes(place)),
  }));
}

function placesOf(candidates: readonly Candidate[]): readonly number[] {
  return [...new Set(candidates.flatMap(({ breaches }) => breaches))]
    .sort((one, other) => one - other);
}
