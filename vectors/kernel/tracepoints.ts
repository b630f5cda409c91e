/**
 * What each tracepoint says of the page cache: the code side of the table in `spec/traces.md`.
 *
 * @module
 */
import type { FileId } from "../../model/check/observation.ts";
import type { Order } from "../../model/xarray.ts";
import { type DecodedEvent, decodeFields, isDecoded } from "./fields.ts";
import type { FaultResult, Flags } from "./fields/fault_flags.ts";
import type { TraceHeader, TracepointRecord } from "./record.ts";

/** Where a tracepoint stands to the effect that it tells of, or to the call that it names. */
type Anchor = "before" | "after" | "inside";

/** One row of the table. */
interface TracepointRow {
  readonly tracepoint: DecodedEvent;
  /** The fields that are used, as the kernel prints them. */
  readonly fields: string;
  /** The model's events that it stands for, or what it is used for instead. */
  readonly events: string;
  readonly anchor: Anchor;
  /** Kernels whose sources or format files were read. */
  readonly versions: string;
}

const faultFields = "dev ino shared flags address pgoff result";
const mapsBlock = "lock_entry look_up allocate insert_entry map_page unlock_entry call_end";
const mapsZero = "lock_entry look_up insert_entry map_page";
const namesSync = "none: names the file of a sync call";
const namesRemoval = "none: names the file of a removal";

/** Every tracepoint that is translated. `spec/traces.md` holds the same rows, and a test compares. */
export const tracepoints: readonly TracepointRow[] = [
  row("page_fault_user", "none", "none: the CPU faulted before this line", "before"),
  row("dax_pte_fault", faultFields, "call_begin", "before"),
  row("dax_pte_fault_done", faultFields, mapsBlock, "after"),
  row("dax_pmd_fault", faultFields, "call_begin", "before"),
  row("dax_pmd_fault_done", faultFields, mapsBlock, "after"),
  row("dax_load_hole", faultFields, mapsZero, "inside"),
  row("dax_pmd_load_hole", "dev ino shared", mapsZero, "inside"),
  row("dax_insert_pfn_mkwrite", faultFields, "lock_entry set_mark map_page unlock_entry", "after"),
  row("dax_writeback_range", "dev ino pgoff (first-last)", "tag_towrite", "before"),
  row("dax_writeback_range_done", "dev ino", "none: the pass is over", "after"),
  row(
    "dax_writeback_one",
    "dev ino pgoff pglen",
    "lock_entry clear_mark mkclean flush clear_dirty unlock_entry",
    "inside",
  ),
  row("ext4_sync_file_enter", "dev ino", namesSync, "before"),
  row("xfs_file_fsync", "dev ino", namesSync, "before"),
  row("ext4_punch_hole", "dev ino", namesRemoval, "inside"),
  row("ext4_zero_range", "dev ino", namesRemoval, "inside"),
  row("ext4_collapse_range", "dev ino", namesRemoval, "inside"),
  row("ext4_insert_range", "dev ino", namesRemoval, "inside"),
  row("ext4_truncate_enter", "dev ino", namesRemoval, "inside"),
  row("xfs_free_file_space", "dev ino", namesRemoval, "inside"),
  row("xfs_zero_file_space", "dev ino", namesRemoval, "inside"),
  row("xfs_itruncate_extents_start", "dev ino new_size", namesRemoval, "inside"),
  row("xfs_reflink_remap_range", "dev ino -> ino", "none: names the files of a clone", "inside"),
];

function row(
  tracepoint: DecodedEvent,
  fields: string,
  events: string,
  anchor: Anchor,
): TracepointRow {
  return { tracepoint, fields, events, anchor, versions: "5.10 to 7.2" };
}

const translated = new Set<string>(tracepoints.map(({ tracepoint }) => tracepoint));

/** True for a tracepoint that the table translates. */
export function isTranslated(name: string): boolean {
  return translated.has(name);
}

/** How a fault ended, as far as it matters. */
type FaultEnd =
  | "mapped"
  | "unknown"
  /** Nothing was mapped, and the access failed: the task gets a signal. */
  | "failed"
  /** Nothing of the file was mapped: a private copy was, or the access is tried again. */
  | "none"
  | "retry"
  | "fallback"
  /** MAP_SYNC: fsync comes first, then dax_insert_pfn_mkwrite. */
  | "sync-pending";

interface InFile {
  readonly file: FileId;
  readonly text: string;
}

