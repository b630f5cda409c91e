/**
 * The place of a line that a row has read. What a diagram prints of it is made when somebody asks: of a
 * long recording most lines are printed nowhere.
 *
 * @module
 */
import { inFull } from "../../../model/check/page_cache/findings.ts";
import type { Moment, Where } from "../../../model/check/observation.ts";
import type { RecordHead } from "../record.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import { lineText } from "./line_text.ts";
import type { PageCacheTask } from "./tasks.ts";

/** A place whose text is made from what the line says. */
class PlaceOfReading implements Where {
  readonly line: number;
  readonly time: number;
  readonly cpu: number;
  readonly task: string;
  readonly pid: number;
  readonly role = "other";
  readonly #reading: CacheReading;

  constructor({ line, time, cpu, task, pid }: RecordHead, reading: CacheReading) {
    this.line = line;
    this.time = time;
    this.cpu = cpu;
    this.task = task;
    this.pid = pid;
    this.#reading = reading;
  }

  get text(): string {
    return lineText(this.#reading);
  }

  /** The place in full, as observations have it that are written out. */
  toJSON(): Where {
    return inFull(this);
  }
}

/** Where the line stands, and what it says. */
export function placeOf(record: RecordHead, reading: CacheReading): Where {
  return new PlaceOfReading(record, reading);
}

/** The task's line before. */
export function sinceOf({ lastLine: line, lastTime: time, lastCpu: cpu }: PageCacheTask): Moment {
  return { line, time, cpu };
}
