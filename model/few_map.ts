/**
 * Maps that mostly have one entry, of which there are very many: of a small file, say, by its pages. A
 * Map has room for more from the start, and costs as much as all the rest of what is known of such a file.
 *
 * @module
 */

/** A map from which nothing is taken out. */
export class FewMap<Key extends number | string, Value extends NonNullable<unknown>> {
  #key: Key | undefined = undefined;
  #value: Value | undefined = undefined;
  /** All entries but the first. */
  #others: Map<Key, Value> | undefined = undefined;

  /** The value of this key, if it has one. */
  get(key: Key): Value | undefined {
    return key === this.#key ? this.#value : this.#others?.get(key);
  }

  /** Gives the key this value. */
  set(key: Key, value: Value): void {
    if (this.#key === undefined || key === this.#key) {
      this.#key = key;
      this.#value = value;
    } else {
      (this.#others ??= new Map()).set(key, value);
    }
  }

  /** How many entries it has. */
  get size(): number {
    return this.#key === undefined ? 0 : 1 + (this.#others?.size ?? 0);
  }

  /** The keys, in the order in which they came. */
  *keys(): Generator<Key> {
    for (const [key] of this) yield key;
  }

  /** The values, in the order of their keys. */
  *values(): Generator<Value> {
    for (const [, value] of this) yield value;
  }

  /** The entries, in the order in which their keys came. */
  *[Symbol.iterator](): Generator<readonly [Key, Value]> {
    if (this.#key === undefined || this.#value === undefined) return;
    yield [this.#key, this.#value];
    if (this.#others !== undefined) yield* this.#others;
  }
}
