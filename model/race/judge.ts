/**
 * Holds a race diagram against a design and says what comes of it.
 *
 * @module
 */
import { match } from "../match.ts";
import type { Actor, Design } from "../design.ts";
import { invariants } from "../invariants/catalogue.ts";
import { movesFrom, nextStep } from "../run.ts";
import {
  type Cast,
  castRace,
  describeActor,
  type DiagramReading,
  type NotInDesign,
} from "./cast.ts";
import { type Run, runOf } from "./diagram.ts";
import { type DiagramNote, notesOf } from "./notes.ts";
import { branchesOf, obstacleOf, taskNames } from "./obstacle.ts";
import type { Race, TextPlace, WrittenStep } from "./parse.ts";
import { printStep } from "./print.ts";
import { means, meansBranch } from "./reading.ts";
import { finish, follow, type Followed, movesOf, type Strand, stuckActor } from "./replay.ts";

/** An invariant that a diagram breaks. */
export interface RaceBreach {
  /** Id of the invariant. */
  readonly id: string;
  /** The line whose step breaks it, or whose step was left out before the next one. */
  readonly at: TextPlace;
  /** True if it breaks only behind the last line, when the calls that have begun come to their end. */
  readonly afterwards: boolean;
  /** One sentence: what went wrong. */
  readonly says: string;
  /** One sentence: what the user loses by it. */
  readonly loss: string;
}

/** The diagram breaks something. */
export interface Breached {
  /** Tells this verdict from the others. */
  readonly kind: "breach";
  /** What is broken, in the order of the lines. */
  readonly breaches: readonly RaceBreach[];
  /** The run with the steps that the diagram leaves out, up to the last breach or line. */
  readonly run: Run;
  /** How many steps of the run no line tells. */
  readonly unwritten: number;
  /** What was passed over or taken for granted in reading it. */
  readonly notes: readonly DiagramNote[];
}

/** What comes of a diagram under a design. */
export type RaceVerdict =
  | Breached
  | {
    readonly kind: "no_breach";
    readonly run: Run;
    readonly unwritten: number;
    /** Ids that can still break when the calls that have begun come to their end. */
    readonly ahead: readonly string[];
    readonly notes: readonly DiagramNote[];
  }
  | {
    readonly kind: "not_possible";
    readonly at: TextPlace;
    readonly because: string;
    /** Steps that could be taken there, as `actor: step`. */
    readonly instead: readonly string[];
    readonly notes: readonly DiagramNote[];
  }
  | {
    readonly kind: "unknown_step" | "unknown_actor";
    /** All that is not of this design. */
    readonly unknown: readonly [NotInDesign, ...(readonly NotInDesign[])];
  }
  | { readonly kind: "too_many"; readonly at: TextPlace; readonly because: string };

/** A verdict before it is said how the diagram was read. */
type Unnoted<K extends RaceVerdict["kind"]> = Omit<Extract<RaceVerdict, { kind: K }>, "notes">;

/**
 * Judges a diagram under a design: the invariants that its lines break, with the steps that it leaves out;
 * or the line at which it cannot go on, and why; or words that are no steps of this design.
 */
export function judgeRace(race: Race, design: Design): RaceVerdict {
  const casting = castRace(race, design);
  if (casting.kind !== "cast") return casting;
  const verdicts = casting.readings.map((reading) => judgeReading(race, design, reading));
  return verdicts.reduce((best, each) => rank(each) > rank(best) ? each : best);
}

/** A diagram whose columns can be cast in several ways means the way that comes to most. */
function rank(verdict: RaceVerdict): number {
  return match(verdict)
    .with({ kind: "breach" }, () => Infinity)
    .with({ kind: "no_breach" }, () => Number.MAX_SAFE_INTEGER)
    .with({ kind: "not_possible" }, { kind: "too_many" }, ({ at }) => at.line)
    .with({ kind: "unknown_step" }, { kind: "unknown_actor" }, ({ unknown }) => unknown[0].at.line)
    .exhaustive();
}

function judgeReading(race: Race, design: Design, reading: DiagramReading): RaceVerdict {
  const { cast, lines } = reading;
  const steps = lines.flatMap(({ written, as }) => as.kind === "step" ? [written] : []);
  const notes = notesOf(race, reading);
  return match(follow(design, cast, steps))
    .with(
      { kind: "followed" },
      ({ strands }) => ({ ...conclude(design, cast, strands, lastOf(race)), notes }),
    )
    .with({ kind: "blocked" }, (blocked) => ({ ...notPossible(design, cast, blocked), notes }))
    .with({ kind: "too_many" }, ({ at }): RaceVerdict => ({
      kind: "too_many",
      at,
      because:
        "the diagram leaves out so much that too many runs fit it; expected more of its steps",
    }))
    .exhaustive();
}

function lastOf({ steps, columns }: Race): TextPlace {
  return steps.at(-1) ?? columns[0] ?? { line: 1, column: 1 };
}

function conclude(
  design: Design,
  cast: Cast,
  strands: readonly Strand[],
  last: TextPlace,
): Unnoted<"breach"> | Unnoted<"no_breach"> {
  const ahead = new Set<string>();
  for (const strand of strands) {
    const stuck = stuckActor(design, strand.state);
    if (stuck !== undefined) return waiting(design, cast, strand, stuck, last);
    const ends = finish(design, cast, strand);
    const possible = new Set(ends.flatMap(({ broken }) => broken));
    const certain = [...possible].filter((id) => ends.every(({ broken }) => broken.includes(id)));
    const [end] = ends;
    if (certain.length > 0 && end !== undefined) return breach(end, certain, last);
    for (const id of possible) ahead.add(id);
  }
  const [strand] = strands;
  return {
    kind: "no_breach",
    run: strand === undefined ? [] : runOf(movesOf(strand).map(({ move }) => move)),
    unwritten: strand?.unwritten ?? 0,
    ahead: [...ahead],
  };
}

