/**
 * Every design that the chapters show, in the order of the systems.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { designs as catalogue } from "../../model/designs/catalogue.ts";
import { pinDesigns } from "../../model/designs/pins.ts";

export const designs: readonly Design[] = [...new Set([...catalogue, ...pinDesigns])]
  .toSorted((left, right) => left.system < right.system ? -1 : left.system > right.system ? 1 : 0);
