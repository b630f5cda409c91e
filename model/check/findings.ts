/**
 * What a check has found so far: judgements, violations, and what stands against them.
 *
 * @module
 */
import { type Breaches, type BreachFound, breachKey, collectBreaches } from "./breaches.ts";
import { createKeptCounts, type KeptCounts } from "./kept.ts";
import type { Where } from "./observation.ts";
import type { WatchedPart } from "./transition.ts";
import type { EventLoss } from "./why.ts";

/** Several of a kind, of which the first is named. */
export interface Counted {
  readonly first: Where;
  count: number;
}

/** All findings. What there can be many of is counted; violations are kept up to a number. */
export interface Findings {
  /** By invariant: occasions on which it could have been broken and was not. */
  readonly judged: KeptCounts;
  /** Violations on which nothing casts a doubt. */
  readonly violations: Breaches;
  /** By invariant: violations that rest on events among which some are missing. */
  readonly withdrawn: Map<string, Counted>;
  /**
   * Violations that rest on events among which some are missing, unless the kernel is wrong: they are
   * violations after all where the recording is known to be whole.
   */
  readonly suspended: BreachFound[];
  /** By invariant: occasions that could not be decided and never will. */
  readonly lapsed: Map<string, Counted>;
  /** By invariant: the same, of mappings whose program marks its stores, and marked none after. */
  readonly harmless: Map<string, number>;
  /** By what is watched: observations that nothing explained. */
  readonly unexplained: Map<WatchedPart, Counted>;
  /** By what is watched: observations that only what no released kernel does explained. */
  readonly departed: Map<WatchedPart, Counted>;
  /** By what is watched: observations that fit only in a kernel where read faults mark entries. */
  readonly marking: Map<WatchedPart, Counted>;
  /** By invariant: such observations that break it there. */
  readonly strayed: Map<string, Counted>;
  /** Entries that were removed by something that the recording does not show. */
  silent: Counted | undefined;
  /** Passes that must have cleaned an entry whose cleaning nothing tells. */
  uncleaned: Counted | undefined;
  /** True once a read fault showed that the mapping of zeros is not recorded. */
  holesHidden: boolean;
  /** Sync calls that were not judged because too many were in flight at once. */
  crowded: number;
  /** Sync calls that returned 0 without any event that names their file, while entries were DIRTY. */
  nameless: number;
  /** Sync calls that may have promised something while entries were DIRTY: their status or range is untold. */
  untold: number;
  /** Removals from files that nothing names, while entries may have been DIRTY. */
  namelessRemoval: Counted | undefined;
  /** Gaps, the first of them by what is missing. */
  readonly gaps: EventLoss[];
  gapCount: number;
  /** The last line before which some event is missing. */
  doubtedUpTo: number;
  /** The last line before which some event is missing, unless the kernel is wrong. */
  suspectedUpTo: number;
}

/** How many gaps are named. */
const namedGaps = 20;
/** How many breaches of an invariant keep their stories; the others keep their place and proof. */
const storiesKept = 200;

/** Nothing found. */
export function createFindings(): Findings {
  return {
    judged: createKeptCounts(),
    violations: collectBreaches((breach) => breach, breachKey),
    withdrawn: new Map(),
    suspended: [],
    lapsed: new Map(),
    harmless: new Map(),
    unexplained: new Map(),
    departed: new Map(),
    marking: new Map(),
    strayed: new Map(),
    silent: undefined,
    uncleaned: undefined,
    holesHidden: false,
    crowded: 0,
    nameless: 0,
    untold: 0,
    namelessRemoval: undefined,
    gaps: [],
    gapCount: 0,
    doubtedUpTo: -1,
    suspectedUpTo: -1,
  };
}

/** Adds one to the count under a key. */
export function tick<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Adds one more of a kind. */
export function note<K>(counts: Map<K, Counted>, key: K, where: Where): void {
  const known = counts.get(key);
  if (known === undefined) counts.set(key, { first: where, count: 1 });
  else known.count++;
}

/** Counts one more where there is only one kind. */
export function oneMore(counted: Counted | undefined, where: Where): Counted {
  if (counted === undefined) return { first: where, count: 1 };
  counted.count++;
  return counted;
}

/**
 * A violation is proven; `from` is the first line that it rests on.
 *
 * @param counted false if it rests on a line that did not come, and the recording does not count its events
 * @returns false if events are missing since then, so that nothing is proven
 */
export function addViolation(
  findings: Findings,
  found: BreachFound,
  from: number,
  counted: boolean,
): boolean {
  const { violation } = found;
  if (from <= findings.doubtedUpTo) {
    note(findings.withdrawn, violation.id, violation.at);
    return false;
  }
  if (from <= findings.suspectedUpTo || !counted) suspend(findings, found);
  else findings.violations.push(found);
  if (findings.violations.kept.length > storiesKept) {
    const { at, proof } = violation;
    violation.because.splice(0, Infinity, ...new Set([at, proof]));
    violation.aftermath = 0;
  }
  return true;
}

function suspend({ suspended }: Findings, found: BreachFound): void {
  if (suspended.length < storiesKept) suspended.push(found);
}

/** Some event between two lines is missing: what was proven after the first of them is not. */
export function doubt(findings: Findings, since: number, line: number): void {
  findings.doubtedUpTo = Math.max(findings.doubtedUpTo, line);
  for (const last of findings.violations.takeAfter(since)) {
    note(findings.withdrawn, last.violation.id, last.violation.at);
  }
  takeLast(findings.suspended, since);
}

/** Some event between two lines is missing, unless the kernel is wrong. */
export function suspect(findings: Findings, since: number, line: number): void {
  findings.suspectedUpTo = Math.max(findings.suspectedUpTo, line);
  for (const last of findings.violations.takeAfter(since)) suspend(findings, last);
}

function takeLast(found: BreachFound[], since: number): readonly BreachFound[] {
  let kept = found.length;
  while (kept > 0 && (found[kept - 1]?.violation.proof.line ?? 0) > since) kept--;
  return found.splice(kept);
}

/** The recording is known to be whole: what was suspected to be missing was never there. */
export function reinstate(findings: Findings): void {
  for (const found of findings.suspended.splice(0)) findings.violations.push(found);
}

/** Some event between two lines is missing, and the recording shows why. */
export function addGap(findings: Findings, since: number, line: number, loss: EventLoss): void {
  findings.gapCount++;
  if (findings.gaps.length < namedGaps) findings.gaps.push(loss);
  doubt(findings, since, line);
}
