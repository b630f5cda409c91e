/**
 * What the bounds of a design may be.
 *
 * @module
 */
import { rwsems } from "../rwsem.ts";
import type { Bounds } from "../state.ts";
import { type DesignMistake, quoted } from "./mistake.ts";

/** Least and greatest numbers; a byte holds one more than the greatest, or two marks beside it. */
const numbers: Readonly<Record<string, readonly [least: number, greatest: number]>> = {
  pages: [1, 14],
  pmdPages: [1, 14],
  mappings: [0, 14],
  tasks: [1, 100],
  locals: [1, 100],
  rwsems: [0, rwsems.length],
  privateFrom: [0, 14],
  folios: [0, 60],
  blocks: [0, 60],
  files: [1, 14],
  locks: [0, 14],
  syncBelow: [0, 14],
};

const flags: readonly string[] = [
  "waitQueues",
  "tlbs",
  "contents",
  "durable",
  "stableWrites",
  "subpage",
  "vmas",
];

const needed: readonly string[] = ["pages", "pmdPages", "mappings", "tasks", "locals"];

/** All that is wrong with bounds, which no compiler may have looked at. */
export function mistakesInBounds(bounds: Bounds): readonly DesignMistake[] {
  const mistakes = Object.entries(bounds).flatMap(([name, value]) => {
    const expected = mistakeIn(name, value);
    return expected === undefined ? [] : [{ expected }];
  });
  const missing = needed.filter((name) => !Object.hasOwn(bounds, name))
    .map((name) => ({ expected: `bounds.${name}, which is absent` }));
  return mistakes.length + missing.length > 0
    ? [...mistakes, ...missing]
    : inconsistencies(bounds).map((expected) => ({ expected }));
}

function mistakeIn(name: string, value: unknown): string | undefined {
  const range = numbers[name];
  if (range !== undefined) {
    const [least, greatest] = range;
    const fits = typeof value === "number" && Number.isInteger(value) && value >= least &&
      value <= greatest;
    return fits ? undefined : `bounds.${name} from ${least} to ${greatest}, not ${quoted(value)}`;
  }
  if (flags.includes(name)) {
    return typeof value === "boolean"
      ? undefined
      : `bounds.${name} as true or false, not ${quoted(value)}`;
  }
  if (name !== "variables") {
    return `a bound that there is, not "${name}": ${
      [...Object.keys(numbers), ...flags, "variables"].join(", ")
    }`;
  }
  const names: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  const twice = names.find((each, at) => names.indexOf(each) < at);
  if (twice !== undefined) return `each variable once, not ${quoted(twice)} twice`;
  return names.every((each) => typeof each === "string" && each !== "")
    ? undefined
    : `bounds.variables as a list of names, not ${quoted(value)}`;
}

function inconsistencies(
  { pages, pmdPages, files = 1, blocks = 0, durable = false }: Bounds,
): readonly string[] {
  return [
    ...(pages % pmdPages === 0 ? [] : [`bounds.pmdPages to divide the ${pages} pages`]),
    ...(pages % files === 0 ? [] : [`bounds.files to divide the ${pages} pages`]),
    ...(durable && blocks === 0 ? ["bounds.blocks where the world is durable"] : []),
  ];
}
