/**
 * Which hand-written vectors are told once more on the second of two files.
 *
 * @module
 */
import { daxZeroing } from "./dax_zeroing.ts";
import { directIo } from "./direct_io.ts";
import { ownFlushes } from "./own_flushes.ts";
import { pageCacheCleaning } from "./page_cache_cleaning.ts";
import { pins } from "./pins.ts";
import { powerFailures } from "./power_failures.ts";
import { reusedFolios } from "./reused_folios.ts";
import { onSecondFile } from "./second_file.ts";
import type { Authored } from "./sequence.ts";
import { stablePages } from "./stable_pages.ts";

/** By name: one of each sign of what speaks of a page's folio, block or file. */
const names: ReadonlySet<string> = new Set([
  "zeroed-once",
  "zeroed-after-a-store",
  "allocated-over-a-store",
  "mapped-before-zeroing",
  "frozen-map-changed",
  "frozen-then-changed",
  "write-fsync-crash",
  "unpinned-dirty",
  "clean-when-writeback-ends",
  "frozen-map-allocated",
  "change-of-a-frozen-map-refused",
  "dirtied-while-in-flight",
  "dirtied-while-in-flight-and-told",
  "invalidated-before-the-conversion",
  "converted-before-the-invalidation",
  "folio-of-a-write-not-invalidated",
  "reclaimed-while-pinned",
  "reclaimed-after-unpinning",
  "cleaned-while-writable",
  "protected-before-cleaned",
  "towrite-cleared-by-somebody-else",
  "towrite-kept-by-somebody-else",
  "last-page-stays-writable",
  "last-page-protected",
  "device-writes-under-writeback",
]);

/** Wrong and right sequences once more, each after another file's. */
export const secondFiles: readonly Authored[] = [
  ...daxZeroing,
  ...ownFlushes,
  ...powerFailures,
  ...directIo,
  ...reusedFolios,
  ...pageCacheCleaning,
  ...stablePages,
  ...pins,
].filter(({ name }) => names.has(name)).map(onSecondFile);
