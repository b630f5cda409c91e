/**
 * What the check knows of a page at this moment, as sets of states of its small worlds: for pictures. It
 * reads the check's records and adds no rule to them; a check that nobody looks at pays nothing for it.
 *
 * @module
 */
import { type FileId, fileKey, type MappingId, type Where } from "../observation.ts";
import { coverage } from "./flush_epochs.ts";
import { folioAround } from "./folio_record.ts";
import { afterwards, owedAt } from "./promise.ts";
import type { FittingStates } from "./state_sets.ts";
import { deviceOf, diskOfFile } from "./storage.ts";
import { type FolioUnderCheck, isBefore, type PageCacheCheck } from "./subject.ts";

/** What fits of a page's folio. */
export interface KnownFolio {
  /** `PG_dirty` and `PG_writeback`, in the world of `folio_world.ts`. */
  readonly flags: FittingStates;
  /** How far its bytes have come, in the world of `promise.ts`; undefined if no line has told. */
  readonly data: FittingStates | undefined;
  /** Mappings that were seen to use it, in the world of `folio_world.ts`. */
  readonly mappings: ReadonlyMap<MappingId, readonly FittingStates[]>;
}

/** What is known of the folio that holds the page; undefined if none was seen, or it has left the cache. */
export function knownFolio(
  check: PageCacheCheck,
  file: FileId,
  pgoff: number,
): KnownFolio | undefined {
  const known = check.files.get(fileKey(file));
  const folio = known && folioAround(known, pgoff);
  if (folio === undefined) return undefined;
  const mappings = [...folio.mappings ?? []].map(([id, { protected: kept, missed }]) =>
    [id, missed === undefined ? [kept] : [kept, missed]] as const
  );
  return { flags: folio.world, data: knownData(check, folio), mappings: new Map(mappings) };
}

function knownData(check: PageCacheCheck, folio: FolioUnderCheck): FittingStates | undefined {
  const { dirty, writing, cached, cleaned, owed } = folio;
  if (dirty !== undefined) return owedAt("dirty");
  // How much of it has arrived, no line tells before the end.
  if (writing !== undefined) return afterwards(owedAt("writing"), "written", false);
  if (cached !== undefined) {
    // What was declared clean since is not what the device has.
    const isOlder = cleaned !== undefined && cleaned.line > cached.at.line;
    return isOlder ? undefined : knownSince(check, cached.dev, cached.at);
  }
  return owed.find(({ stage }) => stage === "failed")?.set;
}

/** What flushes have made of all that the file's disk had when a call was entered. */
export function knownOnDisk(check: PageCacheCheck, file: FileId, since: Where): FittingStates {
  return knownSince(check, diskOfFile(check, file).dev, since);
}

function knownSince(check: PageCacheCheck, dev: string, since: Where): FittingStates {
  const { kind } = coverage(
    deviceOf(check, dev),
    since,
    (one, other) => isBefore(check, one, other),
  );
  const cached = owedAt("cached");
  return kind === "bare" ? cached : afterwards(cached, "flushed", kind === "covered");
}

/** What each open file description of the file has been told of its errors (`error_cursor.ts`). */
export function knownCursors(
  { files }: PageCacheCheck,
  file: FileId,
): ReadonlyMap<string, FittingStates> {
  const cursors = files.get(fileKey(file))?.cursors ?? [];
  return new Map([...cursors].map(([name, { knows }]) => [name, knows]));
}
