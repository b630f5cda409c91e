/**
 * What each task is in the middle of, as far as the page cache is concerned.
 *
 * @module
 */
import type { Removal } from "../../../model/event.ts";
import type {
  FaultMarkedSeen,
  FlushReturnedSeen,
  PinnedDirtiedSeen,
} from "../../../model/check/page_cache/observation.ts";
import type { ByteRange } from "../../../model/check/page_cache/byte_range.ts";
import type { FileId, Moment, Where } from "../../../model/check/observation.ts";
import type { SyscallEnterRecord, TaskRecord } from "../record.ts";
import type { AskedMapping } from "./mapped_range.ts";
import type { InsertedBlocks, MayMap, XfsChange } from "./open_change.ts";

/** A sync call of the file system that is over, or not yet. */
export interface OpenSync {
  readonly call: number;
  readonly file: FileId;
  /** Kinds of lines that have shown its beginning: a tracepoint and a probe show one call once each. */
  readonly shownBy: Set<TaskRecord["kind"]>;
  /** Bytes that it covers if nothing is left out, where it is known ahead. */
  readonly bytes: number | undefined;
  /** The request of io_uring that it is made for, if that is known. */
  readonly request: string | undefined;
  /** The open file description of the call, once a line has named it. */
  descriptor: string | undefined;
  /** The file system's function has returned. */
  left: boolean;
  status: number | undefined;
}

/** A system call. */
export interface OpenSyscall {
  readonly name: string;
  readonly record: SyscallEnterRecord;
  readonly fd: number | undefined;
}

/** A store that the program has announced. */
interface OpenStore {
  readonly since: Moment;
  readonly offset: number;
  readonly address: number;
  faulted: boolean;
}

/** Direct I/O that is under way. */
export interface OpenDirect {
  readonly request: number;
  readonly file: FileId;
  readonly from: number;
  readonly to: number;
  readonly async: boolean;
  /** Undefined as long as no line tells. */
  readonly writes: boolean | undefined;
  /** The first invalidation is over. */
  submitted: boolean;
}

/** A system call that takes pages from a file. */
interface OpenRemoval {
  /** Undefined as long as no line has named the file. */
  call: number | undefined;
  readonly since: Where;
  readonly why: Removal;
  readonly range: ByteRange;
  file: FileId | undefined;
  /** A file system has told its own part: one that holds invalidate_lock. */
  locks: boolean;
}

/** A mapping that was asked to be synchronous, of which no line has told what it is. */
export interface AskedSync {
  readonly owner: string;
  readonly from: number;
  readonly to: number;
  readonly returned: Where;
}

/** A fault that found the block map uncommitted. */
interface NeedsSync {
  readonly file: FileId;
  readonly pgoff: number;
  readonly since: Where;
  entered: boolean;
  synced: Where | undefined;
}

