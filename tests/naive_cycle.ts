/**
 * Whether some run of a search goes round for ever although nobody is kept from running, as plainly as
 * can be: what nothing leads on to or back from is taken away, again and again, and of what is left
 * each state's part is what it reaches and is reached from.
 */

/** A step of a program, not of the environment. */
export interface NaiveEdge {
  readonly actor: number;
  readonly to: string;
}

/** By state, every step of a program out of it. */
type Steps = ReadonlyMap<string, readonly NaiveEdge[]>;

/** True if there are states, all reached from each other, in which each program runs or cannot. */
export function goesRound(steps: Steps, programs: readonly number[]): boolean {
  const back = new Map<string, string[]>([...steps.keys()].map((state) => [state, []]));
  for (const [state, edges] of steps) for (const { to } of edges) back.get(to)?.push(state);
  const left = new Set(steps.keys());
  const next = (state: string) => (steps.get(state) ?? []).map(({ to }) => to);
  const before = (state: string) => back.get(state) ?? [];
  for (;;) {
    trim(left, next, before);
    const [state] = left;
    if (state === undefined) return false;
    const part = reached(state, left, next).intersection(reached(state, left, before));
    if (part.size > 0 && programs.every((actor) => runsOrCannot(actor, part, steps))) return true;
    if (part.size === 0) left.delete(state);
    for (const each of part) left.delete(each);
  }
}

type Neighbours = (state: string) => readonly string[];

/** Takes away what nothing that is left leads to, or what leads to nothing that is left. */
function trim(left: Set<string>, next: Neighbours, before: Neighbours): void {
  const queue = [...left];
  for (const state of queue) {
    if (!left.has(state)) continue;
    const on = next(state);
    const back = before(state);
    if (on.some((each) => left.has(each)) && back.some((each) => left.has(each))) continue;
    left.delete(state);
    queue.push(...on, ...back);
  }
}

/** What is reached from a state by one step or more, among what is left. */
function reached(state: string, left: ReadonlySet<string>, neighbours: Neighbours): Set<string> {
  const found = new Set<string>();
  const queue = [state];
  for (const each of queue) {
    for (const other of neighbours(each)) {
      if (!left.has(other) || found.has(other)) continue;
      found.add(other);
      queue.push(other);
    }
  }
  return found;
}

function runsOrCannot(actor: number, part: ReadonlySet<string>, steps: Steps): boolean {
  return [...part].some((state) => {
    const own = (steps.get(state) ?? []).filter((edge) => edge.actor === actor);
    return own.length === 0 || own.some(({ to }) => part.has(to));
  });
}
