/**
 * The card of an invariant: the `yaml` fence under its heading.
 *
 * @module
 */

import type { Fence, TextMistake } from "./blocks.ts";
import { readYaml } from "./yaml.ts";

/** What an invariant speaks of, by the letter that stands in its card. */
export const KINDS = {
  S: "state",
  A: "action or interval",
  D: "durability, judged after a crash",
  L: "locking and liveness",
  O: "observation",
} as const;

/** A letter of {@linkcode KINDS}. */
export type Kind = keyof typeof KINDS;

/** The card of an invariant. */
export interface Card {
  /** `S`, or several as in `D/S`. */
  readonly kinds: readonly Kind[];
  /** What holds, in the notation of the chapter. */
  readonly formula: string;
  /** Where it need not hold, and in which kernels it does not. */
  readonly exceptions: readonly string[];
  /** Commits, kernel files and threads that it rests on; at least one. */
  readonly sources: readonly string[];
  /** Classes of events without which it cannot be judged. */
  readonly needs: readonly string[];
  /** For an invariant that does not fit the small world: the world it is judged in. */
  readonly projection: string | undefined;
}

/** A card, or every mistake in it, with lines of the chapter. */
type CardRead =
  | { readonly kind: "card"; readonly card: Card }
  | { readonly kind: "mistakes"; readonly mistakes: readonly TextMistake[] };

/** Turns a YAML value into what a key stands for, or says that it is not `expected`. */
interface Reader<T> {
  readonly expected: string;
  readonly read: (value: unknown) => T | undefined;
}

const TEXT: Reader<string> = {
  expected: "text",
  read: (value) => typeof value === "string" && value.trim() !== "" ? value.trim() : undefined,
};

const TEXTS: Reader<readonly string[]> = {
  expected: "a list of texts (in quotes where YAML would see a number)",
  read: (value) => Array.isArray(value) && value.every(isText) ? value : undefined,
};

const SOURCES: Reader<readonly string[]> = {
  expected: "a list of one text or more",
  read: (value) => TEXTS.read(value)?.length === 0 ? undefined : TEXTS.read(value),
};

const EXCEPTIONS: Reader<readonly string[]> = {
  expected: "text or a list of texts, or no such key",
  read: (value) => value === undefined ? [] : isText(value) ? [value.trim()] : TEXTS.read(value),
};

const KIND: Reader<readonly Kind[]> = {
  expected: `one of ${Object.keys(KINDS).join(", ")}, or several as in D/S`,
  read: (value) => {
    const letters = isText(value) ? value.split("/") : [];
    return letters.length > 0 && letters.every(isKind) ? letters : undefined;
  },
};

const KEYS = ["kind", "formula", "exceptions", "sources", "needs", "projection"];

/** Reads the card in a `yaml` fence. Never throws. */
export function readCard(fence: Fence): CardRead {
  const document = parseYaml(fence);
  if (document.kind === "mistakes") return document;
  const { mapping } = document;
  const mistakes: TextMistake[] = [];
  const report = (key: string, expected: string): void => {
    const at = fence.body.split("\n").findIndex((line) => line.startsWith(`${key}:`));
    mistakes.push({ line: fence.line + 1 + at, expected });
  };
  const take = <T>(key: string, reader: Reader<T>): T | undefined => {
    const found = reader.read(mapping[key]);
    if (found === undefined) report(key, `"${key}" to be ${reader.expected}`);
    return found;
  };
  const kinds = take("kind", KIND);
  const formula = take("formula", TEXT);
  const exceptions = take("exceptions", EXCEPTIONS);
  const sources = take("sources", SOURCES);
  const needs = take("needs", TEXTS);
  const projection = "projection" in mapping ? take("projection", TEXT) : undefined;
  for (const key of Object.keys(mapping)) {
    if (!KEYS.includes(key)) report(key, `one of the keys ${KEYS.join(", ")}, not "${key}"`);
  }
  if (!kinds || !formula || !exceptions || !sources || !needs || mistakes.length > 0) {
    return { kind: "mistakes", mistakes };
  }
  return { kind: "card", card: { kinds, formula, exceptions, sources, needs, projection } };
}

function isText(value: unknown): value is string {
  return TEXT.read(value) !== undefined;
}

function isKind(letter: string): letter is Kind {
  return Object.hasOwn(KINDS, letter);
}

type Document =
  | { readonly kind: "mapping"; readonly mapping: Readonly<Record<string, unknown>> }
  | { readonly kind: "mistakes"; readonly mistakes: readonly TextMistake[] };

function parseYaml(fence: Fence): Document {
  const read = readYaml(fence.body);
  if (read.kind === "malformed") {
    const expected = `YAML (column ${read.column}: ${read.says})`;
    // What breaks off is missed behind its last line, where an unclosed fence has none.
    const last = fence.line + fence.source.split("\n").length - 1;
    const line = Math.min(fence.line + read.line, last);
    return { kind: "mistakes", mistakes: [{ line, expected }] };
  }
  if (isMapping(read.value)) return { kind: "mapping", mapping: read.value };
  return { kind: "mistakes", mistakes: [{ line: fence.line, expected: "keys with values" }] };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
