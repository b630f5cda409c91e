/**
 * Where a design that differs from another one in some steps can do anything else.
 *
 * @module
 */
import type { Design } from "../design.ts";
import { placeOf } from "../run.ts";
import { createState } from "../state.ts";
import type { Automaton } from "./automaton.ts";

/** Local states of an actor that stand before a changed step. */
export function changedLocals(known: Automaton, changed: Design, index: number): readonly number[] {
  const actor = known.design.actors[index];
  const other = changed.actors[index];
  const locals = known.runners[index]?.locals;
  if (actor === undefined || other === undefined || locals === undefined) return [];
  if (actor === other) return [];
  const { bounds } = known.design;
  const state = createState(bounds);
  const bytes = new Uint8Array(locals.words.buffer, locals.words.byteOffset);
  return Array.from({ length: locals.count }, (_, local) => local).filter((local) => {
    const from = 4 * local * locals.stride;
    const own = bytes.subarray(from, from + bounds.locals);
    state.local.set(own, actor.task * bounds.locals);
    const place = placeOf(state, actor);
    return actor.program[place] !== other.program[place];
  });
}
