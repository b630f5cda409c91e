/**
 * Which part of a trace is to be judged, and of which invariants: the options of `check` that say so.
 *
 * @module
 */
import { invariants } from "../../model/invariants/catalogue.ts";
import { nearest } from "../../spec/nearest.ts";
import type { Selection } from "../kernel/selection.ts";

/** The options as they were given. */
export interface Selected {
  readonly only?: readonly string[];
  readonly inode?: string;
  readonly device?: string;
  readonly since?: string;
  readonly until?: string;
}

/** What they come to. */
export interface Part {
  readonly selection?: Selection;
  readonly only: readonly string[];
}

const SECONDS = /^\d+(?:\.\d{1,9})?$/;

/** Reads the options; what is wrong with the first that is wrong, if one is. */
export function partOf({ only = [], inode, device, since, until }: Selected): Part | string {
  const ids = only.flatMap((each) => each.split(","));
  const known = invariants.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const [near] = nearest(id, known);
    return `no invariant ${id}${near === undefined ? "" : `; did you mean ${near}?`}`;
  }
  const number = inode === undefined ? undefined : Number(inode);
  if (number !== undefined && (inode === "" || !Number.isSafeInteger(number) || number < 0)) {
    return `expected --inode as 12 or 0xc, not "${inode}"`;
  }
  if (device !== undefined && !/^\d+:\d+$/.test(device)) {
    return `expected --device as 259:0, not "${device}"`;
  }
  const [from, to] = [since, until].map((time) => time === undefined ? undefined : secondsOf(time));
  for (const [name, text, time] of [["since", since, from], ["until", until, to]] as const) {
    if (Number.isNaN(time)) {
      return `expected --${name} as the trace has it, 12.433101, not "${text}"`;
    }
  }
  if (from !== undefined && to !== undefined && from > to) return "--since is later than --until";
  if ([number, device, from, to].every((each) => each === undefined)) return { only: ids };
  return { only: ids, selection: { inode: number, device, since: from, until: to } };
}

/** Seconds as a trace prints them, in nanoseconds; NaN if it is none. */
function secondsOf(text: string): number {
  return SECONDS.test(text) ? Number(text) * 1e9 : Number.NaN;
}
