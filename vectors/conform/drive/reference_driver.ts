/**
 * The model as a driver: the reference, and with a bug of the model a driver that must be caught.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import deno from "../../../deno.json" with { type: "json" };
import type { Bug } from "../../../model/operation/bugs.ts";
import { layOut } from "../../../model/operation/layout.ts";
import { chanceFrom } from "../../../model/operation/chance.ts";
import { walkAlong, walkAtRandom } from "../../../model/operation/walk.ts";
import type { Driver } from "../driver.ts";
import { histogram } from "../histogram.ts";
import type { Answer, JudgedVerdict, Question, Schedule } from "../protocol.ts";
import type { Sequence } from "../../format/event_vector.ts";
import {
  type EventJudge,
  judgeEvents,
  model,
  ruling,
  type SequenceOutcome,
} from "../../format/judge_events.ts";
import { mediaOf } from "../../format/operation_vector.ts";
import { stepOf } from "../../format/schedule_step.ts";
import { capabilities, type Capability } from "../../format/vocabulary.ts";

/** Everything that vectors ask for, but for what no observation shows. */
const able = Object.keys(capabilities).filter((name): name is Capability =>
  name !== "internal_tags"
);

/** What is wrong with a driver, if anything. */
interface Mutation {
  readonly name: string;
  /** In the model of operations. */
  readonly bug?: Bug;
  /** In the model of events. */
  readonly judge?: EventJudge;
}

/** The reference driver, or a mutant of it. */
export function referenceDriver(mutation?: Mutation): Driver {
  const details = mutation === undefined ? {} : { details: `with the bug ${mutation.name}` };
  return {
    name: "pagespec model",
    version: deno.version,
    ...details,
    capabilities: able,
    schedules: ["forced", "sampled"],
    answer: (vector, schedule) =>
      vector.kind === "event"
        ? judgeQuestion(vector, mutation?.judge ?? model)
        : runQuestion(vector, schedule, mutation?.bug),
  };
}

function judgeQuestion(sequence: Sequence, judge: EventJudge): Answer {
  const verdict = match(ruling(outcomeOf(sequence, judge)))
    .returnType<JudgedVerdict>()
    .with({ kind: "several" }, ({ breaches: [first, ...implied] }) => ({
      kind: "rejected",
      invariant: first?.invariant ?? "",
      at: first?.at ?? 0,
      implied,
    }))
    .otherwise((verdict) => verdict);
  return { kind: "verdict", verdict };
}

/** A mutant may leave the world: where it takes more folios than there are, nothing can happen. */
function outcomeOf(sequence: Sequence, judge: EventJudge): SequenceOutcome {
  try {
    return judgeEvents(sequence, judge);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { events, ...world } = sequence;
    const before = outcomeOf({ ...world, events: events.slice(0, -1) }, judge);
    return before.kind === "impossible" ? before : { kind: "impossible", at: events.length - 1 };
  }
}

function runQuestion(
  vector: Extract<Question, { kind: "operation" }>,
  schedule: Schedule | undefined,
  bug: Bug | undefined,
): Answer {
  const media = mediaOf(vector.configuration);
  const layouts = media.map((medium) => layOut(vector, medium));
  const observed = match(schedule)
    .with(undefined, () => [])
    .with({ kind: "forced" }, ({ steps }) => {
      const schedule = steps.map(stepOf);
      return layouts.map((layout) => walkAlong(layout, schedule, bug));
    })
    .with({ kind: "sampled" }, ({ trials, seed }) => {
      const chance = chanceFrom(seed);
      return layouts.flatMap((layout) =>
        Array.from({ length: trials }, () => walkAtRandom(layout, chance, bug))
      );
    })
    .exhaustive();
  if (observed.length === 0) return { kind: "errored", why: "no schedule was given" };
  return { kind: "outcome", observations: histogram(observed) };
}
