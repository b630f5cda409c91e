/**
 * Judges what a driver says of events against the verdict of the vector.
 *
 * @module
 */
import { match } from "../../model/match.ts";
import type { Breach, EventVector } from "../format/event_vector.ts";
import { aboutFirst } from "./judge.ts";
import type { JudgedVerdict } from "./protocol.ts";

/** What is wrong with a verdict. */
interface WrongVerdict {
  readonly verdict: "failed";
  readonly why: string;
  /** Invariants about which driver and vector disagree, those that the vector says broken first. */
  readonly invariants: readonly string[];
}

/** What is wrong with a verdict, or undefined. What is implied counts if the driver speaks of it. */
export function judgeVerdict(vector: EventVector, given: JudgedVerdict): WrongVerdict | undefined {
  const goesOn = given.kind === "rejected" && given.implied !== undefined;
  const [expected, found] = [textOf(vector.verdict, goesOn), textOf(given, goesOn)];
  if (expected === found) return undefined;
  const broken = breachesOf(vector.verdict, goesOn);
  const said = breachesOf(given, goesOn);
  const ids = [...without(broken, said), ...without(said, broken)].map((each) => each.invariant);
  return {
    verdict: "failed",
    why: `${found}; expected: ${expected}`,
    invariants: ids.length > 0 ? [...new Set(ids)] : aboutFirst(vector),
  };
}

function without(some: readonly Breach[], others: readonly Breach[]): readonly Breach[] {
  return some.filter(({ invariant, at }) =>
    !others.some((other) => other.invariant === invariant && other.at === at)
  );
}

function breachesOf(verdict: JudgedVerdict, goesOn: boolean): readonly Breach[] {
  if (verdict.kind !== "rejected") return [];
  return [verdict, ...(goesOn ? verdict.implied ?? [] : [])];
}

/** A verdict in words, the same for the same verdict. */
function textOf(verdict: JudgedVerdict, goesOn: boolean): string {
  return match(verdict)
    .with({ kind: "accepted" }, () => "accepted")
    .with({ kind: "impossible" }, ({ at }) => `event ${at} cannot happen`)
    .with({ kind: "rejected" }, (rejected) => {
      const [root, ...implied] = breachesOf(rejected, goesOn);
      const more = implied.map(({ invariant, at }) => `, ${invariant} at ${at}`).sort();
      return `rejected at event ${rejected.at}: ${root?.invariant}${more.join("")}`;
    })
    .exhaustive();
}
