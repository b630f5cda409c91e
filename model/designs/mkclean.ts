/**
 * System D: what fsync must do for a DIRTY entry of a DAX mapping (chapter 4).
 *
 * @module
 */
import type { Design } from "../design.ts";
import { breakingLayoutsDesigns } from "./breaking_layouts.ts";
import { cleaningDesigns } from "./cleaning.ts";
import { concurrentFsyncDesigns } from "./concurrent_fsync.ts";
import { inOrderOfId } from "./order.ts";
import { movedPteDesigns } from "./moved_ptes.ts";
import { mremapBatchDesigns } from "./mremap_batch.ts";
import { partialRemovalDesigns } from "./partial_removal.ts";
import { sharedExtentDesigns } from "./shared_extent.ts";
import { writeProtectedFaultDesigns } from "./write_protected_fault.ts";

/** Every design of system D. */
export const mkcleanDesigns: readonly Design[] = inOrderOfId([
  ...cleaningDesigns,
  ...concurrentFsyncDesigns,
  ...partialRemovalDesigns,
  ...breakingLayoutsDesigns,
  ...sharedExtentDesigns,
  ...movedPteDesigns,
  ...writeProtectedFaultDesigns,
  ...mremapBatchDesigns,
]);