function breach(
  strand: Strand,
  certain: readonly string[],
  last: TextPlace,
): Unnoted<"breach"> {
  const moves = movesOf(strand);
  const told = moves.findLastIndex(({ written }) => written !== undefined) + 1;
  const breaches = moves.flatMap(({ breaks }, at) => {
    const next = moves.slice(at).find(({ written }) => written !== undefined)?.written;
    return breaks.filter((id) => certain.includes(id))
      .map((id) => sayBreach(id, next ?? last, next === undefined));
  });
  const end = breaches.some(({ afterwards }) => afterwards) ? moves.length : told;
  const shown = moves.slice(0, end);
  const unwritten = shown.filter(({ written }) => written === undefined).length;
  return { kind: "breach", breaches, run: runOf(shown.map(({ move }) => move)), unwritten };
}

function sayBreach(id: string, { line, column }: TextPlace, afterwards: boolean): RaceBreach {
  const invariant = invariants.find((each) => each.id === id);
  const [says, loss] = [invariant?.breach ?? "", invariant?.loss ?? ""];
  return { id, at: { line, column }, afterwards, says, loss };
}

function waiting(
  design: Design,
  cast: Cast,
  strand: Strand,
  actor: Actor,
  last: TextPlace,
): Unnoted<"breach"> {
  const judged = breach(strand, strand.broken, last);
  const why = whyStuck(design, cast, strand, actor);
  const breaches = invariants
    .filter(({ id, liveness }) => liveness === true && design.exempt?.[id] === undefined)
    .map(({ id }) => sayBreach(id, last, false))
    .map((said) => ({ ...said, says: `${said.says}: ${why}` }));
  return { ...judged, breaches: [...judged.breaches, ...breaches] };
}

function nameOf(cast: Cast, actor: Actor): string {
  const [head] = [...cast].find(([, each]) => each === actor) ?? [actor.name];
  return describeActor(head, actor);
}

function whyStuck(design: Design, cast: Cast, strand: Strand, actor: Actor): string {
  const step = nextStep(strand.state, actor);
  const names = taskNames(design, (each) => nameOf(cast, each));
  const obstacle = obstacleOf(strand, step?.branches ?? [], names) ?? "nothing lets it go on";
  return `${nameOf(cast, actor)} waits to do "${step?.name}", and ${obstacle}`;
}

/** How near a strand came to a line: the step itself, blocked; an earlier one, blocked; neither. */
function nearness(strand: Strand, actor: Actor, written: WrittenStep): number {
  const step = nextStep(strand.state, actor);
  if (step === undefined) return 0;
  return means(written, step) ? 2 : 1;
}

function notPossible(
  design: Design,
  cast: Cast,
  { at, strands }: Extract<Followed, { kind: "blocked" }>,
): Unnoted<"not_possible"> {
  const actor = cast.get(at.actor);
  if (actor === undefined) throw new Error(`column ${at.actor} was cast without an actor`);
  const moved = (strand: Strand): number =>
    movesOf(strand).filter((m) => m.move.actor === actor).length;
  const nearest = strands.reduce((best, each) => {
    const ahead = nearness(each, actor, at) - nearness(best, actor, at);
    return ahead > 0 || (ahead === 0 && moved(each) > moved(best)) ? each : best;
  });
  const actors = new Set(cast.values());
  return {
    kind: "not_possible",
    at: { line: at.line, column: at.column },
    because: because(design, cast, actor, at, nearest),
    instead: movesFrom(design, nearest.state)
      .filter((move) => actors.has(move.actor))
      .map(({ actor: other, step, branch }) =>
        `${nameOf(cast, other)}: ${printStep({ step: step.name, result: branch.result })}`
      ),
  };
}

function because(
  design: Design,
  cast: Cast,
  actor: Actor,
  written: WrittenStep,
  strand: Strand,
): string {
  const who = nameOf(cast, actor);
  const step = nextStep(strand.state, actor);
  const names = taskNames(design, (each) => nameOf(cast, each));
  const done = movesOf(strand).some(({ move }) =>
    move.actor === actor && means(written, move.step) && meansBranch(written, move.branch)
  );
  if (step === undefined) return `${who} ${done ? "has done that" : "has come to its end"} already`;
  const here = movesFrom(design, strand.state).filter((move) => move.actor === actor);
  if (means(written, step)) {
    const wanted = branchesOf(step, (branch) => meansBranch(written, branch));
    const results = here.map(({ branch }) => branch.result);
    if (results.some((result) => result !== "")) {
      return `"${step.name}" comes to ${results.join(" or ")} here`;
    }
    if (results.length > 0) return `"${step.name}" happens here without "${written.result}"`;
    return obstacleOf(strand, wanted, names) ?? `"${step.name}" cannot be done`;
  }
  if (here.length > 0 && done) return `${who} has done that already`;
  if (here.length > 0) return `${who} is at "${step.name}", and that does not lead there`;
  const obstacle = obstacleOf(strand, step.branches, names) ?? "that cannot be done";
  return `${who} must do "${step.name}" before, and ${obstacle}`;
}
