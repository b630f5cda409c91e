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
import type { EventLoss } from "./why.ts";

/** A point of the recording. */
export interface Moment {
  /** Line of the text, or ordinal of the event; orders all observations. */
  readonly line: number;
  /** Nanoseconds, or the raw count of a counting clock. */
  readonly time: number;
  /** Number of the CPU. */
  readonly cpu: number;
}

/** What a step is to the story of a page. */
export type Role =
  /** A write fault or a store. */
  | "dirties"
  /** The entry was declared clean, or a removal has returned. */
  | "settles"
  /** A sign of life: its task has not exited. */
  | "alive"
  | "other";

/** Where in the recording something was seen, and how the recording put it. */
export interface Where extends Moment {
  /** Name of the task. */
  readonly task: string;
  /** Thread id of the task. */
  readonly pid: number;
  /** The step as a race diagram prints it: short, in the kernel's words. */
  readonly text: string;
  /** What it is to the story of the page. */
  readonly role: Role;
}

/** `dev:ino`, the identity of a file as far as a trace can tell. */
export interface FileId {
  /** Device as the trace prints it, `259:0`. */
  readonly dev: string;
  /** Inode number. */
  readonly ino: number;
}

/** A VMA's place and owner, as `mapping_id.ts` names them. */
export type MappingId = string;

/** How a fault ended. */
type FaultOutcome =
  /** A PTE or PMD is now there (NOPAGE). */
  | "mapped"
  /** A PTE or PMD may be there: the recording does not show the result. */
  | "unknown";

/** A DAX fault that ended with a mapping, or may have. */
export interface FaultSeen {
  readonly kind: "fault";
  readonly where: Where;
  /** The task's last event before the CPU faulted: nothing of the fault happened earlier. */
  readonly since: Moment;
  readonly file: FileId;
  readonly pgoff: number;
  readonly order: Order;
  readonly write: boolean;
  readonly mapping: MappingId;
  readonly outcome: FaultOutcome;
  /** What the CPU found: no PTE at all, or one that forbids the access; undefined if not recorded. */
  readonly found: "nothing" | "protected" | undefined;
  /** True if the mapping of zeros is known to be recorded: this fault has mapped a block. */
  readonly holeVisible: boolean;
  /** False if the block was there before (a PTE write fault without MAJOR); undefined if untold. */
  readonly allocated: boolean | undefined;
}

/** A fault is under way: from now on it may have taken effect, and may hold the entry. */
export interface FaultBeginSeen {
  readonly kind: "fault_begin";
  readonly where: Where;
  readonly file: FileId;
  readonly write: boolean;
  readonly pgoff: number;
  readonly order: Order;
  readonly mapping: MappingId;
}
/** A fault that has ended, and mapped nothing. One that mapped something is a `FaultSeen`. */
export interface FaultLeftSeen {
  readonly kind: "fault_left";
  readonly where: Where;
  readonly file: FileId;
}

/** A PMD fault tells the size of the file. */
export interface SizeSeen {
  readonly kind: "size";
  readonly where: Where;
  readonly file: FileId;
  /** Pages, the last of them perhaps in part. */
  readonly pages: number;
}

/** The zero page is mapped, the entry still locked. */
export interface HoleSeen {
  readonly kind: "hole";
  readonly where: Where;
  readonly since: Moment;
  /** The fault's own first line, if that is recorded: its lookup of the block comes after it. */
  readonly begun: Moment | undefined;
  readonly file: FileId;
  readonly pgoff: number;
  readonly order: Order;
  readonly mapping: MappingId;
}

/** A mapping that mkclean visited during a pass. */
export type Visit =
  | { readonly kind: "vma"; readonly start: number; readonly end: number }
  /** `vacant`: a return probe shows that nothing was mapped there. */
  | { readonly kind: "address"; readonly address: number; readonly vacant: boolean };

/** DIRTY of this entry has just been cleared. */
export interface CleanedSeen {
  readonly kind: "cleaned";
  readonly where: Where;
  /** When the pass began; undefined if that is not recorded. */
  readonly since: Moment | undefined;
  readonly file: FileId;
  readonly pgoff: number;
  readonly order: Order;
  /** Mappings that mkclean visited in this pass, in order; undefined if visits are not recorded. */
  readonly visits: readonly Visit[] | undefined;
  /**
   * True of a kernel that visits the mappings of the entry's first page alone, at that page, and of which
   * only the first visit of a pass is known to have protected (5.10, chapter 4). Others visit all.
   */
  readonly visitsFirstPage: boolean;
}

/** A writeback pass over pages [from, to) begins: it gives what is DIRTY there the mark TOWRITE. */
export interface PassBeginSeen {
  readonly kind: "pass_begin";
  readonly where: Where;
  readonly file: FileId;
  readonly from: number;
  readonly to: number;
}

