/**
 * Probes of kernels whose return probes print no arguments: a kprobe at the entry fetches them, by offsets
 * that come from BTF, and a kretprobe prints what the function returns. The reader puts the two lines
 * together, and takes from the entry nothing that the function may change.
 *
 * @module
 */
import { changedWords } from "../rows.ts";
import type { KernelTypes } from "./btf.ts";
import type { ProbeDefinition } from "./probe_definition.ts";
import { functionOf, type WantedProbe } from "./probes_by_names.ts";

/** Calls under way at once of which a return is shown. */
const returnsAtOnce = 1024;

/** The definitions; a function that the kernel has not, or with other arguments, gets none. */
export function probesByOffsets(
  wanted: readonly WantedProbe[],
  types: KernelTypes,
): readonly ProbeDefinition[] {
  const entries = new Map<string, ProbeDefinition>();
  const returns = new Map<string, ProbeDefinition>();
  for (const { source, name, arguments: given } of wanted) {
    const { called, leaves } = functionOf(source);
    const changed = leaves ? changedWords(source) : [];
    const kept = given.filter((each) => !changed.includes(wordOf(each)));
    const fetched = kept.filter((each) => !each.includes("$retval"))
      .map((each) => byOffset(types, called, each));
    const known = fetched.filter((each) => each !== undefined);
    if (known.length < fetched.length) continue;
    const entry = entries.get(called);
    const words = new Set(entry?.arguments.map(wordOf));
    const more = known.filter((each) => !words.has(wordOf(each)));
    const paired = leaves || returns.has(called);
    entries.set(called, {
      kind: "p",
      name: entry === undefined && leaves ? `${name}_begin` : entry?.name ?? name,
      function: called,
      arguments: [...entry?.arguments ?? [], ...more],
      paired,
    });
    if (!leaves) continue;
    const returned = kept.filter((each) => each.includes("$retval"));
    returns.set(called, {
      kind: "r",
      name,
      function: called,
      arguments: returned,
      atOnce: returnsAtOnce,
      paired,
    });
  }
  return [...entries.values()].flatMap((
    entry,
  ) => [entry, ...[returns.get(entry.function) ?? []].flat()]);
}

/** `dev` of `dev=folio->mapping->host->i_sb->s_dev:x32`. */
function wordOf(argument: string): string {
  return argument.slice(0, argument.indexOf("="));
}

/** What an argument is if it is fetched by offsets; undefined if the function takes none of that name. */
function byOffset(types: KernelTypes, called: string, argument: string): string | undefined {
  const [, word, expression = "", type] = /^(\w+)=(.*):([\w@/]+)$/.exec(argument) ?? [];
  // Some are offsets already.
  const fetched = /^[a-z_]/.test(expression) ? types.fetch(called, expression) : expression;
  return fetched === undefined ? undefined : `${word}=${fetched}:${type}`;
}
