/**
 * Sync calls: what is in flight on a file, from its entry to its return.
 *
 * @module
 */
import {
  type FileId,
  fileKey,
  type SyncBeginSeen,
  type SyncEndSeen,
  type SyncFileSeen,
  type Where,
} from "./observation.ts";
import { hasHappened, Last, lastBefore } from "./moments.ts";
import { observeAll, refresh, reshape } from "./observe.ts";
import { syncSlots } from "./small_world.ts";
import type { Check, FileUnderCheck, SmallWorld, SyncCall, SyncInFlight } from "./subject.ts";
import { hasFaults } from "./faults_in_flight.ts";
import { dirtyWorlds, fileOf } from "./files.ts";
import { remember } from "./world.ts";

/** A sync call is entered. */
export function beginSync(check: Check, { call, where }: SyncBeginSeen): void {
  check.calls.set(call, { begin: where, slots: new Map(), crowded: false, alone: true });
}

/** The call's file is told, and perhaps its range. */
export function nameSync(check: Check, { call, file: id, range, where }: SyncFileSeen): void {
  const sync = check.calls.get(call);
  if (sync === undefined) return;
  enterFile(check, sync, id, where);
  const file = fileOf(check, id);
  const slot = sync.slots.get(fileKey(id));
  const inFlight = slot === undefined ? undefined : file.syncs[slot];
  if (range === undefined || slot === undefined || inFlight === undefined) return;
  if (inFlight.unentered !== undefined) {
    enterWorlds(check, file, slot, inFlight, dirtyWorlds(file, range.from, range.to));
    return;
  }
  if (range.from === 0 && range.to === Infinity) return;
  const { worlds } = inFlight;
  const stays = ({ pgoff }: SmallWorld): boolean => pgoff >= range.from && pgoff < range.to;
  inFlight.worlds = worlds.filter(stays);
  for (const world of worlds) if (!stays(world)) leave(check, world, slot, where);
}

function enterFile(check: Check, sync: SyncCall, id: FileId, named: Where): void {
  const key = fileKey(id);
  if (sync.slots.has(key) || sync.crowded) return;
  const file = fileOf(check, id);
  let slot = 1;
  while (slot <= syncSlots && file.syncs[slot] !== undefined) slot++;
  if (slot > syncSlots) {
    sync.crowded = true;
    check.findings.crowded++;
    return;
  }
  for (const other of file.syncs) {
    if (other === undefined) continue;
    other.sync.alone = false;
    sync.alone = false;
  }
  if (hasFaults(file)) sync.alone = false;
  file.syncs[slot] = { sync, worlds: [], unentered: named };
  sync.slots.set(key, slot);
  check.unentered.add(file);
}

/**
 * Calls whose range is not told yet begin in every world of their file that may be DIRTY: something
 * else happens to the file. Where the range comes first, as it mostly does, they begin in its pages
 * alone, and a call for one page costs nothing for the others.
 */
export function enterAll(check: Check, file: FileUnderCheck, but?: SyncCall): void {
  for (let slot = 1; slot < file.syncs.length; slot++) {
    const inFlight = file.syncs[slot];
    if (inFlight?.unentered === undefined || inFlight.sync === but) continue;
    enterWorlds(check, file, slot, inFlight, [...file.dirty]);
  }
}

/** The call begins in these worlds, as of the line that has named its file. */
function enterWorlds(
  check: Check,
  file: FileUnderCheck,
  slot: number,
  inFlight: SyncInFlight,
  worlds: readonly SmallWorld[],
): void {
  const { sync, unentered: named } = inFlight;
  inFlight.unentered = undefined;
  if (!file.syncs.some((each) => each?.unentered !== undefined)) check.unentered.delete(file);
  if (named === undefined) return;
  const entered: SmallWorld[] = [];
  for (const world of worlds) {
    refresh(check, world);
    if (!wasMarkedBefore(check, world, sync.begin)) continue;
    remember(check, world, sync.begin);
    remember(check, world, named);
    world.syncs |= 1 << slot;
    entered.push(world);
  }
  const begin = check.automaton.project({ kind: "sync_begin", slot });
  observeAll(check, file, entered, begin, named);
  inFlight.worlds = entered;
  tell(check, file, entered, sync.begin);
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

/** Reports of recent violations show the sync calls that followed. */
function tell(
  check: Check,
  { telling }: FileUnderCheck,
  but: readonly SmallWorld[],
  where: Where,
): void {
  if (telling === undefined || telling.size === 0) return;
  const told = new Set(but);
  for (const world of telling) if (!told.has(world)) remember(check, world, where);
}

function leave(
  check: Check,
  world: SmallWorld,
  slot: number,
  where: Where,
): void {
  if ((world.syncs & (1 << slot)) === 0) return;
  world.syncs &= ~(1 << slot);
  reshape(check, world, check.automaton.project({ kind: "sync_left", slot }), where);
}

/**
 * A sync call returned. An event of another CPU that the recording puts shortly after may have come
 * before, so the call is judged a little later.
 */
export function endSync(check: Check, seen: SyncEndSeen): void {
  const sync = check.calls.get(seen.call);
  check.calls.delete(seen.call);
  if (sync === undefined) return;
  if (sync.slots.size === 0 && !sync.crowded && seen.promises && anyDirty(check, sync.begin)) {
    check.findings.nameless++;
  }
  if (seen.untold && anyDirty(check, sync.begin)) check.findings.untold++;
  if (sync.slots.size === 0) return;
  check.returning.push({
    until: seen.where.time + check.settings.clockError,
    end: () => judgeSync(check, sync, seen),
  });
}

function anyDirty(check: Check, begin: Where): boolean {
  for (const { dirty } of check.files.values()) {
    for (const world of dirty) {
      if (world.gaps !== check.gaps || !hasHappened(check, world, Last.dirtySince)) continue;
      if (lastBefore(check, world, Last.dirtySince, begin)) return true;
    }
  }
  return false;
}

function judgeSync(check: Check, sync: SyncCall, { where, promises }: SyncEndSeen): void {
  for (const [key, slot] of sync.slots) {
    const file = check.files.get(key);
    const inFlight = file?.syncs[slot];
    if (file === undefined || inFlight === undefined) continue;
    if (check.unentered.has(file)) enterAll(check, file, inFlight.sync);
    file.syncs[slot] = undefined;
    const { alone } = sync;
    const { counted } = check.completeness;
    const end = check.automaton.project({ kind: "sync_end", slot, alone, counted });
    if (!promises) { for (const world of inFlight.worlds) leave(check, world, slot, where); }
    else {
      const worlds = inFlight.worlds.filter(({ syncs }) => (syncs & (1 << slot)) !== 0);
      for (const world of worlds) {
        world.syncs &= ~(1 << slot);
        remember(check, world, where);
      }
      observeAll(check, file, worlds, end, where);
    }
    tell(check, file, promises ? inFlight.worlds : [], where);
  }
}

/** Judges the calls that returned so long before this time that nothing can precede that any more. */
export function judgeReturned(check: Check, time: number): void {
  while (check.returning.length > 0) {
    const first = check.returning[0];
    if (first === undefined || first.until >= time) return;
    check.returning.shift();
    first.end();
  }
}

/** Nobody knows which calls are in flight any more. */
export function forgetCalls(check: Check): void {
  check.calls.clear();
  check.returning.length = 0;
  check.unentered.clear();
  for (const file of check.files.values()) file.syncs.length = 0;
}
