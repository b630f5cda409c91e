/**
 * What the explorer finds of every design of the catalogue.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { designs } from "../../model/designs/catalogue.ts";
import type { Exploration } from "../../model/explore.ts";
import type { Whole } from "../mutation/fate.ts";
import { exploredOf } from "./explored.ts";

/** In the order of the catalogue. */
export const explorations: readonly Exploration[] = designs.map((design) =>
  exploredOf(design).exploration
);

/** The sound designs with all that they do, but for those that are too large to be searched again. */
export const wholes: ReadonlyMap<Design, Whole> = new Map(
  designs.flatMap((design): (readonly [Design, Whole])[] => {
    const { whole } = exploredOf(design);
    return whole === undefined ? [] : [[design, whole]];
  }),
);
