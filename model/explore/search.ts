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
import {
  type Automaton,
  createAutomaton,
  internStart,
  isDown,
  transitionsOf,
  transitionWords,
} from "./automaton.ts";
import { getLocals, layOutState, type PackedLayout, setLocals } from "./layout.ts";
import { addAll, type Batch, createBatch, createStateSet, type StateSet } from "./state_set.ts";

/** Where an invariant was first broken: by which move, out of which state. */
interface FirstBreach {
  readonly from: number;
  readonly move: number;
}

/** A search that has ended. */
export interface Search {
  readonly automaton: Automaton;
  readonly layout: PackedLayout;
  readonly states: StateSet;
  readonly transitions: number;
  /** Steps of the longest of the shortest runs. */
  readonly depth: number;
  readonly breaches: ReadonlyMap<string, FirstBreach>;
  /** First state in which nothing can happen although somebody is not at the end. */
  readonly stuck: number | undefined;
  /** False if the limit was reached, or a breach that was waited for. */
  readonly complete: boolean;
}

/** How far a search has come. */
export interface Progress {
  /** Distinct states so far. */
  readonly states: number;
  /** Steps taken out of them. */
  readonly transitions: number;
  /** Steps to the farthest state. */
  readonly depth: number;
}

/** Limits of a search, and who is told of its progress. */
interface SearchOptions {
  /** States after which the search gives up. */
  readonly limit: number;
  /** True if the search ends soon after the first breach: what else breaks is not asked. */
  readonly untilBreach?: true;
  readonly onProgress?: (progress: Progress) => void;
  /** Makes the automaton, if steps of the design are known already; a new one knows none. */
  readonly createAutomaton?: typeof createAutomaton;
}

/** States between one report of progress and the next. */
const progressEvery = 1 << 16;

/** States whose successors are looked up together, so that the memory answers them side by side. */
const statesPerBatch = 128;

/** Searches everything that the design can do, up to the limit. */
export function search(
  design: Design,
  invariants: readonly Invariant[],
  options: SearchOptions,
): Search {
  for (const bits of [8, 16]) {
    const layout = layOutState(design.actors, bits);
    const found = searchOn(design, invariants, options, {
      layout,
      states: createStateSet(layout.stride),
      begin: 0,
    });
    if (found !== undefined) return found;
  }
  throw new RangeError(`${design.id}: an actor has more than 65536 local states`);
}

/** Where a search begins. */
export interface Ground {
  readonly layout: PackedLayout;
  /** States that count as met; the search adds to them. */
  readonly states: StateSet;
  /** From this number on, what comes after a state is searched. */
  readonly begin: number;
}

/** The search from this ground, or undefined if the layout has too few bits for an actor's number. */
export function searchOn(
  design: Design,
  invariants: readonly Invariant[],
  { limit, untilBreach, onProgress, createAutomaton: create = createAutomaton }: SearchOptions,
  { layout, states, begin: first }: Ground,
): Search | undefined {
  const breaches = new Map<string, FirstBreach>();
  let index = 0;
  const automaton = create(design, invariants, (id, move) => {
    if (!breaches.has(id)) breaches.set(id, { from: index, move });
  });
  const { stride } = layout;
  const actors = design.actors.length;
  const programs = design.actors.flatMap(({ environment }, actor) => environment ? [] : [actor]);
  const isUnfinished = (state: number): boolean =>
    !isDown(automaton, (states.words[state * stride] ?? 0) - 1) && programs.some((actor) => {
      const locals = getLocals(layout, states.words, state * stride, actor);
      return automaton.runners[actor]?.ended[locals] !== 1;
    });
  const batch = createBatch(stride, 1 + statesPerBatch * automaton.moves.length);
  const [shared, ...locals] = internStart(automaton);
  batch.words[0] = shared + 1;
  locals.forEach((each, actor) => setLocals(layout, batch.words, actor, each));
  batch.parents[batch.count++] = -1;
  addAll(states, batch);
  const lists = new Int32Array(statesPerBatch * actors);
  const missing = new Int32Array(lists.length);
  let transitions = 0;
  let depth = 0;
  let levelEnd = states.count;
  let stuck: number | undefined;
  let nextReport = progressEvery;
  const isOver = (): boolean => untilBreach === true && breaches.size > 0;
  let begin = first;
  while (begin < states.count && states.count <= limit && !isOver()) {
    if (begin === levelEnd) {
      depth++;
      levelEnd = states.count;
    }
    const end = Math.min(begin + statesPerBatch, levelEnd);
    const unknown = findLists(automaton, layout, states.words, begin, end, lists, missing);
    for (let next = 0; next < unknown; next++) {
      const each = missing[next] ?? 0;
      const actor = each % actors;
      index = begin + (each - actor) / actors;
      const from = index * stride;
      const world = (states.words[from] ?? 0) - 1;
      const local = getLocals(layout, states.words, from, actor);
      lists[each] = transitionsOf(automaton, world, actor, local);
    }
    if (!compose(automaton, layout, states.words, begin, end, lists, batch)) return undefined;
    if (stuck === undefined) stuck = firstStuck(automaton, lists, begin, end, isUnfinished);
    begin = end;
    transitions += batch.count;
    addAll(states, batch);
    if (states.count >= nextReport) {
      nextReport += progressEvery;
      onProgress?.({ states: states.count, transitions, depth });
    }
  }
  return {
    automaton,
    layout,
    states,
    transitions,
    depth,
    breaches,
    stuck,
    complete: begin === states.count,
  };
}

