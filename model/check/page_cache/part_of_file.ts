/**
 * Whether a sync call rests on a change of the inode that is of a part of the file alone: on bytes that are
 * marked written once their data has reached the device.
 *
 * It does not, if it owes nothing there, and all that was written there was handed to the device after the
 * call was entered. What else the change may be for was written before: a worker may come late, and what it
 * marks written then can be on the media when the call begins, so that it owes no data, but the way to it.
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import { folioAround } from "./folio_record.ts";
import { piecesIn } from "./split_folios.ts";
import type { PartOfFile } from "./sector_observation.ts";
import { isBefore, type PageCacheCheck, type SyncCallInFlight } from "./subject.ts";

/** Pages that are looked at one by one. */
const most = 2 ** 16;

/** False if nothing of the part is what the call must find again after a crash. */
export function mayRestOn(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  { blockSize, first, count }: PartOfFile,
): boolean {
  const size = blockSize ?? check.sectors.blockSizes.get(call.file.id.dev);
  if (size === undefined || call.needed.anyPart) return true;
  const from = Math.floor(first * size / pageSize);
  const to = Math.ceil((first + count) * size / pageSize);
  if (to - from > most) return true;
  if (piecesIn(call.file, { from: from * pageSize, to: to * pageSize }).length > 0) return true;
  for (let page = from; page < to; page++) if (pageMayRestOn(check, call, page)) return true;
  return false;
}

function pageMayRestOn(check: PageCacheCheck, call: SyncCallInFlight, page: number): boolean {
  const { file, since } = call;
  for (let pages = 1; pages <= file.largest; pages *= 2) {
    const index = page - page % pages;
    const owed = file.folios.get(index)?.owed.some((each) =>
      each.call === call && page < index + each.pages
    );
    if (owed === true) return true;
  }
  const folio = folioAround(file, page);
  // Under writeback it would be cached.
  if (folio === undefined) return false;
  const handedOver = folio.cleaned ?? folio.cached?.at;
  return handedOver === undefined ? folio.added === undefined : !isBefore(check, since, handedOver);
}
