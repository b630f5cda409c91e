/**
 * Blocks of a file that a call promises, and that are in no commit when it returns: a fast commit was
 * taken for them that had been written before they were mapped.
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import type { Moment, Where } from "../observation.ts";
import { isInNone } from "./fast_commits.ts";
import type { Blocks } from "./journal_observation.ts";
import { journalOf } from "./storage.ts";
import {
  type FolioUnderCheck,
  isBefore,
  type PageCacheCheck,
  type SyncCallInFlight,
} from "./subject.ts";

/** A folio that cannot be found after a crash, and the lines that tell, from that which shows it dirty. */
interface Uncommitted {
  readonly folio: FolioUnderCheck;
  readonly because: readonly Where[];
}

/** The first folio that the call owes, and that lies in blocks that no commit can hold. */
export function uncommittedBlocks(
  check: PageCacheCheck,
  call: SyncCallInFlight,
): Uncommitted | undefined {
  const { id, inode } = call.file;
  const { fast, commits } = journalOf(check, id.dev);
  const blockSize = check.sectors.blockSizes.get(id.dev);
  if (fast.length === 0 || blockSize === undefined || inode.tracked.mapped.length === 0) {
    return undefined;
  }
  // Where no commit was seen at all, commits may not be recorded.
  if (![...check.journals.values()].some((journal) => journal.commits.length > 0)) {
    return undefined;
  }
  const before = (one: Moment, other: Moment): boolean => isBefore(check, one, other);
  for (const { blocks, mapped, tracked } of inode.tracked.mapped) {
    if (tracked === undefined || !isInNone(fast, tracked, before)) continue;
    if (!commits.every(({ end }) => end !== undefined && before(end, tracked))) continue;
    const owed = call.owed.find(({ data, folio }) => data && isWithin(folio, blocks, blockSize));
    if (owed === undefined) continue;
    const taken = fast.findLast(({ how, begin }) => how === "written" && begin.line < tracked.line);
    const { history, past } = owed;
    const lines = [
      ...history.slice(0, past),
      mapped,
      tracked,
      taken?.begin,
      taken?.flush,
      taken?.end,
    ];
    const because = lines.filter((where) => where !== undefined);
    return { folio: owed.folio, because: because.toSorted((one, other) => one.line - other.line) };
  }
  return undefined;
}

/** True if the blocks hold all of the folio, whichever part of it was dirty. */
function isWithin(
  { index, pages }: FolioUnderCheck,
  { first, last }: Blocks,
  blockSize: number,
): boolean {
  return first * blockSize <= index * pageSize &&
    (index + pages) * pageSize <= (last + 1) * blockSize;
}
