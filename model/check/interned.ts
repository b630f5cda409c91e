/**
 * One object for equal projections, so that the automaton's memories are keyed by identity.
 *
 * @module
 */
import { type Projection, projectionKey } from "./explain.ts";

const known = new Map<string, Projection>();

/** The object that stands for this projection. */
export function interned(projection: Projection): Projection {
  const name = projectionKey(projection);
  const old = known.get(name);
  if (old !== undefined) return old;
  known.set(name, projection);
  return projection;
}
