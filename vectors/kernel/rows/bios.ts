/**
 * Lines of bios, flushes and devices.
 *
 * @module
 */
import type { BioOperation } from "../../../model/check/page_cache/observation.ts";
import { requestRows } from "./requests.ts";
import {
  type CacheRow,
  folioOfProbe,
  isOfPages,
  probedOn,
  probedSince510,
  probedSince612,
  probedWithPages,
} from "./row.ts";
import { addressIn, deviceName, kernelDevice, numberIn } from "./words.ts";
import type { Words } from "../line_words.ts";

/** Bits of `bio->bi_opf`: REQ_FUA and REQ_PREFLUSH. */
const FUA = 0x20000, PREFLUSH = 0x40000;

/** REQ_OP_READ and REQ_OP_WRITE, in the lowest byte of `bio->bi_opf`. */
function operationOf(flags: number): BioOperation {
  const operation = flags & 0xff;
  return operation === 0 ? "read" : operation === 1 ? "write" : "other";
}

/** The disk of a bio in kernels before 5.12, by its numbers; `part=` of them is a partition of it. */
function diskOf(words: Words, part = 0): string | undefined {
  const [major, first] = [numberIn(words, "major"), numberIn(words, "minor")];
  return major === undefined || first === undefined ? undefined : deviceName(major, first + part);
}

/**
 * The partition of a bio in kernels before 5.12. A disk has the numbers after its own for so many of them
 * as `minors=` says; the others have numbers of their own, which no word tells.
 */
function partitionOf(words: Words): string | undefined {
  const [minors, part] = [numberIn(words, "minors"), numberIn(words, "part")];
  if (minors === undefined || part === undefined) return undefined;
  return part === 0 || part < minors ? diskOf(words, part) : undefined;
}

/** A bio carries a folio, unless the function says no. */
function carries(
  source: string,
  words: string,
  anchor: CacheRow["anchor"],
  versions: string,
): CacheRow {
  return {
    ...isOfPages(versions) ? { own: "ino" } : {},
    source,
    words,
    says: "the bio carries a part of the folio",
    anchor,
    versions,
    read: (words) => {
      const bio = addressIn(words, "bio");
      const folio = folioOfProbe(words);
      if (bio === undefined) return undefined;
      // A folio without a file is no page cache's.
      if (folio === undefined || numberIn(words, "ret") === 0) return "nothing";
      return {
        kind: "folio_in_bio",
        folio: { ...folio, pages: undefined },
        bio,
        bytes: numberIn(words, "len"),
        offset: numberIn(words, "off"),
      };
    },
  };
}

/** A bio is handed to a device: the tracepoint block_bio_queue, or the function that it is in. */
function queued(source: string, versions: string): CacheRow {
  const words = isOfPages(versions)
    ? "bio dev major minor minors part size opf"
    : "bio dev size opf";
  return {
    ...isOfPages(versions) ? { own: "opf" } : {},
    source,
    words,
    says: "the bio is handed to the device; with REQ_PREFLUSH a flush begins",
    anchor: "before",
    versions,
    read: (words) => {
      const bio = addressIn(words, "bio");
      const disk = diskOf(words);
      const dev = disk === undefined ? kernelDevice(words) : partitionOf(words);
      const flags = numberIn(words, "opf");
      const bytes = numberIn(words, "size");
      if (bio === undefined || dev === undefined) return undefined;
      if (flags === undefined || bytes === undefined) return undefined;
      const preflush = (flags & PREFLUSH) !== 0;
      const fua = (flags & FUA) !== 0;
      const operation = operationOf(flags);
      return { kind: "bio_queued", bio, dev, disk, preflush, fua, bytes, operation };
    },
  };
}

/** The lines of bios, flushes and devices. */
export const blockRows: readonly CacheRow[] = [
  carries("bio_add_folio() returns", "bio dev ino index off len ret", "after", probedOn),
  carries("bio_add_page() returns", "bio dev ino index off len ret", "after", "5.10 to 6.6"),
  carries(
    "__bio_try_merge_page() returns",
    "bio dev ino index off len ret",
    "after",
    probedWithPages,
  ),
  // The first folio of a bio that iomap reads.
  carries("bio_add_folio_nofail()", "bio dev ino index off len", "before", probedSince612),
  queued("__probestub_block_bio_queue()", probedSince612),
  queued("submit_bio_noacct_nocheck()", "6.1, 6.6"),
  queued("submit_bio_checks()", probedWithPages),
  {
    source: "bio_endio()",
    words: "bio dev major minor opf status",
    says: "the bio has ended, without an error if the status is 0",
    anchor: "after",
    versions: probedSince510,
    read: (words) => {
      const bio = addressIn(words, "bio");
      const dev = kernelDevice(words) ?? diskOf(words);
      const flags = numberIn(words, "opf");
      const status = numberIn(words, "status");
      if (bio === undefined || dev === undefined) return undefined;
      if (flags === undefined || status === undefined) return undefined;
      return {
        kind: "bio_ended",
        bio,
        dev,
        preflush: (flags & PREFLUSH) !== 0,
        failed: status !== 0,
        operation: operationOf(flags),
      };
    },
  },
  {
    source: "blkdev_issue_flush()",
    words: "dev",
    says: "the task asks for a flush by itself",
    anchor: "before",
    versions: probedSince510,
    read: (words) => {
      const dev = kernelDevice(words);
      return dev === undefined ? undefined : { kind: "flush_asked", dev };
    },
  },
  {
    source: "blkdev_issue_flush() returns",
    words: "dev ret",
    says:
      "the flush is over; if its bio ended and was not queued, the device has no volatile cache",
    anchor: "after",
    versions: probedSince510,
    read: (words) => {
      const dev = kernelDevice(words);
      const status = numberIn(words, "ret");
      if (dev === undefined || status === undefined) return undefined;
      return { kind: "flush_returned", dev, failed: status !== 0 };
    },
  },
  ...requestRows,
];
