/**
 * What is under judgement: files, their pages, and the VMAs that map them. Grows with the pages that
 * a recording's faults touch, never with its length.
 *
 * @module
 */
import type { FewMap } from "../few_map.ts";
import type { CheckerAutomaton } from "./automaton.ts";
import type { Completeness } from "./completeness.ts";
import { createFindings, type Findings } from "./findings.ts";
import type { CandidateSet, Course } from "./candidate_set.ts";
import type {
  FaultBeginSeen,
  FileId,
  MappingId,
  Moment,
  PassBeginSeen,
  RemovalBeginSeen,
  Where,
} from "./observation.ts";
import { createPasts, type Pasts } from "./history.ts";
import { createMoments, type Moments } from "./moments.ts";
import type { SeenProjection } from "./projection.ts";
import type { Roll } from "./roll.ts";
import type { WatchedPart } from "./transition.ts";
import type { Occasion, Violation } from "./violation.ts";

/** A task as a line names it. */
export interface Task {
  readonly pid: number;
  readonly name: string;
}

/** A small world: a page's entry, or one mapping's PTE of the page. */
export interface SmallWorld {
  readonly watch: WatchedPart;
  readonly file: FileUnderCheck;
  readonly pgoff: number;
  /** Undefined where the entry is watched. */
  readonly mapping: MappingId | undefined;
  /** The mapping's record. */
  readonly vma: MappingUnderCheck | undefined;
  /** The world that came before it to the page of user space that it watches (`mapped_worlds.ts`). */
  before: SmallWorld | undefined;
  set: CandidateSet;
  /** What the set's occasions were, in its order. */
  occasions: readonly Occasion[];
  /** Removals in flight by slot, as the page sees them. */
  removals: readonly (SeenProjection | undefined)[];
  /** Sync slots that have begun in this world. */
  syncs: number;
  /** Line up to which it was observed. */
  seen: number;
  /** True once the watched mapping was seen to map a hole. */
  mappedHole: boolean;
  /** The task of the last write fault in the watched mapping: as long as it lives, its mapping lives. */
  writer: Task | undefined;
  /** The task that last faulted through the watched mapping: what it unmaps, it unmaps there. */
  visitor: number | undefined;
  /** Line of the last marked store that was not judged, and may have gone through the mapping as it was. */
  untold: number | undefined;
  /** TOWRITE may have outlived DIRTY: another pass has found the entry locked, and passed over it. */
  leftover: boolean;
  /** Line of the last write fault on the page before which its block may not have been there, or 0. */
  created: number;
  /** The last violations, whose stories go on for a few steps. */
  told: readonly Violation[];
  /** The number of its past (`history.ts`), and of its row among the moments of all (`moments.ts`). */
  readonly row: number;
  /** The world's place among the file's dirty ones, or its settled ones; -1 while the entry cannot be DIRTY. */
  listed: number;
  settled: boolean;
  /** True while it is among the file's open worlds. */
  open: boolean;
  /** Worlds with whom it sees what happens to other pages (`bystanders.ts`), if it does. */
  crowd: Crowd | undefined;
  /** The world's place in the crowd, or among those that see it alone; -1 if it does not. */
  stands: number;
  /** Turn that the world has where several see one thing. */
  turn: number;
  /** The checker's count of gaps when the world was last brought up to date. */
  gaps: number;
}

/** One page of a file, with its worlds. */
export interface PageUnderCheck {
  readonly pgoff: number;
  /** How many pages of its PMD range came under check before it. */
  readonly nth: number;
  readonly file: FileUnderCheck;
  readonly range: PmdRange;
  readonly entry: SmallWorld;
  /** Place among the pages of its range that a PMD entry may cover; -1 if none may cover it. */
  huge: number;
  /** The mappings' worlds by their mapping, once they are many: `worlds` has all of them. */
  byMapping: Map<MappingId, SmallWorld> | undefined;
  /** The entry's world and every mapping's. */
  worlds: SmallWorld[];
}

/** A VMA of a file, as far as a trace can tell. */
export interface MappingUnderCheck {
  readonly id: MappingId;
  /** User address at which page 0 of the file would lie. */
  readonly base: number;
  /** True once a program has marked a store through it. */
  stores: boolean;
}

