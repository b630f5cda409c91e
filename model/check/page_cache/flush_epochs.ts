/**
 * A device with a volatile cache: which writes a flush has made survive. A flush covers what had
 * ended before it began, and nothing else; one that failed covers nothing.
 *
 * @module
 */
import type { Moment, Where } from "../observation.ts";
import type { BioEndedSeen, BioQueuedSeen } from "./observation.ts";

/** A flush on its way: an empty one, or the PREFLUSH of a write. */
interface FlushInFlight {
  readonly begin: Where;
  /** A part of it has failed: it covers nothing. */
  failed: Where | undefined;
  /** A part of some flush in flight has failed, and it may have been of this one. */
  doubtful: boolean;
}

/** A flush that is over. */
interface FlushDone {
  readonly begin: Where;
  readonly end: Where;
  readonly how: "succeeded" | "doubtful" | "failed";
  /** The part that failed. */
  readonly failed: Where | undefined;
}

/** A device, and its flushes. */
export interface Device {
  readonly dev: string;
  readonly inFlight: Map<string, FlushInFlight>;
  /** The last flushes that are over, in the order of their ends. */
  readonly done: FlushDone[];
  /** Devices that pass their bios on to this one. */
  readonly above: Set<string>;
  /** True once a flush of it ended: its flushes are recorded, and it has a volatile cache. */
  flushes: boolean;
  /** True once it was seen to have no volatile cache. */
  writesThrough: boolean;
  /** True if it is said to have one: then its requests, where they are recorded, show every flush. */
  volatile: boolean;
  /** Flush requests on their way, in the order in which they were handed to it. */
  readonly requests: FlushInFlight[];
  /** Bios with PREFLUSH on their way, by their sectors, of a device that makes no requests. */
  readonly preflushes: Map<string, Where>;
}

/** Flushes that are remembered: a call in flight looks at no more. */
const remembered = 64;

/** A device of which nothing is known. */
export function createDevice(dev: string): Device {
  return {
    dev,
    inFlight: new Map(),
    done: [],
    above: new Set(),
    flushes: false,
    writesThrough: false,
    volatile: false,
    requests: [],
    preflushes: new Map(),
  };
}

/** True if the device has no volatile cache: one that was seen to flush has one, whatever else was seen. */
export function hasNoCache({ writesThrough, flushes }: Device): boolean {
  return writesThrough && !flushes;
}

/** A bio was handed to the device. */
export function flushQueued(device: Device, { bio, preflush, where }: BioQueuedSeen): void {
  // Its address is that of an earlier bio, whose end was not seen: whether that flushed, nobody knows.
  const unended = device.inFlight.get(bio);
  if (unended !== undefined) finish(device, unended.begin, where, "doubtful");
  device.inFlight.delete(bio);
  if (preflush) device.inFlight.set(bio, { begin: where, failed: undefined, doubtful: false });
}

/**
 * A bio of the device has ended. One that asked for a flush and was never handed to the device by
 * itself is a part of another flush, as device-mapper makes one for each of its targets.
 */
export function flushEnded(device: Device, { bio, failed, preflush, where }: BioEndedSeen): void {
  const flush = device.inFlight.get(bio);
  if (flush === undefined) {
    if (!preflush) return;
    if (failed) partFailed(device, where);
    // Or its beginning is missing: then nobody knows what it covers.
    else device.done.push({ begin: where, end: where, how: "doubtful", failed: undefined });
    return;
  }
  device.inFlight.delete(bio);
  device.flushes = true;
  const broken = flush.failed ?? (failed ? where : undefined);
  device.done.push({
    begin: flush.begin,
    end: where,
    how: broken !== undefined ? "failed" : flush.doubtful ? "doubtful" : "succeeded",
    failed: broken,
  });
  if (device.done.length > remembered) device.done.splice(0, remembered / 2);
}

/** A request that flushes the cache is handed to the device. */
export function flushIssued(device: Device, begin: Where): void {
  device.requests.push({ begin, failed: undefined, doubtful: false });
}

/**
 * A request that flushes the cache has ended. No line tells which of several: that the first has ended
 * covers the least.
 */
