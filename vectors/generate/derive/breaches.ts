/**
 * The shortest runs by which a design breaks what it breaks, one bug each.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import { brokenBy, type Exploration, explore, judgedUnder } from "../../../model/explore.ts";
import type { Automaton } from "../../../model/explore/automaton.ts";
import { relatedAutomaton } from "../../../model/explore/related_automaton.ts";
import { search } from "../../../model/explore/search.ts";
import { pathTo } from "../../../model/explore/shortest_path.ts";
import type { Path } from "../../../model/run.ts";
import type { EventVerdict, Sequence } from "../../format/event_vector.ts";
import { impliedBy, judgeEvents, ruling } from "../../format/judge_events.ts";
import { allowingOnly } from "./one_bug.ts";
import { sequenceOf } from "./run.ts";

/** What a design's breach of one invariant is as a vector. */
export type DesignBreach =
  | {
    readonly kind: "breach";
    readonly invariant: string;
    readonly sequence: Sequence;
    readonly verdict: Extract<EventVerdict, { kind: "rejected" }>;
  }
  /** No event breaks it: somebody waits for ever. */
  | { readonly kind: "stuck"; readonly invariant: string };

/** States within which breaches are looked for: the first of these that shows all that are claimed. */
const limits = [2_000, 10_000, 50_000, 250_000] as const;

/**
 * What breaks a design that claims to be broken, each invariant by its shortest run with one bug.
 * The claims themselves are proved where designs are explored to their end.
 */
export function breachesOf(design: Design): readonly DesignBreach[] {
  if (design.breaks.length === 0) return [];
  for (const limit of limits) {
    const exploration = explore(design, { limit });
    const broken = brokenBy(exploration);
    const isAll = exploration.complete || design.breaks.every((id) => broken.includes(id));
    if (!isAll && limit !== limits.at(-1)) continue;
    return broken.map((id) => breachOf(design, exploration, id, limit));
  }
  return [];
}

/**
 * What breaks first when a design is searched through so many states; undefined if nothing does.
 *
 * @param sound what has been met of a sound design that differs from this one in some steps only
 */
export function firstBreachOf(
  design: Design,
  limit: number,
  sound: Automaton,
): DesignBreach | undefined {
  const found = search(design, judgedUnder(design), {
    limit,
    untilBreach: true,
    createAutomaton: (...asked) => relatedAutomaton(sound, ...asked),
  });
  const [first] = found.breaches;
  if (first === undefined) return undefined;
  const [id, { from, move }] = first;
  const last = found.automaton.moves[move];
  const sequence = sequenceOf(design, [
    ...pathTo(found, from),
    ...(last === undefined ? [] : [last]),
  ]);
  return asBreach(sequence, id) ?? aloneOf(design, id, limit) ?? withoutOthers(sequence, id);
}

function breachOf(
  design: Design,
  exploration: Exploration,
  id: string,
  limit: number,
): DesignBreach {
  const path = pathOf(exploration, id);
  if (path === exploration.stuck) return { kind: "stuck", invariant: id };
  const shortest = sequenceOf(design, path ?? []);
  return asBreach(shortest, id) ?? aloneOf(design, id, limit) ?? withoutOthers(shortest, id);
}

function pathOf({ findings }: Exploration, id: string): Path | undefined {
  const found = findings.find((each) => each.id === id);
  return found?.verdict === "violated" ? found.path : undefined;
}

/** The sequence as a breach, if it has one bug. */
function asBreach(sequence: Sequence, invariant: string): DesignBreach | undefined {
  const verdict = ruling(judgeEvents(sequence));
  return verdict.kind === "rejected" ? { kind: "breach", invariant, sequence, verdict } : undefined;
}

/** The shortest run that breaks this invariant alone, if there is one. */
function aloneOf(design: Design, id: string, limit: number): DesignBreach | undefined {
  const path = pathOf(explore(allowingOnly(design, [id]), { limit }), id);
  return path === undefined ? undefined : asBreach(sequenceOf(design, path), id);
}

/** Where it never breaks alone: what breaks with it and does not follow from it is left out. */
function withoutOthers(sequence: Sequence, id: string): DesignBreach {
  const outcome = judgeEvents(sequence);
  const broken = outcome.kind === "judged" ? outcome.breaches : [];
  const others = broken.map(({ invariant }) => invariant)
    .filter((each) => each !== id && !impliedBy(id).has(each));
  const exempt = [...new Set([...sequence.exempt, ...others])].sort();
  const breach = asBreach({ ...sequence, exempt }, id);
  if (breach === undefined) throw new RangeError(`${id} does not break where it was found broken`);
  return breach;
}
