/**
 * What was known of the page cache at each step of a breach's story.
 *
 * @module
 */
import { sameFile, type Where } from "../../../model/check/observation.ts";
import {
  knownCursors,
  type KnownFolio,
  knownFolio,
  knownOnDisk,
} from "../../../model/check/page_cache/known.ts";
import type {
  ErrorCheckedSeen,
  FolioEvent,
  PageCacheObservation,
  SyncEnteredSeen,
  SyncLeftSeen,
} from "../../../model/check/page_cache/observation.ts";
import type { FittingStates } from "../../../model/check/page_cache/state_sets.ts";
import type { PageCacheCheck } from "../../../model/check/page_cache/subject.ts";
import type { BreachFound } from "../../../model/check/verdict.ts";

/** What was known at one step. */
export interface KnownThen {
  /** `gone` once the page's folio was seen to leave the cache; undefined if none was seen. */
  readonly folio: KnownFolio | "gone" | undefined;
  /** What flushes have made of what the disk had at the entry of the breach's call. */
  readonly disk: FittingStates | undefined;
  /** What each open file description had been told of errors. */
  readonly cursors: ReadonlyMap<string, FittingStates>;
}

/** The page cache's part of a story. */
export interface FolioStory {
  readonly breach: BreachFound;
  readonly steps: readonly Where[];
  /** The page that is followed; undefined if the breach is of none. */
  readonly page: number | undefined;
  /** What was known before the first step, and after each. */
  readonly known: KnownThen[];
  /** What was known just before the line of the breach: lines that are no steps may have changed it. */
  before: KnownThen | undefined;
  /** Entry of the sync call that the breach is of. */
  since: Where | undefined;
  /** The open file description that the breach is of. */
  descriptor: string | undefined;
  gone: boolean;
}

/** A story of which nothing was seen yet. */
export function createFolioStory(breach: BreachFound, steps: readonly Where[]): FolioStory {
  return {
    breach,
    steps,
    page: breach.pgoffs[0],
    known: [],
    before: undefined,
    since: undefined,
    descriptor: undefined,
    gone: false,
  };
}

/** What is known of the page, the disk and the descriptors at this moment. */
export function knownThen(story: FolioStory, check: PageCacheCheck): KnownThen {
  const { breach: { file, violation }, page, since, gone } = story;
  const folio = page === undefined ? undefined : knownFolio(check, file, page);
  return {
    folio: folio ?? (gone ? "gone" : undefined),
    // Where the breach names a page, that page is followed.
    disk: since === undefined || page !== undefined ? undefined : knownOnDisk(check, file, since),
    cursors: violation.id === "DUR-5" ? knownCursors(check, file) : new Map(),
  };
}

/** Descriptors of sync calls in flight, by call. */
export type CallDescriptors = Map<number, string>;

/** What tells something of the page, the call or the descriptor of a breach. */
type Followed =
  | FolioEvent
  | SyncEnteredSeen
  | SyncLeftSeen
  | ErrorCheckedSeen
  | Extract<PageCacheObservation, { readonly kind: "page_cache_gap" }>;

const followed: ReadonlySet<string> = new Set<Followed["kind"]>([
  "folio_added",
  "folio_removed",
  "sync_entered",
  "sync_left",
  "error_checked",
  "page_cache_gap",
]);

/** True if stories are to be shown the observation: most say nothing to them. */
export function isFollowed(seen: PageCacheObservation): seen is Followed {
  return followed.has(seen.kind);
}

/** Notes what the observation tells of the page, the call and the descriptor of the breach. */
export function followFolio(
  story: FolioStory,
  seen: Followed,
  descriptors: CallDescriptors,
): void {
  const { breach: { file, violation: { at, because } }, page } = story;
  switch (seen.kind) {
    case "folio_added":
    case "folio_removed": {
      const { folio } = seen;
      if (page === undefined || !sameFile(folio.file, file)) return;
      if (folio.index > page || folio.index + (folio.pages ?? 1) <= page) return;
      story.gone = seen.kind === "folio_removed";
      return;
    }
    case "sync_entered":
      if (!sameFile(seen.file, file) || seen.since.pid !== at.pid) return;
      if (because.some(({ line }) => line === seen.since.line)) story.since = seen.since;
      return;
    case "sync_left":
      if (seen.where.line === at.line) story.descriptor ??= descriptors.get(seen.call);
      return;
    case "error_checked":
      if (seen.where.line === at.line) story.descriptor = seen.descriptor;
      return;
    case "page_cache_gap":
      story.gone = false;
      story.since = undefined;
      return;
    default:
      return;
  }
}

/** Notes the descriptor of a sync call, as soon as a line tells it. */
export function noteDescriptor(descriptors: CallDescriptors, seen: PageCacheObservation): void {
  if (seen.kind !== "sync_entered" && seen.kind !== "sync_told") return;
  if (seen.descriptor !== undefined) descriptors.set(seen.call, seen.descriptor);
}
