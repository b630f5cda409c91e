/**
 * System B: who makes what durable (chapter 2).
 *
 * @module
 */
import type { Design } from "../design.ts";
import { dirtyBlockDesigns } from "./dirty_blocks.ts";
import { droppedFolioDesigns } from "./dropped_folios.ts";
import { fastCommitDesigns } from "./fast_commits.ts";
import { fdatasyncDesigns } from "./fdatasync.ts";
import { journalDesigns } from "./journal_tids.ts";
import { orderedDataDesigns } from "./ordered_data.ts";
import { syncMappingDesigns } from "./sync_mappings.ts";
import { thawedMapDesigns } from "./thawed_map.ts";
import { twoVmaDesigns } from "./two_vmas.ts";
import { wrappedWritebackDesigns } from "./wrapped_writeback.ts";
import { writebackDesigns } from "./writeback.ts";
import { writebackErrorDesigns } from "./writeback_errors.ts";

/** Every design of system B. */
export const durabilityDesigns: readonly Design[] = [
  ...syncMappingDesigns,
  ...thawedMapDesigns,
  ...fdatasyncDesigns,
  ...journalDesigns,
  ...fastCommitDesigns,
  ...orderedDataDesigns,
  ...writebackErrorDesigns,
  ...writebackDesigns,
  ...twoVmaDesigns,
  ...dirtyBlockDesigns,
  ...wrappedWritebackDesigns,
  ...droppedFolioDesigns,
];
