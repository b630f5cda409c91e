/**
 * Faults, hole loads, stores and unmaps, brought to the worlds that they reach.
 *
 * @module
 */
import type { FaultSeen, HoleSeen, StoreSeen, UnmapSeen } from "./observation.ts";
import {
  type Check,
  fileOf,
  type FileUnderCheck,
  intern,
  judged,
  mappingOf,
  noteSize,
  pageOf,
  pageSize,
  type PageUnderCheck,
  pmdOf,
  reachedPages,
  worldOf,
} from "./subject.ts";
import { observe } from "./observe.ts";
import { remember, surelyDirty, type World } from "./world.ts";

/** What a fault does to a page's worlds: `own` is true for the faulting mapping's. */
function reach(
  file: FileUnderCheck,
  seen: FaultSeen | HoleSeen,
  see: (world: World, own: boolean, page: PageUnderCheck) => void,
): void {
  mappingOf(file, seen.mapping, seen.where.pid);
  worldOf(pageOf(file, seen.pgoff), seen.mapping);
  for (const page of reachedPages(file, seen.pgoff, seen.order)) {
    see(page.entry, false, page);
    for (const [id, world] of page.mappings) see(world, id === seen.mapping, page);
    noteSize(page);
  }
}

/** A fault that ended with a mapping. */
export function checkFault(check: Check, seen: FaultSeen): void {
  const { where, pgoff, order, write } = seen;
  const file = fileOf(check, seen.file);
  reach(file, seen, (world, own, page) => {
    const here = page.pgoff === pgoff;
    const covers = here || order === "pmd";
    const projection = intern({
      kind: write ? "write_fault" : "read_fault",
      order,
      here,
      own,
      fresh: world.touched < seen.since,
      found: seen.found,
      overtaken: world.cleaned > seen.since,
      certain: seen.outcome === "mapped",
      holeVisible: seen.holeVisible,
    });
    if (covers) remember(world, where);
    const wasDirty = world.dirtySince !== undefined && surelyDirty(world);
    observe(world, projection, check.successors, judged(where));
    if (own && covers) world.touched = where.line;
    if (!write) return;
    if (covers) world.allocated = where.line;
    if (!wasDirty) world.dirtySince = surelyDirty(world) ? where.line : undefined;
  });
  if (order === "pmd" && write) file.pmdFaults.set(pmdOf(pgoff), where);
}

/** The zero page is mapped. */
export function checkHole(check: Check, seen: HoleSeen): void {
  const { where, pgoff, order } = seen;
  reach(fileOf(check, seen.file), seen, (world, own, page) => {
    const here = page.pgoff === pgoff;
    const covers = here || order === "pmd";
    const raced = here && world.allocated > seen.since;
    if (covers) remember(world, where);
    const projection = intern({ kind: "hole", order, here, own, raced });
    observe(world, projection, check.successors, judged(where));
    if (own && covers) world.touched = where.line;
    if (own && covers) world.mappedHole = true;
  });
}

/** A program says that it stored. */
export function checkStore(check: Check, seen: StoreSeen): void {
  const file = fileOf(check, seen.file);
  mappingOf(file, seen.mapping, seen.where.pid).stores = true;
  const world = worldOf(pageOf(file, seen.pgoff), seen.mapping);
  remember(world, seen.where);
  // The entry was cleaned or removed meanwhile: the store may have come before that.
  if (world.cleaned > seen.since) return;
  const explained = observe(world, intern({ kind: "store" }), check.successors, {
    where: seen.where,
    judges: true,
    proves: check.completeness.faults,
    direct: true,
  });
  if (!explained) world.touched = seen.where.line;
}

/** Addresses lose their mappings; whose they are the recording does not say. */
export function checkUnmap(check: Check, { start, end, done, where }: UnmapSeen): void {
  for (const file of check.files.values()) {
    for (const [id, mapping] of file.mappings) {
      for (const page of file.pages.values()) {
        const address = Number(id) + page.pgoff * pageSize;
        const world = page.mappings.get(id);
        if (world === undefined || address < start || address >= end) continue;
        remember(world, where);
        // A task that never faulted here may be of another process, at the same address.
        const certain = done && mapping.pids.has(where.pid);
        observe(world, intern({ kind: "unmap", done: certain }), check.successors, judged(where));
        world.touched = where.line;
      }
    }
  }
}
