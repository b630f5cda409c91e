/**
 * Every operation vector that is written by hand.
 *
 * @module
 */
import { allocations } from "./allocations.ts";
import { appends } from "./appends.ts";
import { clones } from "./clones.ts";
import { copies } from "./copies.ts";
import { concurrentSync } from "./concurrent_sync.ts";
import { daxSyncCalls } from "./dax_sync_calls.ts";
import { directIo } from "./direct_io.ts";
import { errors } from "./errors.ts";
import { syncCalls } from "./sync_calls.ts";
import { holes } from "./holes.ts";
import { layoutBreaks } from "./layout_breaks.ts";
import { mapSync } from "./map_sync.ts";
import { metadata } from "./metadata.ts";
import { moving } from "./moving.ts";
import { names } from "./names.ts";
import { pins } from "./pins.ts";
import { removal } from "./removal.ts";
import { syncBesideFaults } from "./sync_beside_faults.ts";
import { shortCopies } from "./short_copies.ts";
import { truncation } from "./truncation.ts";
import { unpromised } from "./unpromised.ts";
import { knownLosses } from "./known_losses.ts";
import { knownSizeLosses } from "./known_size_losses.ts";
import { promises } from "./promises.ts";
import type { WrittenVector } from "./written.ts";

/** In the order of the systems. */
export const everyOperationVector: readonly WrittenVector[] = [
  ...holes,
  ...syncCalls,
  ...errors,
  ...unpromised,
  ...concurrentSync,
  ...metadata,
  ...promises,
  ...knownLosses,
  ...knownSizeLosses,
  ...mapSync,
  ...daxSyncCalls,
  ...syncBesideFaults,
  ...layoutBreaks,
  ...directIo,
  ...pins,
  ...removal,
  ...truncation,
  ...moving,
  ...clones,
  ...appends,
  ...shortCopies,
  ...copies,
  ...allocations,
  ...names,
];
