/**
 * What the explorer finds of every design of the catalogue.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { designs } from "../../model/designs/catalogue.ts";
import { type Exploration, explorationOf, judgedUnder } from "../../model/explore.ts";
import { search } from "../../model/explore/search.ts";
import { type Whole, wholeOf } from "../mutation/fate.ts";

/** States of the largest design of which things are disabled, and within which every design ends. */
const limits = { whole: 250_000, all: 20_000_000 } as const;

const found = new Map<Design, Whole>();

/** In the order of the catalogue. */
export const explorations: readonly Exploration[] = designs.map((design) => {
  const searched = search(design, judgedUnder(design), { limit: limits.all });
  const exploration = explorationOf(searched);
  const isSmall = exploration.complete && exploration.states <= limits.whole;
  if (design.breaks.length === 0 && isSmall) found.set(design, wholeOf(searched, exploration));
  return exploration;
});

/** The sound designs with all that they do, but for those that are too large to be searched again. */
export const wholes: ReadonlyMap<Design, Whole> = found;
