/**
 * Disables one guard, lock or step of a design at a time: what `mutate.ts` takes away, without what is
 * no part of a design, and what it leaves alone: waits, locks of the page cache, and whole steps.
 *
 * @module
 */
import type { Actor, Branch, Design, Step } from "../../model/design.ts";
import type { Event, EventKind, RemoveEntry } from "../../model/event.ts";
import type { Lock } from "../../model/events/lock.ts";
import { folioInHand } from "../../model/folio.ts";
import { lacking, type Loss, type Mutant, mutantsOf, noDeeds } from "../../model/mutate.ts";
import type { State } from "../../model/state.ts";
import { holderOf } from "../../model/xarray.ts";

/** What is disabled. */
export type Disabling = Loss | /** Of several deeds of a step that go together, all. */ {
  readonly kind: "step";
};

/** A design of which one thing is disabled. */
export type Disabled = Omit<Mutant, "loss"> & { readonly loss: Disabling };

/** Events that are no deed of the design, beside those of `mutate.ts`. */
const notOfDesign: ReadonlySet<EventKind> = new Set([
  ...noDeeds,
  // Where calls begin and end, what they saw and what they say.
  "fsync_begin",
  "fsync_end",
  "dsync_end",
  "direct_begin",
  "direct_end",
  "direct_read",
  "removal_end",
  "invalidated",
  "invalidate_again",
  "refuse_change",
  "refuse_pin",
  "sleep_on_pins",
  "settle_buffer",
  "mmap",
  "observe",
  // What programs do.
  "load",
  "store_folio",
  "store_line",
  "write_back_line",
  "fence",
  // What devices and hardware do.
  "evict_line",
  "drain_device",
  "crash",
  "dma_write",
  "dma_write_block",
  "send_buffer",
  // Locks, which are disabled whole.
  "lock_folio",
  "unlock_folio",
  "lock",
  "unlock",
  "contend",
]);

/** Every design that this one becomes by disabling one guard, lock or step of it. */
export function disabledOf(design: Design): readonly Disabled[] {
  return [
    ...mutantsOf(design).filter(isOfDesign),
    ...design.actors.flatMap((actor) => [
      ...actor.program.flatMap((step) => [
        ...withoutWait(design, actor, step),
        ...withoutRemovals(design, actor, step),
        ...withoutDeeds(design, actor, step),
      ]),
      ...withoutFolioLock(design, actor),
      ...withoutModeLocks(design, actor),
    ]),
  ];
}

/** A guard that looks at nothing guards nothing. */
function isGuarded({ when }: Branch): boolean {
  return when.length > 0;
}

function isOfDesign({ loss, branch }: Mutant): boolean {
  if (loss.kind === "guard") return branch !== undefined && isGuarded(branch);
  return loss.kind === "lock" || !(notOfDesign.has(loss.event.kind) || isRemoval(loss.event));
}

/** A step of one way that waits until it may go. */
function withoutWait(design: Design, actor: Actor, step: Step): readonly Disabled[] {
  const [branch, ...others] = step.branches;
  if (branch === undefined || others.length > 0 || !isGuarded(branch)) return [];
  const loss = { kind: "guard", result: branch.result } as const;
  return [lacking(design, actor, step, branch, loss, () => [{ ...branch, when: () => true }])];
}

/** With an entry goes its lock: whoever leaves it in the XArray unlocks it. */
function withoutRemovals(design: Design, actor: Actor, step: Step): readonly Disabled[] {
  return step.branches.flatMap((branch) =>
    branch.events.filter(isRemoval).map((event) =>
      lacking(
        design,
        actor,
        step,
        branch,
        { kind: "event", event } as const,
        () => leavingOut(branch, [event]),
      )
    )
  );
}

function withoutDeeds(design: Design, actor: Actor, step: Step): readonly Disabled[] {
  return step.branches.flatMap((branch) => {
    const deeds = branch.events.filter(({ kind }) => !notOfDesign.has(kind));
    if (deeds.length < 2) return [];
    const loss = { kind: "step" } as const;
    return [lacking(design, actor, step, branch, loss, () => leavingOut(branch, deeds))];
  });
}

function isRemoval(event: Event): event is RemoveEntry {
  return event.kind === "remove_entry";
}

function leavingOut(branch: Branch, deeds: readonly Event[]): readonly Branch[] {
  const events = branch.events.filter((event) => !deeds.includes(event));
  const removal = deeds.find(isRemoval);
  if (removal === undefined) return [{ ...branch, events }];
  const { task, page } = removal;
  const locks = events.some(({ kind }) => kind === "lock_entry");
  const holds = (state: State): boolean => locks || holderOf(state, page) === task + 1;
  const unlocking = branch.events.flatMap((event): readonly Event[] => {
    if (event === removal) return [{ kind: "unlock_entry", task, page }];
    return deeds.includes(event) ? [] : [event];
  });
  return [
    { ...branch, events: unlocking, when: (state) => branch.when(state) && holds(state) },
    { ...branch, events, when: (state) => branch.when(state) && !holds(state) },
  ];
}

/** PG_locked is neither waited for nor taken; a folio that was added locked is unlocked as before. */
function withoutFolioLock(design: Design, actor: Actor): readonly Disabled[] {
  const locks = ({ events }: Branch): boolean => events.some(({ kind }) => kind === "lock_folio");
  const step = actor.program.find(({ branches }) => branches.some(locks));
  if (step === undefined) return [];
  const loss = { kind: "lock", lock: "PG_locked" } as const;
  return [lacking(design, actor, step, undefined, loss, unlockedFolio)];
}

function unlockedFolio(branch: Branch): readonly Branch[] {
  const events = branch.events.filter(({ kind }) => kind !== "lock_folio");
  const unlock = events.find(({ kind }) => kind === "unlock_folio");
  const adds = events.some(({ kind }) => kind === "add_folio");
  if (unlock === undefined || adds || !("task" in unlock)) return [{ ...branch, events }];
  const { task } = unlock;
  const holds = (state: State): boolean => state.locked[folioInHand(state, task)] === task + 1;
  return [
    { ...branch, events, when: (state) => branch.when(state) && holds(state) },
    {
      ...branch,
      events: events.filter(({ kind }) => kind !== "unlock_folio"),
      when: (state) => branch.when(state) && !holds(state),
    },
  ];
}

/** Each lock with modes that the actor takes anywhere, in whatever mode. */
function withoutModeLocks(design: Design, actor: Actor): readonly Disabled[] {
  const taken = actor.program.flatMap((step) =>
    step.branches.flatMap(({ events }) => events.filter(isLock).map((lock) => ({ step, lock })))
  );
  return taken.filter(({ lock }, index) =>
    taken.findIndex((each) => each.lock.lock === lock.lock) === index
  ).map(({ step, lock }) =>
    lacking(
      design,
      actor,
      step,
      undefined,
      { kind: "lock", lock: lock.name } as const,
      (branch) => [{
        ...branch,
        events: branch.events.filter((event) =>
          !((event.kind === "lock" || event.kind === "unlock") && event.lock === lock.lock)
        ),
      }],
    )
  );
}

function isLock(event: Event): event is Lock {
  return event.kind === "lock";
}
