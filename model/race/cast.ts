/**
 * Which actor of a design each column of a diagram is, and which of its steps are written there.
 *
 * @module
 */
import type { Actor, Branch, Design, Step } from "../design.ts";
import type { Column, Race, WrittenStep } from "./parse.ts";
import { nearest } from "../../spec/nearest.ts";

/** The actor of each column, by the name that heads it. */
export type Cast = ReadonlyMap<string, Actor>;

/** What keeps a diagram from being one of this design. */
type Miscast =
  | { readonly kind: "unknown_actor"; readonly at: Column; readonly because: string }
  | { readonly kind: "unknown_step"; readonly at: WrittenStep; readonly because: string };

/** Every way to cast the columns in which all steps are known, or what is wrong with the best one. */
type Casting =
  | { readonly kind: "cast"; readonly casts: readonly Cast[] }
  | Miscast;

/**
 * Casts a diagram. A column with an actor's name is that actor. `Process 2`, `CPU 1`, `Task B` and
 * the like may be any other actor that has the steps written there, by the design's order first.
 */
export function castRace(race: Race, design: Design): Casting {
  const casts = castingsOf(race.columns, design);
  if (casts.kind === "unknown_actor") return casts;
  const tried = casts.casts.map((cast) => ({ cast, unknown: unknownStep(race, cast) }));
  const good = tried.filter(({ unknown }) => unknown === undefined).map(({ cast }) => cast);
  if (good.length > 0) return { kind: "cast", casts: good };
  const furthest = tried.reduce((best, each) =>
    (each.unknown?.line ?? 0) > (best.unknown?.line ?? 0) ? each : best
  );
  const { cast, unknown } = furthest;
  if (unknown === undefined) return { kind: "cast", casts: [cast] };
  return { kind: "unknown_step", at: unknown, because: missingStep(unknown, cast, design) };
}

function castingsOf(
  columns: readonly Column[],
  design: Design,
): Extract<Casting, { kind: "cast" | "unknown_actor" }> {
  const named = new Map<string, Actor>();
  for (const { name } of columns) {
    const actor = design.actors.find((each) => sameText(each.name, name)) ??
      design.actors.find((each) => sameText(each.name, roleIn(name)));
    if (actor !== undefined) named.set(name, actor);
  }
  const taken = new Set(named.values());
  let casts: readonly Cast[] = [named];
  for (const column of columns) {
    if (named.has(column.name)) continue;
    const free = isNumbered(column.name) ? design.actors.filter((each) => !taken.has(each)) : [];
    casts = casts.flatMap((cast) =>
      free.filter((actor) => ![...cast.values()].includes(actor))
        .map((actor) => new Map([...cast, [column.name, actor]]))
    );
    if (casts.length === 0) {
      const actors = design.actors.map(({ name }) => name).join(", ");
      const because = `${design.id} has no actor ${quote(column.name)}; its actors are ${actors}`;
      return { kind: "unknown_actor", at: column, because };
    }
  }
  return { kind: "cast", casts };
}

const numbered = /^(?:process|proc|cpu|task|thread|node)[ #]*(?:\d+|[a-z])(?:\W+(?<role>.*))?$/i;

/** A head that tells one column from another and names nobody. */
function isNumbered(head: string): boolean {
  return numbered.test(head);
}

/** What a head calls its actor: `write(2)` in `CPU1 - write(2)`. */
function roleIn(head: string): string {
  return numbered.exec(head)?.groups?.["role"] ?? head;
}

function unknownStep({ steps }: Race, cast: Cast): WrittenStep | undefined {
  return steps.find((written) => !written.calls && stepsNamed(written, cast).length === 0);
}

/** Steps of the column's actor that a written line may mean. */
function stepsNamed(written: WrittenStep, cast: Cast): readonly Step[] {
  const program = cast.get(written.actor)?.program ?? [];
  return program.filter((step) => means(written, step));
}

/**
 * True if the line names this step, whatever it says of the result. `get_block()`, as mail writes it,
 * is any step that calls the function.
 */
export function means({ step: written }: WrittenStep, { name }: Step): boolean {
  return sameText(written, name) || calledWithAnything(written, name);
}

function calledWithAnything(written: string, name: string): boolean {
  const open = name.indexOf("(");
  return open > 0 && name[open + 1] !== ")" && sameText(written, `${name.slice(0, open)}()`);
}

/**
 * True if the line's result is this branch's, or none is written. As mail says it, `returns HOLE` is
 * `HOLE`, and `allocates blocks` is `NEW`.
 */
export function meansBranch({ result }: WrittenStep, branch: Branch): boolean {
  const said = result.replace(/^returns? /i, "").replace(/^allocates?( (a )?blocks?)?$/i, "NEW");
  return result === "" || sameText(said, branch.result);
}

function missingStep(written: WrittenStep, cast: Cast, design: Design): string {
  const actor = cast.get(written.actor);
  const who = actor === undefined ? written.actor : describeActor(written.actor, actor);
  const others = design.actors.filter((each) => each.program.some((step) => means(written, step)));
  const near = nearest(written.step, new Set(actor?.program.map(({ name }) => name)));
  const hint = others.length > 0
    ? `; it is a step of ${others.map(({ name }) => name).join(" and ")}`
    : near.length > 0
    ? `; did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`
    : `; \`pagespec explain ${design.id}\` lists its steps`;
  return `${who} has no step ${quote(written.step)} in ${design.id}${hint}`;
}

/** In a message a line stands for itself by its beginning. */
function quote(text: string): string {
  return text.length <= 60 ? `"${text}"` : `"${text.slice(0, 60)}..."`;
}

/** `Process 1 (R)`, or `R` where the column bears the actor's own name. */
export function describeActor(head: string, actor: Actor): string {
  return sameText(head, actor.name) ? actor.name : `${head} (${actor.name})`;
}

function sameText(one: string, other: string): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, " ").toLowerCase();
  return plain(one) === plain(other);
}
