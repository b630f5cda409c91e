/**
 * The shortest runs by which a design breaks what it breaks, one fault each.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { brokenBy, type Exploration, explore } from "../../model/explore.ts";
import type { Path } from "../../model/run.ts";
import type { Sequence, Verdict } from "../event_vector.ts";
import { judgeEvents, type Ruling, ruling } from "../judge_events.ts";
import { allowingOnly } from "./one_fault.ts";
import { sequenceOf } from "./run.ts";

/** What a design's breach of one invariant is as a vector. */
export type DesignBreach =
  | {
    readonly kind: "breach";
    readonly invariant: string;
    readonly sequence: Sequence;
    readonly verdict: Extract<Verdict, { kind: "rejected" }>;
  }
  /** Every run within the limit that breaks it breaks something else too that does not imply it. */
  | { readonly kind: "never_alone"; readonly invariant: string; readonly with: readonly string[] }
  /** No event breaks it: somebody waits for ever. */
  | { readonly kind: "stuck"; readonly invariant: string };

/** States within which breaches are looked for: the first of these that shows all that are claimed. */
const limits = [2_000, 10_000, 50_000, 250_000] as const;

/**
 * What breaks a design that claims to be broken, each invariant by its shortest run with one fault.
 * The claims themselves are proved where designs are explored to their end.
 */
export function breachesOf(design: Design): readonly DesignBreach[] {
  if (design.breaks.length === 0) return [];
  for (const limit of limits) {
    const exploration = explore(design, { limit });
    const broken = brokenBy(exploration);
    const isAll = exploration.complete || design.breaks.every((id) => broken.includes(id));
    if (!isAll && limit !== limits.at(-1)) continue;
    return broken.map((id) => breachOf(design, exploration, id, limit));
  }
  return [];
}

function breachOf(
  design: Design,
  exploration: Exploration,
  id: string,
  limit: number,
): DesignBreach {
  const path = pathOf(exploration, id);
  if (path === exploration.stuck) return { kind: "stuck", invariant: id };
  const shortest = asBreach(design, path, id);
  if (shortest.kind === "breach") return shortest;
  const alone = pathOf(explore(allowingOnly(design, [id]), { limit }), id);
  return alone === undefined ? shortest : asBreach(design, alone, id);
}

function pathOf({ findings }: Exploration, id: string): Path | undefined {
  const found = findings.find((each) => each.id === id);
  return found?.verdict === "violated" ? found.path : undefined;
}

function asBreach(design: Design, path: Path | undefined, id: string): DesignBreach {
  const sequence = sequenceOf(design, path ?? []);
  const ruled = ruling(judgeEvents(sequence));
  return ruled.kind === "rejected"
    ? { kind: "breach", invariant: id, sequence, verdict: ruled }
    : { kind: "never_alone", invariant: id, with: othersIn(ruled, id) };
}

function othersIn(ruled: Ruling, id: string): readonly string[] {
  if (ruled.kind !== "several") return [];
  return ruled.breaches.map(({ invariant }) => invariant).filter((each) => each !== id);
}
