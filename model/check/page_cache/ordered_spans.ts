/**
 * Spans that do not overlap, in order. To add, to find and to take one costs little, however many there
 * are: they lie in short runs.
 *
 * @module
 */

/** Spans of some kind. */
export interface OrderedSpans<Span> {
  readonly startOf: (span: Span) => number;
  /** Beyond the last of it. */
  readonly endOf: (span: Span) => number;
  /** None is empty. */
  readonly runs: Span[][];
}

/** Spans of a run; a longer one is halved. */
const mostInRun = 32;

/** No spans. */
export function orderedSpans<Span>(
  startOf: (span: Span) => number,
  endOf: (span: Span) => number,
): OrderedSpans<Span> {
  return { startOf, endOf, runs: [] };
}

/** The spans that have something in [from, to). */
export function* spansIn<Span>(
  { runs, startOf, endOf }: OrderedSpans<Span>,
  from: number,
  to: number,
): Iterable<Span> {
  const isBeyond = (span: Span) => endOf(span) > from;
  for (let at = firstRun(runs, isBeyond); at < runs.length; at++) {
    const run = runs[at] ?? [];
    for (let place = firstOf(run, isBeyond); place < run.length; place++) {
      const span = run[place];
      if (span === undefined || startOf(span) >= to) return;
      yield span;
    }
  }
}

/** Adds a span, where there is none yet. */
export function addSpan<Span>({ runs, startOf, endOf }: OrderedSpans<Span>, span: Span): void {
  const start = startOf(span);
  const isBeyond = (each: Span) => endOf(each) > start;
  const at = Math.max(0, Math.min(firstRun(runs, isBeyond), runs.length - 1));
  const run = runs[at];
  if (run === undefined) {
    runs.push([span]);
    return;
  }
  run.splice(firstOf(run, isBeyond), 0, span);
  if (run.length > mostInRun) runs.splice(at + 1, 0, run.splice(mostInRun / 2));
}

/** Takes a span that is there. */
export function takeSpan<Span>({ runs, startOf, endOf }: OrderedSpans<Span>, span: Span): void {
  const start = startOf(span);
  const isBeyond = (each: Span) => endOf(each) > start;
  const at = firstRun(runs, isBeyond);
  const run = runs[at];
  run?.splice(firstOf(run, isBeyond), 1);
  if (run?.length === 0) runs.splice(at, 1);
}

function firstRun<Span>(runs: readonly Span[][], isBeyond: (span: Span) => boolean): number {
  return firstOf(runs, (run) => run.slice(-1).some(isBeyond));
}

/** Where the first stands of which this is true, as it is of all that follow. */
function firstOf<T>(values: readonly T[], isTrue: (value: T) => boolean): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = values[middle];
    if (value !== undefined && isTrue(value)) high = middle;
    else low = middle + 1;
  }
  return low;
}
