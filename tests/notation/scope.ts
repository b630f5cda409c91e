/**
 * What lines of the notation are followed in.
 *
 * @module
 */

/** A number or a word. */
export type NotationValue = number | string;

/** Names and what they stand for, and further ones outside of them. */
export class Frame {
  readonly #values: Map<string, NotationValue>;
  readonly #outer: Frame | undefined;

  constructor(values: Iterable<readonly [string, NotationValue]>, outer?: Frame) {
    this.#values = new Map(values);
    this.#outer = outer;
  }

  /** The value of a name. Throws a SyntaxError if it has none. */
  get(name: string): NotationValue {
    const value = this.#values.get(name);
    if (value !== undefined) return value;
    if (this.#outer === undefined) throw new SyntaxError(`no ${name}`);
    return this.#outer.get(name);
  }

  /** Gives a name a value, here and not outside. */
  set(name: string, value: NotationValue): void {
    this.#values.set(name, value);
  }
}

/** What names stand for while a row is run. */
export interface Scope {
  readonly names: Frame;
  readonly given: (name: string) => boolean;
  readonly read: (view: string, place: number) => number;
  readonly write: (view: string, place: number, value: number) => void;
  /** Leaves only these views as they are. */
  readonly clear: (kept: readonly string[]) => void;
  readonly functions: ReadonlyMap<string, Lambda>;
  readonly procedures: ReadonlyMap<string, Procedure>;
}

/** A function of the world. */
export interface Lambda {
  readonly parameters: readonly string[];
  readonly body: Expression;
}

/** Lines under a name. */
export interface Procedure {
  readonly parameters: readonly string[];
  readonly body: readonly Statement[];
}

/** What an expression comes to. */
export type Expression = (scope: Scope) => NotationValue;

/** What following a line does. */
export type Statement = (scope: Scope) => void;
