/**
 * A check of the page cache before the first line.
 *
 * @module
 */
import { createPageCacheFindings } from "./findings.ts";
import { createValues } from "./page_values.ts";
import { createSectorMaps } from "./sectors.ts";
import type { PageCacheSettings } from "./settings.ts";
import type { PageCacheCheck } from "./subject.ts";

/** A check that has seen nothing. */
export function createPageCacheCheck(settings: PageCacheSettings): PageCacheCheck {
  return {
    settings,
    files: new Map(),
    latest: undefined,
    devices: new Map(),
    journals: new Map(),
    bios: new Map(),
    calls: new Map(),
    syncfs: new Map(),
    dirtyingOver: new Map(),
    requests: new Map(),
    removals: new Map(),
    strayWrites: new Map(),
    values: createValues(),
    memories: new Map(),
    fuaBios: new Map(),
    fuaEnds: new Map(),
    directBios: new Set(),
    probes: false,
    unfollowed: 0,
    cleaners: new Set(),
    syncsInFaults: new Set(),
    carries: false,
    plain: false,
    sectors: createSectorMaps(),
    exposed: new Map(),
    logging: new Set(),
    mapping: new Set(),
    findings: createPageCacheFindings(),
  };
}
