/**
 * What a page is given to draw: one value, which JSON carries. A page reads nothing else.
 *
 * @module
 */
import type { Picture } from "../../model/picture/picture.ts";

/** A verdict on one invariant. */
export interface ResultLine {
  readonly id: string;
  readonly verdict: "holds" | "violated" | "undecided" | "unexercised";
  /** `2 breaches`, `40 judged`; empty where there is nothing to count. */
  readonly count: string;
  /** What went wrong, or why nothing can be said; empty where there is nothing to say. */
  readonly says: string;
  /** True if it is undecided, and the lines that `plan` switches on would decide it. */
  readonly recordingDecides: boolean;
}

/** What was found in one trace. */
export interface TraceSummary {
  /** What it is called. */
  readonly name: string;
  /** `ftrace, 272 events, kernel 5.10.262`. */
  readonly facts: string;
  readonly verdict: "holds" | "violated" | "undecided" | "unreadable";
  readonly results: readonly ResultLine[];
  /** What else a reader of the verdicts should know. */
  readonly notes: readonly string[];
  /** What a person should learn of it, where its card says so. */
  readonly learn?: string;
}

/** A breach with its picture. */
export interface DrawnBreach {
  /** Id of the invariant. */
  readonly id: string;
  /** Place of its trace in the list. */
  readonly trace: number;
  /** Line at which it broke. */
  readonly line: number;
  /** `dev 259:0 ino 12`. */
  readonly file: string;
  /** The file, its pages and the address of the mapping. */
  readonly place: string;
  /** What went wrong, and what is lost. */
  readonly says: string;
  /** Why a mapping that was missed was there; absent where that is not the proof. */
  readonly proof?: string;
  /** What is known to break it in this kernel; absent if nothing is. */
  readonly cause?: string;
  readonly picture: Picture;
  /** The trace's own lines around the steps, by their numbers. */
  readonly lines: readonly (readonly [line: number, text: string])[];
}

/** An invariant as its chapter states it. */
export interface InvariantText {
  readonly id: string;
  readonly sentence: string;
  readonly formula: string;
  readonly exceptions: readonly string[];
  readonly sources: readonly string[];
  /** Why it matters: Markdown, shown as it is written. */
  readonly prose: string;
  /** `spec/4-mkclean.md`. */
  readonly chapter: string;
  /** The command that says more of it. */
  readonly more: string;
}

/** The report of `check`. */
export interface CheckDocument {
  /** The program and its version. */
  readonly made: string;
  readonly traces: readonly TraceSummary[];
  readonly breaches: readonly DrawnBreach[];
  /** Breaches that were found and are not drawn. */
  readonly more: number;
  /** The invariants that are named. */
  readonly invariants: readonly InvariantText[];
  /** The command that says what to record to decide an invariant, without its id. */
  readonly plan: string;
}

/** What exploring a design said of one invariant. */
export interface DesignFinding {
  readonly id: string;
  readonly verdict: "holds" | "violated" | "undecided" | "unexercised" | "exempt";
  /** What went wrong and what is lost, or why there is no verdict; empty where there is nothing to say. */
  readonly says: string;
  /** The shortest race that breaks it, as the numbers of its choices; absent if there is none. */
  readonly choices?: readonly number[];
}

/** A design that was explored, or that a diagram was judged under. */
export interface ExploredDesign {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** `29 states, 61 transitions`; what was read, of a diagram. */
  readonly facts: string;
  readonly findings: readonly DesignFinding[];
}

/** The report of `explore` and of `race`. The page has the designs themselves, as code. */
export interface ExploreDocument {
  /** The program and its version. */
  readonly made: string;
  readonly title: string;
  readonly designs: readonly ExploredDesign[];
  readonly invariants: readonly InvariantText[];
  /** The design and the run that are shown first. */
  readonly first: { readonly design: string; readonly choices: readonly number[] };
}

/** What was observed of a vector, and how often. */
export interface ObservedLine {
  readonly text: string;
  readonly count: number;
  /** Ids of the invariants that it breaks; empty where it is allowed. */
  readonly breaks: readonly string[];
}

/** A vector with what came of it. */
export interface RunVector {
  readonly handle: string;
  readonly verdict: "passed" | "failed" | "known" | "unexpected" | "skipped" | "errored";
  /** What happens in it, and what is right. */
  readonly says: string;
  /** Why it is no pass; empty if it is one. */
  readonly why: string;
  /** Ids of the invariants that it exercises. */
  readonly exercises: readonly string[];
  readonly capabilities: readonly string[];
  /** What was observed and what is allowed beside it, with a count of 0. */
  readonly observed: readonly ObservedLine[];
  /** The program, or the events, where it did not pass. */
  readonly program: readonly string[];
  /** The schedule that ends in what was observed, where one is known. */
  readonly picture?: Picture;
  /** Whose schedule it is: that of the driver, or of the model with a bug. */
  readonly scheduleOf?: string;
}

/** The report of `conform`. */
export interface ConformDocument {
  /** The program and its version. */
  readonly made: string;
  /** Who was tested, and how: a line each. */
  readonly facts: readonly string[];
  /** How many vectors came to what. */
  readonly counts: string;
  readonly complaints: readonly string[];
  readonly vectors: readonly RunVector[];
  readonly invariants: readonly InvariantText[];
}

/** What the search of the book goes through. */
export interface SearchDocument {
  readonly sections: readonly {
    /** The page and its fragment. */
    readonly page: string;
    readonly title: string;
    readonly text: string;
  }[];
}
