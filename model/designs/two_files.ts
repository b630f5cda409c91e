/**
 * System C: two files of a page each, cached by nobody, and direct writes to one whose buffer is a
 * mapping of the other, or of itself (seed 002).
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import type { State } from "../state.ts";

/** One direct write. */
export interface DirectWrite {
  readonly name: string;
  readonly task: number;
  /** Number of the file that is written; its page and its lock have the same number. */
  readonly to: number;
  /** Number of the file whose page is the buffer. */
  readonly from: number;
}

/** D writes to the first file from the second, E to the second from the first. */
export const crossed: readonly [d: DirectWrite, e: DirectWrite] = [
  { name: "D", task: 0, to: 0, from: 1 },
  { name: "E", task: 1, to: 1, from: 0 },
];

/** D writes to a file from itself. */
export const withinOneFile: DirectWrite = { name: "D", task: 0, to: 0, from: 0 };

function start(state: State): void {
  for (const page of [0, 1]) {
    state.extent[page] = Extent.MAPPED;
    state.block[page] = page + 1;
    state.owner[page] = page + 1;
    state.media[page] = 1;
    state.size[page] = 1;
  }
}

/** A design of these files with so many tasks and folios at most. */
export function twoFiles(
  { id, title, source, breaks = [] }: Pick<Design, "id" | "title" | "source"> & {
    readonly breaks?: readonly string[];
  },
  actors: readonly Actor[],
  most: { readonly tasks: number; readonly folios: number },
): Design {
  const bounds = { pages: 2, pmdPages: 1, mappings: 0, locals: 1, blocks: 2, files: 2, locks: 2 };
  return { id, system: "C", title, source, bounds: { ...bounds, ...most }, start, actors, breaks };
}
