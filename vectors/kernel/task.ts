/**
 * What a task is in the middle of, as its own records tell: one of these a thread id.
 *
 * @module
 */
import type { FewMap } from "../../model/few_map.ts";
import type { FileId, MappingId, Moment, Visit, Where } from "../../model/check/observation.ts";
import type { MarkerText } from "./marker_text.ts";
import type { NamedWords } from "./line_words.ts";
import type { Order } from "../../model/xarray.ts";

/** A fault between its first event and its last. */
interface OpenFault {
  readonly begun: Moment;
  readonly name: string;
  readonly file: FileId;
  readonly pgoff: number;
  readonly address: number;
  readonly order: Order;
  readonly write: boolean;
  readonly shared: boolean;
}

/** What tells the file of a removal: its descriptor as last seen, a marker, a line inside the call. */
export type NamedBy = "descriptor" | "marker" | "kernel";

/** A system call between entry and exit, if it matters to us. */
export type OpenCall =
  | {
    readonly kind: "sync";
    readonly call: number;
    readonly name: string;
    readonly line: number;
    readonly fd: number | undefined;
    /** msync: pages are known only from dax_writeback_range. */
    readonly ranged: boolean;
    rangeKnown: boolean;
    /** True where events of the file system alone show it, for want of recorded system calls. */
    readonly byEvent: boolean;
  }
  | {
    readonly kind: "removal";
    readonly call: number;
    readonly name: string;
    readonly fd: number | undefined;
    readonly begin: PendingRemoval;
    readonly line: number;
    /** The entry of the call: from there on it may have taken effect, whenever its file is known. */
    readonly entered: Where;
    /** The file, once the removal was handed on. */
    file: FileId | undefined;
    /** What has told the file. */
    namedBy: NamedBy;
    /** The call in which its marker was written, until that returns; undefined if no marker began it. */
    markedIn: string | undefined;
  }
  | {
    readonly kind: "unmap";
    readonly name: string;
    readonly line: number;
    readonly start: number;
    readonly end: number;
    readonly access: "nothing" | "read" | "write";
  }
  | { readonly kind: "other"; readonly name: string; readonly line: number };

/** A removal whose file is not known yet. */
export interface PendingRemoval {
  readonly why: "punch" | "zero_range" | "truncate" | "collapse" | "insert" | "layout";
  readonly fromByte: number;
  readonly toByte: number;
  readonly text: string;
  /** Which pages of the file go is not told (MADV_REMOVE): any of the range may. */
  readonly vague?: boolean;
}

/** A writeback pass that the task runs: between dax_writeback_range and its `_done`. */
export interface OpenPass {
  readonly file: FileId;
  /** Pages [from, to). */
  readonly from: number;
  readonly to: number;
  readonly begin: Moment;
  visits: Visit[];
  /** True if a probe on mkclean does not tell where it went. */
  blind: boolean;
  /** Entries declared clean so far. */
  cleaned: number;
  /** False once another pass over the file was under way, too. */
  alone: boolean;
  /** True between a probe on the pass's work for an entry and the entry's dax_writeback_one. */
  working: boolean;
}

/** A store that the program has announced. */
interface OpenStore {
  readonly since: Moment;
  readonly offset: number;
  readonly address: number | undefined;
  /** True if it stores nothing to the file: its fault has failed (SIGBUS), or its mapping is private. */
  nothing: boolean;
}

/** Mappings by file, and whether faults have shown them to be shared. */
export type Mappings = Map<
  string,
  { readonly file: FileId; readonly shared: FewMap<MappingId, boolean> }
>;

/** One task. There may be very many: what few of them need is made when it is needed. */
export interface TaskState {
  readonly pid: number;
  /** The task's thread group, where the trace prints it. */
  group: number | undefined;
  /** True once a record shows the task in user space: what it returns from later, it entered. */
  seenOutside: boolean;
  /** Probed functions that the task is in, and the lines of their entries. */
  inside: Map<string, number> | undefined;
  /** What was printed at the entry of those whose return may print no arguments (`returning.ts`). */
  entered: Map<string, NamedWords> | undefined;
  /** Line of the task's last record; 0 before its first. */
  lastLine: number;
  /** The last system call or marker: what the task did in user space since then is in no order. */
  said: Moment;
  /** `said`, or the beginning or end of the last fault: nothing of the next one happened earlier. */
  edge: Moment;
  /** Point before which the CPU cannot have faulted, while a fault is being handled. */
  faultSince: Moment | undefined;
  /** Page of the last page_fault_user of which no fs_dax event has told anything. */
  untoldFault: { readonly line: number; readonly page: number } | undefined;
  /**
   * A removal outside any call that is recorded: of which files, whether pages go or layouts are broken
   * alone, and since when.
   */
  unbidden: {
    readonly files: readonly {
      readonly file: FileId;
      readonly removes: boolean;
      readonly fromByte: number;
    }[];
    readonly line: number;
  } | undefined;
  /** What the CPU found when it faulted, if page_fault_user told it. */
  faultFound: "nothing" | "protected" | undefined;
  fault: OpenFault | undefined;
  /** True once dax_load_hole or dax_pmd_load_hole came in the fault: it maps the zero page. */
  hole: boolean;
  /** Size of the entry of a MAP_SYNC fault that waits for its fsync. */
  syncFaultOrder: Order | undefined;
  call: OpenCall | undefined;
  pass: OpenPass | undefined;
  /** True in a pass whose beginning is missing, and known to be. */
  beheaded: boolean;
  store: OpenStore | undefined;
  /** True once a marker has announced a store before it was done. */
  announces: boolean;
  /** The file that the task's markers named. */
  declared: FileId | undefined;
  /** The last marker that announced an operation: `op=punch off=.. len=..`. */
  announced: MarkerText | undefined;
  /** Names of its VMAs by the address of page 0, made lately for this thread group (`mappingAt`). */
  names: Map<number, MappingId> | undefined;
  named: number | undefined;
  /** Mappings that the task faulted through, if its thread group is not told. */
  readonly mappings: Mappings;
  /** Files of descriptors, as events inside system calls on them named them. */
  descriptors: Map<number, FileId> | undefined;
}

/** Before any record: all that a task is found in the middle of may have begun there. */
const beginning: Moment = { line: 0, time: -Infinity, cpu: -1 };

/** A task that no record has shown. */
export function createTask(pid: number): TaskState {
  return {
    pid,
    group: undefined,
    seenOutside: false,
    inside: undefined,
    entered: undefined,
    lastLine: 0,
    said: beginning,
    edge: beginning,
    faultSince: undefined,
    untoldFault: undefined,
    unbidden: undefined,
    faultFound: undefined,
    fault: undefined,
    hole: false,
    syncFaultOrder: undefined,
    call: undefined,
    pass: undefined,
    beheaded: false,
    store: undefined,
    announces: false,
    declared: undefined,
    announced: undefined,
    names: undefined,
    named: undefined,
    mappings: new Map(),
    descriptors: undefined,
  };
}
