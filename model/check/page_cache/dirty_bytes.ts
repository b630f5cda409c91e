/**
 * What is known of the dirty bytes of a folio (`folio_blocks.ts`).
 *
 * @module
 */
import type { ByteRange } from "./byte_range.ts";

/** Dirty bytes of a folio, as far as they are known. */
export interface FolioBlocks {
  /** Bytes of the file that were copied into it since it was last declared clean. */
  dirty: ByteRange[];
  /** What was dirty when it was declared clean: writeback must write it. */
  due: ByteRange[];
  /** Bytes that bios of this writeback carry. */
  readonly sent: ByteRange[];
  /** How often the file had been cut when these were taken down. */
  cuts: number;
}
