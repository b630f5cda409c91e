/**
 * What a recording shows, in the model's words: the input of the checker.
 *
 * An observation is not an event. A recorded fault, say, stands for a handful of events that took
 * effect somewhere between two lines; which ones is for `explain.ts` to say. Readers of other
 * formats produce the same observations.
 *
 * @module
 */
import type { Removal } from "../event.ts";
import type { Order } from "../xarray.ts";

/** Where in the recording something was seen, and how the recording put it. */
export interface Where {
  /** Line of the text, or ordinal of the event; orders all observations. */
  readonly line: number;
  /** Nanoseconds, or the raw count of a counting clock. */
  readonly time: number;
  readonly cpu: number;
  readonly task: string;
  readonly pid: number;
  /** The step as a race diagram prints it: short, in the kernel's words. */
  readonly text: string;
}

/** `dev:ino`, the identity of a file as far as a trace can tell. */
export interface FileId {
  readonly dev: string;
  readonly ino: number;
}

/** A VMA's place: the user address at which page offset 0 of the file would lie, as text. */
export type MappingId = string;

/** How a fault ended. */
export type FaultOutcome =
  /** A PTE or PMD is now there (NOPAGE). */
  | "mapped"
  /** The same, but the recording does not show the result. */
  | "unknown";

/** A DAX fault that ended with a mapping, or may have. */
export interface FaultSeen {
  readonly kind: "fault";
  readonly where: Where;
  /** Line of the task's last event before the CPU faulted: nothing of it happened earlier. */
  readonly since: number;
  readonly file: FileId;
  readonly pgoff: number;
  readonly order: Order;
  readonly write: boolean;
  readonly mapping: MappingId;
  readonly outcome: FaultOutcome;
  /** What the CPU found: no PTE at all, or one that forbids the access; undefined if not recorded. */
  readonly found: "nothing" | "protected" | undefined;
  /** False where the recording cannot tell a block from the zero page (no dax_load_hole recorded). */
  readonly holeVisible: boolean;
}

/** `dax_load_hole`, `dax_pmd_load_hole`: the zero page is mapped, the entry still locked. */
export interface HoleSeen {
  readonly kind: "hole";
  readonly where: Where;
  readonly since: number;
  readonly file: FileId;
  readonly pgoff: number;
  readonly order: Order;
  readonly mapping: MappingId;
}

/** A mapping that mkclean visited during a pass. */
export type Visit =
  | { readonly kind: "vma"; readonly start: number; readonly end: number }
  | { readonly kind: "address"; readonly address: number };

/** `dax_writeback_one`: DIRTY of this entry has just been cleared. */
export interface CleanedSeen {
  readonly kind: "cleaned";
  readonly where: Where;
  readonly file: FileId;
  readonly pgoff: number;
  readonly order: Order;
  /** Mappings that mkclean visited in this pass, in order; undefined if visits are not recorded. */
  readonly visits: readonly Visit[] | undefined;
  /** True where only the first visit of a pass is known to have protected (5.10, LAB 5.1). */
  readonly laterVisitsDoubtful: boolean;
}

/** A sync call is entered. Its file may be told later. */
export interface SyncBeginSeen {
  readonly kind: "sync_begin";
  readonly where: Where;
  /** Names the call until its end. */
  readonly call: number;
}
/** An event inside the call names its file, and the pages it covers. */
export interface SyncFileSeen {
  readonly kind: "sync_file";
  readonly where: Where;
  readonly call: number;
  readonly file: FileId;
  /** Pages [from, to) or undefined for those not yet known. */
  readonly range: { readonly from: number; readonly to: number } | undefined;
}
/** The call returned. */
export interface SyncEndSeen {
  readonly kind: "sync_end";
  readonly where: Where;
  readonly call: number;
  /** False if it returned an error, or its range never became known: then it promised nothing. */
  readonly promises: boolean;
}

/** A call that takes pages away from the file is entered. Byte range [from, to). */
export interface RemovalBeginSeen {
  readonly kind: "removal_begin";
  readonly where: Where;
  readonly call: number;
  readonly file: FileId;
  /** `layout`: nothing is removed, but layouts may be broken, as for plain fallocate on XFS. */
  readonly why: Exclude<Removal, "invalidate" | "downgrade">;
  /** Line at which the call was entered: its file may be told only after it took effect. */
  readonly since: number;
  /** False where the recording does not tell the range: any page may have gone. */
  readonly ranged: boolean;
  readonly fromByte: number;
  readonly toByte: number;
}
export interface RemovalEndSeen {
  readonly kind: "removal_end";
  readonly where: Where;
  readonly call: number;
  /** False if the call failed: it may have done anything up to all of it. */
  readonly done: boolean;
}

/** A program said that it stored to a page through its mapping, between `since` and this line. */
export interface StoreSeen {
  readonly kind: "store";
  readonly where: Where;
  readonly since: number;
  readonly file: FileId;
  readonly pgoff: number;
  readonly mapping: MappingId;
}

/** munmap, mremap or a fixed mmap: user addresses [start, end) of some process lose their mappings. */
export interface UnmapSeen {
  readonly kind: "unmap";
  readonly where: Where;
  readonly start: number;
  readonly end: number;
  /** False at the call's entry, from where on it may be done; true at its exit, where it is. */
  readonly done: boolean;
}

/** The task did something: it has not exited. */
export interface AliveSeen {
  readonly kind: "alive";
  readonly where: Where;
}

/** Events are missing from here: nothing that was known before can be relied on. */
export interface GapSeen {
  readonly kind: "gap";
  readonly line: number;
  /** Events may be missing from behind this line on, not only from `line`. */
  readonly since: number;
  readonly reason: string;
}

export type Observation =
  | FaultSeen
  | HoleSeen
  | CleanedSeen
  | SyncBeginSeen
  | SyncFileSeen
  | SyncEndSeen
  | RemovalBeginSeen
  | RemovalEndSeen
  | StoreSeen
  | UnmapSeen
  | AliveSeen
  | GapSeen;

/** What the recording as a whole is known to contain; decides what an absence proves. */
export interface Completeness {
  /** Every user fault on a DAX file would have been recorded. */
  readonly faults: boolean;
  /** munmap and its like would have been recorded: a mapping does not vanish from a living task. */
  readonly unmaps: boolean;
  /** The kernel may delete every entry of a file when it breaks layouts (6.15 and later). */
  readonly removesElsewhere: boolean;
  /** Read faults mark entries DIRTY, too (6.0 and 6.1). */
  readonly readFaultsMark: boolean;
  /** The kernel is known to remove a PMD entry whole when a part of it is removed (up to 7.2). */
  readonly removesWholeEntries: boolean;
}

/** Key of a file in maps. */
export function fileKey(file: FileId): string {
  return `${file.dev} ${file.ino}`;
}
