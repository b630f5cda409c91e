/**
 * What one line says of DAX files before it is known what its task is doing.
 *
 * @module
 */
import type { FileId, Visit } from "../../../model/check/observation.ts";
import type { Order } from "../../../model/xarray.ts";
import type { AtPage, FaultBegun, SharedReading } from "./shared_reading.ts";

/** What one line says. */
export type DaxReading =
  | SharedReading
  | ({ readonly kind: "dax_fault_begun" } & FaultBegun)
  | ({ readonly kind: "hole_loaded" } & AtPage)
  /** Only the fault's end knows the page. */
  | { readonly kind: "huge_hole_loaded"; readonly file: FileId; readonly shared: boolean }
  /** Pages [from, to) of the file. */
  | {
    readonly kind: "pass_begun";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
  }
  | { readonly kind: "pass_ended"; readonly file: FileId }
  | {
    readonly kind: "entry_cleaned";
    readonly file: FileId;
    /** First page of the entry. */
    readonly pgoff: number;
    readonly order: Order;
    /** The step as a diagram shows it. */
    readonly text: string;
  }
  /** A clone: extents of `file` become extents of `to`. */
  | { readonly kind: "clone_named"; readonly file: FileId; readonly to: FileId }
  /** write(2) has written pages [from, to). */
  | {
    readonly kind: "pages_written";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
  }
  /** mkclean visits a mapping; undefined if the probe does not print which. */
  | {
    readonly kind: "mkclean_visits";
    readonly by: Visit["kind"];
    readonly visit: Visit | undefined;
  }
  /** Nothing was mapped where mkclean went last. */
  | { readonly kind: "visit_vacant" }
  /** The pass does something for an entry, whose dax_writeback_one must follow. */
  | { readonly kind: "pass_works" }
  | { readonly kind: "entry_deleted"; readonly pgoff: number };
