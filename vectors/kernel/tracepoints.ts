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

/** Where a tracepoint stands to the effect that it tells of (DOSSIER 9.3). */
export type Anchor = "before" | "after" | "inside";

/** One row of the table. */
export interface TracepointRow {
  readonly tracepoint: DecodedEvent;
  /** The model's events that it stands for, or what it is used for instead. */
  readonly events: string;
  readonly anchor: Anchor;
  readonly versions: string;
}

/** Every tracepoint that is translated. `spec/traces.md` holds the same rows, and a test compares. */
export const tracepoints: readonly TracepointRow[] = [
  row("page_fault_user", "nothing; the CPU faulted before it", "before", "5.10-"),
  row("dax_pte_fault", "call_begin", "before", "5.10-"),
  row(
    "dax_pte_fault_done",
    "lock_entry look_up allocate insert_entry map_page unlock_entry call_end",
    "after",
    "5.10-",
  ),
  row("dax_pmd_fault", "call_begin", "before", "5.10-"),
  row(
    "dax_pmd_fault_done",
    "lock_entry look_up allocate insert_entry map_page unlock_entry call_end",
    "after",
    "5.10-",
  ),
  row("dax_load_hole", "lock_entry look_up insert_entry map_page", "inside", "5.10-"),
  row("dax_pmd_load_hole", "lock_entry look_up insert_entry map_page", "inside", "5.10-"),
  row("dax_insert_pfn_mkwrite", "set_mark map_page", "after", "5.10-"),
  row("dax_writeback_range", "tag_towrite", "before", "5.10-"),
  row("dax_writeback_range_done", "nothing; the pass is over", "after", "5.10-"),
  row(
    "dax_writeback_one",
    "lock_entry clear_mark mkclean flush clear_dirty unlock_entry",
    "inside",
    "5.10-",
  ),
  row("ext4_sync_file_enter", "nothing; names the file of a sync call", "before", "5.10-"),
  row("xfs_file_fsync", "nothing; names the file of a sync call", "before", "5.10-"),
  row("ext4_punch_hole", "nothing; names the file of a removal", "before", "5.10-"),
  row("ext4_zero_range", "nothing; names the file of a removal", "before", "5.10-"),
  row("ext4_collapse_range", "nothing; names the file of a removal", "before", "5.10-"),
  row("ext4_insert_range", "nothing; names the file of a removal", "before", "5.10-"),
  row("ext4_truncate_enter", "nothing; names the file of a removal", "before", "5.10-"),
  row("xfs_free_file_space", "nothing; names the file of a removal", "before", "5.10-"),
  row("xfs_zero_file_space", "nothing; names the file of a removal", "before", "5.10-"),
];

function row(
  tracepoint: DecodedEvent,
  events: string,
  anchor: Anchor,
  versions: string,
): TracepointRow {
  return { tracepoint, events, anchor, versions };
}

const names = new Set<string>(tracepoints.map(({ tracepoint }) => tracepoint));

/** True for a tracepoint that the table translates. */
export function isTranslated(name: string): boolean {
  return names.has(name);
}

/** How a fault ended, as far as it matters. */
export type FaultEnd =
  | "mapped"
  | "unknown"
  /** Nothing was mapped: an error, or a private copy. */
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
  | { readonly kind: "user_fault" }
  | (AtPage & { readonly kind: "fault_begin" })
  | (AtPage & {
    readonly kind: "fault_end";
    readonly order: Order;
    readonly write: boolean;
    readonly result: FaultEnd;
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
    case "page_fault_user":
      return { kind: "user_fault" };
    case "dax_pte_fault":
    case "dax_pmd_fault": {
      const fault = atPage(decodeFields(name, body, format), name);
      return fault && { kind: "fault_begin", ...fault };
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
      return { kind: "fault_end", ...fault, text, order, write, result };
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
    case "ext4_punch_hole":
    case "ext4_zero_range":
    case "ext4_collapse_range":
    case "ext4_insert_range":
    case "ext4_truncate_enter":
    case "xfs_free_file_space":
    case "xfs_zero_file_space": {
      const fields = decodeFields(name, body, format);
      return fields && {
        kind: "names_file",
        file: { dev: fields.dev, ino: fields.ino },
        text: name,
      };
    }
    default:
      return undefined;
  }
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

function faultEnd(result: Flags<FaultResult> | "unknown"): FaultEnd {
  if (result === "unknown") return "unknown";
  if (result.has("RETRY")) return "retry";
  if (result.has("FALLBACK")) return "fallback";
  if (result.has("NEEDDSYNC")) return "sync-pending";
  if (result.has("DONE_COW") || !result.has("NOPAGE")) return "none";
  return "mapped";
}

function resultText(result: Flags<FaultResult> | "unknown"): string {
  if (result === "unknown") return "?";
  return result.size === 0 ? "0" : [...result].join("|");
}