interface AtPage extends InFile {
  readonly pgoff: number;
  readonly address: number;
  readonly shared: boolean;
}

/** What one tracepoint line says. */
export type KernelEvent =
  /** `found`: whether a PTE was there that forbids the access (bit 0 of x86's error code). */
  | {
    readonly kind: "user_fault";
    readonly found: "nothing" | "protected";
    /** Not aligned; text if it is the kernel's. */
    readonly address: number | string;
  }
  | (AtPage & {
    readonly kind: "fault_begin";
    readonly order: Order;
    readonly write: boolean;
    /** Pages of the file, told for a PMD only. */
    readonly pages: number | undefined;
  })
  | (AtPage & {
    readonly kind: "fault_end";
    readonly order: Order;
    readonly write: boolean;
    /** FAULT_FLAG_MKWRITE: the PTE was there, read-only. */
    readonly mkwrite: boolean;
    readonly result: FaultEnd;
    /** VM_FAULT_MAJOR: the block was allocated; undefined if the result is not told. */
    readonly major: boolean | undefined;
    readonly pages: number | undefined;
  })
  | (InFile & {
    readonly kind: "hole";
    readonly shared: boolean;
    /** Undefined for a PMD, whose tracepoint does not print it: the fault's end does. */
    readonly pgoff: number | undefined;
    readonly address: number | undefined;
  })
  | (AtPage & { readonly kind: "sync_mapped" })
  | (InFile & { readonly kind: "writeback_begin"; readonly from: number; readonly to: number })
  | (InFile & { readonly kind: "writeback_end" })
  | (InFile & { readonly kind: "cleaned"; readonly pgoff: number; readonly order: Order })
  | (InFile & { readonly kind: "names_file" })
  /** The same, of a removal. */
  | (InFile & {
    readonly kind: "names_removal";
    /** Bytes before this one stay; 0 if that is not told. */
    readonly fromByte: number;
  })
  /** Extents of the file become those of `to`, too, instead of what that had. */
  | (InFile & { readonly kind: "names_clone"; readonly to: FileId })
  /** The text has not the event's shape: whatever it said is lost. */
  | { readonly kind: "unreadable" };

/** Reads a tracepoint of the table; undefined for one that the table does not hold. */
export function readTracepoint(
  { name, body }: TracepointRecord,
  format: TraceHeader["format"],
): KernelEvent | undefined {
  if (!isTranslated(name) || !isDecoded(name)) return undefined;
  return read(name, body, format) ?? { kind: "unreadable" };
}

