/**
 * What a sync call needs of the inode, as plain tracepoints show it: less than the inode has, where others
 * change that while the call is under way.
 *
 * What was dirty before the call rests on what had changed by then, and on what writeback changes: the
 * blocks that it allocates, and the extents that are marked written when it has ended. A truncate or a
 * fallocate that is entered later and writes nothing back itself changes nothing of that. Where it
 * allocates a block for what was dirty, that is unwritten until writeback has ended, which is a later
 * change; and transactions and checkpoints are committed in their order.
 *
 * @module
 */
import type { Where } from "../observation.ts";
import type { InodeInLog, LoggedChange } from "./journal.ts";
import type { SectorObservation } from "./sector_observation.ts";

/** What one call needs of it. */
export interface NeededOfInode {
  /** The last change that it needs. */
  changed: Where | undefined;
  /** ext4: that, and whether it had joined a transaction. */
  logged: LoggedChange | undefined;
  /** True if it owes a folio of which no line has told how large it is: it may lie in any part of the file. */
  anyPart: boolean;
  /** XFS: checkpoints that must come into the log yet; undefined if that is not known. */
  pins: number | undefined;
  /** XFS: when the log had all that it needs. */
  inLog: Where | undefined;
}

type Of<K extends SectorObservation["kind"]> = Extract<SectorObservation, { readonly kind: K }>;

/** What a call needs that is entered now. */
export function neededOf({ logged, pinned, inLog, pins }: InodeInLog): NeededOfInode {
  return {
    changed: pinned ?? logged?.where,
    logged,
    anyPart: false,
    pins: inLog === undefined ? pinsOf(pins) : 0,
    inLog,
  };
}

/** A change of ext4. */
export function loggedOf({ where, begins = false }: Of<"inode_logged">): LoggedChange {
  return { where, begins };
}

/** A change that no checkpoint pins yet will be pinned by one, of which a line tells. */
function pinsOf(pins: number | undefined): number | undefined {
  return pins === 0 ? undefined : pins;
}

/** The call needs this change, too. */
export function needsChange(
  needed: NeededOfInode,
  { pins }: InodeInLog,
  seen: Of<"inode_logged" | "inode_pinned" | "inode_map_changed">,
): void {
  needed.changed = seen.where;
  if (seen.kind === "inode_logged") {
    needed.logged = loggedOf(seen);
    return;
  }
  needed.pins = pinsOf(pins);
  needed.inLog = undefined;
}

/**
 * A checkpoint begins to pin the inode, or is in the log. They come into the log in their order, so those
 * that a call needs are the first ones. If the count does not fit, a line is missing or came late.
 */
export function countPins(
  inode: InodeInLog,
  calls: Iterable<{ readonly needed: NeededOfInode }>,
  { kind, pins, where }: Of<"inode_pinned" | "inode_unpinned">,
): void {
  const fits = inode.pins === pins;
  inode.pins = kind === "inode_pinned" ? pins + 1 : pins - 1;
  for (const { needed } of calls) {
    if (needed.inLog !== undefined) continue;
    if (!fits) needed.pins = undefined;
    if (kind === "inode_pinned" || needed.pins === undefined) continue;
    needed.pins--;
    if (needed.pins === 0) needed.inLog = where;
  }
}
