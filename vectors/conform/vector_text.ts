/**
 * A vector for people: what happens in it, and what is right.
 *
 * @module
 */
import { type Observation, observationKey } from "../../model/operation/observation.ts";
import type { AnyVector } from "../format/any_vector.ts";
import type { EventVector, EventVerdict } from "../format/event_vector.ts";
import type { OperationVector } from "../format/operation_vector.ts";
import { programLines } from "./operation_text.ts";

/** What happens in a vector: its program, or its world and its events. */
export function happeningLines(vector: AnyVector): readonly string[] {
  return vector.kind === "operation" ? programLines(vector) : eventLines(vector);
}

/** What is right to observe, or to say of the events. */
export function rightLines(vector: AnyVector): readonly string[] {
  if (vector.kind === "event") return [verdictText(vector.verdict)];
  return vector.allowed.map(({ observation }) => observationText(observation));
}

/** What is known to be wrong to observe, with the invariants that it breaks. */
export function wrongLines({ forbidden }: OperationVector): readonly string[] {
  return forbidden.map(({ observation, invariants }) =>
    `${observationText(observation)}  breaks ${invariants.join(" or ")}`
  );
}

function observationText(observation: Observation): string {
  return observationKey(observation) || "all succeed";
}

/** What is right to say of events. */
function verdictText(verdict: EventVerdict): string {
  if (verdict.kind === "accepted") return "accepted";
  const { invariant, at, implied } = verdict;
  const more = implied.map((each) => `, and so ${each.invariant} at ${each.at}`);
  return `rejected at event ${at}: ${invariant}${more.join("")}`;
}

function eventLines({ bounds, start, exempt, events }: EventVector): readonly string[] {
  const width = String(events.length - 1).length;
  return [
    `world: ${fieldsText(bounds)}`,
    `start: ${fieldsText(start) || "all zero"}`,
    ...exempt.length === 0 ? [] : [`exempt: ${exempt.join(", ")}`],
    ...events.map(({ kind, ...fields }, at) =>
      `${String(at).padStart(width)}  ${[kind, fieldsText(fields)].join(" ").trim()}`
    ),
  ];
}

/** `task=0 page=1`; a list of bytes as `1,0,0`. */
function fieldsText(fields: object): string {
  return Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`).join(" ");
}