/** A writeback pass over pages [from, to) is over: whatever was DIRTY in them is clean, or in hand. */
export interface PassSeen {
  readonly kind: "pass";
  readonly where: Where;
  readonly begin: Moment;
  readonly file: FileId;
  readonly from: number;
  readonly to: number;
  /** Entries that were cleaned in it. */
  readonly cleaned: number;
  /** Probes show work on an entry that was not declared clean. */
  readonly worked: boolean;
  /** No other pass over the file was under way meanwhile. */
  readonly alone: boolean;
  /** The recording has shown the cleaning of some entry. */
  readonly recorded: boolean;
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
  /** True if it may have promised something, but nothing tells its status or its range. */
  readonly untold: boolean;
}

/** A call that takes pages away from the file is entered. Byte range [from, to). */
export interface RemovalBeginSeen {
  readonly kind: "removal_begin";
  readonly where: Where;
  readonly call: number;
  readonly file: FileId;
  /** `layout`: nothing is removed, but layouts may be broken, as for plain fallocate on XFS. */
  readonly why: Exclude<Removal, "invalidate" | "downgrade">;
  readonly fromByte: number;
  readonly toByte: number;
}
/** A call that takes pages away returns. */
export interface RemovalEndSeen {
  readonly kind: "removal_end";
  readonly where: Where;
  readonly call: number;
  /**
   * False if the call failed, or worked on a file that only its descriptor tells, which may have been
   * given out anew: it may have done anything up to all of it.
   */
  readonly done: boolean;
  /** Set in the second case: names the descriptor, until `RemovalConfirmedSeen`. */
  readonly guess: string | undefined;
  /** True if it never was one: another observation, which follows, tells of the same removal. */
  readonly void?: boolean;
}
/** A removal deletes the entry that covers this page, now. */
export interface EntryDeletedSeen {
  readonly kind: "entry_deleted";
  readonly where: Where;
  readonly call: number;
  readonly pgoff: number;
}
/** The descriptor has stood for this file all the time: removals that rested on that were real. */
export interface RemovalConfirmedSeen {
  readonly kind: "removal_confirmed";
  readonly where: Where;
  readonly guess: string;
  readonly file: FileId;
}

/**
 * Something removed pages, or may have, without the recording saying whose or which: a call on a file
 * that no event names, a truncate outside any recorded call.
 */
export interface HiddenRemovalSeen {
  readonly kind: "hidden_removal";
  readonly where: Where;
  /** Line after which it may have been under way. */
  readonly since: number;
  /** Undefined if it may be any file. */
  readonly file: FileId | undefined;
  /** False if it removed nothing, but may have broken layouts. */
  readonly removes: boolean;
  /** The first byte that may be gone. */
  readonly fromByte: number;
}

/** write(2) has done with pages [from, to): their blocks are there, and nothing maps zeros for them. */
export interface WrittenSeen {
  readonly kind: "written";
  readonly where: Where;
  readonly file: FileId;
  readonly from: number;
  readonly to: number;
}

/** A program said that it stored to a page through its mapping, between `since` and this line. */
export interface StoreSeen {
  readonly kind: "store";
  readonly where: Where;
  readonly since: Moment;
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
  /** Unless they are unmapped they only lose the right to be written to (mprotect), or regain it. */
  readonly access: "nothing" | "read" | "write";
}

/** The task did something: it has not exited. */
interface AliveSeen {
  readonly kind: "alive";
  readonly where: Where;
}

/** Events are missing: nothing that was known before can be relied on. */
export interface GapSeen {
  readonly kind: "gap";
  readonly line: number;
  /** The last line before which none of them can have been. */
  readonly since: number;
  readonly loss: EventLoss;
}

/** What a trace tells the checker. */
export type Observation =
  | FaultSeen
  | FaultBeginSeen
  | FaultLeftSeen
  | SizeSeen
  | HoleSeen
  | CleanedSeen
  | PassBeginSeen
  | PassSeen
  | SyncBeginSeen
  | SyncFileSeen
  | SyncEndSeen
  | RemovalBeginSeen
  | RemovalEndSeen
  | EntryDeletedSeen
  | RemovalConfirmedSeen
  | HiddenRemovalSeen
  | WrittenSeen
  | StoreSeen
  | UnmapSeen
  | AliveSeen
  | GapSeen;

/** True if both are one file. Readers give a file the same object each time, or nearly. */
export function sameFile(one: FileId, other: FileId): boolean {
  return one === other || (one.ino === other.ino && one.dev === other.dev);
}

const fileKeys = new WeakMap<FileId, string>();

/** Key of a file in maps. It is made once for an object: readers give a file the same one each time. */
export function fileKey(file: FileId): string {
  let key = fileKeys.get(file);
  if (key === undefined) fileKeys.set(file, key = `${file.dev} ${file.ino}`);
  return key;
}
