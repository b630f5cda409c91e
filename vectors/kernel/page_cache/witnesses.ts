/**
 * What of a recording breaks or keeps each invariant of the page cache: the table "What decides a
 * verdict" of `spec/traces-page-cache.md`.
 *
 * @module
 */
import type { PageCacheId } from "../../../model/check/page_cache/ids.ts";

/** What shows that an invariant was broken, or kept. */
interface Witness {
  readonly broken: string;
  readonly kept: string;
}

/** The witnesses, by invariant. */
export const witnesses: Readonly<Record<PageCacheId, Witness>> = {
  "DUR-1": {
    broken:
      "a sync call returned 0, and what was dirty before it was not safe, or what it rests on failed",
    kept: "all that was dirty before it was written and flushed, and what leads to it is committed",
  },
  "DUR-2": {
    broken: "the same of a write with O_DSYNC, of the bytes that it wrote",
    kept: "the same",
  },
  "DUR-4": {
    broken: "a commit marked an unwritten extent written while its data was on its way",
    kept: "the data had arrived when the extent was marked written",
  },
  "META-1": {
    broken: "a fault of a MAP_SYNC mapping that needed a sync call made its page writable without",
    kept: "the sync call of the fault returned 0 before the page was made writable",
  },
  "META-2": {
    broken:
      "a sync call returned 0, and the block map's transaction was not committed, or not flushed",
    kept: "the transaction was not committed before the call, and is when it returns",
  },
  "MSYNC-1": {
    broken: "mmap with MAP_SYNC succeeded, and a page of the page cache was mapped there",
    kept: "it failed with EOPNOTSUPP, or a fault there needed a sync call",
  },
  "DUR-5": {
    broken: "a file that was not told of an error got 0, or one that was told got it again",
    kept: "who had to be told was told, and nobody twice",
  },
  "COH-1": {
    broken: "a direct write returned, and a folio of its range that was uptodate before stayed",
    kept: "the next folio of a page that a direct write has written was read after that",
  },
  "COH-2": {
    broken: "writeback of such a folio began after the return, with no error on record",
    kept: "such a folio was written back",
  },
  "COH-3": {
    broken:
      "a marked read that began after a marked direct write had returned gave an older marked value",
    kept: "it gave the value of that write",
  },
  "COH-4": {
    broken:
      "a folio that was dirty before a direct read began was written after the device was asked",
    kept: "what was dirty in the range was written before the device was asked",
  },
  "COH-5": {
    broken: "the second invalidation began before the unwritten extent was converted",
    kept: "the extent was converted first",
  },
  "INV-1": {
    broken: "a read that a removal had met under way ended only after the removal had returned",
    kept: "a read that a removal had met under way ended before the folios were cut out",
  },
  "INV-2": { broken: "so did a bio that writes a folio back", kept: "so did a writeback" },
  "INV-3": {
    broken: "somebody else added a folio while a removal cut others out",
    kept: "a task was on its way to add a folio meanwhile, and added it after that",
  },
  "INV-4": {
    broken: "a folio that was uptodate outlived its removal, or a marked read gave an older value",
    kept: "the folios that were cached before are gone, or a marked read gave zeros",
  },
  "INV-5": {
    broken: "a call that moves pages discarded a folio that was dirty",
    kept: "a folio that was dirty when the call began was written before it was discarded",
  },
  "WB-CLEAN-1": {
    broken:
      "a marked store needed no fault that mkclean should have forced, or writeback began unlocked",
    kept: "the next marked store, or the next fault in the mapping, faulted",
  },
  "WB-TAG-1": {
    broken: "a folio was declared clean and unlocked, and no writeback of it had begun",
    kept: "writeback found a folio that had been marked dirty, and it was dirty",
  },
  "WB-TOWRITE-1": {
    broken: "a sync call had marked a dirty folio, writeback took the mark, and no bio carried it",
    kept: "a bio carried it",
  },
  "WB-BLOCK-1": {
    broken: "writeback ended, and no bio of it had carried what write(2) had dirtied of the folio",
    kept: "bios had carried all of that",
  },
  "WB-MKWRITE-1": {
    broken: "a page was made writable in a clean folio, and its fault did not mark that dirty",
    kept: "the folio was dirty and locked",
  },
  "STABLE-1": {
    broken: "a folio changed while it was under writeback",
    kept: "writeback ended and nothing had changed the folio; stores must be marked",
  },
  "STABLE-2": {
    broken: "a page was made writable, or write(2) copied, while the folio was under writeback",
    kept: "the folio was not under writeback",
  },
  "PIN-3": {
    broken: "the end of a direct read into a mapping marked a folio dirty that was clean",
    kept: "never said: of a folio that is dirty still, no line tells",
  },
};
