/**
 * What becomes of a sound design of which something is disabled.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import type { Automaton } from "../../model/explore/automaton.ts";
import { findCycle } from "../../model/explore/cycle.ts";
import { type Search, search } from "../../model/explore/search.ts";
import type { Invariant } from "../../model/invariant.ts";
import { invariants } from "../../model/invariants/catalogue.ts";
import { relatedAutomaton } from "./related_automaton.ts";
import { compareGraphs } from "./same_graph.ts";

/** What becomes of it. */
export type Fate =
  /** The design breaks this invariant. */
  | { readonly kind: "broken"; readonly by: string }
  /** Somebody waits for ever, or goes round for ever. */
  | { readonly kind: "stuck" | "endless" }
  /** The design has the very same runs. */
  | { readonly kind: "same" }
  /** The design has other runs, and all of them are sound. */
  | { readonly kind: "sound" };

/** A sound design and all that it does. */
export interface Whole {
  readonly found: Search;
  readonly judged: readonly Invariant[];
  /** True if somebody goes round for ever in the whole design already. */
  readonly endless: boolean;
}

/** The design with all that it does, or undefined if it has more states than the limit. */
export function wholeOf(design: Design, limit: number): Whole | undefined {
  const judged = invariants.filter(({ id }) => design.exempt?.[id] === undefined);
  const found = search(design, judged, { limit });
  if (!found.complete) return undefined;
  return { found, judged, endless: findCycle(found) !== undefined };
}

/** States of the largest changed design that is searched to its end. */
const limit = 20_000_000;

/** What becomes of the design when it is changed to this. */
export function fateOf({ found, judged, endless }: Whole, changed: Design): Fate {
  const comparison = compareGraphs(found, changed, judged);
  if (comparison.kind === "same") return { kind: "same" };
  if (comparison.kind === "broken") return comparison;
  // What was met in comparing is known; where numbers do not fit, the search begins a second time.
  let met: Automaton | undefined = comparison.automaton;
  const all = search(changed, judged, {
    limit,
    untilBreach: true,
    createAutomaton: (design, invariants, onBreach) => {
      const automaton = met ?? relatedAutomaton(found.automaton, design, invariants, onBreach);
      met = undefined;
      return { ...automaton, onBreach };
    },
  });
  const [by] = all.breaches.keys();
  if (by !== undefined) return { kind: "broken", by };
  if (!all.complete) throw new RangeError(`${changed.id} does not end`);
  if (all.stuck !== undefined) return { kind: "stuck" };
  if (!endless && findCycle(all) !== undefined) return { kind: "endless" };
  return { kind: "sound" };
}
