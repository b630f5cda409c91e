/**
 * A sync call in flight, in one world.
 *
 * @module
 */
import type { Where } from "./observation.ts";
import { hasHappened, Last, lastBefore } from "./moments.ts";
import type { Check, SmallWorld, SyncInFlight } from "./subject.ts";
import { remember } from "./world.ts";

/**
 * Gives the world the slot of a call, as of the line that has named its file; what is known of the world is
 * still to be taken past its beginning.
 *
 * @returns false where the call owes the world nothing, which does not get the slot then
 */
export function giveSlot(
  check: Check,
  world: SmallWorld,
  slot: number,
  { sync, named }: SyncInFlight,
): boolean {
  if (!wasMarkedBefore(check, world, sync.begin)) return false;
  remember(check, world, sync.begin);
  remember(check, world, named);
  world.syncs |= 1 << slot;
  return true;
}

/** True if the call is for the world's page, as far as is told. */
export function isFor({ range }: SyncInFlight, { pgoff }: SmallWorld): boolean {
  return pgoff >= range.from && pgoff < range.to;
}

/** True while the call of this slot is in flight in the world. */
export function hasSlot({ syncs }: SmallWorld, slot: number): boolean {
  return (syncs & (1 << slot)) !== 0;
}

/** Takes the slot away: the call is over, or is none of this world's. */
export function leaveSlot(world: SmallWorld, slot: number): void {
  world.syncs &= ~(1 << slot);
}

/**
 * The file is told after the call was entered: only what was DIRTY before that counts. It was, if it
 * has been without a break since then, or if nothing has marked it since then.
 */
function wasMarkedBefore(check: Check, world: SmallWorld, begin: Where): boolean {
  const isDirty = hasHappened(check, world, Last.dirtySince);
  if (isDirty && lastBefore(check, world, Last.dirtySince, begin)) return true;
  return world.set.mayBeDirty && lastBefore(check, world, Last.dirtied, begin);
}
