/**
 * Which vectors of a suite are run.
 *
 * @module
 */
import { nearest } from "../../spec/nearest.ts";
import type { AnyVector } from "../format/any_vector.ts";

/** Vectors with one of the parts in their handle, or one line about a part that no handle has. */
export function select(
  vectors: readonly AnyVector[],
  parts: readonly string[] | undefined,
): readonly AnyVector[] | string {
  if (parts === undefined) return vectors;
  for (const part of parts) {
    if (vectors.some(({ handle }) => handle.includes(part))) continue;
    const near = nearestHandle(part, vectors);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    return `expected a part of a vector's handle, not "${part}"${hint}`;
  }
  return vectors.filter(({ handle }) => parts.some((part) => handle.includes(part)));
}

/** The first handle that begins much as the part does. */
function nearestHandle(part: string, vectors: readonly AnyVector[]): string | undefined {
  const headOf = (handle: string): string => handle.slice(0, part.length);
  const [near] = nearest(part, vectors.map(({ handle }) => headOf(handle)));
  return vectors.find(({ handle }) => headOf(handle) === near)?.handle;
}
