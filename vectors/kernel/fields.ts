/**
 * From the text of a tracepoint to its fields, for the events that a verdict can hang on.
 *
 * One decoder serves 5.10 to 7.2: the names of the fields stayed, and where their print changed both
 * forms are read. Numbers are exact or, for lengths that only say "to the end", rounded; a body that
 * has not the shape of its event is not decoded at all, never in part.
 *
 * @module
 */

import { daxPmdFault, daxPmdLoadHole, daxPteFault } from "./fields/dax_fault_fields.ts";
import { daxInsertMapping, daxPmdInsertMapping } from "./fields/dax_mapping_fields.ts";
import { daxWritebackOne, daxWritebackRange } from "./fields/dax_writeback_fields.ts";
import {
  ext4FallocateExit,
  ext4Range,
  ext4SyncFileEnter,
  ext4SyncFileExit,
  ext4Truncate,
} from "./fields/ext4_fields.ts";
import { pageFault } from "./fields/page_fault_fields.ts";
import { xfsFileFsync, xfsFileSpace, xfsRemap, xfsTruncate } from "./fields/xfs_fields.ts";
import type { TraceHeader } from "./record.ts";

type Decoder = (body: string, format: TraceHeader["format"]) => object | undefined;

const DECODERS = {
  dax_pte_fault: daxPteFault,
  dax_pte_fault_done: daxPteFault,
  dax_pmd_fault: daxPmdFault,
  dax_pmd_fault_done: daxPmdFault,
  dax_load_hole: daxPteFault,
  dax_pmd_load_hole: daxPmdLoadHole,
  dax_pmd_load_hole_fallback: daxPmdLoadHole,
  dax_insert_mapping: daxInsertMapping,
  dax_pmd_insert_mapping: daxPmdInsertMapping,
  dax_insert_pfn_mkwrite: daxPteFault,
  dax_insert_pfn_mkwrite_no_entry: daxPteFault,
  dax_writeback_range: daxWritebackRange,
  dax_writeback_range_done: daxWritebackRange,
  dax_writeback_one: daxWritebackOne,
  ext4_sync_file_enter: ext4SyncFileEnter,
  ext4_sync_file_exit: ext4SyncFileExit,
  ext4_punch_hole: ext4Range,
  ext4_zero_range: ext4Range,
  ext4_collapse_range: ext4Range,
  ext4_insert_range: ext4Range,
  ext4_fallocate_enter: ext4Range,
  ext4_fallocate_exit: ext4FallocateExit,
  ext4_truncate_enter: ext4Truncate,
  ext4_truncate_exit: ext4Truncate,
  xfs_file_fsync: xfsFileFsync,
  xfs_free_file_space: xfsFileSpace,
  xfs_zero_file_space: xfsFileSpace,
  xfs_alloc_file_space: xfsFileSpace,
  xfs_itruncate_extents_start: xfsTruncate,
  xfs_reflink_remap_range: xfsRemap,
  page_fault_user: pageFault,
  page_fault_kernel: pageFault,
} satisfies Record<string, Decoder>;

/** A tracepoint that has a decoder. */
export type DecodedEvent = keyof typeof DECODERS;

/** The fields of the tracepoint `Name`. */
type FieldsOf<Name extends DecodedEvent> = NonNullable<
  ReturnType<(typeof DECODERS)[Name]>
>;

/** All tracepoints that have a decoder. */
export const DECODED_EVENTS: readonly string[] = Object.keys(DECODERS);

/** True if `name` is a tracepoint that has a decoder. */
export function isDecoded(name: string): name is DecodedEvent {
  return Object.hasOwn(DECODERS, name);
}

/**
 * The fields of tracepoint `name` from its `body`, the text behind the colon. Undefined if the body
 * has not the shape of the event: `[FAILED TO PARSE]`, a cut line, the `fields` option, or a kernel
 * that prints it otherwise.
 */
export function decodeFields<Name extends DecodedEvent>(
  name: Name,
  body: string,
  format: TraceHeader["format"],
): FieldsOf<Name> | undefined;
export function decodeFields(
  name: DecodedEvent,
  body: string,
  format: TraceHeader["format"],
): object | undefined {
  return DECODERS[name](body, format);
}
