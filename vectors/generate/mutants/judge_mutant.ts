/**
 * A judge of events with one thing wrong: what an event does, or what an invariant asks.
 *
 * Guards on what can happen at all are not loosened: a vector holds only events that can happen, so
 * no vector can tell. The catalogue's other half, designs with one thing wrong, is in
 * `design_mutants.ts`.
 *
 * @module
 */
import type { EventKind } from "../../../model/event.ts";
import type { EventJudge } from "../../format/judge_events.ts";

/** A judge with one thing wrong. */
export interface JudgeMutant {
  /** `effect/clear_dirty/tag`, `invariant/DAX-TAG-1/blind to pte`; unique. */
  readonly id: string;
  /** One sentence: what is wrong with it. */
  readonly changes: string;
  readonly judge: EventJudge;
  /** The only invariant that judges differently; undefined where events do something else. */
  readonly invariant?: string;
  /** The only kinds of event that do something else or are judged differently. */
  readonly kinds: ReadonlySet<EventKind>;
}