/**
 * Fills `lists` with where the transitions of each actor in each of these states stand, 0 where they
 * are not known, and `missing` with the indices of those.
 *
 * @returns how many are missing
 */
function findLists(
  { cells, width, offsets }: Automaton,
  { stride, word, shift, mask }: PackedLayout,
  words: Int32Array,
  begin: number,
  end: number,
  lists: Int32Array,
  missing: Int32Array,
): number {
  const actors = offsets.length;
  let found = 0;
  let unknown = 0;
  for (let from = begin * stride; from < end * stride; from += stride) {
    const row = ((words[from] ?? 0) - 1) * width;
    for (let actor = 0; actor < actors; actor++) {
      const local = ((words[from + (word[actor] ?? 0)] ?? 0) >>> (shift[actor] ?? 0)) & mask;
      const list = cells[row + (offsets[actor] ?? 0) + local] ?? 0;
      if (list === 0) missing[unknown++] = found;
      lists[found++] = list;
    }
  }
  return unknown;
}

/** Fills the batch with all successors of these states; false if an actor's number does not fit. */
function compose(
  { arena }: Automaton,
  { stride, word, shift, mask }: PackedLayout,
  words: Int32Array,
  begin: number,
  end: number,
  lists: Int32Array,
  batch: Batch,
): boolean {
  const { words: next, parents } = batch;
  const actors = word.length;
  let count = 0;
  let at = 0;
  let list = 0;
  let fits = true;
  for (let index = begin; index < end; index++) {
    const from = index * stride;
    for (let actor = 0; actor < actors; actor++) {
      const place = word[actor] ?? 0;
      const by = shift[actor] ?? 0;
      const others = (words[from + place] ?? 0) & ~(mask << by);
      const first = lists[list++] ?? 0;
      const last = first + 3 * (arena[first] ?? 0);
      for (let each = first + 1; each < last; each += 3) {
        for (let copied = 1; copied < stride; copied++) {
          next[at + copied] = words[from + copied] ?? 0;
        }
        const to = arena[each + 1] ?? 0;
        fits &&= to <= mask;
        next[at] = (arena[each] ?? 0) + 1;
        next[at + place] = others | (to << by);
        parents[count++] = index;
        at += stride;
      }
    }
  }
  batch.count = count;
  return fits;
}

/** The first of these states in which only power can fail and somebody is not at the end. */
function firstStuck(
  { arena, offsets, failures }: Automaton,
  lists: Int32Array,
  begin: number,
  end: number,
  isUnfinished: (state: number) => boolean,
): number | undefined {
  const actors = offsets.length;
  for (let state = begin, list = 0; state < end; state++) {
    let moves = 0;
    for (let actor = 0; actor < actors; actor++) {
      const at = lists[list++] ?? 0;
      const count = arena[at] ?? 0;
      if (count > 0 && failures[arena[at + transitionWords] ?? 0] === 0) moves += count;
    }
    if (moves === 0 && isUnfinished(state)) return state;
  }
  return undefined;
}
