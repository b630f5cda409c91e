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
  /** Words of each. */
  tasks: string[];
  texts: string[];
  roles: Role[];
  /** Each text once: a page's steps come again and again. */
  readonly known: Map<string, string>;
  count: number;
  /** The two that were asked for last: what reaches many worlds comes again at once, alone or with another. */
  last: Where | undefined;
  lastStep: number;
  other: Where | undefined;
  otherStep: number;
}

/** Numbers of a step. */
const width = 4;

/** No steps. */
export function createSteps(): Steps {
  return {
    numbers: new Float64Array(1024 * width),
    tasks: [],
    texts: [],
    roles: [],
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
  if (at >= steps.numbers.length) {
    const { numbers } = steps;
    steps.numbers = new Float64Array(2 * numbers.length);
    steps.numbers.set(numbers);
  }
  const { numbers } = steps;
  numbers[at] = where.line;
  numbers[at + 1] = where.time;
  numbers[at + 2] = where.cpu;
  numbers[at + 3] = where.pid;
  steps.tasks.push(where.task);
  steps.texts.push(knownText(steps, where.text));
  steps.roles.push(where.role);
  steps.other = steps.last;
  steps.otherStep = steps.lastStep;
  steps.last = where;
  steps.lastStep = step;
  return step;
}

function knownText({ known }: Steps, text: string): string {
  const same = known.get(text);
  if (same === undefined) known.set(text, text);
  return same ?? text;
}

/** True if the step is what this line puts so. */
export function isStep({ numbers, texts }: Steps, step: number, { line, text }: Where): boolean {
  return numbers[step * width] === line && texts[step] === text;
}

/** The step, as it was. */
export function whereAt({ numbers, tasks, texts, roles }: Steps, step: number): Where | undefined {
  const [line, time, cpu, pid] = numbers.subarray(step * width, (step + 1) * width);
  const [task, text, role] = [tasks[step], texts[step], roles[step]];
  if (line === undefined || time === undefined || cpu === undefined || pid === undefined) {
    return undefined;
  }
  if (task === undefined || text === undefined || role === undefined) return undefined;
  return { line, time, cpu, task, pid, text, role };
}

/** Keeps those of which `kept` is not -1, in order, and notes there where they are then. */
export function keepSteps(steps: Steps, kept: Int32Array): void {
  const { numbers, tasks, texts, roles, known } = steps;
  const isKept = (_: unknown, step: number): boolean => kept[step] !== -1;
  let next = 0;
  for (let step = 0; step < kept.length; step++) {
    if (kept[step] === -1) continue;
    if (next !== step) numbers.copyWithin(next * width, step * width, (step + 1) * width);
    kept[step] = next++;
  }
  steps.tasks = tasks.filter(isKept);
  steps.texts = texts.filter(isKept);
  steps.roles = roles.filter(isKept);
  steps.count = next;
  known.clear();
  for (const text of steps.texts) known.set(text, text);
  steps.last = steps.other = undefined;
}
