/**
 * The states of a search: each stored exactly, numbered in the order of their arrival, with the number
 * of the state from which it was first met.
 *
 * A slot of the hash table holds a whole state rather than its number, so that a look-up costs one
 * access to memory that is not in a cache, and look-ups come in batches, so that these overlap.
 *
 * @module
 */

/** Grows as needed: state `id` stands at `words[id * stride]`. The first word of a state is not 0. */
export interface StateSet {
  readonly stride: number;
  count: number;
  words: Int32Array;
  parents: Int32Array;
  /** States where their hashes lead, at most `fullest` of them; 0 where there is none. */
  slots: Int32Array;
  /** Number by slot; made when it is first asked for. */
  numbers: Int32Array | undefined;
}

/** States that wait to be added. */
export interface Batch {
  count: number;
  readonly words: Int32Array;
  readonly parents: Int32Array;
  /** Where the search for each begins. */
  readonly starts: Int32Array;
}

const fullest = 0.6;

/** An empty set of states of `stride` words. */
export function createStateSet(stride: number): StateSet {
  const capacity = 1 << 12;
  return {
    stride,
    count: 0,
    words: new Int32Array(capacity * stride),
    parents: new Int32Array(capacity),
    slots: new Int32Array(capacity * stride),
    numbers: undefined,
  };
}

/** An empty batch with room for `capacity` states. */
export function createBatch(stride: number, capacity: number): Batch {
  return {
    count: 0,
    words: new Int32Array(stride * capacity),
    parents: new Int32Array(capacity),
    starts: new Int32Array(capacity),
  };
}

/** Adds the states of a batch that are new, in its order. */
export function addAll(set: StateSet, batch: Batch): void {
  reserve(set, set.count + batch.count);
  const { stride, slots, words, parents } = set;
  const { words: source, starts } = batch;
  const vectors = batch.count;
  const mask = slots.length / stride - 1;
  for (let each = 0; each < vectors; each++) {
    starts[each] = hash(source, each * stride, stride) & mask;
  }
  // Asks for every slot before any is waited for. What is read must be used, or it is not read.
  let sum = 0;
  for (let each = 0; each < vectors; each++) sum ^= slots[(starts[each] ?? 0) * stride] ?? 0;
  batch.parents[vectors] = sum;
  let count = set.count;
  for (let each = 0; each < vectors; each++) {
    const from = each * stride;
    const first = source[from] ?? 0;
    let slot = starts[each] ?? 0;
    search:
    for (;;) {
      const at = slot * stride;
      const found = slots[at] ?? 0;
      if (found === 0) {
        const to = count * stride;
        for (let word = 0; word < stride; word++) {
          const value = source[from + word] ?? 0;
          slots[at + word] = value;
          words[to + word] = value;
        }
        parents[count++] = batch.parents[each] ?? 0;
        break;
      }
      slot = (slot + 1) & mask;
      if (found !== first) continue;
      for (let word = 1; word < stride; word++) {
        if (slots[at + word] !== source[from + word]) continue search;
      }
      break;
    }
  }
  set.count = count;
}

/** The number of the state at `source[from]`, or -1 if it is not in the set. */
export function numberOf(set: StateSet, source: Int32Array, from: number): number {
  const { stride, slots } = set;
  const numbers = set.numbers ??= numberSlots(set);
  const mask = slots.length / stride - 1;
  let slot = hash(source, from, stride) & mask;
  while ((slots[slot * stride] ?? 0) !== 0) {
    if (isAt(set, slot, source, from)) return numbers[slot] ?? -1;
    slot = (slot + 1) & mask;
  }
  return -1;
}

function numberSlots(set: StateSet): Int32Array {
  const { stride, slots, words, count } = set;
  const numbers = new Int32Array(slots.length / stride);
  const mask = numbers.length - 1;
  for (let id = 0; id < count; id++) {
    let slot = hash(words, id * stride, stride) & mask;
    while (!isAt(set, slot, words, id * stride)) slot = (slot + 1) & mask;
    numbers[slot] = id;
  }
  return numbers;
}

function isAt(
  { stride, slots }: StateSet,
  slot: number,
  source: Int32Array,
  from: number,
): boolean {
  const at = slot * stride;
  for (let word = 0; word < stride; word++) {
    if (slots[at + word] !== source[from + word]) return false;
  }
  return true;
}

function hash(source: Int32Array, from: number, stride: number): number {
  let mixed = 0;
  for (let word = 0; word < stride; word++) {
    mixed = Math.imul(mixed ^ (source[from + word] ?? 0), 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed;
}

function reserve(set: StateSet, count: number): void {
  const { stride } = set;
  while (count > set.parents.length) {
    set.words = copied(set.words, set.words.length * 4);
    set.parents = copied(set.parents, set.parents.length * 4);
  }
  if (count * stride <= set.slots.length * fullest) return;
  const { slots: sparse } = set;
  const slots = new Int32Array(sparse.length * 4);
  const mask = slots.length / stride - 1;
  // In the order of the old slots, whose numbers are the low bits of the new ones: memory is gone
  // through in four sweeps, not at random.
  for (let from = 0; from < sparse.length; from += stride) {
    if (sparse[from] === 0) continue;
    let slot = hash(sparse, from, stride) & mask;
    while (slots[slot * stride] !== 0) slot = (slot + 1) & mask;
    for (let word = 0; word < stride; word++) {
      slots[slot * stride + word] = sparse[from + word] ?? 0;
    }
  }
  set.slots = slots;
  set.numbers = undefined;
}

function copied(array: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
}
