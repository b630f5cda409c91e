/**
 * What is known of a small world at one moment: the states that it may be in, and what each of them has
 * had to break to fit.
 *
 * @module
 */
/**
 * How much of what a way rests on the recording does not show: nothing, a removal, or a removal and
 * the rewriting of what was removed.
 */
export type Unseen = 0 | 1 | 2;

/** One state that fits what was seen so far. */
export interface Candidate {
  /** The state, as `stateKey` gives it. */
  readonly key: string;
  /** Bit n: removal n of the world's removals in flight has taken effect. */
  readonly removed: number;
  /** Rests on something dirty or mapped from before the recording or before a gap. */
  readonly assumed: boolean;
  /** Rests on a removal that the recording does not show, a truncate, say, or on even more. */
  readonly unseen: Unseen;
  /** Rests on the watched mapping having been undone unseen, as by the exit of its process. */
  readonly gone: boolean;
  /** Rests on a removal having worked on another file than its descriptor was taken to stand for. */
  readonly elsewhere: boolean;
  /** Rests on something that no released kernel does. */
  readonly departs: boolean;
  /** Occasions, by their place in the set's list, on which every way to this state broke something. */
  readonly breaches: readonly number[];
}

/** An occasion on which some candidates broke an invariant. */
export interface OpenOccasion {
  readonly id: string;
  /** False if only candidates did that rest on what was not shown: then nobody need know of it. */
  readonly counted: boolean;
  /** True if it hangs on when a removal in flight takes effect: refuting it judges nothing. */
  readonly tentative: boolean;
}

/** An interned set. Two sets of equal candidates are the same object. */
export interface CandidateSet {
  readonly candidates: readonly Candidate[];
  /** What `breaches` refer to. */
  readonly occasions: readonly OpenOccasion[];
  /** The page may be covered by a PMD entry. */
  readonly mayBeHuge: boolean;
  /** The page is covered by a PMD entry, unless that was removed unseen. */
  readonly surelyHuge: boolean;
  /** The entry is DIRTY, unless it was removed unseen. */
  readonly surelyDirty: boolean;
  /** Some candidate has it DIRTY. */
  readonly mayBeDirty: boolean;
  /** Some candidate has the zero page in the watched PTE: a fault in any mapping may take it away. */
  readonly mayMapZero: boolean;
  /** The page reads as a hole, whatever else may be. */
  readonly surelyHole: boolean;
  /** Some candidate rests on a truncate that nothing shows: the page would have been written again. */
  readonly mayBeRewritten: boolean;
  /** Some candidate rests on the watched mapping having been undone unseen. */
  readonly awaitsLife: boolean;
  /** The step from here by what shows that the file was not truncated, if it was taken before. */
  rewritten: SetStep | undefined;
  /** Steps from here that were taken before (`automaton.ts`). */
  readonly steps: Map<Input, SetStep>;
  /** Leaps from here that were taken before, by the number of their course. */
  readonly leaps: (Leap | undefined)[];
  /** Whether sync calls pass it by, as far as that was asked before (`settled.ts`). */
  readonly indifferent: (boolean | undefined)[];
}

/**
 * What sets are stepped by. Equal ones are one object: a look-up is all that a step costs which was taken
 * before.
 */
export interface Input {
  readonly compute: (set: CandidateSet) => SetStep;
  /** Courses that end with it, by the number of the one before it; the first is that of none. */
  readonly ends: (Course | undefined)[];
}

/** Inputs that come one after the other at one line. Equal courses are one object, too. */
export interface Course {
  readonly number: number;
  readonly inputs: readonly Input[];
}

/** What a step of a set came to. Occasions are named by their place in `all`. */
export interface SetStep {
  /** The set after it; undefined if no candidate fits. */
  readonly next: CandidateSet | undefined;
  /** Nothing began, ended, or was judged, and nothing is to be noted: all that counts is the next set. */
  readonly uneventful: boolean;
  /** The set's occasions, and behind them those that began in this step. */
  readonly all: readonly OpenOccasion[];
  /** Which of them the next set still has, in its order. */
  readonly open: readonly number[];
  /** Which are proven: there is no way to where we are that did not break the invariant. */
  readonly proven: readonly number[];
  /** Which can no longer be decided: ways with and without the breach led to one state. */
  readonly lapsed: readonly number[];
  /** Invariants that were judged, now or on an open occasion, and kept: their places (`kept.ts`). */
  readonly held: readonly number[];
  /** True if occasions began, ended or moved. */
  readonly reorders: boolean;
  /** Every candidate rests on something that no released kernel does. */
  readonly departed: boolean;
  /** Every candidate rests on a removal that the recording does not show. */
  readonly silent: boolean;
}

/** Several steps of a set, one after the other at one line of the recording, as one. */
export interface Leap {
  /**
   * The set after it; undefined if the steps must be taken one by one: a step before the last has something
   * to tell, or no candidate fits one of them.
   */
  readonly next: CandidateSet | undefined;
  /** The last of the steps, the only one that may have something to tell. */
  readonly last: SetStep | undefined;
  /** Some step led to another set than it began with. */
  readonly moves: boolean;
  /** Nothing is to be noted of the last step but what it has kept. */
  readonly onlyKeeps: boolean;
  /** In all sets that a step led to the entry is DIRTY, unless it was removed unseen. */
  readonly surelyDirty: boolean;
  /** In all sets that a step led to some candidate has the entry DIRTY. */
  readonly mayBeDirty: boolean;
}
