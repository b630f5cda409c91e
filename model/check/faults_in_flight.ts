/**
 * Write faults between their first line and their last. What a fault does it does before its last
 * line, so whatever is seen meanwhile may have come after it.
 *
 * @module
 */
import { isSame } from "./mapping_id.ts";
import { Last, setLast } from "./moments.ts";
import type { FaultBeginSeen, FaultLeftSeen, Where } from "./observation.ts";
import { reshape } from "./observe.ts";
import type { Check, FileUnderCheck, SmallWorld } from "./subject.ts";
import { fileOf } from "./files.ts";
import { pageOf, worldOf } from "./pages.ts";
import { pmdOf } from "../page_size.ts";

/** A fault has begun. It may hold the entry for as long as it lasts, and no pass waits for it. */
export function beginFault(check: Check, seen: FaultBeginSeen): void {
  const file = fileOf(check, seen.file);
  const faulting = file.faulting ??= [];
  const { pid } = seen.where;
  const at = faulting.findIndex(({ where }) => where.pid === pid);
  if (at < 0) faulting.push(seen);
  else faulting[at] = seen;
  // What is seen of the page until the fault ends may have come after it, and is to be known by then.
  if (seen.write) {
    worldOf(check, pageOf(check, file, seen.pgoff), seen.mapping);
  }
  for (const sync of file.syncs) if (sync !== undefined) sync.sync.alone = false;
}

/** A fault is over. */
export function leaveFault(check: Check, { file: id, where }: FaultLeftSeen): void {
  endFault(fileOf(check, id), where);
}

/** The task's fault no longer holds anything. */
export function endFault(file: FileUnderCheck, { pid, line }: Where): void {
  file.faulted = line;
  const { faulting } = file;
  if (faulting === undefined) return;
  for (let at = 0; at < faulting.length; at++) {
    if (faulting[at]?.where.pid === pid) faulting.splice(at, 1);
  }
}

/** True while a fault on the file is under way. */
export function hasFaults({ faulting }: FileUnderCheck): boolean {
  return faulting !== undefined && faulting.length > 0;
}

/** Write faults of other tasks that are under way may have reached this world by now. */
export function mayHaveFaulted(check: Check, world: SmallWorld, where: Where): void {
  const { faulting } = world.file;
  if (faulting === undefined || faulting.length === 0) return;
  for (const { order, pgoff, mapping, write, where: { pid } } of faulting) {
    if (!write) continue;
    const here = pgoff === world.pgoff;
    const covers = here || (order === "pmd" && pmdOf(pgoff) === pmdOf(world.pgoff));
    if (pid === where.pid || !(covers || isUnderPmd(world, pgoff))) continue;
    const same = world.mapping === undefined ? false : isSame(mapping, world.mapping);
    const projection = check.automaton.project({
      kind: "write_fault",
      order,
      here,
      own: same === true,
      perhapsOwn: same === undefined,
      fresh: false,
      found: undefined,
      overtaken: false,
      certain: false,
      holeVisible: true,
      allocated: undefined,
    });
    reshape(check, world, projection, where);
    if (same !== false && covers) setLast(check, world, Last.touched, where);
  }
}

function isUnderPmd({ pgoff, set }: SmallWorld, other: number): boolean {
  return set.mayBeHuge && pmdOf(pgoff) === pmdOf(other);
}
