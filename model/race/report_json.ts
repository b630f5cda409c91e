/**
 * What `pagespec race --format json` says of a diagram, `vectors/schema/race.schema.json`.
 *
 * @module
 */
import { match } from "../match.ts";
import type { Design } from "../design.ts";
import type { RaceVerdict } from "./judge.ts";
import type { DiagramNote } from "./notes.ts";
import type { TextPlace } from "./parse.ts";

/** Version of the document's shape: a new one where a reader of the old would go wrong. */
const version = 1;

/** The document, as a value ready for `JSON.stringify`. `file` is how the user named the diagram. */
export function raceJson(
  file: string,
  { id, title }: Design,
  verdict: RaceVerdict,
): Readonly<Record<string, unknown>> {
  return { version, file, design: id, title, ...verdictJson(verdict) };
}

function verdictJson(verdict: RaceVerdict): Readonly<Record<string, unknown>> {
  return match(verdict)
    .with({ kind: "breach" }, ({ kind, breaches, run, unwritten, notes }) => ({
      verdict: kind,
      breaches: breaches.map(({ at, ...breach }) => ({ ...breach, ...at })),
      run,
      unwritten,
      notes: notes.map(noteJson),
    }))
    .with({ kind: "no_breach" }, ({ kind, run, unwritten, ahead, notes }) => ({
      verdict: kind,
      run,
      unwritten,
      ahead,
      notes: notes.map(noteJson),
    }))
    .with({ kind: "not_possible" }, ({ kind, at, because, instead, notes }) => ({
      verdict: kind,
      ...placeJson(at),
      because,
      instead,
      notes: notes.map(noteJson),
    }))
    .with({ kind: "unknown_step" }, { kind: "unknown_actor" }, ({ kind, unknown }) => {
      const [first, ...others] = unknown.map(({ at, because }) => ({ ...placeJson(at), because }));
      return { verdict: kind, ...first, others };
    })
    .with({ kind: "too_many" }, ({ kind, at, because }) => ({
      verdict: kind,
      ...placeJson(at),
      because,
    }))
    .exhaustive();
}

function placeJson({ line, column }: TextPlace): TextPlace {
  return { line, column };
}

function noteJson({ at, says }: DiagramNote): Readonly<Record<string, unknown>> {
  return { ...placeJson(at), says };
}
