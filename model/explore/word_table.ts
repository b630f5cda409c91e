/**
 * A set of equally long vectors of 32-bit words, each stored exactly and numbered in the order of its
 * arrival. Open addressing; nothing is hashed away, nothing is allocated per vector.
 *
 * @module
 */

/** Grows as needed: the vector with number `id` stands at `words[id * stride]`. */
export interface WordTable {
  readonly stride: number;
  count: number;
  words: Int32Array;
  /** Number + 1 of the vector whose hash leads here, or 0; at most half full. */
  slots: Int32Array;
}

/** An empty table of vectors of `stride` words. */
export function createWordTable(stride: number, capacity = 256): WordTable {
  return {
    stride,
    count: 0,
    words: new Int32Array(capacity * stride),
    slots: new Int32Array(capacity * 4),
  };
}

/**
 * The number of the vector at `source[offset]`, which is added if it is new: then the number is what
 * `table.count` was.
 */
export function intern(table: WordTable, source: Int32Array, offset: number): number {
  const { stride, words, slots } = table;
  const mask = slots.length - 1;
  let slot = hash(source, offset, stride) & mask;
  search:
  for (let found = slots[slot] ?? 0; found !== 0; found = slots[slot] ?? 0) {
    const at = (found - 1) * stride;
    for (let word = 0; word < stride; word++) {
      if (words[at + word] !== source[offset + word]) {
        slot = (slot + 1) & mask;
        continue search;
      }
    }
    return found - 1;
  }
  const id = table.count;
  const at = id * stride;
  for (let word = 0; word < stride; word++) words[at + word] = source[offset + word] ?? 0;
  slots[slot] = id + 1;
  table.count = id + 1;
  if (at + 2 * stride > words.length) growWords(table);
  if (table.count * 2 > slots.length) growSlots(table);
  return id;
}

function hash(source: Int32Array, offset: number, stride: number): number {
  let mixed = 0;
  for (let word = 0; word < stride; word++) {
    mixed = Math.imul(mixed ^ (source[offset + word] ?? 0), 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  mixed = Math.imul(mixed, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

function growWords(table: WordTable): void {
  const words = new Int32Array(table.words.length * 4);
  words.set(table.words);
  table.words = words;
}

function growSlots(table: WordTable): void {
  const slots = new Int32Array(table.slots.length * 4);
  const mask = slots.length - 1;
  const { stride, count, words } = table;
  for (let id = 0; id < count; id++) {
    let slot = hash(words, id * stride, stride) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
  }
  table.slots = slots;
}
