/**
 * Every design that the chapters show, in the order of the systems.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { durabilityDesigns } from "../../model/designs/durability.ts";
import { directIoDesigns } from "../../model/designs/direct_io.ts";
import { truncateDesigns } from "../../model/designs/truncate.ts";

export const designs: readonly Design[] = [
  ...durabilityDesigns,
  ...directIoDesigns,
  ...truncateDesigns,
];
