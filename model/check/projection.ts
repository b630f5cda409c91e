/**
 * What an observation is to one page and one mapping: the input of `explain.ts`.
 *
 * @module
 */
import type { Removal } from "../event.ts";
import type { Order } from "../xarray.ts";

/** A fault that mapped something, projected onto one page and one mapping. */
export interface FaultProjection {
  readonly kind: "write_fault" | "read_fault";
  readonly order: Order;
  /** The fault was on the watched page; else on another page of its PMD range. */
  readonly here: boolean;
  /** The fault was in the watched mapping. */
  readonly own: boolean;
  /** The fault may have been in the watched mapping: at its address, in a task that may share its memory. */
  readonly perhapsOwn: boolean;
  /** Nothing has touched the watched PTE since the CPU faulted: the PTE must have lacked access. */
  readonly fresh: boolean;
  /** What the CPU found there, if that is recorded. */
  readonly found: "nothing" | "protected" | undefined;
  /** The entry was cleaned since the fault began, so the fault may have come before that. */
  readonly overtaken: boolean;
  readonly certain: boolean;
  readonly holeVisible: boolean;
  /** False if the block was there before the fault; undefined where that is not told. */
  readonly allocated: boolean | undefined;
}

/** How the pages that a call removes lie to the watched one. */
type RemovalRelation =
  | "inside"
  /** The page is cut. */
  | "partial"
  /** In the same PMD range. */
  | "outside"
  /** In the same PMD range a page is cut and none removed: the entry may be left alone. */
  | "edge"
  /** Behind a range that collapses or opens: the page moves, its content stays in the file. */
  | "shifted";

/** What mkclean did to the watched mapping in a pass, as far as the recording shows. */
export type VisitSeen =
  /** mkclean went to the watched PTE, or to the whole VMA. */
  | "visited"
  /** Visited, but 5.10 may have taken the PTE for the PMD of the mapping before (chapter 4). */
  | "doubtful"
  /** mkclean went to another page, the entry's first in this mapping: a PMD is protected so. */
  | "first_page"
  /** mkclean went to the watched PTE and found nothing mapped. */
  | "vacant"
  /** mkclean went to the entry's first page in this mapping and found nothing mapped there. */
  | "vacant_first_page"
  /** Visits are not recorded, or one went to a mapping that nobody knows. */
  | "unseen"
  /** mkclean visited none of its pages, and had no reason to: the entry's first page is not known to be in it. */
  | "absent";

/** An observation, projected onto one page and one mapping. */
export type Projection =
  | FaultProjection
  | {
    readonly kind: "hole";
    readonly order: Order;
    readonly here: boolean;
    readonly own: boolean;
    readonly perhapsOwn: boolean;
    /** The extent was allocated since this fault began. */
    readonly raced: boolean;
  }
  | {
    readonly kind: "cleaned";
    readonly order: Order;
    readonly visit: VisitSeen;
    /** The mapping cannot have been undone unseen while its process lives. */
    readonly unmapsSeen: boolean;
    /** A write fault on another CPU ended so shortly before that it may have come after this. */
    readonly overtaken: boolean;
    /** TOWRITE may have outlived DIRTY: then a pass cleans what is clean. */
    readonly again: boolean;
    /** Read faults mark entries DIRTY, too (6.0 and 6.1). */
    readonly readFaultsMark: boolean;
  }
  | {
    readonly kind: "unmap";
    readonly done: boolean;
    /** What is left of the mapping at the least (mprotect). */
    readonly access: "nothing" | "read" | "write";
  }
  | { readonly kind: "sync_begin"; readonly slot: number }
  /** `alone`: no other sync call was in flight on the file while this one was. */
  | { readonly kind: "sync_end"; readonly slot: number; readonly alone: boolean }
  /** The call turns out to owe the page nothing. */
  | { readonly kind: "sync_left"; readonly slot: number }
  | {
    readonly kind: "removal";
    readonly why: Removal;
    readonly relation: RemovalRelation;
    readonly removesWholeEntries: boolean;
  }
  | {
    /** What may have happened unseen since the last observation. */
    readonly kind: "drift";
    /**
     * A call broke the file's layout meanwhile: it may have unmapped every page, and since 6.15
     * deleted every entry.
     */
    readonly breaks: "nothing" | "mappings" | "entries";
    /** Removals may be missing from the recording. */
    readonly removes: boolean;
    /** Truncates may be. */
    readonly truncates: boolean;
  }
  | { readonly kind: "store" };

/** A string that is equal for equal projections: the memo's key. */
export function projectionKey(projection: Projection): string {
  return Object.values(projection).join(" ");
}
