/**
 * What the parts of a check have found of each invariant, and the verdict that it comes to: the same way
 * for DAX files and for the page cache.
 *
 * @module
 */
import type { EventKind } from "../event.ts";
import { invariants } from "../invariants/catalogue.ts";
import type { LineClass } from "../line_class.ts";
import type { UnjudgedOccasions } from "./page_cache/why.ts";
import type { EventLoss, Why } from "./why.ts";
import type { BreachFound } from "./breaches.ts";

export type { BreachFound } from "./breaches.ts";

/** `unexercised`: nothing in the recording could have broken it. */
export type Verdict = "holds" | "violated" | "undecided" | "unexercised";

/** The verdict on one invariant. */
export interface InvariantResult {
  /** Id of the invariant. */
  readonly id: string;
  /** What the recording decides. */
  readonly verdict: Verdict;
  /** Occasions on which it could have been broken and a judgement was possible. */
  readonly judged: number;
  /** Breaches that were found, in the order of the recording. */
  readonly breaches: readonly BreachFound[];
  /** Breaches beyond those: they are counted and not kept. */
  readonly more: number;
  /** Why it is undecided, or unexercised where a recording could never show it. */
  readonly why: Why | undefined;
  /** Occasions left open at the end of the recording, on which nothing hung any more. */
  readonly open: number;
  /** Occasions of the page cache that could not be judged, by reason; the most frequent one first. */
  readonly unjudged: readonly UnjudgedOccasions[];
}

/** Which invariants a doubt is about. */
type Concerns =
  /** Invariants that need lines of this class. */
  | { readonly needs: LineClass }
  /** Invariants that an event of this kind can break. */
  | { readonly on: EventKind };

/** A doubt of the reader or the translator. */
export interface Doubt {
  readonly concerns: Concerns;
  /** Whether it speaks against a breach, against what seems to be kept, or against both. */
  readonly against: "breach" | "kept" | "both";
  readonly why: Why;
}

/** What else a verdict rests on: of the reader and the translator. */
export interface Reading {
  /** Classes of which some line is read. */
  readonly shown: ReadonlySet<LineClass>;
  /** Reasons for which nothing can be said to hold: lost events, lines that are missing. */
  readonly losses: readonly EventLoss[];
  /** Why nothing can be said to hold, though no event is missing: lines stand where they did not happen. */
  readonly disordered: Why | undefined;
  /** Why even a breach cannot be relied on: what it rests on may have been taken out. */
  readonly untrusted: Why | undefined;
  /** True if the text is known to be whole: nothing was lost, and nothing was taken out. */
  readonly whole: boolean;
  /** True if the text says how many events it has, or is made so that none can be taken out of it. */
  readonly counted: boolean;
  /** True if lines of the kernel's own tasks were seen: not one program alone was recorded. */
  readonly everybody: boolean;
  /** True if some line tells of DAX files. */
  readonly dax: boolean;
  readonly doubts: readonly Doubt[];
}

/** What one part of a check has found of an invariant: what its verdict rests on. */
export interface Grounds {
  readonly id: string;
  /** Why no line could have told of it: then nothing else counts. */
  readonly unshown: Why | undefined;
  /** Occasions on which it could have been broken, and was not. */
  readonly judged: number;
  readonly breaches: readonly BreachFound[];
  /** Breaches that are counted and not kept. */
  readonly more: number;
  /** Occasions left open on which nothing hung. */
  readonly open: number;
  /** Occasions that could not be judged, by reason; the most frequent one first. */
  readonly unjudged: readonly UnjudgedOccasions[];
  /** Why what looks broken is not surely so. */
  readonly unsure: Why | undefined;
  /** Why it cannot be said to hold. */
  readonly doubt: Why | undefined;
  /** Why it could not have been broken. */
  readonly idle: Why | undefined;
}

/** The verdicts of one part of a check. What another breach implies is not judged by itself. */
export function verdictsOf(all: readonly Grounds[]): readonly InvariantResult[] {
  const implied = new Map<string, string>();
  for (const { id, unshown, breaches, unsure } of all) {
    if (unshown !== undefined || breaches.length === 0 || unsure !== undefined) continue;
    const { implies = [] } = invariants.find((each) => each.id === id) ?? {};
    for (const each of implies) if (!implied.has(each)) implied.set(each, id);
  }
  return all.map((grounds) => verdictOf(grounds, implied.get(grounds.id)));
}

function verdictOf(grounds: Grounds, implied: string | undefined): InvariantResult {
  const { id, unshown, judged, breaches, more, open, unjudged, unsure, doubt, idle } = grounds;
  const unbroken = { id, judged, breaches: [], more: 0, open, unjudged } as const;
  if (unshown !== undefined) {
    return { ...unbroken, verdict: "unexercised", judged: 0, why: unshown };
  }
  if (implied !== undefined) {
    return { ...unbroken, verdict: "undecided", why: { kind: "implied", by: implied } };
  }
  const [breach] = breaches;
  if (breach !== undefined && unsure === undefined) {
    return { id, verdict: "violated", judged, breaches, more, why: undefined, open, unjudged };
  }
  const why = breach === undefined || unsure === undefined
    ? doubt
    : { kind: "looks_broken", line: breach.violation.at.line, but: unsure } as const;
  if (why !== undefined) return { ...unbroken, verdict: "undecided", why };
  if (judged > 0) return { ...unbroken, verdict: "holds", why: undefined };
  return { ...unbroken, verdict: "unexercised", why: idle };
}

/** From the best to the worst: what one part of a check says of an invariant, the recording says of it. */
const worse = ["unexercised", "holds", "undecided", "violated"] as const;

/** The verdict on an invariant that two parts of a check have judged. */
export function joined(one: InvariantResult, other: InvariantResult): InvariantResult {
  const worst = worse.indexOf(one.verdict) >= worse.indexOf(other.verdict) ? one : other;
  return {
    ...worst,
    judged: one.judged + other.judged,
    breaches: [...one.breaches, ...other.breaches],
    more: one.more + other.more,
    open: one.open + other.open,
    unjudged: [...one.unjudged, ...other.unjudged],
  };
}
