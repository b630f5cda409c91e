/**
 * What a recording shows of mappings of files: stores through a mapping, and whose memory it
 * is in.
 *
 * @module
 */
import type { FileId, MappingId, Moment, Where } from "../observation.ts";

/** A program said that it stored to a page through its mapping, between `since` and this line. */
export interface PageStoreSeen {
  readonly kind: "page_store";
  readonly where: Where;
  readonly since: Moment;
  readonly file: FileId;
  readonly pgoff: number;
  readonly mapping: MappingId;
  /** The task took a page fault meanwhile, or made a page writable. */
  readonly faulted: boolean;
  /** False of a MAP_PRIVATE mapping: the store is to a copy of the page; undefined if not told. */
  readonly shared?: boolean | undefined;
  /** When no page could be stored to there without a fault: it was mapped anew; undefined if not told. */
  readonly bare?: Moment | undefined;
}

/** A process begins, by fork, vfork or clone. */
export interface ProcessBornSeen {
  readonly kind: "process_born";
  readonly where: Where;
  /** The new one. */
  readonly group: number;
  /** The process whose memory it has: its own, or with CLONE_VM its parent's; undefined if not told. */
  readonly memory: number | undefined;
}

/** Everything that a recording shows of mappings of a file in the page cache. */
export type MappingObservation = PageStoreSeen | ProcessBornSeen;
