/**
 * A picture of what went wrong, as data: who took which step, what was known of the state after it, and
 * which step caused which. A checked recording and a race of a design both give one. A page only draws it.
 *
 * @module
 */

/** One thing of the state that is followed: the DIRTY mark of an entry, a PTE, a lock. */
export interface Lane {
  /** Heading, in the kernel's words: `DIRTY`. */
  readonly name: string;
  /** One sentence: what it is. */
  readonly says: string;
  /** Value that means nothing is there: it is drawn as an empty band. */
  readonly idle: string;
  /** True of what is lost, and causes nothing: stores that are not flushed. */
  readonly loss?: true;
}

/** One state that fits what was seen. */
export interface FittingState {
  /** A value for each lane of its track. */
  readonly values: readonly string[];
  /** What it rests on that no line shows: `its process had exited unseen`; absent where on nothing. */
  readonly ifOnly?: string;
}

/** Lanes that are known together: a page's entry, or one mapping's PTE of the page. */
export interface Track {
  /** What they are lanes of: `page 1`. */
  readonly name: string;
  readonly lanes: readonly Lane[];
  /** Sets of states that fit; one of several states says that it is not known which. */
  readonly sets: readonly (readonly FittingState[])[];
  /** Place in `sets` of what fits before the first step, and after each. */
  readonly at: readonly number[];
}

/** What a step is to the story. */
export type StepPart =
  /** A cause of the breach, or what is lost by it. */
  | "evidence"
  /** Here the invariant broke. */
  | "breach"
  /** Here it became certain that it had. */
  | "proof";

/** One step of one task. */
export interface PictureStep {
  /** Place in `tasks`. */
  readonly task: number;
  /** As a race diagram prints it. */
  readonly text: string;
  readonly part: StepPart;
  /** Ids of what broke here, where it is a breach. */
  readonly breaks?: string;
  /** Line of the recording; absent in a race of a design. */
  readonly line?: number;
  /** Time as the recording prints it. */
  readonly time?: string;
}

/** A call of a task, from one step to another. */
export interface PictureCall {
  readonly task: number;
  readonly text: string;
  /** Place of its first step; -1 if it began before the first of all. */
  readonly from: number;
  /** Place of its last step; the number of steps if it ends after the last of all. */
  readonly to: number;
}

/** What a step had from one before it, or left to one after it. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  /** A few words: `DIRTY since here`. */
  readonly says: string;
  /** The step that says them. */
  readonly saidAt: number;
}

/** The whole picture. */
export interface Picture {
  /** Names of the tasks, from left to right. */
  readonly tasks: readonly string[];
  /** Steps from the first to the last. */
  readonly steps: readonly PictureStep[];
  readonly calls: readonly PictureCall[];
  readonly tracks: readonly Track[];
  readonly arrows: readonly Arrow[];
  /** The race diagram in text, as kernel mail shows it. */
  readonly diagram: string;
}
