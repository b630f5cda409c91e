/**
 * Mappings of a folio: after it was declared clean, a store through any of them faults first
 * (WB-CLEAN-1), and the fault asks the file system (WB-MKWRITE-1).
 *
 * Every mapping is followed in a world of its own: the invariant asks whether any of them is writable, so
 * nothing is lost by that. Whether mkclean has protected a mapping is not shown by its line. Both are
 * followed: the mapping as it is if protected, and as it is if missed. A fault refutes the second, a
 * store without one the first, if nobody in its memory has made the folio writable since.
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { MappingId, Moment, Where } from "../observation.ts";
import { ownerOf } from "../mapping_id.ts";
import { breachOf, leaveOpen } from "./findings.ts";
import { sharesMemory } from "./memories.ts";
import {
  anyFolio,
  type FolioHappening,
  happens,
  mayHappen,
  withFlags,
  writable,
} from "./folio_world.ts";
import { folioAround, folioOf, rememberFolio } from "./folio_record.ts";
import { lockMarks } from "./marks.ts";
import type { FaultMarkedSeen, FolioFlags, MadeWritableSeen } from "./observation.ts";
import type { PageStoreSeen } from "./mapping_observation.ts";
import { judgeFolio, needsStable } from "./stable.ts";
import type { FittingStates } from "./state_sets.ts";
import { endUnseen } from "./unseen_end.ts";
import type { MappingWorld } from "./folio_parts.ts";
import { type FolioUnderCheck, isBefore, type PageCacheCheck, pageCacheFile } from "./subject.ts";

/** Something happens to the folio that every mapping of it sees. */
export function mappingsHappen(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  what: FolioHappening,
  where: Where,
): void {
  if (what === "cleaned") folio.writers = undefined;
  if (folio.mappings === undefined) return;
  for (const [id, world] of folio.mappings) {
    if (what === "cleaned") clean(world, where);
    else advance(check, folio, id, world, what, where);
  }
}

function clean(world: MappingWorld, where: Where): void {
  const before = world.protected;
  const missed = writable(happens(before, "cleanedUnprotected").to);
  world.exposed = missed.keys.length > 0;
  world.missed = world.exposed ? missed : missedAgain(world);
  world.protected = known(happens(before, "cleaned").to);
  world.clean = where;
}

/** What an earlier mkclean has missed, and this one too. */
function missedAgain({ missed }: MappingWorld): FittingStates | undefined {
  if (missed === undefined) return undefined;
  const still = writable(happens(missed, "cleanedUnprotected").to);
  return still.keys.length === 0 ? undefined : still;
}

function advance(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  id: MappingId,
  world: MappingWorld,
  what: FolioHappening,
  where: Where,
): void {
  const step = happens(world.protected, what);
  if (what === "ended" && step.says.get("STABLE-1") === "broken" && needsStable(check, folio)) {
    check.findings.violations.push(breachOf("STABLE-1", {
      file: folio.file.id,
      pgoffs: [folio.index],
      mapping: id,
      at: where,
      because: folio.history,
    }));
  }
  world.protected = known(step.to);
  if (world.missed === undefined) return;
  const missed = happens(world.missed, what).to;
  world.missed = missed.keys.length === 0 ? undefined : missed;
}

/** `->page_mkwrite` has said yes: the PTE is made writable under the folio's lock. */
export function checkMadeWritable(check: PageCacheCheck, seen: MadeWritableSeen): void {
  const { where, mapping } = seen;
  const folio = folioOf(check, seen.folio);
  rememberFolio(folio, where);
  check.findings.numbers.mkwrites++;
  if (seen.folio.flags?.writeback === false) endUnseen(check, folio, where);
  if (seen.folio.flags?.locked === true) lockMarks(check, folio, where);
  judgeFolio(check, folio, "madeWritable", where, seen.folio.flags);
  const world = mappingOf(folio, mapping);
  faulted(check, world, seen.bare);
  world.made = where;
  const writers = folio.writers ??= new Map();
  writers.set(mapping, (writers.get(mapping) ?? true) && seen.storing === true);
  const { flags } = seen.folio;
  const step = happens(
    flags === undefined ? world.protected : fitting(world.protected, flags),
    "madeWritable",
  );
  if (flags !== undefined) {
    const says = step.says.get("WB-MKWRITE-1");
    if (says === "kept") tick(check.findings.judged, "WB-MKWRITE-1");
    // What the file system has agreed to, the fault marks dirty next.
    if (says === "broken" && seen.refused) {
      check.findings.violations.push(breachOf("WB-MKWRITE-1", {
        file: folio.file.id,
        pgoffs: [seen.pgoff],
        mapping,
        at: where,
        because: folio.history,
      }));
    }
  }
  world.protected = known(step.to);
}

/**
 * The fault that made a page of a clean folio writable has marked it dirty, under the lock that it has had
 * all the time; or it is over, and has not.
 */
