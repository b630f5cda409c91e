/**
 * What files stand on: devices with a cache that a flush empties, and journals.
 *
 * @module
 */
import type { FileId } from "../observation.ts";
import { createDevice, type Device } from "./flush_epochs.ts";
import { createJournal, type Journal } from "./journal.ts";
import { diskOf } from "./sectors.ts";
import type { PageCacheCheck } from "./subject.ts";

/** The device's record, made on first sight. */
export function deviceOf({ devices }: PageCacheCheck, dev: string): Device {
  let device = devices.get(dev);
  if (device === undefined) devices.set(dev, device = createDevice(dev));
  return device;
}

/** The disk that a file system is on, whose cache its flushes empty. */
export function diskOfFile(check: PageCacheCheck, { dev }: FileId): Device {
  return deviceOf(check, diskOf(check.sectors, dev));
}

/** The record of a device's journal, made on first sight. */
export function journalOf({ journals }: PageCacheCheck, dev: string): Journal {
  let journal = journals.get(dev);
  if (journal === undefined) journals.set(dev, journal = createJournal());
  return journal;
}
