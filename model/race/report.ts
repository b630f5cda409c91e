/**
 * What `pagespec race` says of a diagram.
 *
 * @module
 */
import { match } from "../match.ts";
import type { Design } from "../design.ts";
import type { RaceBreach, RaceVerdict } from "./judge.ts";
import type { DiagramNote } from "./notes.ts";
import type { TextPlace } from "./parse.ts";
import { printRace } from "./print.ts";

/** A report: the exit status, and the lines for standard output and standard error. */
interface RaceReport {
  /** 0 no breach, 1 a breach, 2 not judged. */
  readonly status: 0 | 1 | 2;
  readonly out: readonly string[];
  /** One for each thing that keeps the diagram from being judged. */
  readonly errors: readonly string[];
}

/** Words a verdict. `file` is how the user named it. */
export function reportRace(
  file: string,
  design: Design,
  verdict: RaceVerdict,
): RaceReport {
  const where = ({ line, column }: TextPlace): string => `${file}:${line}:${column}`;
  return match(verdict)
    .with({ kind: "breach" }, ({ breaches, run, unwritten, notes }): RaceReport => ({
      status: 1,
      out: [
        ...breaches.flatMap((each) => sayBreach(each, design, where(each.at))),
        ...say(notes),
        ...whole(run, unwritten),
      ],
      errors: [],
    }))
    .with({ kind: "no_breach" }, ({ run, unwritten, ahead, notes }): RaceReport => ({
      status: 0,
      out: [
        `${file}: no breach under ${design.id} (${design.title})`,
        ...(ahead.length === 0
          ? []
          : [`  the calls that it leaves unfinished can still break ${ahead.join(", ")}`]),
        ...say(notes),
        ...whole(run, unwritten),
      ],
      errors: [],
    }))
    .with({ kind: "not_possible" }, ({ at, because, instead, notes }): RaceReport => ({
      status: 2,
      out: [
        ...(instead.length === 0
          ? ["nothing can happen there"]
          : ["what can happen there instead:", ...instead.map((each) => `  ${each}`)]),
        ...say(notes),
      ],
      errors: [`${where(at)}: not possible here under ${design.id}, because ${because}`],
    }))
    .with({ kind: "unknown_step" }, { kind: "unknown_actor" }, ({ unknown }): RaceReport => ({
      status: 2,
      out: [],
      errors: unknown.map(({ at, because }) => `${where(at)}: ${because}`),
    }))
    .with({ kind: "too_many" }, ({ at, because }): RaceReport => ({
      status: 2,
      out: [],
      errors: [`${where(at)}: ${because}`],
    }))
    .exhaustive();
}

function sayBreach(
  { id, afterwards, says, loss }: RaceBreach,
  { id: design, title }: Design,
  where: string,
): readonly string[] {
  const when = afterwards ? ", when the calls that have begun come to their end" : "";
  return [`${where}: ${id} is broken under ${design} (${title})${when}`, `  ${says}`, `  ${loss}`];
}

function say(notes: readonly DiagramNote[]): readonly string[] {
  return notes.map(({ at: { line, column }, says }) => `  ${line}:${column}: ${says}`);
}

function whole(run: Parameters<typeof printRace>[0], unwritten: number): readonly string[] {
  if (unwritten === 0) return [];
  return ["", "with the steps that the diagram leaves out:", "", printRace(run)];
}
