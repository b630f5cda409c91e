/**
 * Explores a design of anybody's, or says what is wrong with it.
 *
 * A design with a mistake in its world explores like any other, and what it would break never happens:
 * the events that would show it are lost, or the guards before them never hold. So a design is looked
 * at before, watched meanwhile, and asked afterwards whether every step of it was taken.
 *
 * @module
 */
import type { Design } from "./design.ts";
import { mistakesInActors } from "./examine/program.ts";
import { mistakesInBounds } from "./examine/bounds.ts";
import { fence } from "./examine/fence.ts";
import { type DesignMistake, quoted, sayMistake } from "./examine/mistake.ts";
import { brokenBy, type Exploration, explore, type ExploreOptions } from "./explore.ts";
import { invariants } from "./invariants/catalogue.ts";
import { startOf } from "./run.ts";

/** What comes of a design. */
export type Examined =
  | { readonly kind: "explored"; readonly exploration: Exploration }
  | { readonly kind: "malformed"; readonly mistakes: readonly DesignMistake[] };

/** Options of an examination. */
export interface ExamineOptions extends ExploreOptions {
  /**
   * Designs in which steps of the same actors and names may be taken that this one never takes. By
   * itself a design takes all of its own.
   */
  readonly beside?: readonly Design[];
}

/** Mistakes that are told of one design; there may be more. */
const most = 20;

/** All that is wrong with a design as far as can be seen without running it. */
export function mistakesIn(
  { bounds, actors, breaks, exempt = {}, id }: Design,
): readonly DesignMistake[] {
  const ids = [
    ...breaks.map((each) => ["breaks", each] as const),
    ...Object.keys(exempt).map((each) => ["exempt", each] as const),
  ];
  const unknown = ids.filter(([, each]) => !invariants.some((known) => known.id === each));
  const both = breaks.filter((each) => each in exempt);
  const world = mistakesInBounds(bounds);
  return [
    ...(typeof id === "string" && id !== "" ? [] : [{ expected: "an id" }]),
    ...unknown.map(([where, each]) => ({
      expected: `the id of an invariant in ${where}, not ${quoted(each)}`,
    })),
    ...both.map((each) => ({ expected: `${each} in breaks or in exempt, not in both` })),
    ...world,
    ...(world.length > 0 ? [] : mistakesInActors(actors, bounds)),
  ];
}

/**
 * Explores a design, unless it is malformed. Where nothing is broken, every step of every actor was
 * taken in some run, or another design takes it.
 */
export function examine(design: Design, options: ExamineOptions = {}): Examined {
  const before = mistakesIn(design);
  if (before.length > 0) return { kind: "malformed", mistakes: before };
  const mistakes = new Map<string, DesignMistake>();
  const fenced = fence(design, (mistake) => {
    if (mistakes.size < most) mistakes.set(sayMistake(mistake), mistake);
  });
  try {
    startOf(fenced);
    const found = explore(fenced, options);
    if (mistakes.size === 0 && isSound(found)) {
      for (const mistake of untakenIn(found, takenBy(options.beside ?? [], design, options))) {
        mistakes.set(sayMistake(mistake), mistake);
      }
    }
    if (mistakes.size === 0) return { kind: "explored", exploration: { ...found, design } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const mistake = { expected: `a world in which all can happen: ${error.message}` };
    mistakes.set(error.message, mistake);
  }
  return { kind: "malformed", mistakes: [...mistakes.values()] };
}

function isSound(exploration: Exploration): boolean {
  return brokenBy(exploration).length === 0 && exploration.stuck === undefined;
}

/** Names of the steps that other designs take, with their actors'. */
function takenBy(
  beside: readonly Design[],
  design: Design,
  options: ExploreOptions,
): () => ReadonlySet<string> {
  return () => {
    const taken = beside.filter((each) => each !== design && mistakesIn(each).length === 0)
      .flatMap((each) => {
        const { untaken } = explore(each, options);
        const never = new Set(untaken.map(({ branch }) => branch));
        return each.actors.flatMap((actor) =>
          actor.program.filter(({ branches }) => branches.some((branch) => !never.has(branch)))
            .map(({ name }) => nameOf(actor.name, name))
        );
      });
    return new Set(taken);
  };
}

function nameOf(actor: string, step: string): string {
  return `${actor}: ${step}`;
}

/** Steps that no run takes, of a search that is complete: what they do has not been judged. */
function untakenIn(
  { design, untaken, complete }: Exploration,
  elsewhere: () => ReadonlySet<string>,
): readonly DesignMistake[] {
  if (!complete) return [];
  const never = new Set(untaken.map(({ branch }) => branch));
  const left = design.actors.flatMap((actor) =>
    actor.program.filter(({ branches }) => branches.every((branch) => never.has(branch)))
      .map(({ label, name }) => ({ actor: actor.name, label, name }))
  );
  if (left.length === 0) return [];
  const taken = elsewhere();
  return left.filter(({ actor, name }) => !taken.has(nameOf(actor, name)))
    .map(({ actor, label, name }) => ({
      actor,
      step: label,
      expected: `a run that takes "${name}": none does, and nothing is known of what it does`,
    }));
}
