/**
 * Runs the notation of `spec/events.md`: written from what the chapter says of it, so that the tests
 * can hold its tables against the code.
 *
 * @module
 */
import type { Expression, Scope, Statement } from "./notation/scope.ts";
import { type Token, tokensOf } from "./notation/tokens.ts";
import {
  calculate,
  called,
  compare,
  found,
  isTrue,
  numberIn,
  truth,
  within,
} from "./notation/values.ts";

class Parser {
  #at = 0;
  readonly #text: string;
  readonly #tokens: readonly Token[];

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#fail("the end");
  }

  #fail(expected: string): never {
    throw new SyntaxError(`${this.#text}: expected ${expected} at token ${this.#at}`);
  }

  #take(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text || this.#tokens[this.#at]?.kind === "word") {
      return false;
    }
    this.#at++;
    return true;
  }

  #need(text: string): void {
    if (!this.#take(text)) this.#fail(text);
  }

  name(): string {
    const found = this.#tokens[this.#at++];
    return found?.kind === "name" ? found.text : this.#fail("a name");
  }

  statement(): Statement {
    if (this.#take("if")) {
      const when = this.expression();
      this.#need(":");
      const then = this.statement();
      return (scope) => isTrue(when(scope)) ? then(scope) : undefined;
    }
    if (this.#take("for")) {
      const { name, from, to } = this.#range();
      const each = this.statement();
      return (scope) => {
        const end = numberIn(to(scope));
        const inner = within(scope);
        for (let value = numberIn(from(scope)); value < end; value++) {
          inner.names.set(name, value);
          each(inner);
        }
      };
    }
    if (this.#take("do")) {
      const name = this.name();
      const values = this.#arguments();
      return (scope) => {
        const { parameters, body } = found(scope.procedures, name);
        run(body, called(scope, parameters, values));
      };
    }
    if (this.#take("only")) {
      const kept = [this.name()];
      while (this.#take(",")) kept.push(this.name());
      this.#need("stay");
      return (scope) => scope.clear(kept);
    }
    const name = this.name();
    if (this.#take("=")) {
      const value = this.expression();
      return (scope) => scope.names.set(name, value(scope));
    }
    this.#need("[");
    const place = this.expression();
    this.#need("]");
    return this.#change(name, place);
  }

  #change(view: string, place: Expression): Statement {
    const how = ["=", "gains", "loses"].find((each) => this.#take(each)) ??
      this.#fail("=, gains or loses");
    const value = this.expression();
    return (scope) => {
      const at = numberIn(place(scope));
      const [before, now] = [scope.read(view, at), numberIn(value(scope))];
      scope.write(
        view,
        at,
        how === "=" ? now : how === "gains" ? before | now : before & ~now,
      );
    };
  }

  #range() {
    const name = this.name();
    this.#need("in");
    this.#need("[");
    const from = this.expression();
    this.#need(",");
    const to = this.expression();
    this.#need(")");
    this.#need(":");
    return { name, from, to };
  }

  #arguments(): readonly Expression[] {
    this.#need("(");
    const values: Expression[] = [];
    while (!this.#take(")")) {
      if (values.length > 0) this.#need(",");
      values.push(this.expression());
    }
    return values;
  }

  expression(): Expression {
    const when = this.#or();
    if (!this.#take("?")) return when;
    const then = this.expression();
    this.#need(":");
    const otherwise = this.expression();
    return (scope) => isTrue(when(scope)) ? then(scope) : otherwise(scope);
  }

  #or(): Expression {
    const parts = [this.#and()];
    while (this.#take("or")) parts.push(this.#and());
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return only;
    return (scope) => truth(parts.some((each) => isTrue(each(scope))));
  }

  #and(): Expression {
    const parts = [this.#not()];
    while (this.#take("and")) parts.push(this.#not());
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return only;
    return (scope) => truth(parts.every((each) => isTrue(each(scope))));
  }

  #not(): Expression {
    if (this.#take("not")) {
      const value = this.#not();
      return (scope) => truth(!isTrue(value(scope)));
    }
    for (const how of ["any", "all", "count", "lowest"]) {
      if (!this.#take(how)) continue;
      const { name, from, to } = this.#range();
      const holds = this.expression();
      return (scope) => {
        const end = numberIn(to(scope));
        const inner = within(scope);
        let count = 0;
        for (let value = numberIn(from(scope)); value < end; value++) {
          inner.names.set(name, value);
          if (isTrue(holds(inner)) === (how === "all")) continue;
          if (how === "lowest") return value;
          if (how !== "count") return truth(how === "any");
          count++;
        }
        return how === "lowest" ? -1 : how === "count" ? count : truth(how === "all");
      };
    }
    return this.#comparison();
  }

  #comparison(): Expression {
    const left = this.#sum();
    const sign = ["==", "!=", "<=", ">=", "<", ">"].find((each) => this.#take(each));
    if (sign === undefined) return left;
    const right = this.#sum();
    return (scope) => truth(compare(sign, left(scope), right(scope)));
  }

  #sum(): Expression {
    return this.#binary(["+", "-"], () => this.#product());
  }

  #product(): Expression {
    return this.#binary(["*", "/", "%", "<<"], () => this.#bits());
  }

  #bits(): Expression {
    return this.#binary(["&"], () => this.#operand());
  }

  #binary(signs: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const sign = signs.find((each) => this.#take(each));
      if (sign === undefined) return left;
      const [before, right] = [left, operand()];
      left = (scope) => calculate(sign, numberIn(before(scope)), numberIn(right(scope)));
    }
  }

  #operand(): Expression {
    const next = this.#tokens[this.#at++];
    if (next?.kind === "number") return () => Number(next.text);
    if (next?.kind === "word") return () => next.text;
    if (next?.text === "-") {
      const value = this.#operand();
      return (scope) => -numberIn(value(scope));
    }
    if (next?.text === "(") {
      const value = this.expression();
      this.#need(")");
      return value;
    }
    if (next?.kind !== "name") return this.#fail("a value");
    const name = next.text;
    if (name === "true" || name === "false") return () => truth(name === "true");
    if (this.#take("[")) {
      const place = this.expression();
      this.#need("]");
      return (scope) => scope.read(name, numberIn(place(scope)));
    }
    if (this.#tokens[this.#at]?.text !== "(") {
      return (scope) => scope.names.get(name);
    }
    if (name === "given") {
      this.#need("(");
      const of = this.name();
      this.#need(")");
      return (scope) => truth(scope.given(of));
    }
    const values = this.#arguments();
    if (name === "number_of") {
      return (scope) => scope.names.get(String(values[0]?.(scope)));
    }
    return (scope) => {
      const { parameters, body } = found(scope.functions, name);
      return body(called(scope, parameters, values));
    };
  }
}

/** Reads an expression. Throws a SyntaxError where the text is none. */
export function readExpression(text: string): Expression {
  const parser = new Parser(text);
  const read = parser.expression();
  parser.end();
  return read;
}

/** Reads a line that changes the world or gives a value a name. */
export function readStatement(text: string): Statement {
  const parser = new Parser(text);
  const read = parser.statement();
  parser.end();
  return read;
}

/** The name and the parameters of a head such as `at(v, p)`. */
export function readHead(text: string): readonly [name: string, parameters: readonly string[]] {
  const [, name = "", parameters = ""] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  return [name, parameters.split(", ").filter((each) => each !== "")];
}

/** Runs lines in their order. */
export function run(lines: readonly Statement[], scope: Scope): void {
  for (const line of lines) line(scope);
}
