/**
 * The fs_dax events that a fault emits (include/trace/events/fs_dax.h).
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import type { Order } from "../../../model/xarray.ts";
import type { FromBinary } from "../binary_event.ts";
import type { TraceHeader } from "../record.ts";
import {
  type FaultFlag,
  faultFlags,
  type FaultResult,
  faultResult,
  type Flags,
} from "./fault_flags.ts";
import { type FieldCursor, fieldsOf } from "./field_cursor.ts";
import { fileAt, fileOf } from "./field_text.ts";
import { pageText } from "./page_text.ts";
import type { DaxReading } from "./dax_reading.ts";
import type { Reads, Row } from "./row.ts";
import type { AtPage, FaultEnd, SharedReading } from "./shared_reading.ts";

/** A fault on one page, or an attempt at 2 MiB, whose `pgoff` is of the faulting page. */
interface DaxFault {
  readonly file: FileId;
  /** False for a private mapping. */
  readonly shared: boolean;
  readonly flags: Flags<FaultFlag>;
  /** `vmf->address`: of user space, aligned to the page. */
  readonly address: number;
  /** Pages from the start of the file. */
  readonly pgoff: number;
  /** Pages of the file, by its size; told of an attempt at 2 MiB only. */
  readonly pages: number | undefined;
  /** 0, the empty set, where the fault only begins. */
  readonly result: Flags<FaultResult> | "unknown";
}

/** `dax_pmd_load_hole`: a huge zero folio over a hole. */
interface DaxPmdLoadHole {
  readonly file: FileId;
  readonly shared: boolean;
}

const PMD_HOLE =
  /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) (shared|private) address (?:0x[0-9a-f]+|0) zero_(?:page|folio) \S+ radix_entry (?:0x[0-9a-f]+|0)$/;

/** What a fault's flags say, in words. */
type FaultWords = Pick<DaxFault, "shared" | "flags" | "result">;

/**
 * A fault in binary. Its numbers are read; what its flags are called is printed, once for each value
 * of them, since that is for the format in the file to say.
 */
function faultInBinary(order: Order): FromBinary<DaxFault> {
  return (layout) => {
    const file = layout.file("dev", "ino");
    const [address, pgoff, last] = ["address", "pgoff", "max_pgoff"].map(layout.number);
    const [vmFlags, flags, result] = ["vm_flags", "flags", "result"].map(layout.number);
    if (file === undefined || address === undefined || pgoff === undefined) return undefined;
    if (vmFlags === undefined || flags === undefined || result === undefined) return undefined;
    if ((order === "pmd") !== (last !== undefined)) return undefined;
    const words = new Map<number, Map<number, Map<number, FaultWords | undefined>>>();
    return (event) => {
      const of = file(event);
      const at = address(event);
      const ofVma = within(words, vmFlags(event));
      const ofFlags = within(ofVma, flags(event));
      const ended = result(event);
      let told = ofFlags.get(ended);
      if (told === undefined) {
        ofFlags.set(ended, told = daxFault(fieldsOf(layout.print(event)), "trace.dat", order));
      }
      if (of === undefined || told === undefined || !Number.isSafeInteger(at)) return undefined;
      const { shared, flags: how, result: end } = told;
      return {
        file: of,
        shared,
        flags: how,
        address: at,
        pgoff: pgoff(event),
        pages: last?.(event),
        result: end,
      };
    };
  };
}

function within<V>(maps: Map<number, Map<number, V>>, key: number): Map<number, V> {
  let map = maps.get(key);
  if (map === undefined) maps.set(key, map = new Map());
  return map;
}

/** Decodes a fault on one page; undefined if the text has not its shape. */
export function daxPteFault(
  text: FieldCursor,
  format: TraceHeader["format"],
): DaxFault | undefined {
  return daxFault(text, format, "pte");
}

/** Decodes an attempt at 2 MiB; undefined if the text has not its shape. */
export function daxPmdFault(
  text: FieldCursor,
  format: TraceHeader["format"],
): DaxFault | undefined {
  return daxFault(text, format, "pmd");
}

