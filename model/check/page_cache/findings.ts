/**
 * What a check of the page cache has found.
 *
 * @module
 */
import { type Breaches, type BreachFound, collectBreaches } from "../breaches.ts";
import { type FileId, fileKey, type MappingId, type Where } from "../observation.ts";
import { createSilentSyncs, type SilentSyncs } from "./silent_syncs.ts";
import type { Unjudged } from "./why.ts";

/** Occasions of a kind that were not judged: the first, the line of the last, and how many. */
interface UnjudgedCount {
  readonly first: Where;
  last: number;
  count: number;
}

/**
 * A breach that rests on something not having come before a line, or at all: it counts only in a
 * recording that is whole.
 */
interface AbsentBreach {
  readonly breach: BreachFound;
  readonly missing: Unjudged;
}

/** How much was looked at. */
export interface PageCacheNumbers {
  /** Folios of all files. */
  folios: number;
  /** Folios that were written back, each time. */
  writebacks: number;
  /** Sync calls. */
  syncs: number;
  /** Sync calls that had dirty folios to write, and are not known to have failed. */
  syncsWithData: number;
  /** Pages of these folios. */
  pages: number;
  /** Sync calls with dirty folios whose range no line tells, and that kept DUR-1 whatever they cover. */
  syncsOfAnyRange: number;
  /** Copies of write(2) into a folio. */
  copies: number;
  /** Write faults that made a folio writable. */
  mkwrites: number;
  /** Stores that a marker announces. */
  stores: number;
  /** Direct writes that have returned. */
  directWrites: number;
  /** Direct reads that have returned. */
  directReads: number;
  /** Direct writes in whose range a folio was cached meanwhile. */
  directOverFolios: number;
  /** Hole punches, truncations, and ranges that collapsed or opened. */
  removals: number;
}

/** All findings. */
export interface PageCacheFindings {
  /** By invariant: occasions on which it could have been broken and was not. */
  readonly judged: Map<string, number>;
  readonly violations: Breaches;
  readonly absent: Breaches<AbsentBreach>;
  /**
   * Breaches of a call that is one only if neither its end nor the beginning of another was taken out
   * between its lines: they count where the recording counts its events, has lost none, and
   * is of every CPU.
   */
  readonly paired: Breaches;
  /** By invariant and reason. */
  readonly unjudged: Map<string, Map<Unjudged, UnjudgedCount>>;
  readonly numbers: PageCacheNumbers;
  gaps: number;
  /** The first line that does not fit what came before it: a line before it is missing. */
  misfit: Where | undefined;
  /** True once a line has told that some file was cut; what is broken if such lines are recorded. */
  cutsShown: boolean;
  readonly unsent: BreachFound[];
  /** File systems whose syncs print lines, by device; and calls of syncfs in which none was printed. */
  readonly synced: Set<string>;
  readonly unnamed: UnnamedSyncfs[];
  readonly silent: SilentSyncs;
  /** Names of files that are those of two at least, as of inodes in two subvolumes of btrfs. */
  readonly twins: Set<string>;
}

/** A syncfs of which no line tells the file system, and where the files lie that it may owe. */
interface UnnamedSyncfs {
  readonly where: Where;
  readonly devices: readonly string[];
}

/** What makes two breaches one: the call, and where one is concerned the mapping. */
export function callKey({ file, mapping, violation: { at } }: BreachFound): string {
  return `${fileKey(file)} ${at.line} ${mapping ?? ""}`;
}

/** Nothing found. */
export function createPageCacheFindings(): PageCacheFindings {
  return {
    judged: new Map(),
    violations: collectBreaches((breach) => breach, callKey),
    absent: collectBreaches(({ breach }) => breach, callKey),
    paired: collectBreaches((breach) => breach, callKey),
    unjudged: new Map(),
    numbers: {
      folios: 0,
      writebacks: 0,
      syncs: 0,
      syncsWithData: 0,
      pages: 0,
      syncsOfAnyRange: 0,
      copies: 0,
      mkwrites: 0,
      stores: 0,
      directWrites: 0,
      directReads: 0,
      directOverFolios: 0,
      removals: 0,
    },
    gaps: 0,
    misfit: undefined,
    cutsShown: false,
    unsent: [],
    synced: new Set(),
    unnamed: [],
    silent: createSilentSyncs(),
    twins: new Set(),
  };
}

/** An occasion could not be judged: one of a line, however many folios it concerns. */
export function leaveOpen(
  { unjudged }: PageCacheFindings,
  id: string,
  why: Unjudged,
  where: Where,
): void {
  let reasons = unjudged.get(id);
  if (reasons === undefined) unjudged.set(id, reasons = new Map());
  const known = reasons.get(why);
  if (known === undefined) reasons.set(why, { first: where, last: where.line, count: 1 });
  else if (known.last !== where.line) {
    known.last = where.line;
    known.count++;
  }
}

/** A sync call could not be judged: it counts once for each reason, however many folios have it. */
export function leaveCallOpen(
  findings: PageCacheFindings,
  { id, open }: { readonly id: string; readonly open: Set<Unjudged> },
  why: Unjudged,
  where: Where,
): void {
  if (open.has(why)) return;
  open.add(why);
  leaveOpen(findings, id, why, where);
}

/** A place with all that it says: a reader may make its text only when it is asked for. */
export function inFull({ line, time, cpu, task, pid, text, role }: Where): Where {
  return { line, time, cpu, task, pid, text, role };
}

/** A breach of an invariant, told in the order of the lines, and in full. */
export function breachOf(
  id: string,
  of: {
    readonly file: FileId;
    readonly pgoffs: readonly number[];
    readonly mapping?: MappingId;
    readonly at: Where;
    readonly proof?: Where;
    readonly because: readonly Where[];
  },
): BreachFound {
  const { file, pgoffs, mapping, because } = of;
  const places = new Map(
    [...because, of.at, of.proof ?? of.at].map((each) => [each, inFull(each)]),
  );
  const story = [...places.values()].sort((one, other) => one.line - other.line);
  const at = places.get(of.at) ?? of.at;
  const proof = of.proof === undefined ? at : places.get(of.proof) ?? of.proof;
  return {
    file,
    pgoffs,
    mapping,
    violation: { id, at, proof, because: story, aftermath: 0 },
  };
}
