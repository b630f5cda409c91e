/**
 * Sync calls and removals: what is in flight on a file, from its entry to its return.
 *
 * @module
 */
import {
  type FileId,
  fileKey,
  type RemovalBeginSeen,
  type RemovalEndSeen,
  type SyncBeginSeen,
  type SyncEndSeen,
  type SyncFileSeen,
  type Where,
} from "./observation.ts";
import { projectRemoval } from "./removal_relation.ts";
import { syncSlots } from "./small_world.ts";
import { type Check, fileOf, intern, judged, noteSize, type SyncCall } from "./subject.ts";
import { endRemoval, observe } from "./observe.ts";
import {
  beginRemoval,
  hasAftermath,
  maybeDirty,
  maybeMapped,
  remember,
  withdraw,
  type World,
} from "./world.ts";

/** A sync call is entered. */
export function beginSync(check: Check, { call, where }: SyncBeginSeen): void {
  check.calls.set(call, { begin: where, slots: new Map(), crowded: false, alone: true });
}

/** The call's file is told, and perhaps its range. */
export function nameSync(check: Check, { call, file, range, where }: SyncFileSeen): void {
  const sync = check.calls.get(call);
  if (sync === undefined) return;
  enterFile(check, sync, call, file, where);
  const slot = sync.slots.get(fileKey(file));
  if (range === undefined || slot === undefined) return;
  for (const page of fileOf(check, file).pages.values()) {
    if (page.pgoff >= range.from && page.pgoff < range.to) continue;
    for (const world of page.worlds) dropSync(check, world, slot, where);
  }
}

function enterFile(
  check: Check,
  sync: SyncCall,
  call: number,
  id: FileId,
  named: Where,
): void {
  const key = fileKey(id);
  if (sync.slots.has(key) || sync.crowded) return;
  const file = fileOf(check, id);
  let slot = 1;
  while (slot <= syncSlots && file.syncs[slot] !== undefined) slot++;
  if (slot > syncSlots) {
    sync.crowded = true;
    check.crowded++;
    return;
  }
  file.syncs[slot] = call;
  for (const other of file.syncs) {
    const met = other === undefined || other === call ? undefined : check.calls.get(other);
    if (met === undefined) continue;
    met.alone = false;
    sync.alone = false;
  }
  sync.slots.set(key, slot);
  const begin = intern({ kind: "sync_begin", slot });
  for (const page of file.pages.values()) {
    for (const world of page.worlds) {
      // The file is told after the call was entered: only what was DIRTY before that counts.
      if (world.dirtySince === undefined || world.dirtySince >= sync.begin.line) {
        if (hasAftermath(world)) remember(world, sync.begin);
        continue;
      }
      remember(world, sync.begin);
      if (named.line !== sync.begin.line) remember(world, named);
      world.syncs |= 1 << slot;
      observe(world, begin, check.successors, judged(sync.begin));
    }
  }
}

function dropSync(check: Check, world: World, slot: number, where: Where): void {
  if ((world.syncs & (1 << slot)) === 0) return;
  world.syncs &= ~(1 << slot);
  const end = intern({ kind: "sync_end", slot, alone: false });
  observe(world, end, check.successors, { where, judges: false, proves: false });
}

/** A sync call returned. */
export function endSync(check: Check, { call, where, promises }: SyncEndSeen): void {
  const sync = check.calls.get(call);
  check.calls.delete(call);
  if (sync === undefined) return;
  if (sync.slots.size === 0 && !sync.crowded) check.nameless++;
  for (const [key, slot] of sync.slots) {
    const file = check.files.get(key);
    if (file === undefined) continue;
    file.syncs[slot] = undefined;
    const end = intern({ kind: "sync_end", slot, alone: sync.alone });
    for (const page of file.pages.values()) {
      for (const world of page.worlds) {
        if ((world.syncs & (1 << slot)) === 0) {
          if (hasAftermath(world)) remember(world, where);
          continue;
        }
        if (!promises) {
          dropSync(check, world, slot, where);
          continue;
        }
        world.syncs &= ~(1 << slot);
        remember(world, where);
        observe(world, end, check.successors, judged(where));
      }
    }
  }
}

/** Punch, zero range, truncate, collapse or insert is entered: it may take effect from now on. */
export function beginRange(check: Check, begin: RemovalBeginSeen): void {
  const file = fileOf(check, begin.file);
  let slot = 0;
  while (file.removals[slot] !== undefined) slot++;
  file.removals[slot] = begin;
  check.removalCalls.set(begin.call, { file: fileKey(begin.file), slot });
  for (const page of file.pages.values()) {
    const projection = intern(projectRemoval(begin, page.pgoff, check.completeness));
    const elsewhere = projection.kind === "removal" && projection.relation === "elsewhere";
    const entryStays = elsewhere && !check.completeness.removesElsewhere;
    for (const world of page.worlds) {
      // It can only be unmapped, and that matters only where it is mapped.
      if (entryStays && (world.watch === "entry" || !maybeMapped(world))) continue;
      if (!elsewhere) remember(world, begin.where);
      beginRemoval(world, slot, projection);
      // A sync call that returned meanwhile may have found the entry gone already.
      withdraw(world, begin.since, "DAX-WAIT-1");
    }
  }
}

/** ... and returns. */
export function endRange(check: Check, { call, where, done }: RemovalEndSeen): void {
  const removal = check.removalCalls.get(call);
  check.removalCalls.delete(call);
  const file = removal === undefined ? undefined : check.files.get(removal.file);
  if (removal === undefined || file === undefined) return;
  const begun = file.removals[removal.slot]?.where.line ?? 0;
  file.removals[removal.slot] = undefined;
  for (const page of file.pages.values()) {
    for (const world of page.worlds) {
      if (world.removals[removal.slot] === undefined) continue;
      remember(world, where);
      endRemoval(world, removal.slot, done, check.successors, judged(where));
      world.cleaned = where.line;
      world.touched = where.line;
      // Where it is still DIRTY it has been so all along, unless a fault came meanwhile.
      if (world.allocated > begun || !maybeDirty(world)) world.dirtySince = undefined;
    }
    noteSize(page);
  }
}
