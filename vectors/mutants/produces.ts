/**
 * Whether a design can produce a sequence of events: the question that a simulator answers.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import type { Event } from "../../model/event.ts";
import { after, movesFrom, startOf } from "../../model/run.ts";
import { type State, stateKey } from "../../model/state.ts";
import { canonicalJson } from "../canonical_json.ts";
import { type Sequence, startFrom, worldBounds } from "../event_vector.ts";

/**
 * True if some run of the design consists of exactly these events, or begins with them within its
 * last step. Its world must be the sequence's, with the same numbers for tasks and mappings.
 */
export function produces(design: Design, { bounds, start, events }: Sequence): boolean {
  if (!sameJson(worldBounds(design.bounds), bounds)) return false;
  const begin = startOf(design);
  if (!sameJson(startFrom(begin), start)) return false;
  const wanted = events.map(textOf);
  const open: { readonly state: State; readonly told: number }[] = [{ state: begin, told: 0 }];
  const seen = new Set<string>();
  for (const { state, told } of open) {
    if (told >= wanted.length) return true;
    for (const move of movesFrom(design, state)) {
      const said = move.branch.events;
      if (said.some((event, index) => !fits(wanted[told + index], event))) continue;
      const next = after(state, move);
      const key = next === undefined ? "" : `${told + said.length} ${stateKey(next)}`;
      if (next === undefined || seen.has(key)) continue;
      seen.add(key);
      open.push({ state: next, told: told + said.length });
    }
  }
  return false;
}

/** Behind the last event the design may say what it likes. */
function fits(wanted: string | undefined, event: Event): boolean {
  return wanted === undefined || wanted === textOf(event);
}

function textOf(event: Event): string {
  return canonicalJson({ ...event });
}

function sameJson(one: object, other: object): boolean {
  return canonicalJson({ ...one }) === canonicalJson({ ...other });
}
