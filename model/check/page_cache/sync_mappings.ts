/**
 * MAP_SYNC: what mmap gives who asks for it (MSYNC-1), and whether the block map is committed before a
 * page of such a mapping can be stored to (META-1).
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Event } from "../../event.ts";
import { Extent } from "../../extent.ts";
import { Pte } from "../../page_table.ts";
import type { Bounds } from "../../state.ts";
import { changeMap } from "../../storage.ts";
import { breachOf, leaveOpen } from "./findings.ts";
import { createStateSets, type FittingStates } from "./state_sets.ts";
import type { PageCacheCheck } from "./subject.ts";
import type { SyncMappingSeen, SyncPageMappedSeen } from "./sync_mapping_observation.ts";

const world: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 1,
  locals: 0,
  blocks: 1,
  durable: true,
};
const sets = createStateSets(world, ["META-1", "MSYNC-1"]);
const on = { task: 0, page: 0 } as const;
const crash: Event = { kind: "crash" };

/** A page that a write fault has just given a block, with the block map in core alone. */
function allocated(): FittingStates {
  const state = sets.blank();
  state.extent[0] = Extent.MAPPED;
  state.block[0] = 1;
  state.owner[0] = 1;
  state.size[0] = 1;
  state.pte[0] = Pte.WRITE;
  changeMap(state);
  return sets.of([state]);
}

/** The program stores, writes its line back and fences. */
const stored: readonly Event[] = [
  { kind: "store_line", mapping: 0, page: 0, writes: 1 },
  { kind: "write_back_line", ...on, line: 0 },
  { kind: "fence", ...on, writes: 1 },
];
const committed: readonly Event[] = [{ kind: "commit", task: 0 }];

function judgeMap(commits: boolean): string | undefined {
  const start = commits ? sets.step(allocated(), committed).to : allocated();
  return sets.judge(sets.step(start, stored).to, crash).get("META-1");
}

const meta1 = { committed: judgeMap(true), uncommitted: judgeMap(false) };

/** The fault has called the file system's fsync before it made the page writable, or not. */
export function syncPageMapped(check: PageCacheCheck, seen: SyncPageMappedSeen): void {
  const { where, since, file, pgoff, synced } = seen;
  if (synced !== undefined) check.syncsInFaults.add(file.dev);
  const says = synced === undefined ? meta1.uncommitted : meta1.committed;
  if (says === "kept") tick(check.findings.judged, "META-1");
  if (says !== "broken") return;
  if (!check.syncsInFaults.has(file.dev)) {
    return leaveOpen(check.findings, "META-1", "commit", where);
  }
  const breach = breachOf("META-1", { file, pgoffs: [pgoff], at: where, because: [since] });
  check.findings.absent.push({ breach, missing: "commit" });
}

const asked = {
  synchronous: { kind: "mmap", task: 0, mapping: 0, asksSync: true, gets: "synchronous" },
  plain: { kind: "mmap", task: 0, mapping: 0, asksSync: true, gets: "plain" },
  EOPNOTSUPP: { kind: "mmap", task: 0, mapping: 0, asksSync: true, gets: "EOPNOTSUPP" },
} as const satisfies Readonly<Record<string, Event>>;

/** What a mapping is that was asked to be synchronous. */
export function syncMapping(check: PageCacheCheck, seen: SyncMappingSeen): void {
  const { where, since, file, gets } = seen;
  const says = sets.judge(allocated(), asked[gets]).get("MSYNC-1");
  if (says === "kept") tick(check.findings.judged, "MSYNC-1");
  if (says !== "broken" || file === undefined) return;
  // It may have been unmapped since, and another mapping have its place.
  const breach = breachOf("MSYNC-1", { file, pgoffs: [], at: since, proof: where, because: [] });
  check.findings.absent.push({ breach, missing: "unmap" });
}
