/**
 * What the explorer finds of every design of the catalogue.
 *
 * @module
 */
import { designs } from "../../model/designs/catalogue.ts";
import { type Exploration, explore } from "../../model/explore.ts";

/** In the order of the catalogue. */
export const explorations: readonly Exploration[] = designs.map((design) => explore(design));
