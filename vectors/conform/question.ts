/**
 * From a vector to what crosses the wire: everything that says what is right stays here.
 *
 * @module
 */
import type { AnyVector } from "../format/any_vector.ts";
import type { Question, Schedule } from "./protocol.ts";

/** The vector without its expectations. */
export function questionOf(vector: AnyVector): Question {
  const { id, handle, capabilities, configuration } = vector;
  const envelope = { id, handle, capabilities, configuration };
  if (vector.kind === "operation") {
    const { kind, files, processes } = vector;
    return { ...envelope, kind, files, processes };
  }
  const { kind, bounds, start, exempt, events } = vector;
  return { ...envelope, kind, bounds, start, exempt, events };
}

/** How a run schedules, as far as a driver can. */
export interface Sampling {
  readonly schedules: readonly Schedule["kind"][];
  readonly trials: number;
  readonly seed: number;
}

/** Every schedule that a vector is run with: none for events, which have an order already. */
export function schedulesOf(
  vector: AnyVector,
  sampling: Sampling,
): readonly (Schedule | undefined)[] {
  if (vector.kind === "event") return [undefined];
  const { schedules, trials, seed } = sampling;
  const known = [
    ...vector.allowed.map(({ schedule }) => schedule),
    ...vector.forbidden.flatMap(({ schedules }) => schedules),
  ];
  const forced = known.map((steps): Schedule => ({ kind: "forced", steps }));
  return [
    ...schedules.includes("forced") ? forced : [],
    ...schedules.includes("sampled") ? [{ kind: "sampled", trials, seed } as const] : [],
  ];
}