export function checkFaultMarked(check: PageCacheCheck, seen: FaultMarkedSeen): void {
  const { findings } = check;
  const { folio: { file }, pgoff, mapping, made, where, dirty } = seen;
  if (dirty) return tick(findings.judged, "WB-MKWRITE-1");
  // Where no line tells of dirty folios, it may have.
  if (!findings.silent.dirtied.has(file.dev)) {
    return leaveOpen(findings, "WB-MKWRITE-1", "dirty", where);
  }
  const because = folioOf(check, seen.folio).history;
  const breach = breachOf("WB-MKWRITE-1", {
    ...{ file, pgoffs: [pgoff], mapping, at: made, proof: where, because },
  });
  findings.absent.push({ breach, missing: "dirty" });
}

/** A program has stored through a mapping. */
export function checkPageStore(check: PageCacheCheck, seen: PageStoreSeen): void {
  const { where, since, pgoff, mapping } = seen;
  // A store to a private copy of the page is none to the file.
  if (seen.shared === false) return;
  const folio = folioAround(pageCacheFile(check, seen.file), pgoff);
  if (folio === undefined) return;
  check.findings.numbers.stores++;
  rememberFolio(folio, where);
  const world = mappingOf(folio, mapping);
  // A fault that does not ask the file system may be one in a private mapping at the same place.
  if (seen.faulted && (world.made?.line ?? 0) < since.line) world.made = undefined;
  const shared = seen.shared === true || world.made !== undefined;
  if (seen.faulted) {
    if (shared) faulted(check, world, seen.bare);
    world.missed = undefined;
    world.protected = anyWritable;
    return;
  }
  // Where it may have been before the folio was declared clean, it tells nothing.
  if (world.clean !== undefined && !isBefore(check, world.clean, since)) return;
  const stored = happens(world.protected, "stored").to;
  if (!shared) {
    if (stored.keys.length === 0 && world.missed !== undefined) {
      leaveOpen(check.findings, "WB-CLEAN-1", "mapping", where);
    }
    world.protected = mayHappen(world.protected, "stored");
    return;
  }
  const missed = world.missed === undefined ? undefined : happens(world.missed, "stored").to;
  if (stored.keys.length > 0) {
    world.protected = stored;
    world.missed = missed !== undefined && missed.keys.length > 0 ? missed : undefined;
    return;
  }
  const wasMissed = missed !== undefined && missed.keys.length > 0;
  if (wasMissed && world.clean !== undefined && mkcleanMissed(check, folio, seen, world)) {
    const breach = breachOf("WB-CLEAN-1", {
      file: folio.file.id,
      pgoffs: [pgoff],
      mapping,
      at: world.clean,
      proof: where,
      because: folio.history,
    });
    check.findings.absent.push({ breach, missing: "fault" });
    world.protected = missed;
  } else world.protected = anyWritable;
  world.missed = undefined;
}

/**
 * True if the store shows that mkclean has missed its mapping: nobody can have made it writable since.
 * Of a folio that was marked dirty since, that takes to know every fault that did it, and its memory.
 */
function mkcleanMissed(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  { mapping, where }: PageStoreSeen,
  { made }: MappingWorld,
): boolean {
  if (folio.dirty === undefined && folio.writers === undefined) return true;
  const same = [...folio.writers ?? []].map(([writer, own]) => {
    const shares = sharesMemory(check.memories, mapping, writer);
    return shares === false && !own ? undefined : shares;
  });
  if (same.includes(true) || "task" in ownerOf(mapping) || made === undefined) return false;
  if (!same.includes(undefined)) return true;
  leaveOpen(check.findings, "WB-CLEAN-1", "memory", where);
  return false;
}

const anyWritable: FittingStates = writable(anyFolio);

/**
 * The next access through the mapping has faulted: mkclean had not missed it, unless it was mapped anew
 * since and would have faulted anyhow.
 */
function faulted(check: PageCacheCheck, world: MappingWorld, bare: Moment | undefined): void {
  if (world.missed === undefined) return;
  const { clean, exposed } = world;
  const tells = bare === undefined || clean === undefined || isBefore(check, bare, clean);
  if (exposed && tells) tick(check.findings.judged, "WB-CLEAN-1");
  world.missed = undefined;
}

function mappingOf(folio: FolioUnderCheck, id: MappingId): MappingWorld {
  let world = folio.mappings?.get(id);
  if (world === undefined) {
    world = {
      protected: folio.world,
      missed: undefined,
      exposed: false,
      made: undefined,
      clean: undefined,
    };
    (folio.mappings ??= new Map()).set(id, world);
  }
  return world;
}

function known(set: FittingStates): FittingStates {
  return set.keys.length === 0 ? anyFolio : set;
}

/** What a line shows of flags goes before what was believed. */
function fitting(set: FittingStates, flags: FolioFlags): FittingStates {
  const fits = withFlags(set, flags);
  return fits.keys.length === 0 ? withFlags(anyFolio, flags) : fits;
}
