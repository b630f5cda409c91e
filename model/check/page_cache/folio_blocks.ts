/**
 * Blocks of a folio: what write(2) has made dirty of it must be in a bio of the writeback that declared it
 * clean (WB-BLOCK-1).
 *
 * What is known of dirty blocks is a part: bytes that were copied under the folio's lock. A fault dirties
 * all of it, and no line tells how much of that lies within the file. So bytes that are in no bio prove
 * something only where the file surely reaches beyond them, as a bio of it has shown, and was not cut
 * since.
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Where } from "../observation.ts";
import type { Event } from "../../event.ts";
import { Folio } from "../../folio.ts";
import { pageSize } from "../../page_size.ts";
import type { Bounds } from "../../state.ts";
import type { ByteRange } from "./byte_range.ts";
import { breachOf, leaveOpen } from "./findings.ts";
import type { FolioInBioSeen } from "./observation.ts";
import { createStateSets, type FittingStates } from "./state_sets.ts";
import type { FolioUnderCheck, PageCacheCheck, PageCacheFile } from "./subject.ts";

const world: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 1,
  locals: 0,
  folios: 1,
  blocks: 1,
  subpage: true,
};
const sets = createStateSets(world, ["WB-BLOCK-1"]);
const on = { task: 0, page: 0 } as const;

/** A folio of which both blocks are dirty; the second stands for what may be in no bio. */
function dirty(): FittingStates {
  const state = sets.blank();
  state.slot[0] = 1;
  state.hand[0] = 1;
  state.backing[0] = 1;
  state.block[0] = 1;
  state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
  state.dirtyBlocks[0] = 3;
  return sets.of([state]);
}

const taken: readonly Event[] = [
  { kind: "clear_dirty_for_io", ...on },
  { kind: "start_writeback", ...on },
  { kind: "write_folio", ...on, part: 0 },
];
const withSecond: readonly Event[] = [...taken, { kind: "write_folio", ...on, part: 1 }];
const end: Event = { kind: "end_writeback", ...on };
const says = {
  all: sets.judge(sets.step(dirty(), withSecond).to, end).get("WB-BLOCK-1"),
  some: sets.judge(sets.step(dirty(), taken).to, end).get("WB-BLOCK-1"),
};

/** Nothing is known of the folio's blocks any more. */
export function forgetBlocks(folio: FolioUnderCheck): void {
  folio.blocks = undefined;
}

/** Ranges that are remembered of a folio; fewer are no harm. */
const mostRanges = 16;

/** write(2) has copied these bytes into the folio. */
export function bytesCopied(folio: FolioUnderCheck, bytes: ByteRange): void {
  const { cuts } = folio.file;
  if (folio.blocks?.cuts !== cuts) folio.blocks = { dirty: [], due: [], sent: [], cuts };
  const { dirty } = folio.blocks;
  const last = dirty.at(-1);
  if (last !== undefined && last.from <= bytes.from && bytes.from <= last.to) {
    dirty[dirty.length - 1] = { from: last.from, to: Math.max(last.to, bytes.to) };
  } else if (dirty.length < mostRanges) dirty.push(bytes);
}

/** The folio is declared clean. */
export function blocksDue({ blocks }: FolioUnderCheck): void {
  if (blocks === undefined) return;
  blocks.due = blocks.dirty;
  blocks.dirty = [];
  if (blocks.sent.length > 0) blocks.sent.length = 0;
}

/** A bio carries a part of the folio, which is under writeback. */
export function blocksSent(folio: FolioUnderCheck, { offset, bytes }: FolioInBioSeen): void {
  if (folio.writing === undefined || offset === undefined || bytes === undefined) return;
  const from = folio.index * pageSize + offset;
  folio.blocks?.sent.push({ from, to: from + bytes });
  folio.file.reaches = Math.max(folio.file.reaches, from + bytes);
}

/** Writeback of the folio has ended, without an error. True if bytes are known that it should have carried. */
export function blocksWritten(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  where: Where,
): boolean {
  const { blocks, file, writing } = folio;
  if (blocks === undefined) return false;
  const { due, sent } = blocks;
  blocks.due = [];
  // Of a folio that no bio has carried, as of an encrypted file, its own pages were not written.
  if (due.length === 0 || sent.length === 0 || blocks.cuts !== file.cuts) return false;
  if (folio.dirty !== undefined || writing?.failed !== undefined || file.error !== undefined) {
    return false;
  }
  const missing = due.every((range) => isWithin(range, sent))
    ? []
    : due.flatMap((range) => without(range, sent));
  if (missing.length === 0) {
    if (says.all === "kept") tick(check.findings.judged, "WB-BLOCK-1");
  } else if (says.some === "broken" && missing.some(({ from }) => from < file.reaches)) {
    check.findings.unsent.push(breachOf("WB-BLOCK-1", {
      file: file.id,
      pgoffs: [Math.floor((missing[0]?.from ?? 0) / pageSize)],
      at: where,
      because: folio.history,
    }));
    return true;
  }
  return false;
}

/** True if no bio was seen to carry the folio, where bios carry the file's own pages, as of an encrypted one. */
export function isUnsent({ carries }: PageCacheCheck, { writing, file }: FolioUnderCheck): boolean {
  if (writing === undefined || !carries || file.reaches === 0) return false;
  return writing.bios.length === 0 && writing.bioEnded === undefined;
}

/** True if one of these has all of the range, as nearly always. */
function isWithin({ from, to }: ByteRange, taken: readonly ByteRange[]): boolean {
  return taken.some((each) => each.from <= from && to <= each.to);
}

/** The part of a range that none of these has. */
function without(range: ByteRange, taken: readonly ByteRange[]): readonly ByteRange[] {
  let left = [range];
  for (const { from, to } of taken) {
    left = left.flatMap((each) =>
      each.to <= from || each.from >= to ? [each] : [
        { from: each.from, to: Math.min(each.to, from) },
        { from: Math.max(each.from, to), to: each.to },
      ].filter((part) => part.from < part.to)
    );
  }
  return left;
}

/** Bytes leave the file: blocks that were dirty may be in no bio, and the file may end before them. */
export function fileCut(check: PageCacheCheck, file: PageCacheFile): void {
  check.findings.cutsShown = true;
  file.cuts++;
  file.reaches = 0;
}

/** The recording is over: whether files were cut is known if any line tells of a cut. */
export function judgeUnsent({ findings }: PageCacheCheck): void {
  const { unsent, cutsShown } = findings;
  for (const breach of unsent) {
    if (cutsShown) findings.absent.push({ breach, missing: "bio" });
    else leaveOpen(findings, "WB-BLOCK-1", "cut", breach.violation.at);
  }
  unsent.length = 0;
}
