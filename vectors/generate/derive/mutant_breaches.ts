/**
 * Event vectors from sound designs that lack one thing: enough of their shortest breaches that each
 * of them can be caught at one.
 *
 * @module
 */
import { systemOf } from "../../../model/design.ts";
import type { Sequence } from "../../format/event_vector.ts";
import type { DesignMutant } from "../mutants/design_mutants.ts";
import { produces } from "../mutants/produces.ts";
import { type Kept, slug } from "./event_draft.ts";
import { breachText } from "./explored.ts";

/** The breach of each mutant that produces none of the rejected sequences so far. */
export function keptMutantBreaches(
  mutants: readonly DesignMutant[],
  rejected: readonly Sequence[],
): readonly Kept[] {
  const kept: Kept[] = [];
  for (const { changes, of, design, breach: { invariant, sequence, verdict } } of mutants) {
    const told = [...rejected, ...kept.map((each) => each.sequence)];
    if (told.some((each) => produces(design, each))) continue;
    kept.push({
      handle: `${invariant}/${slug(changes)}`,
      system: systemOf(of),
      says: `${changes}: ${breachText(invariant)}.`,
      designs: [],
      why: "mutant",
      sequence,
      verdict,
    });
  }
  return kept;
}
