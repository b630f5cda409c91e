/**
 * What is under judgement in the page cache: it grows with the folios that a recording touches.
 *
 * @module
 */
import type { Removal } from "../../event.ts";
import { type FileId, fileKey, type MappingId, type Moment, type Where } from "../observation.ts";
import type { ErrorCursor } from "./error_cursor.ts";
import type { Device } from "./flush_epochs.ts";
import { createInodeInLog, type InodeInLog, type Journal } from "./journal.ts";
import type { NeededOfInode } from "./needed_of_inode.ts";
import type { FolioBlocks } from "./dirty_bytes.ts";
import type { DeviceCached, MappingWorld, PageAfterDirect, Writing } from "./folio_parts.ts";
import type { Pieces } from "./pieces.ts";
import type { PageCacheFindings } from "./findings.ts";
import type { DirectPage } from "./direct_world.ts";
import type { ByteRange } from "./byte_range.ts";
import type { Metadata } from "./observation.ts";
import type { FolioMarks } from "./mark_world.ts";
import type { BytesSeen } from "./bytes_seen.ts";
import type { SectorMaps } from "./sectors.ts";
import type { Memories } from "./memories.ts";
import type { Values } from "./page_values.ts";
import type { PageCacheSettings } from "./settings.ts";
import type { FittingStates } from "./state_sets.ts";
import type { Unjudged } from "./why.ts";

/** A folio. */
export interface FolioUnderCheck {
  readonly file: PageCacheFile;
  readonly index: number;
  pages: number;
  /** True if a line has told how many. */
  sized: boolean;
  /** The last line that has told how many. */
  sizedAt: number | undefined;
  /** The last line that has told that it was split before. */
  splitAt: number | undefined;
  /** Since when it is dirty; undefined if it is clean, or nothing is known. */
  dirty: Where | undefined;
  /** How often it was marked dirty since it was surely clean; undefined if that is not known. */
  markings: number | undefined;
  /** What marked it dirty last: a call like write(2), of which the return is recorded; or writeback, again. */
  dirtiedBy: "write" | "writeback" | "other";
  /** When its DIRTY mark was surely set. */
  marked: Where | undefined;
  /** When it was last declared clean. */
  cleaned: Where | undefined;
  writing: Writing | undefined;
  readonly marks: FolioMarks;
  blocks: FolioBlocks | undefined;
  /** When it entered the page cache; undefined if that was not seen. */
  added: Where | undefined;
  /** Since when it is known to be uptodate. */
  uptodate: Where | undefined;
  /** A bio that reads it, and since when. */
  reading: { readonly bio: string; readonly at: Where } | undefined;
  /** The block has been removed since it was looked up. */
  stale: { readonly removal: PageRemovalInFlight; readonly where: Where } | undefined;
  cached: DeviceCached | undefined;
  /** What sync calls in flight, or lately returned, want of it. */
  readonly owed: Owed[];
  world: FittingStates;
  /** Mappings that were seen to use it; undefined, as for most folios, if none was. */
  mappings: Map<MappingId, MappingWorld> | undefined;
  /** Through which it was made writable since the last clean; true if by faults of their own tasks. */
  writers: Map<MappingId, boolean> | undefined;
  /** Last lines of the folio, for reports. Lines are only added; where there are too many, it is another list. */
  history: Where[];
}

/** A folio that a sync call must see written. */
export interface Owed {
  readonly call: SyncCallInFlight;
  readonly folio: FolioUnderCheck;
  /** The folio's history, of which the first `past` lines are how its story began. */
  readonly history: readonly Where[];
  readonly past: number;
  set: FittingStates;
  stage: "dirty" | "writing" | "failed" | "cached";
  /** True if it was dirty or under writeback when the call was entered. */
  readonly data: boolean;
  /** Pages that the folio had then. */
  readonly pages: number;
  /** When it had reached the device, and which. */
  written: DeviceCached | undefined;
  failed: Where | undefined;
  /** Writeback of the folio has ended, and nobody knows when. */
  unsure: boolean;
  /** What is not shown of it, though what bios have carried of it is on the media. */
  open: Unjudged | undefined;
  /** True if the call may not owe it (`syncfs.ts`). */
  perhaps: boolean;
  /** The call has returned 0, and waits for what the folio does next (`awaiting.ts`). */
  returned: Where | undefined;
}

