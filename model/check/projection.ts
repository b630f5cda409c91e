/**
 * What an observation is to one page and one mapping: the input of `explain.ts`.
 *
 * @module
 */
import type { Removal } from "../event.ts";
import type { Input } from "./candidate_set.ts";
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
  | {
    readonly kind: "sync_end";
    readonly slot: number;
    /** No other sync call was in flight on the file while this one was. */
    readonly alone: boolean;
    /** The recording counts its events: if one is missing, that is known. */
    readonly counted: boolean;
  }
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
  /** write(2) to the page, or to another page of its PMD range. */
  | { readonly kind: "written"; readonly here: boolean }
  | { readonly kind: "store" };

/** What may have happened unseen. */
export type Drift = Extract<Projection, { readonly kind: "drift" }>;

/** A projection that was met: equal projections are one object. */
export interface SeenProjection {
  readonly number: number;
  readonly projection: Projection;
  /** The inputs that it makes (`automaton.ts`). */
  readonly inputs: (Input | undefined)[];
}

/** Finds the object that stands for all projections that equal the one that is given. */
export function createProjections(): (projection: Projection) => SeenProjection {
  const known = new Map<number, SeenProjection>();
  return (projection) => {
    const code = projectionCode(projection);
    let seen = known.get(code);
    if (seen === undefined) known.set(code, seen = { number: known.size, projection, inputs: [] });
    return seen;
  };
}

const founds = [undefined, "nothing", "protected"] as const;
const visits = [
  "visited",
  "doubtful",
  "first_page",
  "vacant",
  "vacant_first_page",
  "unseen",
  "absent",
] as const satisfies readonly VisitSeen[];
const accesses = ["nothing", "read", "write"] as const;
const removals = [
  "punch",
  "zero_range",
  "truncate",
  "collapse",
  "insert",
  "layout",
  "invalidate",
  "downgrade",
] as const satisfies readonly Removal[];
const relations = [
  "inside",
  "partial",
  "outside",
  "edge",
  "shifted",
] as const satisfies readonly RemovalRelation[];
const breaks = ["nothing", "mappings", "entries"] as const satisfies readonly Drift["breaks"][];

/** A number that is equal for equal projections, and for no others. Below 2^30. */
function projectionCode(seen: Projection): number {
  switch (seen.kind) {
    case "write_fault":
    case "read_fault": {
      const allocated = seen.allocated === undefined ? 2 : bit(seen.allocated);
      const flags = bits(seen.order === "pmd", seen.here, seen.own, seen.perhapsOwn) +
        16 * bits(seen.fresh, seen.overtaken, seen.certain, seen.holeVisible);
      const kind = seen.kind === "write_fault" ? 0 : 1;
      return kind + 16 * (flags + 256 * (founds.indexOf(seen.found) + 3 * allocated));
    }
    case "hole": {
      const flags = bits(seen.order === "pmd", seen.here, seen.own, seen.perhapsOwn);
      return 2 + 16 * (flags + 16 * bit(seen.raced));
    }
    case "cleaned": {
      const flags = bits(seen.order === "pmd", seen.unmapsSeen, seen.overtaken, seen.again);
      return 3 + 16 * (flags + 16 * (bit(seen.readFaultsMark) + 2 * visits.indexOf(seen.visit)));
    }
    case "unmap":
      return 4 + 16 * (bit(seen.done) + 2 * accesses.indexOf(seen.access));
    case "sync_begin":
      return 5 + 16 * seen.slot;
    case "sync_end":
      return 6 + 16 * (bits(seen.alone, seen.counted) + 4 * seen.slot);
    case "sync_left":
      return 7 + 16 * seen.slot;
    case "removal": {
      const relation = relations.indexOf(seen.relation);
      return 8 +
        16 * (bit(seen.removesWholeEntries) + 2 * (relation + 5 * removals.indexOf(seen.why)));
    }
    case "drift":
      return 9 + 16 * (bits(seen.removes, seen.truncates) + 4 * breaks.indexOf(seen.breaks));
    case "store":
      return 10;
    case "written":
      return 11 + 16 * bit(seen.here);
    default:
      return seen satisfies never;
  }
}

function bit(flag: boolean): number {
  return flag ? 1 : 0;
}

function bits(one: boolean, two: boolean, three = false, four = false): number {
  return bit(one) + 2 * bit(two) + 4 * bit(three) + 8 * bit(four);
}
