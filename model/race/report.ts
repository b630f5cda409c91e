/**
 * What `pagespec race` says of a diagram.
 *
 * @module
 */
import { match } from "../match.ts";
import type { Design } from "../design.ts";
import { means } from "./cast.ts";
import type { RaceBreach, RaceVerdict } from "./judge.ts";
import type { Place, Race } from "./parse.ts";
import { printRace } from "./print.ts";

/** A report: the exit status, what goes to standard output, and the one line for standard error. */
interface RaceReport {
  /** 0 no breach, 1 a breach, 2 not judged. */
  readonly status: 0 | 1 | 2;
  readonly out: readonly string[];
  readonly error: string | undefined;
}

/** Words a verdict. `file` is how the user named it. */
export function reportRace(
  file: string,
  race: Race,
  design: Design,
  verdict: RaceVerdict,
): RaceReport {
  const where = ({ line, column }: Place): string => `${file}:${line}:${column}`;
  return match(verdict)
    .with({ kind: "breach" }, ({ breaches, run, unwritten }): RaceReport => ({
      status: 1,
      out: [
        ...breaches.flatMap((each) => sayBreach(each, design, where(each.at))),
        ...calls(race, design, where),
        ...whole(run, unwritten),
      ],
      error: undefined,
    }))
    .with({ kind: "no_breach" }, ({ run, unwritten, ahead }): RaceReport => ({
      status: 0,
      out: [
        `${file}: no breach under ${design.id} (${design.title})`,
        ...(ahead.length === 0
          ? []
          : [`  the calls that it leaves unfinished can still break ${ahead.join(", ")}`]),
        ...calls(race, design, where),
        ...whole(run, unwritten),
      ],
      error: undefined,
    }))
    .with({ kind: "not_possible" }, ({ at, because, instead }): RaceReport => ({
      status: 2,
      out: instead.length === 0
        ? ["nothing can happen there"]
        : ["what can happen there instead:", ...instead.map((each) => `  ${each}`)],
      error: `${where(at)}: not possible here under ${design.id}, because ${because}`,
    }))
    .with(
      { kind: "unknown_step" },
      { kind: "unknown_actor" },
      { kind: "too_many" },
      ({ at, because }): RaceReport => ({
        status: 2,
        out: [],
        error: `${where(at)}: ${because}`,
      }),
    )
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

/** Lines that were read as the caller of the steps under them. */
function calls(
  { steps }: Race,
  design: Design,
  where: (at: Place) => string,
): readonly string[] {
  const known = design.actors.flatMap(({ program }) => program);
  return steps
    .filter((each) => each.calls && !known.some((step) => means(each, step)))
    .map((each) => `${where(each)}: "${each.step}" is read as the caller of what is under it`);
}

function whole(run: Parameters<typeof printRace>[0], unwritten: number): readonly string[] {
  if (unwritten === 0) return [];
  return ["", "with the steps that the diagram leaves out:", "", printRace(run)];
}
