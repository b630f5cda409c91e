/**
 * Cases by number: what is taken of which recording, the same for the same seed.
 *
 * @module
 */
import type { Recording } from "./recordings.ts";
import { type EvidenceRemoval, type HeaderSays, isTaskRecord } from "./removal.ts";
import { eventName } from "../../vectors/kernel/record.ts";

/** One case. */
interface Case {
  readonly recording: Recording;
  readonly removal: EvidenceRemoval;
  readonly says: HeaderSays;
}

/** Numbers in [0, below), by chance of a seed (mulberry32). */
type Chance = (below: number) => number;

/** A generator of such numbers. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * below);
  };
}

/**
 * What the header can say afterwards. A line or a gap that is taken out of a recording leaves the number of
 * its events as it was, or there was none. With the number made smaller, the text is that of another run,
 * in which the kernel never did what the lines told of: it is forged, and no reader can tell. What was never
 * recorded, a class, a task, a CPU, what came before the start or after the end, the header never counted.
 */
function headersAfter({ kind }: EvidenceRemoval): readonly HeaderSays[] {
  switch (kind) {
    case "line":
    case "gap":
    case "gap_of_task":
      return ["what was there", "nothing"];
    case "gap_of_cpu":
      return ["what was there", "nothing", "a loss"];
    case "task":
    case "other_tasks":
    case "cpu":
    case "other_cpus":
    case "class":
    case "head":
    case "tail":
      return ["the truth", "what was there", "nothing"];
    default:
      return kind satisfies never;
  }
}

const kinds = [
  "line",
  "line",
  "line",
  "gap",
  "gap",
  "gap_of_task",
  "gap_of_cpu",
  "task",
  "other_tasks",
  "cpu",
  "other_cpus",
  "class",
  "head",
  "tail",
] as const;

/** A case by chance. */
export function caseOf(recordings: readonly Recording[], chance: Chance): Case {
  const recording = pick(recordings, chance);
  const removal = removalOf(recording, pick(kinds, chance), chance);
  return { recording, removal, says: pick(headersAfter(removal), chance) };
}

function pick<T>(from: readonly T[], chance: Chance): T {
  const found = from[chance(from.length)];
  if (found === undefined) throw new RangeError("nothing to pick from");
  return found;
}

/** A removal of this kind from the recording. */
function removalOf(
  { records }: Recording,
  kind: EvidenceRemoval["kind"],
  chance: Chance,
): EvidenceRemoval {
  const events = records.filter(isTaskRecord);
  switch (kind) {
    case "line":
      return { kind, at: chance(records.length) };
    case "gap":
      return { kind, ...gapIn(records.length, chance) };
    case "gap_of_task":
    case "gap_of_cpu": {
      const { from, to } = gapIn(records.length, chance);
      const within = records.slice(from, to).filter(isTaskRecord);
      if (within.length === 0) return { kind: "gap", from, to };
      const { pid, cpu } = pick(within, chance);
      return kind === "gap_of_task" ? { kind, pid, from, to } : { kind, cpu, from, to };
    }
    case "head":
      return { kind, to: chance(records.length) };
    case "tail":
      return { kind, from: chance(records.length) };
    case "task":
    case "other_tasks":
      return { kind, pid: pick([...new Set(events.map(({ pid }) => pid))], chance) };
    case "cpu":
    case "other_cpus":
      return { kind, cpu: pick([...new Set(events.map(({ cpu }) => cpu))], chance) };
    case "class":
      return { kind, name: pick([...new Set(events.map(eventName))], chance) };
    default:
      return kind satisfies never;
  }
}

/** Some records that follow each other, as often few as many. */
function gapIn(records: number, chance: Chance): { readonly from: number; readonly to: number } {
  const from = chance(records);
  return { from, to: from + 1 + chance(2 ** (1 + chance(10))) };
}
