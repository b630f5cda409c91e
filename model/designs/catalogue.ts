/**
 * Every design, in the order of the systems.
 *
 * @module
 */
import type { Design } from "../design.ts";
import { daxFaultDesigns } from "./dax_faults.ts";
import { directIoDesigns } from "./direct_io.ts";
import { durabilityDesigns } from "./durability.ts";
import { mkcleanDesigns } from "./mkclean.ts";
import { pinDesigns } from "./pins.ts";
import { truncateDesigns } from "./truncate.ts";

/** All designs of the chapters, sound and broken: what was proposed, merged, or once forgotten. */
export const designs: readonly Design[] = [
  ...daxFaultDesigns,
  ...durabilityDesigns,
  ...directIoDesigns,
  ...mkcleanDesigns,
  ...pinDesigns,
  ...truncateDesigns,
];
