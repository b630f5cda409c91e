/**
 * What the operators of the notation do.
 *
 * @module
 */
import { type Expression, Frame, type NotationValue, type Scope } from "./scope.ts";

/** The value of a name. Throws a SyntaxError if it has none. */
export function found<T>(all: ReadonlyMap<string, T>, name: string): T {
  const value = all.get(name);
  if (value === undefined) throw new SyntaxError(`no ${name}`);
  return value;
}

/** A number as it is. Throws a SyntaxError at a word. */
export function numberIn(value: NotationValue): number {
  if (typeof value === "number") return value;
  throw new SyntaxError(`"${value}" is no number`);
}

/** True of what is not 0. */
export function isTrue(value: NotationValue): boolean {
  return numberIn(value) !== 0;
}

/** 1 or 0. */
export function truth(holds: boolean): number {
  return holds ? 1 : 0;
}

/** What `==`, `!=`, `<` and the like say. */
export function compare(sign: string, left: NotationValue, right: NotationValue): boolean {
  if (sign === "==") return left === right;
  if (sign === "!=") return left !== right;
  const [one, other] = [numberIn(left), numberIn(right)];
  if (sign === "<") return one < other;
  if (sign === ">") return one > other;
  return sign === "<=" ? one <= other : one >= other;
}

/** What `+`, `&` and the like come to. */
export function calculate(sign: string, left: number, right: number): number {
  if (sign === "+") return left + right;
  if (sign === "-") return left - right;
  if (sign === "*") return left * right;
  if (sign === "/") return Math.floor(left / right);
  if (sign === "%") return left % right;
  return sign === "&" ? left & right : left << right;
}

/** A scope whose names end with it. */
export function within(scope: Scope): Scope {
  return { ...scope, names: new Frame([], scope.names) };
}

/** A scope in which these parameters are names for these values. */
export function called(
  scope: Scope,
  parameters: readonly string[],
  values: readonly Expression[],
): Scope {
  const inner = within(scope);
  parameters.forEach((name, index) => inner.names.set(name, values[index]?.(scope) ?? 0));
  return inner;
}
