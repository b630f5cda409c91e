/**
 * What an invariant is: a judge of one step. It never changes a state.
 *
 * @module
 */
import type { Event, EventKind } from "./event.ts";
import type { Need } from "./line_class.ts";
import type { State } from "./state.ts";

/** What a judge says of one step. Small integers: the explorer asks it millions of times. */
export const Judgement = {
  /** The step could not have broken the invariant. */
  IDLE: 0,
  /** The step could have broken the invariant, and did not. */
  KEPT: 1,
  /** The step broke it. */
  BROKEN: 2,
} as const;
/** One of these. */
export type Judgement = typeof Judgement[keyof typeof Judgement];

/** Judges the step from `before` by `event` to `after`. */
export type Judge<K extends EventKind = EventKind> = (
  before: State,
  event: Extract<Event, { kind: K }>,
  after: State,
) => Judgement;

/** An invariant of the catalogue. Its statement, formula and sources stand in its chapter. */
export interface Invariant {
  /** `DAX-CLEAN-2`; never renumbered or reused. */
  readonly id: string;
  /**
   * Whether it speaks of an XArray entry alone or of a mapping's PTE of the page too; `file` if of
   * more than that, as folios, blocks and locks: no small world of a recording shows it.
   */
  readonly about: "entry" | "mapping" | "file";
  /** Lines that a recording must have to decide it: what its card says. */
  readonly needs: readonly Need[];
  /** True if a recording can only show its breach, and never that it was kept. */
  readonly onlyBreachShows?: true;
  /** Kinds of event that can break it. */
  readonly on: readonly EventKind[];
  /** Judges a step of one of those kinds. */
  readonly judge: Judge;
  /** One sentence for a report: what went wrong. */
  readonly breach: string;
  /** One sentence for a report: what the user loses by it. */
  readonly loss: string;
  /** Ids that a breach of this one implies and that are not counted again. */
  readonly implies: readonly string[];
  /** True if it breaks where an actor waits for ever: the explorer judges that, no single step can. */
  readonly liveness?: true;
}

/** Declares an invariant whose judge sees only the kinds that it asked for. */
export function invariant<K extends EventKind>(
  declared: Omit<Invariant, "on" | "judge" | "implies"> & {
    readonly on: readonly K[];
    readonly judge: Judge<K>;
    readonly implies?: readonly string[];
  },
): Invariant {
  const kinds = new Set<EventKind>(declared.on);
  return {
    ...declared,
    implies: declared.implies ?? [],
    judge: (before, event, after) =>
      isOf<K>(event, kinds) ? declared.judge(before, event, after) : Judgement.IDLE,
  };
}

function isOf<K extends EventKind>(
  event: Event,
  kinds: ReadonlySet<EventKind>,
): event is Extract<Event, { kind: K }> {
  return kinds.has(event.kind);
}

/** The invariants that each kind of event can break, in their order: no other one need be asked. */
export function judgesByKind(
  invariants: readonly Invariant[],
): ReadonlyMap<EventKind, readonly Invariant[]> {
  const judges = new Map<EventKind, Invariant[]>();
  for (const invariant of invariants) {
    for (const kind of invariant.on) {
      const list = judges.get(kind);
      if (list === undefined) judges.set(kind, [invariant]);
      else list.push(invariant);
    }
  }
  return judges;
}

/** `KEPT` or `BROKEN`. */
export function keptIf(holds: boolean): Judgement {
  return holds ? Judgement.KEPT : Judgement.BROKEN;
}
