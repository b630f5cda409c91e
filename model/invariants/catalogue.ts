/**
 * Every invariant that the model judges, in the order of the chapters.
 *
 * @module
 */
import type { Invariant } from "../invariant.ts";
import { addLockInvariants } from "./add_lock.ts";
import { blockInvariants } from "./block.ts";
import { cleaningInvariants } from "./clean.ts";
import { coherenceInvariants } from "./coherence.ts";
import { crashInvariants } from "./crash.ts";
import { syncCallInvariants } from "./sync_call.ts";
import { entryInvariants } from "./entry.ts";
import { holeInvariants } from "./hole.ts";
import { removalInvariants } from "./invalidate.ts";
import { lockInvariants } from "./lock.ts";
import { pinInvariants } from "./pin.ts";
import { stablePageInvariants } from "./stable.ts";
import { markInvariants } from "./tag.ts";
import { writebackInvariants } from "./writeback.ts";

/** All invariants of the chapters, each with the judge of one step. */
export const invariants: readonly Invariant[] = [
  ...holeInvariants,
  ...entryInvariants,
  ...blockInvariants,
  ...markInvariants,
  ...cleaningInvariants,
  ...syncCallInvariants,
  ...crashInvariants,
  ...coherenceInvariants,
  ...addLockInvariants,
  ...lockInvariants,
  ...removalInvariants,
  ...writebackInvariants,
  ...stablePageInvariants,
  ...pinInvariants,
];