/** A task. */
export interface PageCacheTask {
  group: number | undefined;
  /** The line that the task had last. */
  lastLine: number;
  lastTime: number;
  lastCpu: number;
  syscall: OpenSyscall | undefined;
  /** Sync calls of the file system in the present system call. */
  readonly syncs: OpenSync[];
  /** The request of io_uring that it goes on with: an fsync that it has not begun. */
  request: string | undefined;
  /** The number of its syncfs. */
  syncfs: number | undefined;
  /** The task has marked folios dirty in its present system call, or in a fault since the last. */
  dirtying: boolean;
  /** A page of a clean folio that its fault makes writable, as long as that has not marked the folio dirty. */
  madeWritable: Pick<FaultMarkedSeen, "folio" | "pgoff" | "mapping" | "made"> | undefined;
  /** What the next of them covers. */
  ahead: { readonly file: FileId; readonly range: ByteRange } | undefined;
  store: OpenStore | undefined;
  /** Folios that it marks dirty while it gives back pins; undefined if it gives back none. */
  released: PinnedDirtiedSeen[] | undefined;
  /** What it asks mmap to map, or mremap to move. */
  asksMapping: AskedMapping | undefined;
  /** Bytes that it asks mmap to map with MAP_SYNC. */
  asksSync: number | undefined;
  /** A fault in a MAP_SYNC mapping that must call fsync, and how far it has come with that. */
  needsSync: NeedsSync | undefined;
  /** The file of which it changes times, and nothing else. */
  times: FileId | undefined;
  /** The file that it has last begun a transaction for to map blocks. */
  mayMap: MayMap | undefined;
  /** The file whose tree of extents it has changed, to map blocks that are not told yet. */
  treeChanged: FileId | undefined;
  /** Blocks that it has put into the cache of extents since it last marked some written. */
  inserted: InsertedBlocks | undefined;
  /** XFS: what it has changed in a transaction that is not committed. */
  xfsChange: XfsChange | undefined;
  /** The file that its transaction changes, more than times: blocks that it maps are new. */
  changing: FileId | undefined;
  /** The line at which it has last written something back. */
  wroteBack: number;
  /** The file of which it has just ended a direct write: what it does next is for that write. */
  converting: FileId | undefined;
  /** What its markers say that it is doing: a change, or a read. */
  told: {
    readonly operation: string;
    readonly file: FileId;
    readonly since: Where;
    readonly change: number | undefined;
  } | undefined;
  /** The error that its open file was told of last, by the tracepoint; the probe has yet to return. */
  errorTold: number | undefined;
  /** The file that its markers speak of. */
  declared: FileId | undefined;
  /** True once a line of the task was read. */
  read: boolean;
  /** True if it makes system calls: it is no task of the kernel's own. */
  calls: boolean;
  /** A flush that it has asked for by itself. */
  flush: { readonly begin: Where; readonly dev: string; bio: FlushReturnedSeen["bio"] } | undefined;
  /** Direct I/O that it submits or waits for. */
  direct: OpenDirect | undefined;
  /** Direct I/O whose second invalidation it is inside. */
  ending: OpenDirect | undefined;
  /** The removal that its system call is. */
  removal: OpenRemoval | undefined;
  /** Whether the direct I/O that it begins next writes; undefined if nothing tells. */
  directWrites: boolean | undefined;
}

/** A task that is in the middle of nothing. */
export function createPageCacheTask({ line, time, cpu }: Moment): PageCacheTask {
  return {
    group: undefined,
    lastLine: line,
    lastTime: time,
    lastCpu: cpu,
    syscall: undefined,
    syncs: [],
    request: undefined,
    syncfs: undefined,
    dirtying: false,
    madeWritable: undefined,
    ahead: undefined,
    store: undefined,
    released: undefined,
    asksMapping: undefined,
    asksSync: undefined,
    needsSync: undefined,
    times: undefined,
    mayMap: undefined,
    treeChanged: undefined,
    inserted: undefined,
    xfsChange: undefined,
    changing: undefined,
    wroteBack: 0,
    converting: undefined,
    told: undefined,
    errorTold: undefined,
    declared: undefined,
    read: false,
    calls: false,
    flush: undefined,
    direct: undefined,
    ending: undefined,
    removal: undefined,
    directWrites: undefined,
  };
}

/** Lines are missing: the task is not known to be in the middle of anything. */
export function interrupt(task: PageCacheTask): void {
  task.syscall = undefined;
  task.syncs.length = 0;
  task.request = undefined;
  task.syncfs = undefined;
  task.dirtying = false;
  task.madeWritable = undefined;
  task.ahead = undefined;
  task.store = undefined;
  task.flush = undefined;
  task.direct = undefined;
  task.ending = undefined;
  task.directWrites = undefined;
  task.converting = undefined;
  task.needsSync = undefined;
  task.released = undefined;
  task.asksSync = undefined;
  task.changing = undefined;
  endChanges(task);
  task.removal = undefined;
  task.told = undefined;
  task.errorTold = undefined;
}

/** The task is in the middle of no transaction. */
export function endChanges(task: PageCacheTask): void {
  task.times = undefined;
  task.mayMap = undefined;
  task.treeChanged = undefined;
  task.inserted = undefined;
  task.xfsChange = undefined;
}