/** A sync call on one file. */
export interface SyncCallInFlight {
  readonly id: "DUR-1" | "DUR-2";
  /** Entry of the system call. */
  readonly since: Where;
  readonly file: PageCacheFile;
  /** Names the open file description, and the line that tells it. */
  descriptor: { readonly name: string; readonly where: Where } | undefined;
  /** Set if an error that the descriptor was not told of was on record at the entry. */
  readonly untold: boolean;
  /** Bytes; undefined as long as no line tells. */
  range: ByteRange | undefined;
  /** True if the range is a part of what it covers, as long as no line tells. */
  partly: boolean;
  readonly owed: Owed[];
  /** Metadata, as the entry of the file system's function tells it, and as its last line does. */
  metadata: Metadata | undefined;
  required: Metadata | undefined;
  /** What it needs of the inode, as plain tracepoints show it. */
  readonly needed: NeededOfInode;
  /** The transaction that it has waited for. */
  waited: number | undefined;
  /** The line that tells that writeback of what it covers was waited for. */
  settled: Where | undefined;
  /** The last transaction that was committed at the entry. */
  readonly committed: number | undefined;
  /** XFS: the highest sequence that the log was forced up to meanwhile. */
  forced: number | undefined;
  /** An error of the file was reported to somebody meanwhile. */
  reported: boolean;
  /** A line showed its task look for an error. */
  looked: boolean;
  /** Why it could not be judged, so far; the calls of one syncfs share it. */
  readonly open: Set<Unjudged>;
}

/** syncfs in flight: a call on each file that has something to lose. */
interface SyncfsInFlight {
  /** The file system; undefined as long as no line tells. */
  dev: string | undefined;
  calls: readonly SyncCallInFlight[];
}

/** A file. */
export interface PageCacheFile {
  readonly id: FileId;
  /** Pages of its largest folio so far, as a power of two. */
  largest: number;
  /** By first page. */
  readonly folios: Map<number, FolioUnderCheck>;
  /** Folios that a crash may take something of. */
  readonly unsafe: Set<FolioUnderCheck>;
  /** Parts of such folios that were split, as long as no line tells of each. */
  readonly pieces: Pieces<SyncCallInFlight>[];
  readonly syncs: Set<SyncCallInFlight>;
  /** The last error (`errseq_t` without the flag that it was seen), and its line. */
  error: number | undefined;
  errorAt: Where | undefined;
  /** By open file description. */
  readonly cursors: Map<string, ErrorCursor>;
  /** AS_STABLE_WRITES; undefined if no line tells. */
  stable: boolean | undefined;
  /** What plain tracepoints tell of its inode and the journal. */
  readonly inode: InodeInLog;
  /** Bytes whose blocks were seen to be unwritten, the last ones. */
  readonly unwritten: BytesSeen[];
  /** Pages that were added, less those that were removed, by the lines. */
  pageCount: number;
  /** What the kernel counts beside those, and between which lines that was always the same. */
  count: { readonly base: number; readonly since: Where; readonly last: Where } | undefined;
  /** How often bytes were cut out of it; how far it reaches, by bios since the last time. */
  cuts: number;
  reaches: number;
  /** Calls in flight that take pages away. */
  readonly removals: Set<PageRemovalInFlight>;
  /** The last time that folios were cut out of it: by which task, and when that was over. */
  lastCut: { readonly by: number; readonly ended: Where } | undefined;
  /** Folios that a direct read has not seen written, and what must tell whether they were. */
  readonly unread: Map<FolioUnderCheck, {
    readonly request: DirectRequest;
    readonly where: Where;
    readonly stage: "dirty" | "writing";
  }>;
  /** Direct I/O in flight. */
  readonly requests: Set<DirectRequest>;
  /** Pages that a direct write has written, and of which nobody has read anything since. */
  readonly afterDirect: Map<number, PageAfterDirect>;
}

/** A call in flight that takes pages from one file (`removals.ts`). */
export interface PageRemovalInFlight {
  /** Entry of the system call. */
  readonly since: Where;
  readonly file: PageCacheFile;
  readonly why: Removal;
  readonly range: ByteRange;
  /** Folios inside the range when it began, and what was under way with each. */
  readonly met: Map<FolioUnderCheck, {
    readonly folio: FolioUnderCheck;
    readonly reading: FolioUnderCheck["reading"];
    readonly writing: Writing | undefined;
    readonly dirty: boolean;
    readonly uptodate: Where | undefined;
  }>;
  /** The last `truncate_inode_pages_range` within it. */
  cut: Cut | undefined;
  /** Folios that others have added meanwhile. */
  readonly rivals: { readonly where: Where; readonly page: number; readonly cut: Cut }[];
}

/** `truncate_inode_pages_range`. */
interface Cut {
  readonly begun: Where;
  readonly range: ByteRange;
  ended: Where | undefined;
  readonly added: { readonly where: Where; readonly page: number }[];
}

/** A bio that was under way when the blocks that it writes to had been removed. */
interface StrayWrite {
  readonly removal: PageRemovalInFlight;
  readonly folio: FolioUnderCheck;
  readonly writing: Writing;
  /** The return of the call that removed them. */
  readonly where: Where;
}

