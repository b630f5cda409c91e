/**
 * Compiles the C expressions of a `print fmt` into functions of an event's bytes.
 *
 * What they are made of: fields (`REC->dev`), numbers, strings, the usual operators, casts, and the
 * macros of include/trace/stages/stage3_trace_output.h (`__print_flags`, `__print_symbolic`,
 * `__get_str`). A name that has no value here makes the expression unknown, never zero.
 *
 * @module
 */
import { callMacro } from "./print_macros.ts";
import { type Argument, type Compute, isSmall, type NamedValue } from "./value.ts";
import type { EventField } from "./event_format.ts";
import { type FieldReader, fieldReader } from "./field_value.ts";

/** What an expression may name. */
export interface Names {
  readonly fields: ReadonlyMap<string, EventField>;
  readonly littleEndian: boolean;
  /** Values of constants that the kernel left as names, such as VM_FAULT_NOPAGE. */
  readonly constant: (name: string) => number | undefined;
}

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F]+|\d+)[uUlL]*|"((?:[^"\\]|\\.)*)"|'(\\?.)'|(->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*\/%&|^~!<>?:(),{}\[\].])|([A-Za-z_]\w*))/gy;

type Token =
  | { readonly kind: "number"; readonly value: number | bigint }
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "sign"; readonly text: string }
  | { readonly kind: "name"; readonly text: string };

/** Splits the arguments of a print format into tokens; undefined if something is none. */
function tokens(text: string): readonly Token[] | undefined {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, number, string, character, sign, name] = match;
    if (number !== undefined) found.push({ kind: "number", value: integer(BigInt(number)) });
    else if (string !== undefined) found.push({ kind: "string", text: unescape(string) });
    else if (character !== undefined) {
      found.push({ kind: "number", value: unescape(character).charCodeAt(0) });
    } else if (sign !== undefined) found.push({ kind: "sign", text: sign });
    else if (name !== undefined) found.push({ kind: "name", text: name });
  }
  return found;
}

/** The text of a C string. */
export function unescape(text: string): string {
  const known: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", 0: "\0" };
  return text.replace(/\\(.)/g, (_, character: string) => known[character] ?? character);
}

/** A number where that is exact, else a bigint. */
function integer(value: bigint): number | bigint {
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
    ? Number(value)
    : value;
}

/** Operators of two operands, by how strongly they bind. */
const BINDING: ReadonlyMap<string, number> = new Map([
  ["||", 1],
  ["&&", 2],
  ["|", 3],
  ["^", 4],
  ["&", 5],
  ["==", 6],
  ["!=", 6],
  ["<", 7],
  [">", 7],
  ["<=", 7],
  [">=", 7],
  ["<<", 8],
  [">>", 8],
  ["+", 9],
  ["-", 9],
  ["*", 10],
  ["/", 10],
  ["%", 10],
]);

/** A name that can only be part of a type. */
const TYPE_WORD =
  /^(?:unsigned|signed|long|int|short|char|void|const|struct|enum|bool|u8|u16|u32|u64|s8|s16|s32|s64|__\w+_t|\w+_t|__u\d+|__s\d+)$/;

/**
 * The expressions of an argument list, one function each; undefined if the list cannot be read.
 */
export function compileArguments(text: string, names: Names): readonly Compute[] | undefined {
  const list = tokens(text);
  if (list === undefined) return undefined;
  const parser = new Parser(list, names);
  const all: Compute[] = [];
  while (!parser.atEnd()) {
    const next = parser.expression();
    if (next === undefined) return undefined;
    all.push(next);
    if (!parser.atEnd() && !parser.takes(",")) return undefined;
  }
  return all;
}

class Parser {
  #at = 0;

  constructor(private readonly list: readonly Token[], private readonly names: Names) {}

  atEnd(): boolean {
    return this.#at >= this.list.length;
  }

  takes(sign: string): boolean {
    if (!this.#isSign(this.#at, sign)) return false;
    this.#at++;
    return true;
  }

  expression(): Compute | undefined {
    const condition = this.#binary(1);
    if (condition === undefined || !this.takes("?")) return condition;
    const yes = this.expression();
    if (yes === undefined || !this.takes(":")) return undefined;
    const no = this.expression();
    if (no === undefined) return undefined;
    return (view, offset) => {
      const value = condition(view, offset);
      if (value === undefined) return undefined;
      return isTrue(value) ? yes(view, offset) : no(view, offset);
    };
  }

  #binary(least: number): Compute | undefined {
    let left = this.#unary();
    while (left !== undefined) {
      const token = this.list[this.#at];
      const binding = token?.kind === "sign" ? BINDING.get(token.text) : undefined;
      if (token?.kind !== "sign" || binding === undefined || binding < least) return left;
      this.#at++;
      const right = this.#binary(binding + 1);
      if (right === undefined) return undefined;
      left = operation(token.text, left, right);
    }
    return undefined;
  }

  #unary(): Compute | undefined {
    for (const sign of ["!", "~", "-", "+", "*", "&"]) {
      if (!this.takes(sign)) continue;
      const inner = this.#unary();
      if (inner === undefined) return undefined;
      if (sign === "!") {
        return (view, offset) => {
          const value = inner(view, offset);
          return value === undefined ? undefined : Number(!isTrue(value));
        };
      }
      const zero: Compute = () => 0;
      if (sign === "-") return operation("-", zero, inner);
      if (sign === "~") return operation("^", () => -1, inner);
      return inner;
    }
    return this.#postfix();
  }

