/**
 * Gives a design its verdict: every interleaving of its actors within its bounds, each step judged by
 * every invariant.
 *
 * A run goes on behind a breach, so that the other invariants get their shortest breaches too; an
 * invariant's verdict is its first breach, and no shorter one exists.
 *
 * No state is left out. A partial-order reduction would have to know which steps are independent, and
 * guards are functions that it cannot look into; SPIN's, which can, leaves out nothing of the model
 * in `tests/bench`, as nearly every step touches what all share. What is shared between orders, what a
 * step does to the world, is computed once instead (`explore/automaton.ts`).
 *
 * @module
 */
import type { Design } from "./design.ts";
import { type Cycle, findCycle } from "./explore/cycle.ts";
import { type Progress, type Search, search } from "./explore/search.ts";
import { pathTo } from "./explore/shortest_path.ts";
import type { Invariant } from "./invariant.ts";
import { invariants } from "./invariants/catalogue.ts";
import type { Move, Path } from "./run.ts";

export type { Progress } from "./explore/search.ts";

/** What the search says of one invariant under one design. */
export type Finding =
  & { readonly id: string }
  & (
    | { readonly verdict: "holds" | "unexercised" }
    /** The shortest run that breaks it; its last move is the breach. */
    | { readonly verdict: "violated"; readonly path: Path }
    | { readonly verdict: "undecided"; readonly why: string }
    | { readonly verdict: "exempt"; readonly why: string }
  );

/** A design's verdict, and what it rests on. */
export interface Exploration {
  /** What was explored. */
  readonly design: Design;
  /** A finding for each invariant, in the order of the chapters. */
  readonly findings: readonly Finding[];
  /** Distinct states. */
  readonly states: number;
  /** Steps taken out of them, those to states already known included. */
  readonly transitions: number;
  /** Steps to the farthest state. */
  readonly depth: number;
  /** The shortest run after which somebody waits for ever. */
  readonly stuck: Path | undefined;
  /** A run that goes round for ever, of a search that is complete. */
  readonly endless: Cycle | undefined;
  /** Branches of steps that no run takes: what they do has not been explored. */
  readonly untaken: readonly Move[];
  /** False if the limit was reached: what was not found may exist. */
  readonly complete: boolean;
}

/** Options of an exploration. */
export interface ExploreOptions {
  /** States after which the search gives up and what is not broken is undecided; 20 million. */
  readonly limit?: number;
  /** Called now and then with how far the search has come. */
  readonly onProgress?: (progress: Progress) => void;
}

/** States within which every design of the catalogue ends by far. */
const defaultLimit = 20_000_000;

/**
 * Explores a design: every interleaving of its actors, each step judged by every invariant. The same design
 * gives the same result, number for number. A design that does not make sense, as one with a `goto` to no
 * step, throws: `examine` of `@pagespec/pagespec/design` says what is wrong with it in its place.
 */
export function explore(design: Design, options: ExploreOptions = {}): Exploration {
  const { limit = defaultLimit, onProgress } = options;
  const found = search(design, judgedUnder(design), {
    limit,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return explorationOf(found, limit);
}

/** The invariants that a design is held to. */
export function judgedUnder({ exempt }: Design): readonly Invariant[] {
  return invariants.filter(({ id }) => exempt?.[id] === undefined);
}

/** The verdict that a search comes to, which gave up after `limit` states. */
export function explorationOf(found: Search, limit: number = defaultLimit): Exploration {
  const { automaton, states, transitions, depth, complete } = found;
  const { design } = automaton;
  const stuck = found.stuck === undefined ? undefined : pathTo(found, found.stuck);
  return {
    design,
    findings: invariants.map((each) => findingOf(found, each, stuck, limit)),
    states: states.count,
    transitions,
    depth,
    stuck,
    endless: complete ? findCycle(found) : undefined,
    untaken: automaton.moves.filter((_, move) => automaton.seen.taken[move] === 0),
    complete,
  };
}

function findingOf(
  found: Search,
  { id, liveness }: Invariant,
  stuck: Path | undefined,
  limit: number,
): Finding {
  const { automaton: { design, seen, moves }, breaches, complete } = found;
  const why = design.exempt?.[id];
  if (why !== undefined) return { id, verdict: "exempt", why };
  if (liveness && stuck !== undefined) return { id, verdict: "violated", path: stuck };
  const breach = breaches.get(id);
  const last = breach && moves[breach.move];
  if (breach !== undefined && last !== undefined) {
    return { id, verdict: "violated", path: [...pathTo(found, breach.from), last] };
  }
  if (!complete) return { id, verdict: "undecided", why: `bound of ${limit} states reached` };
  const exercised = liveness ? seen.waited : seen.kept.has(id);
  return { id, verdict: exercised ? "holds" : "unexercised" };
}

/** Ids that the exploration found broken, in the order of the catalogue. */
export function brokenBy({ findings }: Exploration): readonly string[] {
  return findings.filter(({ verdict }) => verdict === "violated").map(({ id }) => id);
}