export function flushRequestEnded(device: Device, failed: boolean, where: Where): void {
  device.flushes = true;
  device.preflushes.clear();
  const flush = device.requests.shift();
  if (flush === undefined) {
    // Its beginning is missing: nobody knows what it covers.
    if (!failed) finish(device, where, where, "doubtful");
    return;
  }
  if (failed) { for (const other of device.requests) other.doubtful = true; }
  const doubtful = flush.doubtful || (failed && device.requests.length > 0);
  finish(device, flush.begin, where, doubtful ? "doubtful" : failed ? "failed" : "succeeded");
}

/**
 * A bio that asked for a flush has ended, of a device that makes no requests.
 *
 * @param of `parts`: it went on to devices below, in parts that may have failed
 */
export function flushBioEnded(
  device: Device,
  of: {
    readonly begin: Where | undefined;
    readonly failed: boolean;
    readonly parts: boolean;
    readonly where: Where;
  },
): void {
  const { begin = of.where, failed, parts, where } = of;
  device.flushes = true;
  const doubtful = parts || of.begin === undefined;
  finish(device, begin, where, failed ? "failed" : doubtful ? "doubtful" : "succeeded");
}

/**
 * A request without sectors has ended: an empty flush, or what follows a write with FUA. Somewhere
 * before it the cache was flushed.
 */
export function flushedBefore(device: Device, where: Where): void {
  finish(device, where, where, "doubtful");
}

function finish(device: Device, begin: Where, end: Where, how: FlushDone["how"]): void {
  device.done.push({ begin, end, how, failed: how === "failed" ? end : undefined });
  if (device.done.length > remembered) device.done.splice(0, remembered / 2);
}

/** `blkdev_issue_flush` has returned 0 after a bio was queued for it. */
export function flushSucceeded(device: Device, begin: Where, end: Where): void {
  device.flushes = true;
  // What its bio has told already is not told twice.
  const bio = device.done.findLast((each) => each.begin.line >= begin.line);
  if (bio !== undefined && bio.begin.pid === begin.pid) return;
  device.done.push({ begin, end, how: "succeeded", failed: undefined });
}

/** A part of a flush in flight has failed, here or on a device below. */
export function partFailed(device: Device, where: Where): void {
  const [only, ...more] = device.inFlight.values();
  if (only === undefined) return;
  if (more.length === 0) only.failed ??= where;
  else for (const flush of device.inFlight.values()) flush.doubtful = true;
}

/** What the flushes since `written` have made of it: a flush that covers it, or what stood against it. */
type Coverage =
  | { readonly kind: "covered"; readonly by: FlushDone | undefined }
  /** Flushes of this device are not recorded, or which of two failed is not known. */
  | { readonly kind: "unknown" }
  | { readonly kind: "bare"; readonly failed: FlushDone | undefined };

/**
 * Whether what had ended on the device by `written` survives, as far as flushes that have ended by
 * now tell.
 *
 * @param surelyBefore true if one moment is before another whatever the clocks say
 */
export function coverage(
  device: Device,
  written: Moment,
  surelyBefore: (one: Moment, other: Moment) => boolean,
): Coverage {
  if (hasNoCache(device)) return { kind: "covered", by: undefined };
  let unknown = !device.flushes;
  let failed: FlushDone | undefined;
  for (let at = device.done.length - 1; at >= 0; at--) {
    const flush = device.done[at];
    if (flush === undefined || flush.end.line < written.line) break;
    if (flush.begin.line < written.line) {
      // The clocks of two CPUs may have put the line of its beginning too early.
      if (flush.how !== "failed" && !surelyBefore(flush.begin, written)) unknown = true;
      continue;
    }
    if (flush.how === "succeeded") return { kind: "covered", by: flush };
    if (flush.how === "doubtful") unknown = true;
    else failed ??= flush;
  }
  return unknown || isUnderWay(device, written) ? { kind: "unknown" } : { kind: "bare", failed };
}

/** One that has not ended has covered nothing; but its end may be what is missing. */
function isUnderWay({ inFlight, requests, preflushes }: Device, written: Moment): boolean {
  for (const { begin } of inFlight.values()) if (begin.line >= written.line) return true;
  for (const begin of preflushes.values()) if (begin.line >= written.line) return true;
  return requests.some(({ begin }) => begin.line >= written.line);
}
