/**
 * The options of `check`, and what is wrong with their values: known before a trace is read, or is
 * recorded.
 *
 * @module
 */
import type { ParseArgsOptionsConfig } from "node:util";
import { type Part, partOf, type Selected } from "./check_part.ts";

/** The formats of a report. */
const formats = [
  "text",
  "json",
  "ndjson",
  "junit",
  "ktap",
  "kcidb",
  "html",
  "chrome",
  "perfetto",
  "observations",
] as const;
/** One of them. */
export type Format = typeof formats[number];

/** The options, as `parseArgs` takes them. */
export const checkOptions = {
  format: { type: "string", default: "text" },
  kernel: { type: "string" },
  "stable-writes": { type: "boolean" },
  all: { type: "boolean", default: false },
  only: { type: "string", multiple: true, default: [] },
  inode: { type: "string" },
  device: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  at: { type: "string" },
  instance: { type: "string" },
  jobs: { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

/** The options as they were given. */
interface Given extends Selected {
  readonly format: string;
  readonly kernel?: string;
  readonly at?: string;
  readonly jobs?: string;
}

/** What they come to. */
interface Asked {
  readonly format: Format;
  /** Threads that judge; without it, as many as the files are worth. */
  readonly jobs: number | undefined;
  readonly part: Part;
}

/** An option as `parseArgs` has met it, or anything else. */
type Token = { readonly kind: "option"; readonly name: string } | {
  readonly kind: "positional" | "option-terminator";
};

/**
 * What is wrong if a trace is to be left unjudged and an option says how to judge it; undefined if nothing
 * is.
 */
export function idleOption(tokens: readonly Token[]): string | undefined {
  const given = tokens.flatMap((each) => each.kind === "option" ? [each.name] : []);
  const idle = given.find((name) => name in checkOptions);
  return idle === undefined || !given.includes("unjudged")
    ? undefined
    : `expected no --${idle} with --unjudged, which judges nothing`;
}

/** Reads the options; what is wrong with the first that is wrong, if one is. */
export function askedOf(
  { format: name, kernel, at, jobs: given, ...selected }: Given,
): Asked | string {
  const format = formats.find((each) => each === name);
  if (format === undefined) return `expected --format ${formats.join(", ")}, not "${name}"`;
  if (kernel !== undefined && !/^\d+\.\d+(\.\d+)?([-+~].*)?$/.test(kernel)) {
    return `expected --kernel as 6.12 or 6.12.107, not "${kernel}"`;
  }
  const jobs = given === undefined ? undefined : Number(given);
  if (jobs !== undefined && (!Number.isSafeInteger(jobs) || jobs < 1)) {
    return `expected --jobs as a number of threads, not "${given}"`;
  }
  if (at !== undefined && !/^[1-9]\d*$/.test(at)) {
    return `expected --at as the number of a line, not "${at}"`;
  }
  const part = partOf(selected);
  return typeof part === "string" ? part : { format, jobs, part };
}