/** What may have happened unseen to worlds of a file while no call has broken its layout. */
export interface Calm {
  /** What it follows from: the recording's completeness, and of how many devices truncates show. */
  readonly of: Completeness;
  readonly devices: number;
  readonly entry: Course;
  readonly mapping: Course;
}

/** A file under judgement. There may be very many: what few of them need is made when it is needed. */
export interface FileUnderCheck {
  readonly id: FileId;
  readonly pages: FewMap<number, PageUnderCheck>;
  /** By PMD range: its pages under check. */
  readonly ranges: FewMap<number, PmdRange>;
  readonly mappings: FewMap<MappingId, MappingUnderCheck>;
  /** Worlds whose entry may be DIRTY, but for the settled ones. */
  readonly dirty: Roll<SmallWorld>;
  /** Worlds that sync calls pass by, until something else happens to them (`settled.ts`). */
  settled: Roll<SmallWorld> | undefined;
  /** What could happen unseen when the last of them settled. */
  settledIn: Calm | undefined;
  /** Where the last call for all pages ended that passed them by. */
  passedBy: Where | undefined;
  /** By PMD range: worlds of entries with open occasions, whose pages may have been truncated and written again. */
  open: Map<number, Set<SmallWorld>> | undefined;
  /** The last passes that have begun. */
  readonly passes: PassUnderCheck[];
  /** Faults under way, of each task one. */
  faulting: FaultBeginSeen[] | undefined;
  /** Line at which a fault ended last. */
  faulted: number;
  /** The file's size in pages, and the lines from which and up to which it was seen to be that. */
  size: { readonly pages: number; readonly since: number; readonly seen: number } | undefined;
  /** Worlds of recent violations, whose stories go on. */
  telling: Set<SmallWorld> | undefined;
  /** Sync calls in flight by slot; slot 0 stays empty, for task 0 is whoever acts. */
  readonly syncs: (SyncInFlight | undefined)[];
  readonly removals: (RemovalInFlight | undefined)[];
  /** By descriptor that alone told of removals: worlds that they may have changed. */
  guesses: Map<string, Set<SmallWorld>> | undefined;
  /** Calls in flight that may break the layout. */
  breaking: number;
  /** The last such call, and the line at which one returned last. */
  breaker: Where | undefined;
  broken: number;
  /** Line up to which removals from it may be missing from the recording, and of which pages on. */
  hidden: number;
  hiddenFrom: number;
  calm: Calm | undefined;
}

/** A writeback pass, and its end once it is over. */
interface PassUnderCheck {
  readonly begin: PassBeginSeen;
  end: Where | undefined;
}

/** The pages of one PMD range. */
export interface PmdRange {
  pages: PageUnderCheck[];
  /** Set as long as a PMD entry may cover one of them, where they are more than one. */
  bystanders: Bystanders | undefined;
  /** The last PMD write fault, which a new page's story begins with. */
  fault: Where | undefined;
  /** When an entry was last cleaned that may be one of a page that is not under check. */
  cleaned: Where | undefined;
}

/** Worlds that know the same, and see the same of other pages. */
export interface Crowd {
  /** What tells it from others beside the set (`join`). */
  readonly name: string;
  readonly set: CandidateSet;
  readonly mapping: MappingId | undefined;
  readonly mappedHole: boolean;
  readonly worlds: Roll<SmallWorld>;
  readonly of: Bystanders;
}

/** The worlds of a PMD range that see what happens to its other pages. */
export interface Bystanders {
  /** Pages that a PMD entry may cover: theirs are the worlds. */
  readonly huge: Roll<PageUnderCheck>;
  /** Worlds that are stepped one by one. */
  readonly alone: Roll<SmallWorld>;
  /** All others, by their mapping and what is known. */
  readonly crowds: Map<string, Map<CandidateSet, Crowd>>;
  /** All crowds in one list, in any order. */
  readonly standing: Crowd[];
  /** Pages that have come so far. */
  pages: number;
  /** Line at which all crowds were stepped last. */
  seen: number;
  /** The last write fault among what they were stepped by. */
  write: Where | undefined;
  /**
   * Worlds that have joined last, in order, each with the last line and time at which anything happened to
   * it alone, or to one that joined before.
   */
  readonly joined: {
    readonly world: SmallWorld;
    readonly line: number;
    readonly time: number;
  }[];
  /** Last line and time of all that joined before those. */
  earlier: { readonly line: number; readonly time: number };
  /** The check's count of gaps when they were stepped last. */
  gaps: number;
}

