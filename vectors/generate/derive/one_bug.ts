/**
 * A design that stops where a second bug would come in: what is left are the runs that break one
 * invariant and what that implies, so that the shortest breach among them has one bug.
 *
 * @module
 */
import type { Branch, Design } from "../../../model/design.ts";
import type { Event } from "../../../model/event.ts";
import { Judgement } from "../../../model/invariant.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { createState, type State } from "../../../model/state.ts";
import { enabled, step } from "../../../model/step.ts";
import { impliedBy, judgesByKind } from "../../format/judge_events.ts";

/**
 * The design without the moves that break anything but these invariants and what they imply, or
 * what it is exempt from.
 */
export function allowingOnly(design: Design, ids: readonly string[]): Design {
  const allowed = new Set([
    ...ids.flatMap((id) => [id, ...impliedBy(id)]),
    ...Object.keys(design.exempt ?? {}),
  ]);
  const judges = judgesByKind(invariants.filter(({ id }) => !allowed.has(id)));
  const before = createState(design.bounds);
  const after = createState(design.bounds);
  const breaks = (state: State, events: readonly Event[]): boolean => {
    after.bytes.set(state.bytes);
    for (const event of events) {
      if (!enabled(after, event)) return false;
      before.bytes.set(after.bytes);
      step(after, event);
      for (const { judge } of judges.get(event.kind) ?? []) {
        if (judge(before, event, after) === Judgement.BROKEN) return true;
      }
    }
    return false;
  };
  const guarded = (branch: Branch): Branch => ({
    ...branch,
    when: (state) => branch.when(state) && !breaks(state, branch.events),
  });
  const actors = design.actors.map((actor) => ({
    ...actor,
    program: actor.program.map((each) => ({ ...each, branches: each.branches.map(guarded) })),
  }));
  return { ...design, actors };
}
