/**
 * Steps of the recording, of which worlds remember the last that reached them. A long recording has
 * millions, each for a while: they are kept as numbers, which cost a collector of garbage nothing, and
 * as the texts that readers give them, each of which a reader makes once for many steps.
 *
 * @module
 */
import type { Role, Where } from "./observation.ts";

/** The table. */
export interface Steps {
  /** Line, time, CPU and thread id of each. */
  numbers: Float64Array;
  /** Task and role of each: places in `names`, and in `roles`. */
  words: Int32Array;
  /** Text of each. To look for one that is the same would cost more than to keep both. */
  readonly texts: string[];
  /** Each task's name once: it may be a part of a long text, which it keeps. */
  names: string[];
  /** By name: its place in `names`; and the name that was looked up last. */
  readonly known: Map<string, number>;
  lastName: string;
  lastPlace: number;
  count: number;
  /** The two that were asked for last: what reaches many worlds comes again at once, alone or with another. */
  last: Where | undefined;
  lastStep: number;
  other: Where | undefined;
  otherStep: number;
}

/** Numbers of a step. */
const width = 4;
/** Words of a step. */
const wordsOfStep = 2;
const roles: readonly Role[] = ["dirties", "settles", "alive", "other"];

/** No steps. */
export function createSteps(): Steps {
  return {
    numbers: new Float64Array(1024 * width),
    words: new Int32Array(1024 * wordsOfStep),
    texts: [],
    names: [""],
    known: new Map([["", 0]]),
    lastName: "",
    lastPlace: 0,
    count: 0,
    last: undefined,
    lastStep: -1,
    other: undefined,
    otherStep: -1,
  };
}

/** The place of the step in the table, if it is one of the two that were asked for last; else -1. */
export function knownStep({ last, lastStep, other, otherStep }: Steps, where: Where): number {
  return last === where ? lastStep : other === where ? otherStep : -1;
}

/** The place of the step in the table, where it is kept from now on if it is not yet. */
export function stepOf(steps: Steps, where: Where): number {
  const known = knownStep(steps, where);
  if (known >= 0) return known;
  const step = steps.count++;
  const at = step * width;
  if (at >= steps.numbers.length) makeRoom(steps);
  const { numbers, words } = steps;
  numbers[at] = where.line;
  numbers[at + 1] = where.time;
  numbers[at + 2] = where.cpu;
  numbers[at + 3] = where.pid;
  const word = step * wordsOfStep;
  words[word] = placeOf(steps, where.task);
  words[word + 1] = roles.indexOf(where.role);
  steps.texts[step] = where.text;
  steps.other = steps.last;
  steps.otherStep = steps.lastStep;
  steps.last = where;
  steps.lastStep = step;
  return step;
}

function makeRoom(steps: Steps): void {
  const { numbers, words } = steps;
  steps.numbers = new Float64Array(2 * numbers.length);
  steps.numbers.set(numbers);
  steps.words = new Int32Array(2 * words.length);
  steps.words.set(words);
}

function placeOf(steps: Steps, name: string): number {
  if (steps.lastName === name) return steps.lastPlace;
  const { known, names } = steps;
  let place = known.get(name);
  if (place === undefined) known.set(name, place = names.push(name) - 1);
  steps.lastName = name;
  return steps.lastPlace = place;
}

/** True if the step is what this line puts so. */
export function isStep({ numbers, texts }: Steps, step: number, { line, text }: Where): boolean {
  return numbers[step * width] === line && texts[step] === text;
}

/** The step, as it was. */
export function whereAt({ numbers, words, texts, names }: Steps, step: number): Where | undefined {
  const [line, time, cpu, pid] = numbers.subarray(step * width, (step + 1) * width);
  const [ofTask, ofRole] = words.subarray(step * wordsOfStep, (step + 1) * wordsOfStep);
  const [text, task, role] = [texts[step], names[ofTask ?? -1], roles[ofRole ?? -1]];
  if (line === undefined || time === undefined || cpu === undefined || pid === undefined) {
    return undefined;
  }
  if (task === undefined || text === undefined || role === undefined) return undefined;
  return { line, time, cpu, task, pid, text, role };
}

/** Keeps those of which `kept` is not -1, in order, and notes there where they are then. */
export function keepSteps(steps: Steps, kept: Int32Array): void {
  const { numbers, words, texts, names } = steps;
  forgetNames(steps);
  let next = 0;
  for (let step = 0; step < kept.length; step++) {
    if (kept[step] === -1) continue;
    for (let nth = 0; nth < width; nth++) {
      numbers[next * width + nth] = numbers[step * width + nth] ?? 0;
    }
    const from = step * wordsOfStep;
    const to = next * wordsOfStep;
    words[to] = placeOf(steps, names[words[from] ?? 0] ?? "");
    words[to + 1] = words[from + 1] ?? 0;
    texts[next] = texts[step] ?? "";
    kept[step] = next++;
  }
  texts.length = next;
  steps.count = next;
  steps.last = steps.other = undefined;
}

function forgetNames(steps: Steps): void {
  steps.names = [""];
  steps.known.clear();
  steps.known.set("", 0);
  steps.lastName = "";
  steps.lastPlace = 0;
}