  #postfix(): Compute | undefined {
    const token = this.list[this.#at++];
    if (token === undefined) return undefined;
    if (token.kind === "number") return () => token.value;
    if (token.kind === "string") return this.#string(token.text);
    if (token.kind === "sign") {
      if (token.text !== "(") return undefined;
      if (this.#skipCast()) return this.#unary();
      const inner = this.expression();
      return inner !== undefined && this.takes(")") ? inner : undefined;
    }
    if (token.text === "REC" && this.takes("->")) return this.#field();
    if (this.takes("(")) return this.#call(token.text);
    const constant = this.names.constant(token.text);
    return () => constant;
  }

  /** C joins strings that stand side by side. */
  #string(text: string): Compute {
    let whole = text;
    for (let next = this.list[this.#at]; next?.kind === "string"; next = this.list[this.#at]) {
      whole += next.text;
      this.#at++;
    }
    return () => whole;
  }

  #field(): Compute | undefined {
    const token = this.list[this.#at++];
    if (token?.kind !== "name") return undefined;
    const reader = this.#reader(token.text);
    if (!this.takes("[")) return reader?.value ?? (() => undefined);
    const index = this.expression();
    if (index === undefined || !this.takes("]")) return undefined;
    return (view, offset) => {
      const element = index(view, offset);
      return typeof element === "number" ? reader?.element(view, offset, element) : undefined;
    };
  }

  #reader(name: string): FieldReader | undefined {
    const field = this.names.fields.get(name);
    return field && fieldReader(field, this.names.littleEndian);
  }

  #call(name: string): Compute | undefined {
    if (/^__get_(?:rel_)?(?:str|dynamic_array|bitmask|sockaddr)$/.test(name)) {
      const token = this.list[this.#at++];
      if (token?.kind !== "name" || !this.takes(")")) return undefined;
      return this.#reader(token.text)?.value ?? (() => undefined);
    }
    const given: Argument[] = [];
    while (!this.takes(")")) {
      if (this.#isSign(this.#at, "{")) {
        const items = this.#items();
        if (items === undefined) return undefined;
        given.push(items);
      } else {
        const argument = this.expression();
        if (argument === undefined) return undefined;
        given.push(argument);
      }
      if (!this.takes(",") && !this.#isSign(this.#at, ")")) return undefined;
    }
    return callMacro(name, given);
  }

  /** `{ 0x1, "WRITE" }, { 0x2, "MKWRITE" }` */
  #items(): readonly NamedValue[] | undefined {
    const items: NamedValue[] = [];
    while (this.takes("{")) {
      const value = this.expression();
      if (value === undefined || !this.takes(",")) return undefined;
      const name = this.expression();
      if (name === undefined || !this.takes("}")) return undefined;
      items.push({ value, name });
      if (!this.#isSign(this.#at, ",") || !this.#isSign(this.#at + 1, "{")) break;
      this.#at++;
    }
    return items;
  }

  /** `unsigned int)`, `struct page *)`: a type, and what it closes. */
  #skipCast(): boolean {
    let at = this.#at;
    let words = 0;
    for (let token = this.list[at]; token?.kind === "name"; token = this.list[++at]) {
      const follows = this.list[at - 1];
      const named = follows?.kind === "name" && /^(?:struct|enum|union)$/.test(follows.text);
      if (!TYPE_WORD.test(token.text) && !named) return false;
      words++;
    }
    while (this.#isSign(at, "*")) at++;
    if (words === 0 || !this.#isSign(at, ")")) return false;
    this.#at = at + 1;
    return true;
  }

  #isSign(at: number, text: string): boolean {
    const token = this.list[at];
    return token?.kind === "sign" && token.text === text;
  }
}

function isTrue(value: number | bigint | string): boolean {
  return typeof value === "string" || Number(value) !== 0;
}

function operation(sign: string, left: Compute, right: Compute): Compute {
  return (view, offset) => {
    const [one, other] = [left(view, offset), right(view, offset)];
    if (one === undefined || other === undefined) return undefined;
    if (typeof one === "string" || typeof other === "string") return undefined;
    // Nearly all are flags and device numbers, and `bigint` is slow.
    if (isSmall(one) && isSmall(other)) {
      if (sign === "&") return one & other;
      if (sign === ">>") return other < 32 ? one >> other : 0;
    }
    return integer(operate(sign, BigInt(one), BigInt(other)));
  };
}

/** C's arithmetic without its widths: no print format of the kernel overflows. */
function operate(sign: string, one: bigint, other: bigint): bigint {
  const truth = (value: boolean): bigint => value ? 1n : 0n;
  switch (sign) {
    case "||":
      return truth(one !== 0n || other !== 0n);
    case "&&":
      return truth(one !== 0n && other !== 0n);
    case "|":
      return one | other;
    case "^":
      return one ^ other;
    case "&":
      return one & other;
    case "==":
      return truth(one === other);
    case "!=":
      return truth(one !== other);
    case "<":
      return truth(one < other);
    case ">":
      return truth(one > other);
    case "<=":
      return truth(one <= other);
    case ">=":
      return truth(one >= other);
    case "<<":
      return other < 64n ? BigInt.asUintN(64, one << other) : 0n;
    case ">>":
      return other < 64n ? one >> other : 0n;
    case "+":
      return one + other;
    case "-":
      return one - other;
    case "*":
      return one * other;
    case "/":
      return other === 0n ? 0n : one / other;
    default:
      return other === 0n ? 0n : one % other;
  }
}
