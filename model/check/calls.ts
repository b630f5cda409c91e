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
import { refresh, reshape } from "./observe.ts";
import { observeAll } from "./seen_alike.ts";
import { syncSlots } from "./small_world.ts";
import type { Check, FileUnderCheck, SmallWorld, SyncCall, SyncInFlight } from "./subject.ts";
import { hasFaults } from "./faults_in_flight.ts";
import { dirtyWorlds, fileOf } from "./files.ts";
import { calmOf } from "./drift.ts";
import { maySettle } from "./settled.ts";
import { giveSlot, hasSlot, isFor, leaveSlot } from "./sync_slots.ts";
import { remember, settle } from "./world.ts";

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
  if (!inFlight.entered) {
    inFlight.range = range;
    enterWorlds(check, file, slot, inFlight, dirtyWorlds(file, range.from, range.to));
    return;
  }
  if (range.from === 0 && range.to === Infinity) return;
  const { worlds, range: { from, to } } = inFlight;
  inFlight.range = { from: Math.max(from, range.from), to: Math.min(to, range.to) };
  inFlight.worlds = worlds.filter((world) => isFor(inFlight, world));
  for (const world of worlds) if (!isFor(inFlight, world)) leave(check, world, slot, where);
}

/** All pages. */
const wholeFile = { from: 0, to: Infinity } as const;

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
  rouse(check, file);
  file.syncs[slot] = { sync, named, entered: false, range: wholeFile, worlds: [] };
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
    if (inFlight === undefined || inFlight.entered || inFlight.sync === but) continue;
    enterWorlds(check, file, slot, inFlight, file.dirty.members());
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
  const { sync, named } = inFlight;
  const entered: SmallWorld[] = [];
  for (const world of worlds) {
    refresh(check, world);
    if (giveSlot(check, world, slot, inFlight)) entered.push(world);
  }
  const begin = check.automaton.project({ kind: "sync_begin", slot });
  observeAll(check, file, entered, begin, named);
  inFlight.worlds = entered;
  inFlight.entered = true;
  if (file.syncs.every((each) => each?.entered !== false)) check.unentered.delete(file);
  tell(check, file, entered, sync.begin);
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
  if (!hasSlot(world, slot)) return;
  leaveSlot(world, slot);
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
  return check.files.values().some(({ dirty }) =>
    dirty.some((world) =>
      world.gaps === check.gaps && hasHappened(check, world, Last.dirtySince) &&
      lastBefore(check, world, Last.dirtySince, begin)
    )
  );
}

function judgeSync(check: Check, sync: SyncCall, { where, promises }: SyncEndSeen): void {
  for (const [key, slot] of sync.slots) {
    const file = check.files.get(key);
    const inFlight = file?.syncs[slot];
    if (file === undefined || inFlight === undefined) continue;
    if (check.unentered.has(file)) enterAll(check, file, inFlight.sync);
    rouse(check, file);
    file.syncs[slot] = undefined;
    const { from, to } = inFlight.range;
    if (from === 0 && to === Infinity) file.passedBy = where;
    const { alone } = sync;
    const { counted } = check.completeness;
    const end = check.automaton.project({ kind: "sync_end", slot, alone, counted });
    if (!promises) { for (const world of inFlight.worlds) leave(check, world, slot, where); }
    else {
      const worlds = inFlight.worlds.filter((world) => hasSlot(world, slot));
      for (const world of worlds) {
        leaveSlot(world, slot);
        remember(check, world, where);
      }
      observeAll(check, file, worlds, end, where);
      settleAll(check, file, worlds);
    }
    tell(check, file, promises ? inFlight.worlds : [], where);
  }
}

/** Calls pass by what the next of them could change nothing of. */
function settleAll(check: Check, file: FileUnderCheck, worlds: readonly SmallWorld[]): void {
  for (const world of worlds) {
    if (!maySettle(check, world)) continue;
    settle(world);
    file.settledIn = calmOf(check, file);
  }
}

/** Begins with all settled worlds anew where other things could happen unseen when they settled. */
function rouse(check: Check, file: FileUnderCheck): void {
  const { settled, settledIn } = file;
  if (settled === undefined || settled.size === 0 || settledIn === calmOf(check, file)) return;
  for (const world of settled.members()) refresh(check, world);
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
