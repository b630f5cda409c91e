/**
 * Runs that go round for ever although everybody who can run is let run: the other way not to end.
 *
 * Such a run stays, from some point on, among states that can all be reached from each other. There
 * each program either takes a step, or cannot in one of them (weak fairness). A program that only goes
 * round as long as another one is kept from running is none of these, and the environment is taken to
 * stop some day.
 *
 * @module
 */
import { type Path, placeAfter } from "../run.ts";
import { transitionsOf, transitionWords } from "./automaton.ts";
import { getLocals, setLocals } from "./layout.ts";
import type { Search } from "./search.ts";
import { moveBetween, pathTo } from "./shortest_path.ts";
import { numberOf } from "./state_set.ts";

/** A run to a state, and one from there back to it. */
export interface Cycle {
  readonly path: Path;
  readonly round: Path;
}

/** A step of a program out of a state. */
interface Edge {
  readonly actor: number;
  readonly to: number;
}

/** A fair cycle among the states of a complete search, or undefined if every run ends. */
export function findCycle(search: Search): Cycle | undefined {
  if (!mayGoRound(search)) return undefined;
  for (const component of components(search)) {
    if (!isFair(search, component)) continue;
    const start = Math.min(...component);
    const round = roundFrom(search, start, component);
    return {
      path: pathTo(search, start),
      round: round.map((from, index) => moveBetween(search, from, round[index + 1] ?? start)),
    };
  }
  return undefined;
}

/** True if some program but the environment's has a step that leads back to an earlier one. */
function mayGoRound({ automaton: { design } }: Search): boolean {
  return design.actors.some((actor) =>
    !actor.environment &&
    actor.program.some((step, place) =>
      step.branches.some((branch) => placeAfter(actor, step, branch) <= place)
    )
  );
}

/** Sets of states that can reach each other, without those from which nothing leads back (Tarjan). */
function* components(search: Search): Generator<ReadonlySet<number>> {
  const { count } = search.states;
  const order = new Int32Array(count);
  const lowest = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const open: number[] = [];
  let met = 0;
  // Steps of the environment make states that no program's step reaches: each is a root of its own.
  for (let root = 0; root < count; root++) {
    if (order[root] !== 0) continue;
    const stack: { readonly state: number; readonly edges: Edge[] }[] = [];
    const enter = (state: number): void => {
      order[state] = lowest[state] = ++met;
      isOpen[state] = 1;
      open.push(state);
      stack.push({ state, edges: edgesFrom(search, state) });
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { state, edges } = top;
      const to = edges.pop()?.to;
      if (to === undefined) {
        stack.pop();
        const below = stack.at(-1)?.state;
        if (below !== undefined) lower(lowest, below, lowest[state] ?? 0);
        if (lowest[state] !== order[state]) continue;
        const component = new Set(open.splice(open.lastIndexOf(state)));
        for (const each of component) isOpen[each] = 0;
        const loops = component.size > 1 ||
          edgesFrom(search, state).some((edge) => edge.to === state);
        if (loops) yield component;
      } else if (order[to] === 0) {
        enter(to);
      } else if (isOpen[to] === 1) {
        lower(lowest, state, order[to] ?? 0);
      }
    }
  }
}

function lower(lowest: Int32Array, state: number, to: number): void {
  lowest[state] = Math.min(lowest[state] ?? 0, to);
}

/** True if every program takes a step within the component, or is kept from it somewhere. */
function isFair(search: Search, component: ReadonlySet<number>): boolean {
  const { actors } = search.automaton.design;
  return actors.every(({ environment }, actor) =>
    environment || [...component].some((state) => {
      const own = edgesFrom(search, state).filter((edge) => edge.actor === actor);
      return own.length === 0 || own.some(({ to }) => component.has(to));
    })
  );
}

/** The states of a shortest way from `start` back to it, within the component. */
function roundFrom(
  search: Search,
  start: number,
  component: ReadonlySet<number>,
): readonly number[] {
  const from = new Map<number, number>();
  const queue = [start];
  for (const state of queue) {
    for (const { to } of edgesFrom(search, state)) {
      if (to === start) {
        const round = [state];
        for (let each = state; each !== start; each = from.get(each) ?? start) {
          round.unshift(from.get(each) ?? start);
        }
        return round;
      }
      if (!component.has(to) || from.has(to)) continue;
      from.set(to, state);
      queue.push(to);
    }
  }
  throw new RangeError(`no way back to state ${start}`);
}

/** Steps of programs, the environment's left out, to states that were searched. */
function edgesFrom({ automaton, layout, states }: Search, state: number): Edge[] {
  const { stride } = layout;
  const packed = states.words.slice(state * stride, (state + 1) * stride);
  const world = packed[0] ?? 0;
  const edges: Edge[] = [];
  automaton.design.actors.forEach(({ environment }, actor) => {
    if (environment) return;
    const locals = getLocals(layout, packed, 0, actor);
    const at = transitionsOf(automaton, world - 1, actor, locals);
    const end = at + 1 + (automaton.arena[at] ?? 0) * transitionWords;
    for (let each = at + 1; each < end; each += transitionWords) {
      packed[0] = (automaton.arena[each] ?? 0) + 1;
      setLocals(layout, packed, actor, automaton.arena[each + 1] ?? 0);
      const to = numberOf(states, packed, 0);
      if (to >= 0) edges.push({ actor, to });
    }
    packed[0] = world;
    setLocals(layout, packed, actor, locals);
  });
  return edges;
}
