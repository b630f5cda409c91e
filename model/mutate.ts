/**
 * Takes one thing away from a design: a guard, a lock, or one thing that a step does.
 *
 * What a sound design does not miss is either not needed or not shown to be needed by its world; both
 * are worth knowing.
 *
 * @module
 */
import type { Actor, Branch, Design, Step } from "./design.ts";
import type { Event } from "./event.ts";

/** What is taken away. */
export type Loss =
  /** The branch may be gone whatever its guard says. */
  | { readonly kind: "guard"; readonly result: string }
  /** The lock is waited for and not kept; or, where it is held for one step only, not waited for. */
  | { readonly kind: "lock"; readonly lock: string }
  /** The step leaves this out. */
  | { readonly kind: "event"; readonly event: Event };

/** A design that lacks one thing. */
export interface Mutant {
  readonly actor: string;
  /** Name of the step that lacks it; of a lock, the step that takes it. */
  readonly step: string;
  /** The branch of the whole design that lacks it; undefined for a lock. */
  readonly branch: Branch | undefined;
  readonly loss: Loss;
  readonly design: Design;
}

/**
 * Events that are no deed of a kernel: they tell the invariants where a call or a pass begins and ends,
 * or let go of what a lock event took.
 */
export const noDeeds: ReadonlySet<Event["kind"]> = new Set([
  "call_begin",
  "call_end",
  "sync_begin",
  "sync_end",
  "look_up",
  "lock_entry",
  "unlock_entry",
  "wait_entry",
  "acquire",
  "release",
  "store",
]);

/** Every mutant of a design that lacks one thing, in the order of actors, steps and branches. */
export function mutantsOf(design: Design): readonly Mutant[] {
  return design.actors.flatMap((actor) => [
    ...actor.program.flatMap((step) => [
      ...withoutGuards(design, actor, step),
      ...withoutEvents(design, actor, step),
    ]),
    ...withoutLocks(design, actor),
  ]);
}

function withoutGuards(design: Design, actor: Actor, step: Step): readonly Mutant[] {
  if (step.branches.length < 2) return [];
  return step.branches.map((branch) =>
    lacking(
      design,
      actor,
      step,
      branch,
      { kind: "guard", result: branch.result },
      () => [{ ...branch, when: () => true }],
    )
  );
}

function withoutEvents(design: Design, actor: Actor, step: Step): readonly Mutant[] {
  return step.branches.flatMap((branch) =>
    branch.events.filter(({ kind }) => !noDeeds.has(kind)).map((event) =>
      lacking(
        design,
        actor,
        step,
        branch,
        { kind: "event", event },
        () => [{ ...branch, events: branch.events.filter((other) => other !== event) }],
      )
    )
  );
}

/** Each lock that the actor takes anywhere: the entry's, and each semaphore. */
function withoutLocks(design: Design, actor: Actor): readonly Mutant[] {
  const names = new Set(
    actor.program.flatMap(({ branches }) =>
      branches.flatMap(({ events }) => events.flatMap((event) => lockOf(event) ?? []))
    ),
  );
  return [...names].flatMap((lock) => {
    const step = actor.program.find(({ branches }) =>
      branches.some(({ events }) => events.some((event) => lockOf(event) === lock))
    );
    return step === undefined ? [] : [lacking(
      design,
      actor,
      step,
      undefined,
      { kind: "lock", lock },
      (branch) => [{ ...branch, events: unlocked(branch.events, lock) }],
    )];
  });
}

function lockOf(event: Event): string | undefined {
  if (event.kind === "lock_entry") return "entry";
  return event.kind === "acquire" ? event.lock : undefined;
}

function unlocked(events: readonly Event[], lock: string): readonly Event[] {
  if (lock !== "entry") {
    return events.filter((event) =>
      !((event.kind === "acquire" || event.kind === "release") && event.lock === lock)
    );
  }
  const isHeldForOneStep = events.some(({ kind }) => kind === "remove_entry");
  return events.flatMap((event): readonly Event[] => {
    if (event.kind === "unlock_entry") return [];
    if (event.kind !== "lock_entry") return [event];
    if (isHeldForOneStep) return [];
    return [event, { kind: "unlock_entry", task: event.task, page: event.page }];
  });
}

/**
 * The design in which one branch is changed, or, if the loss is no branch's, all of the actor's: each
 * goes the ways that stand in its place.
 */
export function lacking<L>(
  design: Design,
  actor: Actor,
  step: Step,
  branch: Branch | undefined,
  loss: L,
  change: (branch: Branch) => readonly Branch[],
): Omit<Mutant, "loss"> & { readonly loss: L } {
  const waysOf = (each: Branch): readonly Branch[] =>
    branch === undefined || each === branch ? change(each) : [each];
  const program = actor.program.map((each) =>
    branch === undefined || each === step
      ? { ...each, branches: each.branches.flatMap(waysOf) }
      : each
  );
  const actors = design.actors.map((each) => each === actor ? { ...actor, program } : each);
  return { actor: actor.name, step: step.name, branch, loss, design: { ...design, actors } };
}
