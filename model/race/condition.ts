/**
 * What of a state keeps the condition of a step from holding.
 *
 * A condition is a function that nobody can look into. But it can be seen which bytes it goes by, and
 * tried which of them would have to be others.
 *
 * @module
 */
import { copyState, type Field, type State } from "../state.ts";
import { type ByteAccess, watchState } from "../watched_state.ts";
import { type NameTask, sayByte } from "./byte_text.ts";

/** Values that are tried: numbers of folios, blocks and tasks, flags, holders. */
const tried = [0, 1, 2, 3, 4, 5, 6, 7, 8, 128] as const;

/**
 * One clause on the bytes that close the condition: the fewest that would open it, three at most; all
 * that it goes by if no three would. Undefined if it goes by nothing in the state.
 */
export function whatCloses(
  state: State,
  when: (state: State) => boolean,
  nameTask: NameTask,
): string | undefined {
  const changed = copyState(state);
  const closing = openers(changed, when, 1, false) ?? openers(changed, when, 2, true) ??
    openers(changed, when, 3, true) ?? openers(changed, when, 2, false) ?? bytesOf(state, when);
  if (closing.length === 0) return undefined;
  return closing.slice(0, 4).map(({ field, index }) => sayByte(state, field, index, nameTask))
    .join(" and ");
}

/** Views of what somebody has, and will give back. */
const held: ReadonlySet<Field> = new Set<Field>([
  "holder",
  "rwsem",
  "lock",
  "locked",
  "pinned",
  "pinnedBlock",
  "hand",
  "waits",
]);

/** The bytes that the condition looks at here: what somebody has, then all others. */
function bytesOf(state: State, when: (state: State) => boolean): readonly ByteAccess[] {
  const seen = new Map<string, ByteAccess>();
  when(watchState(state, (access) => {
    const { field, index, how } = access;
    if (how === "read" && state[field][index] !== undefined) seen.set(`${field} ${index}`, access);
  }));
  const bytes = [...seen.values()];
  return bytes.toSorted((a, b) => Number(held.has(b.field)) - Number(held.has(a.field)));
}

/**
 * The first `count` bytes that, changed, would open the condition: changed to anything, or only to
 * `less`, with marks and holders taken off. What a condition looks at next may depend on the byte before.
 */
function openers(
  state: State,
  when: (state: State) => boolean,
  count: number,
  less: boolean,
): readonly ByteAccess[] | undefined {
  if (count === 0) return when(state) ? [] : undefined;
  for (const byte of bytesOf(state, when)) {
    const view = state[byte.field];
    const before = view[byte.index] ?? 0;
    for (const value of tried) {
      if (value === before || (less && (value & ~before) !== 0)) continue;
      view[byte.index] = value;
      const others = openers(state, when, count - 1, less);
      view[byte.index] = before;
      if (others !== undefined) return [byte, ...others];
    }
  }
  return undefined;
}
