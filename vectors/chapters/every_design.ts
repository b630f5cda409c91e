/**
 * Every design that the chapters show, in the order of the systems.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { truncateDesigns } from "../../model/designs/truncate.ts";

export const designs: readonly Design[] = [
  ...truncateDesigns,
];
