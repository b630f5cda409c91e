/**
 * Whether a design can produce a sequence of events: the question that a simulator answers.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import type { Event } from "../../../model/event.ts";
import { startOf } from "../../../model/run.ts";
import { stateKey } from "../../../model/state.ts";
import { canonicalJson } from "../../format/canonical_json.ts";
import { type Sequence, startFrom, worldBounds } from "../../format/event_vector.ts";
import { canGo, createWalker, waysOf } from "../derive/walker.ts";

/**
 * True if some run of the design consists of exactly these events, or begins with them within its
 * last step. Its world must be the sequence's, with the same numbers for tasks and mappings.
 */
export function produces(design: Design, sequence: Sequence): boolean {
  if (worldOf(design) !== worldOfSequence(sequence)) return false;
  const wanted = sequence.events.map(numberOf);
  const walker = createWalker(design);
  const open = [{ bytes: walker.state.bytes.slice(), told: 0 }];
  const seen = new Set<string>();
  // The farthest first: most sequences that the design has are found without a look at every run.
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    const { bytes, told } = here;
    if (told >= wanted.length) return true;
    walker.state.bytes.set(bytes);
    for (const move of design.actors.flatMap((actor) => waysOf(walker, actor))) {
      const said = move.branch.events;
      if (said.some((event, index) => !fits(wanted[told + index], event))) continue;
      if (!canGo(walker, move)) continue;
      const key = `${told + said.length} ${stateKey(walker.trial)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      open.push({ bytes: walker.trial.bytes.slice(), told: told + said.length });
    }
  }
  return false;
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
