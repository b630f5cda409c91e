/**
 * The automaton of a design that differs from another one in some steps of its actors: what all other
 * steps do is known from there, and only the changed ones are run and judged anew.
 *
 * @module
 */
import type { Design } from "../design.ts";
import { type Automaton, createAutomaton, transitionWords } from "./automaton.ts";
import { changedLocals } from "./changed_locals.ts";
import type { WordTable } from "./word_table.ts";
import type { Invariant } from "../invariant.ts";

/**
 * The automaton of `changed`, with all that `known` has met but the transitions of changed steps.
 *
 * @param known broke nothing: a breach that it met is not met again
 * @param changed the same actors, with programs of the same length
 */
export function relatedAutomaton(
  known: Automaton,
  changed: Design,
  invariants: readonly Invariant[],
  onBreach: Automaton["onBreach"],
): Automaton {
  const own = createAutomaton(changed, invariants, onBreach);
  const automaton: Automaton = {
    ...own,
    shared: copyOfTable(known.shared),
    runners: own.runners.map((runner, index) => {
      const before = known.runners[index];
      if (before === undefined) throw new RangeError(`${changed.id}: another number of actors`);
      const { locals, ended, room } = before;
      return { ...runner, locals: copyOfTable(locals), ended: [...ended], room };
    }),
    width: known.width,
    offsets: known.offsets.slice(),
    cells: copyOf(known.cells, known.shared.count * known.width),
    arena: copyOf(known.arena, known.used),
    used: known.used,
  };
  renumber(known, automaton);
  for (const actor of changed.actors.keys()) {
    for (const local of changedLocals(known, changed, actor)) forget(automaton, actor, local);
  }
  return automaton;
}

/** Where a step has more or fewer ways than before, the moves after it have other numbers. */
function renumber(known: Automaton, { runners, arena, used }: Automaton): void {
  const numbers = new Int32Array(known.moves.length);
  let differs = false;
  for (const [index, { actor, firstMove }] of known.runners.entries()) {
    for (const [place, first] of firstMove.entries()) {
      const shift = (runners[index]?.firstMove[place] ?? 0) - first;
      differs ||= shift !== 0;
      const ways = actor.program[place]?.branches.length ?? 0;
      for (let way = 0; way < ways; way++) numbers[first + way] = first + way + shift;
    }
  }
  if (!differs) return;
  for (let list = 1; list < used; list += 1 + transitionWords * (arena[list] ?? 0)) {
    const last = list + transitionWords * (arena[list] ?? 0);
    for (let at = list + transitionWords; at <= last; at += transitionWords) {
      arena[at] = numbers[arena[at] ?? 0] ?? 0;
    }
  }
}

function forget(
  { cells, width, offsets, shared }: Automaton,
  actor: number,
  local: number,
): void {
  const end = Math.min(shared.count * width, cells.length);
  for (let at = (offsets[actor] ?? 0) + local; at < end; at += width) cells[at] = 0;
}

function copyOfTable(table: WordTable): WordTable {
  const { words, slots, count, stride } = table;
  return { ...table, words: copyOf(words, count * stride), slots: slots.slice() };
}

/** A copy with the same room, most of which is often free: that is not gone through. */
function copyOf(array: Int32Array, used: number): Int32Array {
  const copy = new Int32Array(array.length);
  copy.set(array.subarray(0, used));
  return copy;
}