function read(
  name: DecodedEvent,
  body: string,
  format: TraceHeader["format"],
): KernelEvent | undefined {
  switch (name) {
    case "page_fault_user": {
      const fields = decodeFields(name, body, format);
      if (fields === undefined) return undefined;
      const { address, present } = fields;
      return { kind: "user_fault", found: present ? "protected" : "nothing", address };
    }
    case "dax_pte_fault":
    case "dax_pmd_fault": {
      const fields = decodeFields(name, body, format);
      const fault = atPage(fields, name);
      if (fields === undefined || fault === undefined) return undefined;
      const order = name === "dax_pmd_fault" ? "pmd" : "pte";
      const pages = "maxPgoff" in fields ? fields.maxPgoff : undefined;
      return { kind: "fault_begin", ...fault, order, write: fields.flags.has("WRITE"), pages };
    }
    case "dax_pte_fault_done":
    case "dax_pmd_fault_done": {
      const fields = decodeFields(name, body, format);
      const fault = atPage(fields, name);
      if (fields === undefined || fault === undefined) return undefined;
      const write = fields.flags.has("WRITE");
      const result = faultEnd(fields.result);
      const order = name === "dax_pmd_fault_done" ? "pmd" : "pte";
      const text = `${order === "pmd" ? "PMD" : "PTE"} ${write ? "write" : "read"} fault ` +
        `0x${fields.pgoff.toString(16)} -> ${resultText(fields.result)}`;
      const mkwrite = fields.flags.has("MKWRITE");
      const major = fields.result === "unknown" ? undefined : fields.result.has("MAJOR");
      const pages = "maxPgoff" in fields ? fields.maxPgoff : undefined;
      return { kind: "fault_end", ...fault, text, order, write, mkwrite, result, major, pages };
    }
    case "dax_load_hole": {
      const fields = decodeFields(name, body, format);
      const fault = atPage(fields, name);
      return fault && { kind: "hole", ...fault, text: `dax_load_hole 0x${hex(fault.pgoff)}` };
    }
    case "dax_pmd_load_hole": {
      const fields = decodeFields(name, body, format);
      if (fields === undefined) return undefined;
      const { dev, ino, shared } = fields;
      const file = { dev, ino };
      return { kind: "hole", file, shared, pgoff: undefined, address: undefined, text: name };
    }
    case "dax_insert_pfn_mkwrite": {
      const fault = atPage(decodeFields(name, body, format), name);
      return fault && { kind: "sync_mapped", ...fault };
    }
    case "dax_writeback_range": {
      const fields = decodeFields(name, body, format);
      if (fields === undefined) return undefined;
      const { dev, ino, start, end } = fields;
      return { kind: "writeback_begin", file: { dev, ino }, from: start, to: end, text: name };
    }
    case "dax_writeback_range_done": {
      const fields = decodeFields(name, body, format);
      const file = fields && { dev: fields.dev, ino: fields.ino };
      return file && { kind: "writeback_end", file, text: name };
    }
    case "dax_writeback_one": {
      const fields = decodeFields(name, body, format);
      if (fields === undefined) return undefined;
      const { dev, ino, pgoff, pglen } = fields;
      const text = `dax_writeback_one 0x${hex(pgoff)}+0x${hex(pglen)}, DIRTY cleared`;
      return { kind: "cleaned", file: { dev, ino }, pgoff, order: pglen > 1 ? "pmd" : "pte", text };
    }
    case "ext4_sync_file_enter":
    case "xfs_file_fsync":
      return naming("names_file", name, decodeFields(name, body, format));
    case "ext4_punch_hole":
    case "ext4_zero_range":
    case "ext4_collapse_range":
    case "ext4_insert_range":
    case "ext4_truncate_enter":
    case "xfs_free_file_space":
    case "xfs_zero_file_space":
      return naming("names_removal", name, decodeFields(name, body, format));
    case "xfs_itruncate_extents_start": {
      const fields = decodeFields(name, body, format);
      if (fields === undefined) return undefined;
      const { dev, ino, newSize } = fields;
      return { kind: "names_removal", file: { dev, ino }, fromByte: newSize, text: name };
    }
    case "xfs_reflink_remap_range": {
      const fields = decodeFields(name, body, format);
      if (fields === undefined) return undefined;
      const { dev, ino, toIno } = fields;
      return { kind: "names_clone", file: { dev, ino }, to: { dev, ino: toIno }, text: name };
    }
    default:
      return undefined;
  }
}

function naming(
  kind: "names_file" | "names_removal",
  text: string,
  fields: FileId | undefined,
): KernelEvent | undefined {
  if (fields === undefined) return undefined;
  const file = { dev: fields.dev, ino: fields.ino };
  return kind === "names_file" ? { kind, file, text } : { kind, file, fromByte: 0, text };
}

function hex(value: number): string {
  return value.toString(16);
}

function atPage(
  fields: {
    readonly dev: string;
    readonly ino: number;
    readonly pgoff: number;
    readonly address: number | string;
    readonly shared: boolean;
  } | undefined,
  name: string,
): AtPage | undefined {
  // A kernel address: no user mapping can be told from it.
  if (fields === undefined || typeof fields.address === "string") return undefined;
  const { dev, ino, pgoff, address, shared } = fields;
  return { file: { dev, ino }, pgoff, address, shared, text: `${name} 0x${hex(pgoff)}` };
}

/** VM_FAULT_ERROR of include/linux/mm_types.h, without FALLBACK. */
const errors = ["OOM", "SIGBUS", "SIGSEGV", "HWPOISON", "HWPOISON_LARGE"] as const;

function faultEnd(result: Flags<FaultResult> | "unknown"): FaultEnd {
  if (result === "unknown") return "unknown";
  if (result.has("RETRY")) return "retry";
  if (result.has("FALLBACK")) return "fallback";
  if (result.has("NEEDDSYNC")) return "sync-pending";
  if (errors.some((name) => result.has(name))) return "failed";
  if (result.has("DONE_COW") || !result.has("NOPAGE")) return "none";
  return "mapped";
}

function resultText(result: Flags<FaultResult> | "unknown"): string {
  if (result === "unknown") return "?";
  return result.size === 0 ? "0" : [...result].join("|");
}
