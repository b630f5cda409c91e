/**
 * What a task is in the middle of, as its own records tell: one of these a thread id.
 *
 * @module
 */
import type { FileId, MappingId, Visit, Where } from "../../model/check/observation.ts";
import type { Order } from "../../model/xarray.ts";

/** A fault between its first event and its last. */
export interface OpenFault {
  readonly line: number;
  readonly name: string;
  readonly file: FileId;
  readonly pgoff: number;
}

/** A system call between entry and exit, if it matters to us. */
export type OpenCall =
  | {
    readonly kind: "sync";
    readonly call: number;
    readonly name: string;
    readonly fd: number | undefined;
    /** msync: pages are known only from dax_writeback_range. */
    readonly ranged: boolean;
    rangeKnown: boolean;
  }
  | {
    readonly kind: "removal";
    readonly line: number;
    readonly call: number;
    readonly name: string;
    readonly fd: number | undefined;
    readonly begin: PendingRemoval;
    /** The file, once it is known and the removal was handed on. */
    named: FileId | undefined;
  }
  | { readonly kind: "unmap"; readonly name: string; readonly start: number; readonly end: number }
  | { readonly kind: "other"; readonly name: string };

/** A removal whose file is not known yet. */
export interface PendingRemoval {
  readonly why: "punch" | "zero_range" | "truncate" | "collapse" | "insert" | "layout";
  readonly fromByte: number;
  readonly toByte: number;
  readonly text: string;
}

/** A writeback pass that the task runs: between dax_writeback_range and its `_done`. */
export interface OpenPass {
  readonly file: FileId;
  readonly line: number;
  visits: Visit[];
  /** True between a probe on the pass's work for an entry and the entry's dax_writeback_one. */
  working: boolean;
}

/** A store that the program has announced. */
export interface OpenStore {
  readonly since: number;
  readonly offset: number;
  readonly address: number | undefined;
  /** True if the CPU faulted there and no DAX event has told how that ended. */
  faulted: boolean;
}

export interface TaskState {
  readonly pid: number;
  /** True once a record shows the task in user space: what it returns from later, it entered. */
  seenOutside: boolean;
  /** Probed functions that the task is in. */
  readonly inside: Set<string>;
  /** Line of the task's last record; 0 before its first. */
  lastLine: number;
  /** Line before which the CPU cannot have faulted, while a fault is being handled. */
  faultSince: number | undefined;
  /** What the CPU found when it faulted, if page_fault_user told it. */
  faultFound: "nothing" | "protected" | undefined;
  fault: OpenFault | undefined;
  /** True once dax_load_hole or dax_pmd_load_hole came in the fault: it maps the zero page. */
  hole: boolean;
  /** Size of the entry of a MAP_SYNC fault that waits for its fsync. */
  syncFaultOrder: Order | undefined;
  call: OpenCall | undefined;
  pass: OpenPass | undefined;
  store: OpenStore | undefined;
  /** The last marker that announced an operation: `op=punch off=.. len=..`. */
  announced: ReadonlyMap<string, string> | undefined;
  /** Mappings that the task faulted through, by file. */
  readonly mappings: Map<string, { readonly file: FileId; readonly ids: Set<MappingId> }>;
  /** Files of descriptors, as events inside system calls on them named them. */
  readonly descriptors: Map<number, FileId>;
  last: Where | undefined;
}

export function createTask(pid: number): TaskState {
  return {
    pid,
    seenOutside: false,
    inside: new Set(),
    lastLine: 0,
    faultSince: undefined,
    faultFound: undefined,
    fault: undefined,
    hole: false,
    syncFaultOrder: undefined,
    call: undefined,
    pass: undefined,
    store: undefined,
    announced: undefined,
    mappings: new Map(),
    descriptors: new Map(),
    last: undefined,
  };
}
