/**
 * Which actor of a design each column of a diagram is.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import type { Column, Race, TextPlace } from "./parse.ts";
import { type DiagramLine, isStepOf, quote, readLines, sameText } from "./reading.ts";

/** The actor of each column, by the name that heads it. */
export type Cast = ReadonlyMap<string, Actor>;

/** Something that is not of this design, and why. */
export interface NotInDesign {
  /** Where it stands. */
  readonly at: TextPlace;
  /** Why it is not of the design, in one sentence. */
  readonly because: string;
}

/** A cast, and what its lines are read as. */
export interface DiagramReading {
  readonly cast: Cast;
  readonly lines: readonly DiagramLine[];
}

/** Every way to cast the columns in which all lines are known, or all that is not. */
type Casting =
  | { readonly kind: "cast"; readonly readings: readonly DiagramReading[] }
  | {
    readonly kind: "unknown_actor" | "unknown_step";
    readonly unknown: readonly [NotInDesign, ...(readonly NotInDesign[])];
  };

/**
 * Casts a diagram. A column with an actor's name is that actor. `Process 2`, `CPU 1`, `Task B` and
 * the like may be any other actor that has the steps written there, by the design's order first; and
 * so may a head of other words, if steps are written there.
 */
export function castRace(race: Race, design: Design): Casting {
  const casts = castingsOf(race, design);
  if (casts.kind === "unknown_actor") return casts;
  const readings = casts.casts.map((cast) => ({ cast, lines: readLines(race, cast, design) }));
  const good = readings.filter(({ lines }) => unknownIn(lines).length === 0);
  if (good.length > 0) return { kind: "cast", readings: good };
  const [first, ...others] =
    readings.map(({ lines }) => unknownIn(lines)).toSorted((a, b) =>
      a.length - b.length || (b[0]?.at.line ?? 0) - (a[0]?.at.line ?? 0)
    )[0] ?? [];
  if (first === undefined) throw new Error("a diagram has a cast");
  return { kind: "unknown_step", unknown: [first, ...others] };
}

function unknownIn(lines: readonly DiagramLine[]): readonly NotInDesign[] {
  return lines.flatMap(({ written, as }) =>
    as.kind === "unknown" ? [{ at: written, because: as.because }] : []
  );
}

function castingsOf(
  race: Race,
  design: Design,
):
  | { readonly kind: "cast"; readonly casts: readonly Cast[] }
  | (Casting & {
    readonly kind: "unknown_actor";
  }) {
  const { columns } = race;
  const named = new Map<string, Actor>();
  for (const { name } of columns) {
    const actor = design.actors.find((each) => sameText(each.name, name)) ??
      design.actors.find((each) => sameText(each.name, roleIn(name)));
    if (actor !== undefined) named.set(name, actor);
  }
  const open = columns.filter(({ name }) => !named.has(name)).map((column) => ({
    column,
    fitting: fittingActors(race, column, design.actors, [...named.values()]),
  }));
  const [first, ...others] = open.filter(({ fitting }) => fitting.length === 0)
    .map(({ column }) => unknownActor(column, design));
  if (first !== undefined) return { kind: "unknown_actor", unknown: [first, ...others] };
  let casts: readonly Cast[] = [named];
  for (const { column, fitting } of open) {
    casts = casts.flatMap((cast) =>
      fitting.filter((actor) => ![...cast.values()].includes(actor))
        .map((actor) => new Map([...cast, [column.name, actor]]))
    );
    if (casts.length === 0) {
      return { kind: "unknown_actor", unknown: [unknownActor(column, design)] };
    }
  }
  return { kind: "cast", casts };
}

function fittingActors(
  { steps }: Race,
  { name }: Column,
  actors: readonly Actor[],
  taken: readonly Actor[],
): readonly Actor[] {
  const free = actors.filter((actor) => !taken.includes(actor));
  if (isNumbered(name)) return free;
  const written = steps.filter((step) => step.actor === name);
  return free.filter(({ program }) => written.some((line) => isStepOf(line, program)));
}

function unknownActor(column: Column, { id, actors }: Design): NotInDesign {
  const names = actors.map(({ name }) => name).join(", ");
  return {
    at: column,
    because: `${id} has no actor ${quote(column.name)}; its actors are ${names}`,
  };
}

const numbered = /^(?:process|proc|cpu|task|thread|node)[ #]*(?:\d+|[a-z])(?:\W+(?<role>.*))?$/i;

/** A head that tells one column from another and names nobody. */
export function isNumbered(head: string): boolean {
  return numbered.test(head);
}

/** What a head calls its actor: `write(2)` in `CPU1 - write(2)`. */
function roleIn(head: string): string {
  return numbered.exec(head)?.groups?.["role"] ?? head;
}

/** `Process 1 (R)`, or `R` where the column bears the actor's own name. */
export function describeActor(head: string, actor: Actor): string {
  return sameText(head, actor.name) ? actor.name : `${head} (${actor.name})`;
}
