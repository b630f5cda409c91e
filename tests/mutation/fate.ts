/**
 * What becomes of a sound design of which something is disabled.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { type Exploration, judgedUnder } from "../../model/explore.ts";
import type { Automaton } from "../../model/explore/automaton.ts";
import { findCycle } from "../../model/explore/cycle.ts";
import { getLocals } from "../../model/explore/layout.ts";
import { type Search, search } from "../../model/explore/search.ts";
import { wasPinned } from "../../model/effects/pin.ts";
import { type Field, fieldRange } from "../../model/state.ts";
import type { Invariant } from "../../model/invariant.ts";
import { relatedAutomaton } from "../../model/explore/related_automaton.ts";
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
  /** All runs are sound, and one is over in a world in which no run of the whole design is over. */
  | { readonly kind: "ends" }
  /** The design has other runs, and all of them are sound. */
  | { readonly kind: "sound" };

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
export function fateOf({ found, judged, endless, leaks, ends }: Whole, changed: Design): Fate {
  const comparison = compareGraphs(found, changed, judged);
  if (comparison.kind === "same") return { kind: "same" };
  if (comparison.kind === "broken") return comparison;
  // What was met in comparing is known; where numbers do not fit, the search begins a second time.
  let met: Automaton | undefined = comparison.automaton;
  const all = search(changed, judged, {
    limit,
    untilBreach: true,
    createAutomaton: (design, invariants, onBreach) => {
      const automaton = met ?? relatedAutomaton(found.automaton, design, invariants, onBreach);
      met = undefined;
      return { ...automaton, onBreach };
    },
  });
  const [by] = all.breaches.keys();
  if (by !== undefined) return { kind: "broken", by };
  if (!all.complete) throw new RangeError(`${changed.id} does not end`);
  if (all.stuck !== undefined) return { kind: "stuck" };
  if (!endless && findCycle(all) !== undefined) return { kind: "endless" };
  if ([...leaksOf(all)].some((leak) => !leaks.has(leak))) return { kind: "leaks" };
  if ([...endsOf(all)].some((end) => !ends.has(end))) return { kind: "ends" };
  return { kind: "sound" };
}

/** What is counted and must be given back: `hand` and `pinned`, of actors that are at their end. */
function leaksOf({ automaton, layout, states }: Search): ReadonlySet<string> {
  const { design: { bounds }, runners, shared } = automaton;
  const found = new Set<string>();
  const held = (["hand", "pinned", "pinnedBlock"] as const).flatMap((field) => {
    const [from, to] = fieldRange(bounds, field);
    return from < to ? [{ field, from }] : [];
  });
  if (held.length === 0) return found;
  const bytes = new Uint8Array(shared.words.buffer, shared.words.byteOffset);
  for (let state = 0; state < states.count; state++) {
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
function endsOf({ automaton, layout, states }: Search): ReadonlySet<string> {
  const { design: { bounds }, runners, shared } = automaton;
  const bytes = new Uint8Array(shared.words.buffer, shared.words.byteOffset);
  const ranges = real.map((field) => fieldRange(bounds, field)).filter(([from, to]) => from < to);
  const worlds = new Set<number>();
  for (let state = 0; state < states.count; state++) {
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