function daxFault(
  text: FieldCursor,
  format: TraceHeader["format"],
  order: Order,
): DaxFault | undefined {
  const dev = text.passes("dev ") ? text.device(":") : undefined;
  const file = text.passes(" ino ") ? fileAt(dev, text.hexadecimal()) : undefined;
  const shared = text.passes(" shared ");
  if (file === undefined || !shared && !text.passes(" private ")) return undefined;
  const flags = faultFlags(text.word());
  const address = text.passes(" address ") ? text.hexadecimal() : NaN;
  const hasVma = text.passes(" vm_start ");
  if (hasVma) {
    text.hexadecimal();
    if (!text.passes(" vm_end ") || Number.isNaN(text.hexadecimal())) return undefined;
  }
  const pgoff = text.passes(" pgoff ") ? text.hexadecimal() : NaN;
  const pages = text.passes(" max_pgoff ") ? text.hexadecimal() : undefined;
  const result = faultResult(text.passes(" ") ? text.word() : "", format);
  // Some kernels print the VMA for one page, too; the size of the file is printed for 2 MiB alone.
  if (order === "pte" ? pages !== undefined : !hasVma || pages === undefined) return undefined;
  if (!text.isDone() || Number.isNaN(pgoff) || Number.isNaN(pages ?? 0)) return undefined;
  // A kernel address: no user mapping can be told from it.
  if (!Number.isSafeInteger(address)) return undefined;
  if (flags === undefined || result === undefined) return undefined;
  return { file, shared, flags, address, pgoff, pages, result };
}

/** Decodes a huge zero folio; undefined if `body` has not its shape. */
export function daxPmdLoadHole(body: string): DaxPmdLoadHole | undefined {
  const [, major = "", minor = "", inode = "", sharing] = PMD_HOLE.exec(body) ?? [];
  const file = fileOf(major, minor, inode);
  return file === undefined ? undefined : { file, shared: sharing === "shared" };
}

/** VM_FAULT_ERROR of include/linux/mm_types.h, without FALLBACK. */
const errors = ["OOM", "SIGBUS", "SIGSEGV", "HWPOISON", "HWPOISON_LARGE"] as const;

function faultEnd(result: DaxFault["result"]): FaultEnd {
  if (result === "unknown") return "unknown";
  if (result.has("RETRY")) return "retry";
  if (result.has("FALLBACK")) return "fallback";
  if (result.has("NEEDDSYNC")) return "sync-pending";
  if (errors.some((name) => result.has(name))) return "failed";
  if (result.has("DONE_COW") || !result.has("NOPAGE")) return "none";
  return "mapped";
}

function resultText(result: DaxFault["result"]): string {
  if (result === "unknown") return "?";
  return result.size === 0 ? "0" : [...result].join("|");
}

/** How a fault ended, in words: a trace has a dozen of them, a million times. */
interface Ending {
  readonly end: FaultEnd;
  readonly major: boolean | undefined;
  readonly ofWrite: (pgoff: number) => string;
  readonly ofRead: (pgoff: number) => string;
}

/** Endings by the words of the line, which are the same object as long as they are the same. */
function endingsOf(order: Order): (result: DaxFault["result"]) => Ending {
  const endingOf = (result: DaxFault["result"]): Ending => {
    const after = ` -> ${resultText(result)}`;
    const size = order === "pmd" ? "PMD" : "PTE";
    return {
      end: faultEnd(result),
      major: result === "unknown" ? undefined : result.has("MAJOR"),
      ofWrite: pageText(`${size} write fault `, after),
      ofRead: pageText(`${size} read fault `, after),
    };
  };
  const unknown = endingOf("unknown");
  const known = new WeakMap<Flags<FaultResult>, Ending>();
  return (result) => {
    if (result === "unknown") return unknown;
    let ending = known.get(result);
    if (ending === undefined) known.set(result, ending = endingOf(result));
    return ending;
  };
}

const words = "dev ino shared flags address pgoff result";
const mapsBlock = "lock_entry look_up allocate insert_entry map_page unlock_entry call_end";
const mapsZero = "lock_entry look_up insert_entry map_page";

