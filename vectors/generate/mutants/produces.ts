/**
 * Whether a design can produce a sequence of events: the question that a simulator answers.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import type { Event } from "../../../model/event.ts";
import { after, type Move, nextStep, startOf } from "../../../model/run.ts";
import { type State, stateKey } from "../../../model/state.ts";
import { canonicalJson } from "../../format/canonical_json.ts";
import { type Sequence, startFrom, worldBounds } from "../../format/event_vector.ts";

/**
 * True if some run of the design consists of exactly these events, or begins with them within its
 * last step. Its world must be the sequence's, with the same numbers for tasks and mappings.
 */
export function produces(design: Design, sequence: Sequence): boolean {
  if (worldOf(design) !== worldOfSequence(sequence)) return false;
  const wanted = sequence.events.map(numberOf);
  const open: { readonly state: State; readonly told: number }[] = [
    { state: startOf(design), told: 0 },
  ];
  const seen = new Set<string>();
  for (const { state, told } of open) {
    if (told >= wanted.length) return true;
    for (const move of waysFrom(design, state)) {
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

/** Every way in which somebody's next step might go, possible or not. */
function waysFrom({ actors }: Design, state: State): readonly Move[] {
  return actors.flatMap((actor) => {
    const step = nextStep(state, actor);
    return step === undefined ? [] : step.branches.map((branch) => ({ actor, step, branch }));
  });
}

/** Behind the last event the design may say what it likes. */
function fits(wanted: number | undefined, event: Event): boolean {
  return wanted === undefined || wanted === numberOf(event);
}

/** Numbers of texts, and of what has such a text: equal ones are asked for again and again. */
const numbers = new Map<string, number>();
const known = new WeakMap<object, number>();

function remembered(key: object, text: () => string): number {
  const found = known.get(key);
  if (found !== undefined) return found;
  const own = text();
  const number = numbers.get(own) ?? numbers.size;
  numbers.set(own, number);
  known.set(key, number);
  return number;
}

function numberOf(event: Event): number {
  return remembered(event, () => canonicalJson({ ...event }));
}

function worldOf(design: Design): number {
  return remembered(
    design,
    () => worldText({ bounds: worldBounds(design.bounds), start: startFrom(startOf(design)) }),
  );
}

function worldOfSequence(sequence: Sequence): number {
  return remembered(sequence, () => worldText(sequence));
}

function worldText({ bounds, start }: Pick<Sequence, "bounds" | "start">): string {
  return canonicalJson({ bounds: { ...bounds }, start: { ...start } });
}
