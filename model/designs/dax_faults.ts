/**
 * System A: a DAX fault loads a hole while somebody allocates its block (chapter 1).
 *
 * @module
 */
import type { Design } from "../design.ts";
import { copyOnWriteDesigns } from "./copy_on_write.ts";
import { entryLockDesigns } from "./entry_lock.ts";
import { holeRaceDesigns } from "./hole_races.ts";
import { inOrderOfId } from "./order.ts";
import { pmdRaceDesigns } from "./pmd_races.ts";

/** Every design of system A. */
export const daxFaultDesigns: readonly Design[] = inOrderOfId([
  ...holeRaceDesigns,
  ...pmdRaceDesigns,
  ...entryLockDesigns,
  ...copyOnWriteDesigns,
]);
