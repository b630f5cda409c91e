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
import type { Path } from "../run.ts";
import { transitionsOf } from "./automaton.ts";
import { components, type Graph } from "./components.ts";
import { graphOf, type StepGraph } from "./graph.ts";
import { getLocals } from "./layout.ts";
import { recurrenceOf } from "./recurrence.ts";
import type { Search } from "./search.ts";
import { moveBetween, pathTo } from "./shortest_path.ts";

/** A run to a state, and one from there back to it. */
export interface Cycle {
  /** The run to the state. */
  readonly path: Path;
  /** The run from there back to it. */
  readonly round: Path;
}

/** A fair cycle among the states of a complete search, or undefined if every run ends. */
export function findCycle(search: Search): Cycle | undefined {
  const round = findRound(search);
  const start = round?.[0];
  if (round === undefined || start === undefined) return undefined;
  return {
    path: pathTo(search, start),
    round: round.map((from, index) => moveBetween(search, from, round[index + 1] ?? start)),
  };
}

/** The states that such a cycle leads through. */
export function findRound(search: Search): readonly number[] | undefined {
  const recurrence = recurrenceOf(search.automaton);
  if (recurrence === undefined) return undefined;
  const graph = graphOf(search, recurrence);
  const fair = components(graph).find((component) => isFair(search, graph, component));
  if (fair === undefined) return undefined;
  const start = [...fair].reduce((least, node) => Math.min(least, node));
  return roundFrom(graph, start, fair);
}

/** True if every program takes a step within the component, or is kept from it somewhere. */
function isFair(search: Search, graph: StepGraph, component: ReadonlySet<number>): boolean {
  const { actors } = search.automaton.design;
  return actors.every(({ environment }, actor) =>
    environment || [...component].some((state) =>
      isKept(search, state, actor) ||
      edgesFrom(graph, state).some((edge) =>
        graph.actor[edge] === actor && component.has(graph.to[edge] ?? -1)
      )
    )
  );
}

/** True if an actor can take no step out of a state. */
function isKept({ automaton, layout, states }: Search, state: number, actor: number): boolean {
  const from = state * states.stride;
  const locals = getLocals(layout, states.words, from, actor);
  const list = transitionsOf(automaton, (states.words[from] ?? 0) - 1, actor, locals);
  return automaton.arena[list] === 0;
}

/** The states of a shortest way from `start` back to it, within the component. */
function roundFrom(
  graph: Graph,
  start: number,
  component: ReadonlySet<number>,
): readonly number[] {
  const from = new Map<number, number>();
  const queue = [start];
  for (const state of queue) {
    for (const edge of edgesFrom(graph, state)) {
      const to = graph.to[edge] ?? -1;
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

/** Numbers of the edges out of a state. */
function edgesFrom({ first }: Graph, state: number): readonly number[] {
  const from = first[state] ?? 0;
  return Array.from({ length: (first[state + 1] ?? 0) - from }, (_, index) => from + index);
}
