/**
 * The races that a broken design is shown by.
 *
 * @module
 */
import type { Exploration } from "../../../model/explore.ts";
import { columnsOf, judgeRace, parseRace, printRace, runOf } from "../../../model/race.ts";
import type { Breached, RaceBreach } from "../../../model/race/judge.ts";
import type { Path } from "../../../model/run.ts";

/** One race, as text and as what it breaks. */
export interface ShownRace {
  /** The text of a `race` fence; its first line names the design. */
  readonly text: string;
  /** What the steps of the race break, each with the number of the step, from 1. */
  readonly breaches: readonly (RaceBreach & { readonly step: number })[];
}

/** Whether one run is the beginning of another. */
function begins(run: Path, other: Path): boolean {
  return run.length <= other.length &&
    run.every((move, at) =>
      move.actor === other[at]?.actor && move.step === other[at]?.step &&
      move.branch === other[at]?.branch
    );
}

/**
 * The shortest race of every invariant that the design breaks, shortest first. A race that is the
 * beginning of another one is not shown by itself.
 */
export function shortestRaces(exploration: Exploration): readonly ShownRace[] {
  const paths = exploration.findings
    .flatMap((finding) => finding.verdict === "violated" ? [finding.path] : []);
  return paths
    .filter((path, at) =>
      !paths.some((other, place) =>
        place !== at && begins(path, other) && (other.length > path.length || place < at)
      )
    )
    .toSorted((a, b) => a.length - b.length)
    .map((path) => show(exploration, path));
}

/**
 * A run of a design as a fence shows it, judged as a reader's would be.
 *
 * @throws {Error} if what was printed is not judged a breach: then printing or judging is wrong
 */
export function show(exploration: Exploration, path: Path): ShownRace {
  const { design } = exploration;
  const run = runOf(path);
  const text = `design: ${design.id}\n\n${printRace(run, columnsOf(design, run))}`;
  const parsed = parseRace(text);
  if (parsed.kind === "malformed") throw new Error(`${design.id}: ${parsed.expected}`);
  const verdict = judgeRace(parsed.race, design);
  if (verdict.kind !== "breach") {
    throw new Error(`${design.id}: its own race is judged ${verdict.kind}\n${text}`);
  }
  const lines = parsed.race.steps.map(({ line }) => line);
  return {
    text,
    breaches: breachesIn(verdict)
      .map((breach) => ({ ...breach, step: lines.indexOf(breach.at.line) + 1 })),
  };
}

/** What the lines of a race break, and not only what comes after them. */
function breachesIn({ breaches }: Breached): readonly RaceBreach[] {
  return breaches.filter(({ afterwards }) => !afterwards);
}
