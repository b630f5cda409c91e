/**
 * Sets of candidates: states that fit what was seen of one small world, and what each of them has had
 * to break to fit. Sets are interned and never change, so what follows from one is computed once
 * (`automaton.ts`).
 *
 * @module
 */
import { Extent, readsAsHole } from "../extent.ts";
import { Pte } from "../page_table.ts";
import { fieldRange } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";
import { anything, type Possibility, smallWorld } from "./small_world.ts";
import type { Candidate, CandidateSet, OpenOccasion } from "./candidate_set.ts";
import type { WatchedPart } from "./transition.ts";

const [extentOffset] = fieldRange(smallWorld, "extent");
const [entryOffset] = fieldRange(smallWorld, "entry");
const [tagOffset] = fieldRange(smallWorld, "tag");
const [pteOffset] = fieldRange(smallWorld, "pte");

/** Sets of one automaton: two of equal candidates are the same object. */
export interface Sets {
  /** The set of these candidates and occasions. Candidates must differ in what identifies them. */
  intern(candidates: readonly Candidate[], occasions: readonly OpenOccasion[]): CandidateSet;
  /** Everything that is possible where nothing is known. Who watches an entry knows no PTE. */
  readonly unknown: Readonly<Record<WatchedPart, CandidateSet>>;
  /** What is known of a mapping of whose entry this is known. */
  ofMapping(entry: CandidateSet): CandidateSet;
}

/** Sets that are remembered; beyond that all are forgotten, and what is met again is computed again. */
const mostSets = 100_000;

/** No sets yet but the unknown. */
export function createSets(): Sets {
  const sets = new Map<string, CandidateSet>();
  const intern: Sets["intern"] = (candidates, occasions) => {
    const named = candidates.map((each): readonly [string, Candidate] => [nameOf(each), each])
      .sort(([one], [other]) => one < other ? -1 : one > other ? 1 : 0);
    const name = named.map(([each]) => each).join("\n") +
      occasions.map(({ id, counted, tentative }) =>
        `\t${id}${counted ? "" : "?"}${tentative ? "~" : ""}`
      ).join("");
    let set = sets.get(name);
    if (set === undefined) {
      if (sets.size >= mostSets) sets.clear();
      sets.set(name, set = describe(named.map(([, each]) => each), occasions));
    }
    return set;
  };
  const unknownOf = (possibilities: readonly Possibility[]): CandidateSet =>
    intern(possibilities.map(certain), []);
  const ofMappings = new WeakMap<CandidateSet, CandidateSet>();
  const known: Sets = {
    intern,
    unknown: {
      entry: unknownOf(anything.filter(({ key }) => key.charCodeAt(pteOffset) === 0)),
      mapping: unknownOf(anything),
    },
    ofMapping(entry) {
      let set = ofMappings.get(entry);
      if (set === undefined) ofMappings.set(entry, set = withUnknownPte(known, entry));
      return set;
    },
  };
  return known;
}

/** A candidate that rests on nothing but perhaps an assumption. */
function certain({ key, assumed }: Possibility): Candidate {
  return {
    key,
    removed: 0,
    assumed,
    unseen: 0,
    gone: false,
    elsewhere: false,
    departs: false,
    breaches: [],
  };
}

function describe(
  candidates: readonly Candidate[],
  occasions: readonly OpenOccasion[],
): CandidateSet {
  const isDirty = ({ key }: Candidate): boolean => (key.charCodeAt(tagOffset) & Tag.DIRTY) !== 0;
  return {
    candidates,
    occasions,
    mayBeHuge: candidates.some(({ key }) => (key.charCodeAt(entryOffset) & Entry.PMD) !== 0),
    surelyHuge: candidates.every(({ key, unseen }) =>
      unseen > 0 || (key.charCodeAt(entryOffset) & Entry.PMD) !== 0
    ),
    surelyDirty: candidates.every((each) => each.unseen > 0 || isDirty(each)),
    mayBeDirty: candidates.some(isDirty),
    mayMapZero: candidates.some(({ key }) => (key.charCodeAt(pteOffset) & ~Pte.HUGE) === Pte.ZERO),
    surelyHole: candidates.every(({ key, unseen }) =>
      unseen > 0 || readsAsHole(key.charCodeAt(extentOffset))
    ),
    mayBeRewritten: candidates.some(isTruncated),
    awaitsLife: candidates.some(({ gone }) => gone),
    rewritten: undefined,
    steps: new Map(),
    leaps: [],
    indifferent: [],
  };
}

