/**
 * What the explorer finds of a design of the catalogue: each is explored once in an isolate, when it is
 * first asked for.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { Design } from "../../model/design.ts";
import { designs } from "../../model/designs/catalogue.ts";
import { type Exploration, explorationOf, judgedUnder } from "../../model/explore.ts";
import { search } from "../../model/explore/search.ts";
import { type Whole, wholeOf } from "../mutation/fate.ts";

/** States of the largest design of which things are disabled, and within which every design ends. */
const limits = { whole: 250_000, all: 20_000_000 } as const;

interface Explored {
  readonly exploration: Exploration;
  /** All that a sound design does, but for one that is too large to be searched again. */
  readonly whole: Whole | undefined;
}

const known = new Map<Design, Explored>();

/** What the explorer finds of the design. */
export function exploredOf(design: Design): Explored {
  const before = known.get(design);
  if (before !== undefined) return before;
  const searched = search(design, judgedUnder(design), { limit: limits.all });
  const exploration = explorationOf(searched);
  const isSmall = exploration.complete && exploration.states <= limits.whole;
  const whole = design.breaks.length === 0 && isSmall ? wholeOf(searched, exploration) : undefined;
  const explored = { exploration, whole };
  known.set(design, explored);
  return explored;
}

/** What the explorer finds of the design of this id. */
export function explorationOfId(id: string): Exploration {
  const design = designs.find((each) => each.id === id);
  assert(design !== undefined, `no design ${id}`);
  return exploredOf(design).exploration;
}
