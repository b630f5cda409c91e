/**
 * Blocks that were allocated unwritten, and are marked written: once a transaction with that is
 * committed, a power failure shows what lies there. By then the data must have arrived (DUR-4).
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { FileId, Where } from "../observation.ts";
import type { Event } from "../../event.ts";
import { Extent } from "../../extent.ts";
import { Folio } from "../../folio.ts";
import { pageSize } from "../../page_size.ts";
import type { Bounds } from "../../state.ts";
import { commitMap, FOREIGN } from "../../storage.ts";
import type { BytesSeen } from "./bytes_seen.ts";
import { breachOf } from "./findings.ts";
import { folioAround } from "./folio_record.ts";
import { createStateSets, type FittingStates } from "./state_sets.ts";
import { type FolioUnderCheck, type PageCacheCheck, pageCacheFile } from "./subject.ts";

const world: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 1,
  locals: 0,
  folios: 1,
  blocks: 1,
  durable: true,
};

const sets = createStateSets(world, ["DUR-4"]);
const on = { task: 0, page: 0 } as const;

/** A dirty folio over a block that its file has unwritten: it holds what its last owner left. */
function allocated(): FittingStates {
  const state = sets.blank();
  state.extent[0] = Extent.UNWRITTEN;
  state.block[0] = 1;
  state.owner[0] = 1;
  state.size[0] = 1;
  state.slot[0] = 1;
  state.hand[0] = 1;
  state.backing[0] = 1;
  state.folio[0] = Folio.UPTODATE | Folio.WRITEBACK;
  state.memory[0] = 1;
  state.settled[0] = 1;
  for (const view of [state.visible, state.pending, state.media]) view[0] = FOREIGN;
  commitMap(state);
  return sets.of([state]);
}

const write: Event = { kind: "write_folio", ...on };
const convert: Event = { kind: "convert_unwritten", ...on };
const commit: Event = { kind: "commit", task: 0 };
const inOrder: readonly Event[] = [write, convert, commit];
const tooEarly: readonly Event[] = [convert, commit];
const says = {
  arrived: sets.judge(sets.step(allocated(), inOrder).to, { kind: "crash" }).get("DUR-4"),
  pending: sets.judge(sets.step(allocated(), tooEarly).to, { kind: "crash" }).get("DUR-4"),
};

/** Unwritten extents of a file that are remembered. */
const remembered = 64;

/** Bytes of the file have blocks that are not written. */
export function unwrittenSeen(check: PageCacheCheck, id: FileId, bytes: BytesSeen): void {
  const { unwritten } = pageCacheFile(check, id);
  // Looked up again it is what it was.
  if (unwritten.some(({ from, to }) => from <= bytes.from && to >= bytes.to)) return;
  cutOut(unwritten, bytes);
  unwritten.push(bytes);
  if (unwritten.length > remembered) unwritten.splice(0, remembered / 2);
}

/** Bytes of the file are written: those that were not have been marked so since. */
export function writtenSeen(check: PageCacheCheck, id: FileId, bytes: BytesSeen): void {
  const { unwritten } = pageCacheFile(check, id);
  for (const { from, to, where: since } of cutOut(unwritten, bytes)) {
    converted(check, id, { from, to, where: bytes.where }, since);
  }
}

/** Takes these bytes out of a list; returns what it had of them. */
function cutOut(list: BytesSeen[], { from, to }: BytesSeen): readonly BytesSeen[] {
  const taken: BytesSeen[] = [];
  for (const each of [...list]) {
    if (each.to <= from || each.from >= to) continue;
    taken.push({ ...each, from: Math.max(each.from, from), to: Math.min(each.to, to) });
    const rest = [{ ...each, to: from }, { ...each, from: to }];
    list.splice(list.indexOf(each), 1, ...rest.filter((part) => part.from < part.to));
  }
  return taken;
}

function converted(check: PageCacheCheck, id: FileId, bytes: BytesSeen, since: Where): void {
  const found = new Set<FolioUnderCheck>();
  const file = pageCacheFile(check, id);
  for (let page = Math.ceil(bytes.from / pageSize); (page + 1) * pageSize <= bytes.to; page++) {
    const folio = folioAround(file, page);
    if (folio !== undefined) found.add(folio);
  }
  for (const folio of found) {
    const { writing, cached } = folio;
    if (writing?.sectors !== undefined && writing.sectors.pending.size > 0) {
      check.exposed.set(folio, bytes.where);
    } else if (cached !== undefined && cached.at.line > since.line && says.arrived === "kept") {
      tick(check.findings.judged, "DUR-4");
    }
  }
}

/** A transaction that began after these conversions is committed: what is still on its way is exposed. */
export function exposedBy(check: PageCacheCheck, dev: string, begin: Where, end: Where): void {
  for (const [folio, where] of check.exposed) {
    const pending = folio.writing?.sectors?.pending.size ?? 0;
    if (pending === 0) check.exposed.delete(folio);
    else if (folio.file.id.dev === dev && where.line < begin.line && says.pending === "broken") {
      check.exposed.delete(folio);
      const breach = breachOf("DUR-4", {
        file: folio.file.id,
        pgoffs: [folio.index],
        at: end,
        because: [...folio.history, where, begin],
      });
      check.findings.absent.push({ breach, missing: "end" });
    }
  }
}
