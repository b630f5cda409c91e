/**
 * Names of tasks: a trace has few, and each on many lines.
 *
 * @module
 */
import { type Coded, coded } from "./lines.ts";
import { copyOf, standsAt } from "./part_of_text.ts";

/** The names of one trace. */
interface TaskNames {
  /** The name of task `pid` that is a part of a text: one string as long as the task has that name. */
  nameAt(lines: Coded, start: number, end: number, pid: number): string;
}

/** A name, and its characters. */
interface FoundName {
  readonly name: string;
  readonly codes: Uint8Array;
}

/** Tasks whose names are kept: a power of two. */
const slots = 512;

/** An empty collection. */
export function newTaskNames(): TaskNames {
  const recent: (FoundName | undefined)[] = new Array(slots).fill(undefined);
  return {
    nameAt(lines, start, end, pid) {
      const slot = pid & slots - 1;
      const known = recent[slot];
      if (known !== undefined && standsAt(lines, start, end, known.codes)) return known.name;
      const name = copyOf(lines, start, end);
      const { codes } = coded(name);
      // Of two names that are not ASCII the bytes may be the same.
      recent[slot] = codes.every((code) => code < 0x80) ? { name, codes } : undefined;
      return name;
    },
  };
}
