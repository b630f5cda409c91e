/**
 * The place of a line that a row has read. What a diagram prints of it is made when somebody asks: of a
 * long recording most lines are printed nowhere.
 *
 * @module
 */
import { inFull } from "../../../model/check/page_cache/findings.ts";
import type { FolioEventKind } from "../../../model/check/page_cache/observation.ts";
import type { Moment, Where } from "../../../model/check/observation.ts";
import type { RecordHead } from "../record.ts";
import type { CacheReading, FolioReading } from "../rows/cache_reading.ts";
import { folioText, lineText } from "./line_text.ts";
import type { PageCacheTask } from "./tasks.ts";

/** A place whose text is made when it is asked for. */
abstract class Place implements Where {
  readonly line: number;
  readonly time: number;
  readonly cpu: number;
  readonly task: string;
  readonly pid: number;
  readonly role = "other";
  abstract readonly text: string;

  constructor({ line, time, cpu, task, pid }: RecordHead) {
    this.line = line;
    this.time = time;
    this.cpu = cpu;
    this.task = task;
    this.pid = pid;
  }

  /** The place in full, as observations have it that are written out. */
  toJSON(): Where {
    return inFull(this);
  }
}

/** The place of what a line says. */
class PlaceOfReading extends Place {
  readonly #reading: CacheReading;

  constructor(record: RecordHead, reading: CacheReading) {
    super(record);
    this.#reading = reading;
  }

  get text(): string {
    return lineText(this.#reading);
  }
}

/** The place of an event of a folio: a folio's last ones are kept, so it keeps no more than it prints. */
class PlaceOfFolio extends Place {
  readonly #kind: FolioEventKind;
  readonly #index: number;

  constructor(record: RecordHead, { kind, folio }: FolioReading) {
    super(record);
    this.#kind = kind;
    this.#index = folio.index;
  }

  get text(): string {
    return folioText(this.#kind, this.#index);
  }
}

/** Where the line stands, and what it says. */
export function placeOf(record: RecordHead, reading: CacheReading): Where {
  return new PlaceOfReading(record, reading);
}

/** Where the line of a folio stands. */
export function placeOfFolio(record: RecordHead, reading: FolioReading): Where {
  return new PlaceOfFolio(record, reading);
}

/** The task's line before. */
export function sinceOf({ lastLine: line, lastTime: time, lastCpu: cpu }: PageCacheTask): Moment {
  return { line, time, cpu };
}
