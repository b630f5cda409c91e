/**
 * What events do, and what invariants ask, as text: for those who write a judge in another language.
 *
 * The code is the model; these rows say the same in the notation that `spec/events.md` explains, and
 * the tests run both side by side. They are data, so that the chapter is printed from them.
 *
 * @module
 */
import type { Event, EventKind } from "../event.ts";
import type { Bounds } from "../state.ts";

/** A part of a kernel that a world may have or not. */
export type KernelPart = keyof Pick<
  Bounds,
  | "folios"
  | "blocks"
  | "locks"
  | "rwsems"
  | "durable"
  | "waitQueues"
  | "tlbs"
  | "contents"
  | "subpage"
>;

/** What one kind of event does. */
export interface EventRow {
  /** Parts that the world must have: without them the event would do nothing of what it is for. */
  readonly world?: readonly KernelPart[];
  /** When the event can happen; always, if absent. */
  readonly possible?: string;
  /** What it does to the views, in this order; nothing, if absent. */
  readonly does?: readonly string[];
}

/** Rows by the kind of event. */
export type EventRows<E extends Event> = { readonly [K in E["kind"]]: EventRow };

/** What one invariant asks of an event. */
export interface JudgeRow {
  readonly id: string;
  readonly on: readonly EventKind[];
  /** Names that `asked` and `holds` use, all in the world before the event. */
  readonly where?: readonly string[];
  /** Whether `asked` and `holds` look at the world before the event or after it. */
  readonly looks: "before" | "after";
  /** When the event could break the invariant. */
  readonly asked: string;
  /** Whether it has kept it. */
  readonly holds: string;
}
