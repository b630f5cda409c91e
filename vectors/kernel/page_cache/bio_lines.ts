/**
 * Bios and flushes in the words of their lines: which device they are of, and what asked for them.
 *
 * @module
 */
import type { RecordHead } from "../record.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import { diskQueued, endedOn } from "./partitions.ts";
import { placeOf } from "./place.ts";
import type { PageCacheTask } from "./tasks.ts";
import type { PageCacheTranslation } from "./translation.ts";

/** What one line says of a bio, or of a flush. */
type BioReading = Extract<
  CacheReading,
  { readonly kind: "flush_asked" | "flush_returned" | "bio_queued" | "bio_ended" }
>;

/** Takes one line of a bio, or of a flush. */
export function bioLine(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  reading: BioReading,
): void {
  const { emit } = translation;
  switch (reading.kind) {
    case "flush_asked":
      task.flush = { begin: placeOf(record, reading), dev: reading.dev, bio: "nothing" };
      return;
    case "flush_returned": {
      const queues = translation.devices.has(reading.dev);
      const { begin, bio = "queued" } = task.flush ?? {};
      task.flush = undefined;
      return emit({
        ...reading,
        where: placeOf(record, reading),
        begin,
        bio: queues ? bio : "queued",
      });
    }
    case "bio_queued": {
      const { disk, ...queued } = reading;
      translation.devices.add(reading.dev);
      if (disk !== undefined) diskQueued(translation, reading);
      if (reading.preflush && task.flush?.dev === reading.dev) task.flush.bio = "queued";
      return emit({
        ...queued,
        where: placeOf(record, reading),
        // Before the first invalidation is over, it may write back what is in its range.
        request: submits(task.direct) ? task.direct?.request : undefined,
      });
    }
    case "bio_ended": {
      const dev = endedOn(translation, reading);
      if (task.flush?.bio === "nothing" && task.flush.dev === dev) task.flush.bio = "answered";
      return emit({ ...reading, dev, where: placeOf(record, reading) });
    }
    default:
      return reading satisfies never;
  }
}

/** True if the direct I/O hands its own bios to the device now. */
function submits(direct: PageCacheTask["direct"]): boolean {
  return direct !== undefined && (direct.submitted || direct.writes === false);
}
