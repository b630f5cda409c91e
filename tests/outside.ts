/**
 * A second opinion on whether a design's world is broken: every byte that its start, its guards, its
 * events and its deeds look at is watched, in a search that shares nothing with the explorer.
 *
 * @module
 */
import type { Design } from "../model/design.ts";
import { nextStep, placeAfter } from "../model/run.ts";
import { copyState, createState, type State, stateKey } from "../model/state.ts";
import { enabled, step as apply } from "../model/step.ts";
import { type ByteAccess, watchState } from "../model/watched_state.ts";

/** Views that an event may look for in a world that has none: it is about something else there. */
const optional: ReadonlySet<string> = new Set(["block", "slot", "pinned"]);

/** The first thing that is not there, in words; undefined if all is there in so many states. */
export function outsideIn(design: Design, limit: number): string | undefined {
  let found: string | undefined;
  const watch = (state: State, mayLack: ReadonlySet<string>): State =>
    watchState(state, ({ field, index, how }: ByteAccess) => {
      if (state[field][index] === undefined && !mayLack.has(field)) {
        found ??= `${how} of ${field}[${index}]`;
      }
    });
  try {
    search(design, limit, watch, () => found !== undefined);
  } catch (error) {
    found ??= error instanceof Error ? error.message : String(error);
  }
  return found;
}

function search(
  design: Design,
  limit: number,
  watch: (state: State, mayLack: ReadonlySet<string>) => State,
  isDone: () => boolean,
): void {
  const nothing: ReadonlySet<string> = new Set();
  const start = createState(design.bounds);
  design.start?.(watch(start, nothing));
  const seen = new Set([stateKey(start)]);
  const open = [start];
  for (const state of open) {
    if (isDone() || open.length > limit) return;
    if (state.crashed[0] === 1) continue;
    const watched = watch(state, nothing);
    for (const actor of design.actors) {
      const next = nextStep(state, actor);
      for (const branch of next?.branches ?? []) {
        if (next === undefined || !branch.when(watched)) continue;
        const after = copyState(state);
        const changing = watch(after, optional);
        const happened = branch.events.every((event) => {
          if (!enabled(changing, event)) return false;
          apply(changing, event);
          return true;
        });
        if (!happened) continue;
        branch.then?.(watch(after, nothing));
        after.local[actor.task * design.bounds.locals] = placeAfter(actor, next, branch);
        if (seen.has(stateKey(after))) continue;
        seen.add(stateKey(after));
        open.push(after);
      }
    }
  }
}
