/**
 * What becomes of a sound design of which something is disabled.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { type Exploration, judgedUnder } from "../../model/explore.ts";
import { findRound } from "../../model/explore/cycle.ts";
import { getLocals } from "../../model/explore/layout.ts";
import { type Search, search } from "../../model/explore/search.ts";
import { wasPinned } from "../../model/effects/pin.ts";
import { type Field, fieldRange } from "../../model/state.ts";
import type { Invariant } from "../../model/invariant.ts";
import { relatedAutomaton } from "../../model/explore/related_automaton.ts";
import { searchFurther } from "./extended_search.ts";
import { compareGraphs } from "./same_graph.ts";

/** What becomes of it. */
export type Fate =
  /** The design breaks this invariant. */
  | { readonly kind: "broken"; readonly by: string }
  /** Whoever is at the end of a program has a folio in the hand, or a pin, that nobody gives back. */
  | { readonly kind: "leaks" }
  /** Somebody waits for ever, or goes round for ever. */
  | { readonly kind: "stuck" | "endless" }
  /** The design has the very same runs. */
  | { readonly kind: "same" }
  | {
    /** The design has other runs, and all of them are sound. */
    readonly kind: "sound";
    /** True if one of them is over in a world in which no run of the whole design is over. */
    readonly endsElsewhere: () => boolean;
  };

/** A sound design and all that it does. */
export interface Whole {
  readonly found: Search;
  readonly judged: readonly Invariant[];
  /** True if somebody goes round for ever in the whole design already. */
  readonly endless: boolean;
  /** Tasks that end with a folio in the hand, or a pin, in the whole design already. */
  readonly leaks: ReadonlySet<string>;
  /** Worlds in which everybody is at the end. */
  readonly ends: ReadonlySet<string>;
}

/** A sound design with all that it does, of a search that is complete and what came of it. */
export function wholeOf(found: Search, { design, endless }: Exploration): Whole {
  return {
    found,
    judged: judgedUnder(design),
    endless: endless !== undefined,
    leaks: leaksOf(found),
    ends: endsOf(found),
  };
}

/** States of the largest changed design that is searched to its end. */
const limit = 20_000_000;

/** What becomes of the design when it is changed to this. */
export function fateOf(whole: Whole, changed: Design): Fate {
  const { found, judged } = whole;
  const comparison = compareGraphs(found, changed, judged);
  if (comparison.kind === "same") return { kind: "same" };
  const all = comparison.kind === "other"
    ? searchFurther(found, changed, judged, comparison, limit)
    : undefined;
  if (all?.complete && all.breaches.size === 0 && misses(whole, all, all.firstNew) === undefined) {
    const mayEndElsewhere = endsElsewhere(whole, all, all.firstNew);
    return {
      kind: "sound",
      endsElsewhere: () => mayEndElsewhere && endsElsewhere(whole, searchAll(whole, changed)),
    };
  }
  const reached = searchAll(whole, changed);
  const [by] = reached.breaches.keys();
  if (by !== undefined) return { kind: "broken", by };
  if (!reached.complete) throw new RangeError(`${changed.id} does not end`);
  const kind = misses(whole, reached);
  if (kind !== undefined) return { kind };
  return { kind: "sound", endsElsewhere: () => endsElsewhere(whole, reached) };
}

/** What the changed design reaches, and nothing else, until a breach. */
function searchAll({ found, judged }: Whole, changed: Design): Search {
  return search(changed, judged, {
    limit,
    untilBreach: true,
    createAutomaton: (...asked) => relatedAutomaton(found.automaton, ...asked),
  });
}

/** What goes wrong without a breach; `first` is the first state that the whole design does not reach. */
function misses(
  { found, endless, leaks }: Whole,
  all: Search,
  first = 0,
): "stuck" | "endless" | "leaks" | undefined {
  if (all.stuck !== undefined || found.stuck !== undefined) return "stuck";
  if (!endless && findRound(all) !== undefined) return "endless";
  return [...leaksOf(all, first)].some((leak) => !leaks.has(leak)) ? "leaks" : undefined;
}

function endsElsewhere({ ends }: Whole, all: Search, first = 0): boolean {
  return !endsOf(all, first).isSubsetOf(ends);
}

/** What is counted and must be given back: `hand` and `pinned`, of actors that are at their end. */
function leaksOf({ automaton, layout, states }: Search, first = 0): ReadonlySet<string> {
  const { design: { bounds }, runners, shared } = automaton;
  const found = new Set<string>();
  const held = (["hand", "pinned", "pinnedBlock"] as const).flatMap((field) => {
    const [from, to] = fieldRange(bounds, field);
    return from < to ? [{ field, from }] : [];
  });
  if (held.length === 0) return found;
  const bytes = new Uint8Array(shared.words.buffer, shared.words.byteOffset);
  for (let state = first; state < states.count; state++) {
    const at = state * states.stride;
    const world = ((states.words[at] ?? 1) - 1) * shared.stride * 4;
    for (const [index, { actor, ended }] of runners.entries()) {
      if (ended[getLocals(layout, states.words, at, index)] !== 1) continue;
      for (const { field, from } of held) {
        const byte = bytes[world + from + actor.task] ?? 0;
        if (byte !== 0 && byte !== wasPinned) found.add(`${actor.name} ${field}`);
      }
    }
  }
  return found;
}

/** What a kernel has, a disk or a page table: no ghost, which only judges look at. */
const real: readonly Field[] = [
  "extent",
  "entry",
  "tag",
  "pte",
  "slot",
  "folio",
  "memory",
  "backing",
  "pfn",
  "block",
  "owner",
  "media",
  "size",
  "wbErr",
  "visible",
  "pending",
  "diskExtent",
  "diskBlock",
  "diskSize",
  "content",
  "vma",
];

/** The worlds in which every actor but the environment's is at its end, as text. */
function endsOf({ automaton, layout, states }: Search, first = 0): ReadonlySet<string> {
  const { design: { bounds }, runners, shared } = automaton;
  const bytes = new Uint8Array(shared.words.buffer, shared.words.byteOffset);
  const ranges = real.map((field) => fieldRange(bounds, field)).filter(([from, to]) => from < to);
  const worlds = new Set<number>();
  for (let state = first; state < states.count; state++) {
    const at = state * states.stride;
    const isOver = runners.every(({ actor, ended }, index) =>
      actor.environment || ended[getLocals(layout, states.words, at, index)] === 1
    );
    if (isOver) worlds.add((states.words[at] ?? 1) - 1);
  }
  return new Set([...worlds].map((world) => {
    const start = world * shared.stride * 4;
    return ranges.map(([from, to]) => bytes.subarray(start + from, start + to).join(".")).join(" ");
  }));
}
