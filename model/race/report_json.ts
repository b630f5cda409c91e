/**
 * What `pagespec race --format json` says of a diagram, `vectors/schema/race.schema.json`.
 *
 * @module
 */
import { match } from "../match.ts";
import type { Design } from "../design.ts";
import type { RaceVerdict } from "./judge.ts";

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
    .with({ kind: "breach" }, ({ kind, breaches, run, unwritten }) => ({
      verdict: kind,
      breaches: breaches.map(({ at, ...breach }) => ({ ...breach, ...at })),
      run,
      unwritten,
    }))
    .with({ kind: "no_breach" }, ({ kind, run, unwritten, ahead }) => ({
      verdict: kind,
      run,
      unwritten,
      ahead,
    }))
    .with({ kind: "not_possible" }, ({ kind, at: { line, column }, because, instead }) => ({
      verdict: kind,
      line,
      column,
      because,
      instead,
    }))
    .with(
      { kind: "unknown_step" },
      { kind: "unknown_actor" },
      { kind: "too_many" },
      ({ kind, at: { line, column }, because }) => ({ verdict: kind, line, column, because }),
    )
    .exhaustive();
}