function nameOf(candidate: Candidate): string {
  const { assumed, unseen, departs, breaches } = candidate;
  const flags = (assumed ? "a" : "") + (departs ? "d" : "");
  return `${identify(candidate)}${flags}${unseen}:${breaches.join()}`;
}

/** What two candidates must share to behave alike from here on. */
export function identify({ key, removed, gone, elsewhere }: Candidate): string {
  return `${key}${removed}${gone ? "g" : ""}${elsewhere ? "e" : ""}`;
}

/** True where an entry covers the page, of this size or of any. */
export function hasEntry({ key }: Candidate, size: "pmd" | "any"): boolean {
  const entry = key.charCodeAt(entryOffset);
  return size === "pmd" ? (entry & Entry.PMD) !== 0 : entry !== Entry.NONE;
}

/** True where the file has a block for the page, written or not. */
export function hasBlock({ key }: Candidate): boolean {
  const extent = key.charCodeAt(extentOffset);
  return extent === Extent.MAPPED || extent === Extent.UNWRITTEN;
}

/** True where the page lies beyond the end of a file that was truncated unseen, and nothing else is. */
export function isTruncated({ key, unseen }: Candidate): boolean {
  return unseen === 1 && key.charCodeAt(extentOffset) === Extent.BEYOND;
}

/**
 * Two ways to the same state: what both broke is broken, and one that shows itself is believed before
 * one that does not.
 */
export function merge(
  one: Candidate,
  other: Candidate,
  occasions: readonly OpenOccasion[],
): Candidate {
  if (isOutdone(one, other)) return other;
  if (isOutdone(other, one)) return one;
  return {
    ...one,
    assumed: one.assumed && other.assumed,
    unseen: one.unseen < other.unseen ? one.unseen : other.unseen,
    departs: one.departs && other.departs,
    breaches: brokenByBoth(one, other, occasions),
  };
}

/** What asks for two unseen coincidences is not believed where an ordinary way leads to the same. */
function isOutdone(one: Candidate, other: Candidate): boolean {
  return one.unseen === 2 && other.unseen < 2 && !other.departs;
}

function brokenByBoth(
  one: Candidate,
  other: Candidate,
  occasions: readonly OpenOccasion[],
): readonly number[] {
  if (one.breaches.length === 0 || other.breaches.length === 0) return [];
  const both = one.breaches.filter((each) => other.breaches.includes(each));
  const found = new Set(both.map((each) => occasions[each]?.id));
  const ids = new Set(other.breaches.map((each) => occasions[each]?.id));
  // The same invariant on different occasions: it is broken in any case, by `one`'s on the first.
  for (const each of one.breaches) {
    const id = occasions[each]?.id;
    if (found.has(id) || !ids.has(id)) continue;
    found.add(id);
    both.push(each);
  }
  return both.sort((first, second) => first - second);
}

/** Keeps what is known of the entry; the PTE may be whatever goes with it. */
function withUnknownPte(sets: Sets, like: CandidateSet): CandidateSet {
  const found = new Map<string, Candidate>();
  for (const { key, removed, assumed, unseen } of like.candidates) {
    for (const each of withEntry.get(entryPart(key)) ?? [key]) {
      const mapped = each.charCodeAt(pteOffset) !== 0;
      const known = certain({ key: each, assumed: mapped || assumed });
      const candidate: Candidate = { ...known, removed, unseen };
      const name = identify(candidate);
      const old = found.get(name);
      found.set(name, old === undefined ? candidate : merge(old, candidate, []));
    }
  }
  return found.size === 0 ? sets.unknown.mapping : sets.intern([...found.values()], []);
}

function entryPart(key: string): string {
  return key.charAt(extentOffset) + key.charAt(entryOffset) + key.charAt(tagOffset);
}

/** What the page may be in, by what is known of its extent and entry. */
const withEntry = Map.groupBy(anything.map(({ key }) => key), entryPart);