/** The page of a fault's step, which is called by the event's name. */
function atPage(name: string): (fault: DaxFault) => AtPage {
  const text = pageText(`${name} `);
  return ({ file, pgoff, address, shared }) => {
    return { file, pgoff, address, shared, text: text(pgoff) };
  };
}

const [holeLoaded, syncMapped] = [atPage("dax_load_hole"), atPage("dax_insert_pfn_mkwrite")];

/** Reads a fault's line, in text or in binary, as what it says. */
function reads<Reading extends DaxReading>(
  order: Order,
  readingOf: (fault: DaxFault) => Reading,
): Reads<Reading> {
  const decode = order === "pmd" ? daxPmdFault : daxPteFault;
  return {
    readFields: (fields, format) => {
      const fault = decode(fields, format);
      return fault && readingOf(fault);
    },
    binary: (layout) => {
      const read = faultInBinary(order)(layout);
      if (read === undefined) return undefined;
      return (event) => {
        const fault = read(event);
        return fault && readingOf(fault);
      };
    },
  };
}

/** `dax_pte_fault`, `dax_pmd_fault`. */
function begins(order: Order): Row {
  const source = `dax_${order}_fault`;
  const text = pageText(`${source} `);
  return {
    source,
    words,
    events: "call_begin",
    anchor: "before",
    lines: "faults",
    versions: "5.10 to 7.3",
    ...reads(order, (fault): DaxReading => {
      const { file, pgoff, address, shared, flags, pages } = fault;
      return {
        kind: "dax_fault_begun",
        file,
        pgoff,
        address,
        shared,
        text: text(pgoff),
        order,
        write: flags.has("WRITE"),
        pages,
      };
    }),
  };
}

/** `dax_pte_fault_done`, `dax_pmd_fault_done`. */
function ends(order: Order): Row {
  const begin = `dax_${order}_fault`;
  const endings = endingsOf(order);
  return {
    source: `${begin}_done`,
    words,
    events: mapsBlock,
    says: "if it ended with NEEDDSYNC, the mapping is synchronous: a sync call comes next",
    anchor: "after",
    lines: "faults",
    versions: "5.10 to 7.3",
    ...reads(order, (fault): SharedReading => {
      const { file, pgoff, address, shared, flags, pages, result } = fault;
      const write = flags.has("WRITE");
      const { end, major, ofWrite, ofRead } = endings(result);
      return {
        kind: "dax_fault_ended",
        file,
        pgoff,
        address,
        shared,
        text: write ? ofWrite(pgoff) : ofRead(pgoff),
        begin,
        order,
        write,
        mkwrite: flags.has("MKWRITE"),
        result: end,
        major,
        pages,
      };
    }),
  };
}

/** Lines of a DAX fault. */
export const daxFaults: readonly Row[] = [
  begins("pte"),
  ends("pte"),
  begins("pmd"),
  ends("pmd"),
  {
    source: "dax_load_hole",
    words,
    events: mapsZero,
    anchor: "inside",
    lines: "holes",
    versions: "5.10 to 7.2",
    ...reads("pte", (fault): DaxReading => ({
      kind: "hole_loaded",
      ...holeLoaded(fault),
    })),
  },
  {
    source: "dax_pmd_load_hole",
    words: "dev ino shared",
    events: mapsZero,
    anchor: "inside",
    lines: "holes",
    versions: "5.10 to 7.2",
    readBody: (body) => {
      const hole = daxPmdLoadHole(body);
      return hole && { kind: "huge_hole_loaded", ...hole };
    },
  },
  {
    source: "dax_insert_pfn_mkwrite",
    words,
    events: "lock_entry set_mark map_page unlock_entry",
    says: "if it ended with NOPAGE, a page of a synchronous mapping is writable",
    anchor: "after",
    lines: "faults",
    versions: "5.10 to 7.3",
    ...reads("pte", (fault): SharedReading => ({
      kind: "sync_fault_mapped",
      ...syncMapped(fault),
      mapped: fault.result !== "unknown" && fault.result.has("NOPAGE"),
    })),
  },
];
