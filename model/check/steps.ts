/**
 * Steps of the recording, of which worlds remember the last that reached them. A long recording has
 * millions, each for a while: they are kept as numbers, which cost a collector of garbage nothing.
 *
 * @module
 */
import type { Role, Where } from "./observation.ts";

/** The table. */
export interface Steps {
  /** Line, time, CPU and thread id of each. */
  numbers: Float64Array;
  /** Text, task and role of each: places in `said`, and in `roles`. */
  words: Int32Array;
  /** Each text and each task's name once: they come again and again. */
  said: string[];
  /** By text or name: its place in `said`. */
  readonly known: Map<string, number>;
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
const wordsOfStep = 3;
const roles: readonly Role[] = ["dirties", "settles", "alive", "other"];

/** No steps. */
export function createSteps(): Steps {
  return {
    numbers: new Float64Array(1024 * width),
    words: new Int32Array(1024 * wordsOfStep),
    said: [],
    known: new Map(),
    count: 0,
    last: undefined,
    lastStep: -1,
    other: undefined,
    otherStep: -1,
  };
}

/** The place of the step in the table, where it is kept from now on if it is not yet. */
export function stepOf(steps: Steps, where: Where): number {
  if (steps.last === where) return steps.lastStep;
  if (steps.other === where) return steps.otherStep;
  const step = steps.count++;
  const at = step * width;
  if (at >= steps.numbers.length) makeRoom(steps);
  const { numbers, words } = steps;
  numbers[at] = where.line;
  numbers[at + 1] = where.time;
  numbers[at + 2] = where.cpu;
  numbers[at + 3] = where.pid;
  const word = step * wordsOfStep;
  words[word] = placeOf(steps, where.text);
  words[word + 1] = placeOf(steps, where.task);
  words[word + 2] = roles.indexOf(where.role);
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

function placeOf({ known, said }: Steps, text: string): number {
  let place = known.get(text);
  if (place === undefined) known.set(text, place = said.push(text) - 1);
  return place;
}

/** True if the step is what this line puts so. */
export function isStep(
  { numbers, words, said }: Steps,
  step: number,
  { line, text }: Where,
): boolean {
  return numbers[step * width] === line && said[words[step * wordsOfStep] ?? -1] === text;
}

/** The step, as it was. */
export function whereAt({ numbers, words, said }: Steps, step: number): Where | undefined {
  const [line, time, cpu, pid] = numbers.subarray(step * width, (step + 1) * width);
  const [ofText, ofTask, ofRole] = words.subarray(step * wordsOfStep, (step + 1) * wordsOfStep);
  const [text, task, role] = [said[ofText ?? -1], said[ofTask ?? -1], roles[ofRole ?? -1]];
  if (line === undefined || time === undefined || cpu === undefined || pid === undefined) {
    return undefined;
  }
  if (task === undefined || text === undefined || role === undefined) return undefined;
  return { line, time, cpu, task, pid, text, role };
}

/** Keeps those of which `kept` is not -1, in order, and notes there where they are then. */
export function keepSteps(steps: Steps, kept: Int32Array): void {
  const { numbers, words, said, known } = steps;
  const places = new Int32Array(said.length).fill(-1);
  steps.said = [];
  known.clear();
  let next = 0;
  for (let step = 0; step < kept.length; step++) {
    if (kept[step] === -1) continue;
    for (let nth = 0; nth < width; nth++) {
      numbers[next * width + nth] = numbers[step * width + nth] ?? 0;
    }
    const [from, to] = [step * wordsOfStep, next * wordsOfStep];
    for (let nth = 0; nth < 2; nth++) {
      const old = words[from + nth] ?? 0;
      if (places[old] === -1) places[old] = placeOf(steps, said[old] ?? "");
      words[to + nth] = places[old] ?? 0;
    }
    words[to + 2] = words[from + 2] ?? 0;
    kept[step] = next++;
  }
  steps.count = next;
  steps.last = steps.other = undefined;
}