/** A sync call on one file. */
export interface SyncInFlight {
  readonly sync: SyncCall;
  /** The line that has named its file. */
  readonly named: Where;
  /** False as long as it has begun in no world: its range is not told. */
  entered: boolean;
  /** Pages [from, to) that it is for, as far as is told. */
  range: { readonly from: number; readonly to: number };
  /** Worlds in which it has begun, and is in flight as long as they have its slot: what it owes hangs on them. */
  worlds: SmallWorld[];
}

/** A sync call in flight. */
export interface SyncCall {
  readonly begin: Where;
  /** File key to slot. */
  readonly slots: Map<string, number>;
  crowded: boolean;
  /** False once a sync call, a pass or a fault of another task was under way on one of its files. */
  alone: boolean;
}

/** A removal that has been entered. */
export interface RemovalInFlight {
  readonly begin: RemovalBeginSeen;
  readonly removesWholeEntries: boolean;
  /** Undefined where too many are in flight to be followed one by one. */
  readonly slot: number | undefined;
  /** Worlds that it may change. */
  readonly worlds: Set<SmallWorld>;
}

/** How a check is made. */
interface CheckSettings {
  /** By how much clocks of different CPUs may differ, in the unit of `Moment.time`. */
  readonly clockError: number;
}

/** The checker's whole state. */
export interface Check {
  readonly automaton: CheckerAutomaton;
  readonly settings: CheckSettings;
  completeness: Completeness;
  readonly files: Map<string, FileUnderCheck>;
  /** The one that was asked for last. */
  lastFile: FileUnderCheck | undefined;
  /** The task of the last write fault in a mapping of which another was the last before. */
  lastWriter: Task | undefined;
  /** Worlds of mappings by the page of user space that they watch (`mapped_worlds.ts`). */
  readonly mapped: Map<number, SmallWorld>;
  readonly calls: Map<number, SyncCall>;
  /** Files with calls that have not begun in any world. */
  readonly unentered: Set<FileUnderCheck>;
  readonly removalCalls: Map<number, RemovalInFlight>;
  /** Worlds that wait for a sign of life of a task, and since when. */
  readonly waiting: Map<number, Map<SmallWorld, Where>>;
  /** Sync calls that have returned so lately that an event of another CPU may still precede that. */
  readonly returning: { readonly until: number; readonly end: () => void }[];
  readonly pasts: Pasts;
  readonly moments: Moments;
  readonly findings: Findings;
  /** Gaps so far: a world that has seen fewer knows nothing. */
  gaps: number;
  /** Line at which a call last returned that may have broken any file's layout, and the call. */
  broken: number;
  breaker: Where | undefined;
  /** Line up to which removals from any file may be missing from the recording. */
  hidden: number;
}

/** A check that has seen nothing. */
export function createCheck(
  automaton: CheckerAutomaton,
  completeness: Completeness,
  settings: CheckSettings,
): Check {
  return {
    automaton,
    settings,
    completeness,
    files: new Map(),
    lastFile: undefined,
    lastWriter: undefined,
    mapped: new Map(),
    calls: new Map(),
    unentered: new Set(),
    removalCalls: new Map(),
    waiting: new Map(),
    returning: [],
    pasts: createPasts(),
    moments: createMoments(),
    findings: createFindings(),
    gaps: 0,
    broken: 0,
    breaker: undefined,
    hidden: 0,
  };
}

/**
 * True if `one` happened before `other`, or at it, whatever the clocks of their CPUs say: on one CPU by
 * the order of lines, on two by more than the clocks' error.
 */
export function surelyBefore(
  { settings }: Check,
  one: Moment | undefined,
  other: Moment,
): boolean {
  if (one === undefined) return true;
  if (one.line > other.line) return false;
  return one.cpu === other.cpu || one.time + settings.clockError <= other.time;
}
