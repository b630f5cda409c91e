/**
 * Sound designs that lack one thing, and what breaks without it.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import type { Design } from "../../../model/design.ts";
import { judgedUnder } from "../../../model/explore.ts";
import { search } from "../../../model/explore/search.ts";
import { type Loss, type Mutant, mutantsOf } from "../../../model/mutate.ts";
import { type DesignBreach, firstBreachOf } from "../derive/breaches.ts";

/** A design that lacks one thing and is broken by that. */
export interface DesignMutant {
  readonly id: string;
  /** One sentence without its end. */
  readonly changes: string;
  /** The sound design. */
  readonly of: Design;
  /** The sound design without that thing. */
  readonly design: Design;
  readonly breach: Extract<DesignBreach, { kind: "breach" }>;
}

/**
 * Designs that are taken apart: of each system those whose worlds are small and whose programs, among
 * them, hold every guard, lock and order that the system rests on.
 */
const takenApart: readonly string[] = [
  "A8",
  "A9-private",
  "A9-waiters",
  "B1-syncfs-marked",
  "B-fdatasync-punch",
  "B-fdatasync-overwrite",
  "B-dsync-extend",
  "B-ordered",
  "B-errseq",
  "WB",
  "C1b-after",
  "C1-read",
  "C3",
  "D8-two",
  "D14-hole",
  "E2-stays-dirty",
  "E5",
  "E6",
  "E7",
  "F2",
  "F2-truncate",
  "F2-collapse",
  "F2-extend",
  "F2-iomap-valid",
];

/** States through which a mutant is searched for something broken. */
const limit = 3_000;

/**
 * Every mutant of the designs that are taken apart and that breaks something. One that breaks nothing
 * is no buggy implementation: what it lacks, its world does not need.
 */
export function designMutants(designs: readonly Design[]): readonly DesignMutant[] {
  return designs.filter(({ id }) => takenApart.includes(id)).flatMap((design) => {
    const { automaton } = search(design, judgedUnder(design), { limit });
    const used = new Map<string, number>();
    return mutantsOf(design).flatMap((mutant): readonly DesignMutant[] => {
      const { design: lacking } = mutant;
      const breach = firstBreachOf(lacking, limit, automaton);
      if (breach?.kind !== "breach") return [];
      const changes = `${design.id}: ${mutant.actor} at "${mutant.step}" ${lossText(mutant)}`;
      const times = (used.get(changes) ?? 0) + 1;
      used.set(changes, times);
      const id = `mutant/${changes}${times === 1 ? "" : ` #${times}`}`;
      return [{ id, changes, of: design, design: lacking, breach }];
    });
  });
}

function lossText({ loss, branch }: Mutant): string {
  const way = branch === undefined || branch.result === "" ? "" : ` (${branch.result})`;
  return match<Loss>(loss)
    .with({ kind: "guard" }, () => `goes on${way} whatever its guard says`)
    .with({ kind: "lock" }, ({ lock }) => `does not keep its lock (${lock})`)
    .with({ kind: "event" }, ({ event }) => `leaves out ${event.kind}${way}`)
    .exhaustive();
}
