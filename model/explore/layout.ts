/**
 * How a state of the whole design is packed: the number of its shared world + 1, then the number of
 * each actor's local state, a fixed count of bits each.
 *
 * @module
 */
import type { Actor } from "../design.ts";

/** Where each actor's number lies in a packed state. */
export interface PackedLayout {
  /** 32-bit words of a packed state; word 0 is the shared world. */
  readonly stride: number;
  readonly word: Int32Array;
  readonly shift: Int32Array;
  /** Bits of one actor's number, from bit 0. */
  readonly mask: number;
}

/** Numbers of as many bits each as fit, side by side, never across a word. */
export function layOutState(actors: readonly Actor[], bits: number): PackedLayout {
  const perWord = Math.floor(32 / bits);
  return {
    stride: 1 + Math.ceil(actors.length / perWord),
    word: Int32Array.from(actors, (_, actor) => 1 + Math.floor(actor / perWord)),
    shift: Int32Array.from(actors, (_, actor) => (actor % perWord) * bits),
    mask: 2 ** bits - 1,
  };
}

/** Writes an actor's number into a packed state. */
export function setLocals(
  layout: PackedLayout,
  packed: Int32Array,
  actor: number,
  locals: number,
): void {
  const word = layout.word[actor] ?? 0;
  const shift = layout.shift[actor] ?? 0;
  packed[word] = ((packed[word] ?? 0) & ~(layout.mask << shift)) | (locals << shift);
}

/** An actor's number in the packed state at `words[from]`. */
export function getLocals(
  layout: PackedLayout,
  words: Int32Array,
  from: number,
  actor: number,
): number {
  const word = words[from + (layout.word[actor] ?? 0)] ?? 0;
  return (word >>> (layout.shift[actor] ?? 0)) & layout.mask;
}
