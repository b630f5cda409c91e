/**
 * The end of a writeback pass over an entry, and signs of life that prove it missed a mapping.
 *
 * @module
 */
import { match } from "ts-pattern";
import type { CleanedSeen, MappingId, Visit, Where } from "./observation.ts";
import {
  type Check,
  fileOf,
  intern,
  judged,
  type MappingUnderCheck,
  noteSize,
  pageSize,
  pagesOfPmd,
  pmdOf,
  pmdPages,
} from "./subject.ts";
import { observe, refuteGone } from "./observe.ts";
import type { VisitKnown } from "./explain.ts";
import { awaitsLife, remember, type World } from "./world.ts";

/** `dax_writeback_one` has cleared DIRTY. */
export function checkCleaned(check: Check, seen: CleanedSeen): void {
  const file = fileOf(check, seen.file);
  const { where, order } = seen;
  const single = file.pages.get(seen.pgoff);
  const pages = order === "pmd"
    ? [...pagesOfPmd(file, seen.pgoff)]
    : single === undefined
    ? []
    : [single];
  const { unmaps: unmapsSeen, readFaultsMark } = check.completeness;
  for (const page of pages) {
    const see = (world: World, visit: VisitKnown): void => {
      remember(world, where);
      const projection = intern({ kind: "cleaned", order, visit, unmapsSeen, readFaultsMark });
      observe(world, projection, check.successors, judged(where));
      world.cleaned = where.line;
      world.dirtySince = undefined;
    };
    see(page.entry, "visited");
    for (const [id, world] of page.mappings) {
      see(world, visitOf(seen, id, page.pgoff));
      const mapping = file.mappings.get(id);
      if (mapping !== undefined && awaitsLife(world)) awaitLife(check, mapping, world);
    }
    noteSize(page);
  }
}

/** What the pass did to a mapping, as far as mkclean's probes show. */
function visitOf(
  { visits, order, laterVisitsDoubtful }: CleanedSeen,
  mapping: MappingId,
  pgoff: number,
): VisitKnown {
  if (visits === undefined) return "unseen";
  const base = Number(mapping);
  const address = base + pgoff * pageSize;
  const first = order === "pmd" ? pmdOf(pgoff) * pmdPages : pgoff;
  const start = base + first * pageSize;
  const end = start + (order === "pmd" ? pmdPages : 1) * pageSize;
  const index = visits.findIndex((visit) => covers(visit, address, start, end));
  const visit = visits[index];
  if (visit === undefined) return "absent";
  if (index > 0 && laterVisitsDoubtful) return "doubtful";
  // follow_invalidate_pte finds one PTE, or the PMD that maps all.
  const here = visit.kind === "vma" || Math.floor(visit.address / pageSize) * pageSize === address;
  return here ? "visited" : "visited-elsewhere";
}

function covers(visit: Visit, address: number, start: number, end: number): boolean {
  return match(visit)
    .with({ kind: "vma" }, (vma) => vma.start <= address && address < vma.end)
    .with({ kind: "address" }, (walk) => start <= walk.address && walk.address < end)
    .exhaustive();
}

function awaitLife(check: Check, mapping: MappingUnderCheck, world: World): void {
  for (const pid of mapping.pids) {
    const worlds = check.waiting.get(pid) ?? new Set();
    worlds.add(world);
    check.waiting.set(pid, worlds);
  }
}

/** A task that some world waits for was seen again. */
export function checkAlive(check: Check, where: Where): void {
  const worlds = check.waiting.get(where.pid);
  if (worlds === undefined) return;
  for (const world of worlds) {
    if (where.line <= world.cleaned) continue;
    worlds.delete(world);
    refuteGone(world, judged(where));
  }
  if (worlds.size === 0) check.waiting.delete(where.pid);
}
