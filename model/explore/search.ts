/**
 * Breadth-first search over all interleavings of a design.
 *
 * States are numbered in the order in which they are met, which depends on nothing but the design:
 * actors and branches are tried in the order in which it lists them.
 *
 * @module
 */
import type { Design } from "../design.ts";
import type { Invariant } from "../invariant.ts";
import { type Automaton, createAutomaton, internStart, transitionsOf } from "./automaton.ts";
import { getLocals, type Layout, layOutState, setLocals } from "./layout.ts";
import { createWordTable, intern, internAll, type WordTable } from "./word_table.ts";

/** Where an invariant was first broken: by which move, out of which state. */
export interface FirstBreach {
  readonly from: number;
  readonly move: number;
}

/** A search that has ended. */
export interface Search {
  readonly automaton: Automaton;
  readonly layout: Layout;
  readonly states: WordTable;
  /** State from which each state was first met; -1 for the start. */
  readonly parents: Int32Array;
  readonly transitions: number;
  /** Steps of the longest of the shortest runs. */
  readonly depth: number;
  readonly breaches: ReadonlyMap<string, FirstBreach>;
  /** First state in which nothing can happen although somebody is not at the end. */
  readonly stuck: number | undefined;
  /** False if the limit was reached first. */
  readonly complete: boolean;
}

/** How far a search has come. */
export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

/** Limits of a search, and who is told of its progress. */
export interface SearchOptions {
  /** States after which the search gives up. */
  readonly limit: number;
  readonly onProgress?: (progress: Progress) => void;
}

const progressEvery = 1 << 18;

/** States whose successors are looked up together, so that the memory answers them side by side. */
const statesPerBatch = 16;

/** Successors that wait to be looked up. */
interface Batch {
  count: number;
  readonly words: Int32Array;
  readonly parents: Int32Array;
  readonly ids: Int32Array;
}

function createBatch(stride: number, capacity: number): Batch {
  return {
    count: 0,
    words: new Int32Array(stride * capacity),
    parents: new Int32Array(capacity),
    ids: new Int32Array(capacity),
  };
}

/** Searches everything that the design can do, up to the limit. */
export function search(
  design: Design,
  invariants: readonly Invariant[],
  options: SearchOptions,
): Search {
  for (const bits of [8, 16]) {
    const found = searchPacked(design, invariants, options, bits);
    if (found !== undefined) return found;
  }
  throw new RangeError(`${design.id}: an actor has more than 65536 local states`);
}

/** The search with this many bits for an actor's number, or undefined if they do not suffice. */
function searchPacked(
  design: Design,
  invariants: readonly Invariant[],
  { limit, onProgress }: SearchOptions,
  bits: number,
): Search | undefined {
  const breaches = new Map<string, FirstBreach>();
  let index = 0;
  const automaton = createAutomaton(design, invariants, (id, move) => {
    if (!breaches.has(id)) breaches.set(id, { from: index, move });
  });
  const layout = layOutState(design.actors, bits);
  const { stride, word, shift, mask } = layout;
  const states = createWordTable(stride, 1 << 12);
  const actors = design.actors.length;
  const programs = design.actors.flatMap(({ environment }, actor) => environment ? [] : [actor]);
  const isUnfinished = (state: number): boolean =>
    programs.some((actor) => {
      const locals = getLocals(layout, states.words, state * stride, actor);
      return automaton.runners[actor]?.ended[locals] !== 1;
    });
  const next = new Int32Array(stride);
  const [shared, ...locals] = internStart(automaton);
  next[0] = shared;
  locals.forEach((each, actor) => setLocals(layout, next, actor, each));
  intern(states, next, 0);
  let parents = new Int32Array(1 << 12);
  parents[0] = -1;
  let transitions = 0;
  let depth = 0;
  let levelEnd = 1;
  let stuck: number | undefined;
  let nextReport = progressEvery;
  const batch = createBatch(stride, statesPerBatch * automaton.moves.length);
  while (index < states.count && states.count <= limit) {
    if (index === levelEnd) {
      depth++;
      levelEnd = states.count;
    }
    batch.count = 0;
    for (const end = Math.min(index + statesPerBatch, levelEnd); index < end; index++) {
      const before = batch.count;
      const from = index * stride;
      const world = states.words[from] ?? 0;
      for (let actor = 0; actor < actors; actor++) {
        const at = word[actor] ?? 0;
        const by = shift[actor] ?? 0;
        const kept = states.words[from + at] ?? 0;
        const list = transitionsOf(automaton, world, actor, (kept >>> by) & mask);
        const { arena } = automaton;
        const last = list + 3 * (arena[list] ?? 0);
        for (let each = list + 1; each < last; each += 3) {
          const to = arena[each + 1] ?? 0;
          if (to > mask) return undefined;
          const next = batch.count * stride;
          for (let copied = 1; copied < stride; copied++) {
            batch.words[next + copied] = states.words[from + copied] ?? 0;
          }
          batch.words[next] = arena[each] ?? 0;
          batch.words[next + at] = (kept & ~(mask << by)) | (to << by);
          batch.parents[batch.count++] = index;
        }
      }
      if (batch.count === before && stuck === undefined && isUnfinished(index)) stuck = index;
    }
    transitions += batch.count;
    let known = states.count;
    internAll(states, batch.words, batch.count, batch.ids);
    while (parents.length < states.count) parents = doubled(parents);
    for (let each = 0; each < batch.count; each++) {
      if (batch.ids[each] === known) parents[known++] = batch.parents[each] ?? 0;
    }
    if (states.count >= nextReport) {
      nextReport += progressEvery;
      onProgress?.({ states: states.count, transitions, depth });
    }
  }
  return {
    automaton,
    layout,
    states,
    parents,
    transitions,
    depth,
    breaches,
    stuck,
    complete: index === states.count,
  };
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(array.length * 2);
  longer.set(array);
  return longer;
}
