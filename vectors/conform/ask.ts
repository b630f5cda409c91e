/**
 * Asks about one vector in all its schedules, and judges what comes back. It is the same whether the
 * driver is another process (`run_suite.ts`) or an object of this one (`library.ts`).
 *
 * @module
 */
import type { Capability } from "../format/vocabulary.ts";
import { judgeObservations } from "./judge.ts";
import { judgeVerdict } from "./judge_verdict.ts";
import type { OperationVector } from "../format/operation_vector.ts";
import type { Answer, CountedObservation, Question, Schedule, TriedImages } from "./protocol.ts";
import type { AnyVector } from "../format/any_vector.ts";
import { questionOf, type Sampling, schedulesOf } from "./question.ts";
import type { SeenInSchedule, VectorFinding } from "./result.ts";

/** Why there is no answer. */
export type Unanswered =
  /** Nothing useful can be expected of this driver any more. */
  | { readonly kind: "lost"; readonly why: string; readonly ended?: true }
  /** Somebody stopped the run. */
  | { readonly kind: "stopped" };

/** A driver, as it is asked. Nothing that it answers has been judged. */
export interface AskedDriver {
  readonly capabilities: readonly Capability[];
  readonly schedules: readonly Schedule["kind"][];
  readonly declines?: ((vector: Question) => string | undefined) | undefined;
  /** The answer, if it comes in so many milliseconds. */
  readonly answer: (
    vector: Question,
    schedule: Schedule | undefined,
    milliseconds: number,
  ) => Promise<Answer | Unanswered>;
}

/** How vectors are asked about. */
export interface Asking extends Sampling {
  /** Milliseconds that a driver has for a vector, in all its schedules. */
  readonly timeout: number;
}

/** Why a driver cannot run a vector: what it lacks. Undefined if it can. */
export function lackOf(driver: Omit<AskedDriver, "answer">, vector: AnyVector): string | undefined {
  const needs: readonly Capability[] = vector.kind === "event" &&
      !driver.capabilities.includes("events")
    ? ["events"]
    : vector.capabilities;
  const lacking = needs.filter((each) => !driver.capabilities.includes(each));
  if (lacking.length > 0) return `the driver lacks ${lacking.join(", ")}`;
  return driver.declines?.(questionOf(vector));
}

/** What came of a vector, or why nothing did. */
export async function askVector(
  driver: AskedDriver,
  vector: AnyVector,
  { schedules: wanted, trials, seed, timeout }: Asking,
): Promise<VectorFinding | Unanswered> {
  const lack = lackOf(driver, vector);
  if (lack !== undefined) return { verdict: "skipped", why: lack };
  const seen: SeenInSchedule[] = [];
  let images: TriedImages | undefined;
  const deadline = performance.now() + timeout;
  const schedules = wanted.filter((each) => driver.schedules.includes(each));
  for (const schedule of schedulesOf(vector, { schedules, trials, seed })) {
    const left = deadline - performance.now();
    const answer = await driver.answer(questionOf(vector), schedule, left);
    switch (answer.kind) {
      case "outcome": {
        if (vector.kind !== "operation") return lost("an outcome for a vector of events");
        const [stranger] = strangersIn(answer.observations, vector);
        if (stranger !== undefined) {
          return lost(`a result of "${stranger}", which is no operation of the vector`);
        }
        seen.push({ schedule, observations: answer.observations });
        images = answer.images ?? images;
        continue;
      }
      case "verdict":
        if (vector.kind !== "event") return lost("a verdict for a vector of operations");
        return judgeVerdict(vector, answer.verdict) ?? { verdict: "passed" };
      case "skipped":
      case "errored":
        return { verdict: answer.kind, why: answer.why };
      case "lost":
      case "stopped":
        return answer;
      default:
        return answer satisfies never;
    }
  }
  if (vector.kind !== "operation" || seen.length === 0) {
    const why = "the driver offers none of the schedules that were asked for";
    return { verdict: "skipped", why };
  }
  return { ...judgeObservations(vector, seen), ...(images === undefined ? {} : { images }) };
}

/** Operations that have a result, and are not the vector's. */
function strangersIn(
  observations: readonly CountedObservation[],
  { processes }: OperationVector,
): readonly string[] {
  const own = new Set(processes.flatMap(({ operations }) => operations.map(({ id }) => id)));
  return observations.flatMap(({ observation }) => Object.keys(observation))
    .filter((id) => !own.has(id));
}

function lost(why: string): Unanswered {
  return { kind: "lost", why };
}
