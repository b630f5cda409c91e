/**
 * Every event vector that is written by hand.
 *
 * @module
 */
import { daxBounds } from "./dax_bounds.ts";
import { daxCleaning } from "./dax_cleaning.ts";
import { daxEntries } from "./dax_entries.ts";
import { daxHoles } from "./dax_holes.ts";
import { daxLayouts } from "./dax_layouts.ts";
import { daxMarks } from "./dax_marks.ts";
import { daxMkclean } from "./dax_mkclean.ts";
import { daxPartialRemoval } from "./dax_partial_removal.ts";
import { daxShared } from "./dax_shared.ts";
import { daxSync } from "./dax_sync.ts";
import { daxZeroing } from "./dax_zeroing.ts";
import { directIo } from "./direct_io.ts";
import { dirtyBlocks } from "./dirty_blocks.ts";
import { growth } from "./growth.ts";
import { largeFolios } from "./large_folios.ts";
import { metadata } from "./metadata.ts";
import { ownFlushes } from "./own_flushes.ts";
import { pageCacheCleaning } from "./page_cache_cleaning.ts";
import { pageCacheLocks } from "./page_cache_locks.ts";
import { pins } from "./pins.ts";
import { powerFailures } from "./power_failures.ts";
import { removalRaces } from "./removal_races.ts";
import { reusedFolios } from "./reused_folios.ts";
import { secondFiles } from "./second_files.ts";
import { stablePages } from "./stable_pages.ts";
import { volatileCaches } from "./volatile_caches.ts";
import { writebackErrors } from "./writeback_errors.ts";
import type { Authored } from "./sequence.ts";

/** All of them, in the order of the systems. */
export const everyAuthored: readonly Authored[] = [
  ...daxHoles,
  ...daxZeroing,
  ...daxEntries,
  ...daxBounds,
  ...powerFailures,
  ...dirtyBlocks,
  ...ownFlushes,
  ...metadata,
  ...writebackErrors,
  ...volatileCaches,
  ...directIo,
  ...reusedFolios,
  ...pageCacheLocks,
  ...daxMarks,
  ...daxMkclean,
  ...daxCleaning,
  ...daxSync,
  ...daxPartialRemoval,
  ...daxShared,
  ...daxLayouts,
  ...pageCacheCleaning,
  ...stablePages,
  ...pins,
  ...removalRaces,
  ...largeFolios,
  ...growth,
  ...secondFiles,
];