/** Direct I/O in flight on one file (`direct_io.ts`). */
export interface DirectRequest {
  readonly begun: Where;
  readonly file: PageCacheFile;
  readonly range: ByteRange;
  /** Undefined as long as no line tells. */
  writes: boolean | undefined;
  /** Folios that a read must see written, and how far each has come. */
  readonly unwritten: Map<FolioUnderCheck, "dirty" | "writing" | "written">;
  /** Pages of a write of which something is known. */
  readonly pages: Map<number, DirectPage>;
  /** Bios that have not ended, and when the first was handed to the device. */
  readonly bios: Set<string>;
  /** Bytes that were handed to the device. */
  bytes: number;
  queued: Where | undefined;
  /** True if its bios are not recorded, as far as is known. */
  readonly bioless: boolean;
  /** The second invalidation: when it returned, and whether a folio stayed. */
  invalidated: { readonly where: Where; readonly failed: boolean } | undefined;
  /** What was seen of its end, in order. */
  readonly ending: ("invalidatedAgain" | "converted")[];
  readonly endingAt: Where[];
}

/** A bio that carries parts of folios. */
export interface BioInFlight {
  /** True for one that is uptodate once the bio has been read. */
  readonly folios: Map<FolioUnderCheck, boolean>;
  /** True once it was handed to a device: a bio of this address that is handed over now is another. */
  queued: boolean;
  /** The direct I/O that it is of, if it is. */
  readonly request: DirectRequest | undefined;
}

/** The checker's whole state. */
export interface PageCacheCheck {
  readonly settings: PageCacheSettings;
  readonly files: Map<string, PageCacheFile>;
  /** The file of the last line: lines of one file come in runs. */
  latest: PageCacheFile | undefined;
  readonly devices: Map<string, Device>;
  readonly journals: Map<string, Journal>;
  readonly bios: Map<string, BioInFlight>;
  readonly calls: Map<number, SyncCallInFlight>;
  readonly syncfs: Map<number, SyncfsInFlight>;
  /** By task: when it had last left a system call or fault in which it marked folios dirty. */
  readonly dirtyingOver: Map<number, Where>;
  readonly requests: Map<number, DirectRequest>;
  readonly removals: Map<number, PageRemovalInFlight>;
  /** By address. */
  readonly strayWrites: Map<string, StrayWrite>;
  values: Values;
  readonly memories: Memories;
  /** Bios that write with REQ_FUA and have not ended. */
  readonly fuaBios: Map<string, Where>;
  /** By device: when such a write last ended. */
  readonly fuaEnds: Map<string, Where>;
  /** Devices on which a bio of a direct write was seen. */
  readonly directBios: Set<string>;
  /** True once a function probe was seen: of folios and bios, plain tracepoints are not needed. */
  probes: boolean;
  /** Tasks that were seen to clean a folio; two are enough to know of another one. */
  readonly cleaners: Set<number>;
  /** Devices on which a fault was seen to call fsync: elsewhere its lines may not be recorded. */
  readonly syncsInFaults: Set<string>;
  /** True once a line has told which folio a bio carries. */
  carries: boolean;
  /** True once a plain tracepoint was seen that tells what becomes of dirty folios. */
  plain: boolean;
  sectors: SectorMaps;
  /** Folios whose extent was marked written before their data had arrived. */
  readonly exposed: Map<FolioUnderCheck, Where>;
  /** File systems of which lines tell that inodes are written into transactions. */
  readonly logging: Set<string>;
  /** File systems of XFS of which lines tell that extents or sizes of files change. */
  readonly mapping: Set<string>;
  /** Calls that owed something and have returned before any line has shown what becomes of a folio. */
  unfollowed: number;
  readonly findings: PageCacheFindings;
}

/** The file's record, made on first sight. */
export function pageCacheFile(check: PageCacheCheck, id: FileId): PageCacheFile {
  const { latest, files } = check;
  if (latest?.id === id) return latest;
  const key = fileKey(id);
  let file = files.get(key);
  if (file === undefined) {
    file = {
      id,
      folios: new Map(),
      largest: 1,
      unsafe: new Set(),
      pieces: [],
      syncs: new Set(),
      error: undefined,
      errorAt: undefined,
      cursors: new Map(),
      stable: undefined,
      pageCount: 0,
      cuts: 0,
      reaches: 0,
      count: undefined,
      removals: new Set(),
      lastCut: undefined,
      unread: new Map(),
      requests: new Set(),
      afterDirect: new Map(),
      unwritten: [],
      inode: createInodeInLog(),
    };
    files.set(key, file);
  }
  check.latest = file;
  return file;
}

/** True if `one` came before `other`, whatever clocks say. */
export function isBefore({ settings }: PageCacheCheck, one: Moment, other: Moment): boolean {
  if (one.line > other.line) return false;
  return one.cpu === other.cpu || one.time + settings.clockError <= other.time;
}
