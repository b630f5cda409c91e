/**
 * Event vectors from exploration: what breaks each design, and runs that break nothing and together
 * take every step that a sound design has.
 *
 * @module
 */
import { type Design, systemOf } from "../../../model/design.ts";
import type { Move, Path } from "../../../model/run.ts";
import { canonicalJson } from "../../format/canonical_json.ts";
import type { Sequence } from "../../format/event_vector.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { judgeEvents } from "../../format/judge_events.ts";
import { breachesOf, type DesignBreach } from "./breaches.ts";
import { cover } from "./cover.ts";
import { type Kept, slug } from "./event_draft.ts";
import { sequenceOf } from "./run.ts";
import { soundRuns } from "./runs.ts";

/** How far each design is searched for runs that break nothing, and how many go at random. */
const limits = { cover: 4_000, walks: 12 } as const;

/** A run that breaks nothing. */
interface Witness {
  readonly path: Path;
  readonly sequence: Sequence;
}

/** A design with what was found of it. */
interface Explored {
  readonly design: Design;
  readonly breaches: readonly DesignBreach[];
  readonly witnesses: readonly Witness[];
}

/** Explores a design as far as vectors need it. */
export function exploreForVectors(design: Design): Explored {
  const witnesses = soundRuns(design, limits.cover, limits.walks)
    .map((path) => ({ path, sequence: sequenceOf(design, path) }))
    .filter(({ sequence }) => exercises(sequence));
  return { design, breaches: breachesOf(design), witnesses };
}

/** True if some invariant has something to say of it. */
function exercises(sequence: Sequence): boolean {
  const outcome = judgeEvents(sequence);
  return outcome.kind === "judged" && outcome.kept.size > 0;
}

/** The rejected vectors: each design's breach of each invariant; equal ones are told once. */
export function keptBreaches(explored: readonly Explored[]): readonly Kept[] {
  const kept = new Map<string, Kept>();
  for (const { design, breaches } of explored) {
    for (const breach of breaches) {
      if (breach.kind !== "breach") continue;
      const { invariant, sequence, verdict } = breach;
      keep(kept, design, {
        handle: `${invariant}/${design.id}`,
        says: `${sentence(design.title)}: ${breachText(invariant)}.`,
        system: systemOf(design),
        designs: [design],
        why: "shortest_breach",
        sequence,
        verdict,
      });
    }
  }
  return [...kept.values()];
}

/**
 * Runs that break nothing: at least one of each design, and of the sound ones together as many as
 * take each of their steps in each way that it can go. A step that designs share is taken once.
 */
export function keptWitnesses(explored: readonly Explored[]): readonly Kept[] {
  const kept = new Map<string, Kept>();
  const covered = new Set<string>();
  for (const { design, witnesses } of explored) {
    const covers = ({ path }: Witness): readonly string[] => [
      ...(design.breaks.length === 0 ? path.map((move) => nameOf(design, move)) : []),
      `${design.id}: a run that breaks nothing`,
    ];
    for (const { item: { sequence }, gains: [first = ""] } of cover(witnesses, covers, covered)) {
      const what = first.slice(first.indexOf(": ") + 2);
      keep(kept, design, {
        handle: `${design.id}/${slug(what)}`,
        says: `${sentence(design.title)}; ${what}.`,
        system: systemOf(design),
        designs: [design],
        why: "cover",
        sequence,
        verdict: { kind: "accepted" },
      });
    }
  }
  return [...kept.values()];
}

/** A sequence that is kept already is told once, and names this design too. */
function keep(all: Map<string, Kept>, design: Design, told: Kept): void {
  const key = textOf(told.sequence);
  const known = all.get(key) ?? told;
  const isNamed = known.designs.includes(design);
  all.set(key, isNamed ? known : { ...known, designs: [...known.designs, design] });
}

/** A step of an actor, taken one way, as designs of one system share it. */
function nameOf({ system }: Design, { actor, step, branch }: Move): string {
  const result = branch.result === "" ? "" : ` -> ${branch.result}`;
  return `${system}: ${actor.name} does "${step.name}${result}"`;
}

/** The sequence as text that is equal for equal sequences. */
function textOf({ bounds, start, exempt, events }: Sequence): string {
  return canonicalJson({
    bounds: { ...bounds },
    start: { ...start },
    exempt,
    events: events.map((event) => ({ ...event })),
  });
}

/** With a capital at its head. */
function sentence(title: string): string {
  return `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
}

/** What the invariant says of a breach. */
export function breachText(id: string): string {
  return invariants.find((each) => each.id === id)?.breach ?? id;
}
