/**
 * Why a verdict is what it is: what is missing, or in doubt. Values; they are put into words where a
 * report is written.
 *
 * @module
 */
import type { LineClass } from "../line_class.ts";
import type { PageCacheWhy } from "./page_cache/why.ts";

/** A line of the recording, and how it puts the step. */
export interface RecordedLine {
  /** Number of the line, from 1. */
  readonly line: number;
  /** The step as a race diagram prints it. */
  readonly text: string;
}

/** Events that are missing from the recording, and how that is known. */
export type EventLoss =
  /** The recorder says so. */
  | {
    readonly kind: "lost";
    readonly line: number;
    /** Undefined if any CPU may have lost them. */
    readonly cpu: number | undefined;
    /** Undefined if that is not told. */
    readonly count: number | undefined;
  }
  /** A line that may have been an event cannot be read. */
  | { readonly kind: "unread_line"; readonly line: number; readonly expected: string }
  /** The event of a line is known, and its fields cannot be read. */
  | { readonly kind: "unread_fields"; readonly line: number; readonly event: string }
  | Half
  | { readonly kind: "overwritten"; readonly count: number }
  /** The recording says how many events it holds, and holds another number. */
  | { readonly kind: "taken_out"; readonly promised: number; readonly found: number }
  | { readonly kind: "more_gaps"; readonly count: number };

/** A half of what comes in pairs: the other half is missing. */
export interface Half {
  /** Tells this loss from the others. */
  readonly kind: "half";
  /** The line that the other half should have come before. */
  readonly line: number;
  /** What has only one half: a fault's event, a call, a pass, a probed function, a store. */
  readonly of: string;
  /** Which half is missing. */
  readonly lacks: "beginning" | "end";
  /** Line of the beginning, if that is there. */
  readonly begun: number | undefined;
}

/** What is not known of an occasion that may have been a breach. */
export type Undecided =
  /** Whether mkclean has protected every mapping. */
  | "protection"
  /** Whether the kernel removes a PMD entry whole. */
  | "kernel"
  /** Whether a kernel that is newer than any that was read removes a PMD entry whole. */
  | "newer_kernel"
  /** What has removed the entry. */
  | "remover"
  /** Whether the entry was still there when a call removed it. */
  | "presence_at_removal"
  /** Whether the entry was still there when a sync call passed over it. */
  | "presence_at_sync"
  /** With and without a breach it fits. */
  | "breach";

/** Marked stores, the first of them at a line, that no recorded fault ties to one file and mapping. */
export interface UntiedStores {
  /** Tells this from other reasons. */
  readonly kind: "untied_stores";
  /** Line of the first. */
  readonly line: number;
  /** How many there are. */
  readonly count: number;
}

/** Something that is missing or in doubt. */
export type Why =
  | EventLoss
  | UntiedStores
  | PageCacheWhy
  /** No line that is read shows what it is about. */
  | { readonly kind: "not_shown"; readonly needs: readonly LineClass[] }
  /** A recording can only show its breach, and has none. */
  | { readonly kind: "only_breach_shown" }
  | { readonly kind: "implied"; readonly by: string }
  /** Occasions were left open, and nothing was stored after any of them. */
  | { readonly kind: "no_store_followed"; readonly occasions: number }
  /** The invariant looks broken at a line, but what that rests on is in doubt. */
  | { readonly kind: "looks_broken"; readonly line: number; readonly but: Why }
  /** Around a line some event is missing. */
  | { readonly kind: "event_missing" }
  /** A breach rests on an entry that a pass has left out: an entry's cleaning may be missing. */
  | { readonly kind: "left_out" }
  /** The recording does not count its events: the line of a writeback may be missing. */
  | { readonly kind: "uncounted" }
  /** Lines were taken out here and there. */
  | { readonly kind: "thinned_out" }
  /** The clock does not tell the order of two CPUs' events. */
  | { readonly kind: "coarse_clock" }
  /**
   * Lines run backwards: parts of the text stand there twice, or it is of two recordings, or of buffers that
   * nobody has merged.
   */
  | { readonly kind: "out_of_order"; readonly line: number }
  /** A pass should have cleaned an entry, and nothing up to its end tells of any that was cleaned. */
  | { readonly kind: "cleaning_unrecorded"; readonly line: number }
  /** Faults begin and none ends. */
  | { readonly kind: "endless_faults"; readonly count: number }
  /** Nothing in the recording tells of any pass. */
  | { readonly kind: "passes_unrecorded" }
  /** A line does not fit what came before it. */
  | { readonly kind: "misfit"; readonly at: RecordedLine }
  /** A line fits what came before it only in kernels where read faults mark entries. */
  | { readonly kind: "fits_marking_kernels"; readonly at: RecordedLine }
  /** A line fits what came before it only if the kernel did what no released one does. */
  | { readonly kind: "departs"; readonly at: RecordedLine }
  /** An entry was removed, and no recorded call did that. */
  | { readonly kind: "unseen_removal"; readonly line: number }
  /** Nothing names the file of a removal. */
  | { readonly kind: "nameless_removal"; readonly line: number }
  /** Nothing names the files of sync calls that may have owed something. */
  | { readonly kind: "nameless_syncs"; readonly count: number }
  /** Of sync calls that may have owed something nothing tells what they returned, or of which range. */
  | { readonly kind: "untold_syncs"; readonly count: number }
  | { readonly kind: "crowded_syncs"; readonly count: number }
  /** An occasion, of so many more, that nothing in the recording decides. */
  | {
    readonly kind: "open";
    readonly at: RecordedLine;
    readonly more: number;
    readonly unknown: Undecided;
  };
