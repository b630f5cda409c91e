/**
 * Where calls begin and end, as observations of either check tell: for spans.
 *
 * @module
 */
import type { Observation, Where } from "../../../model/check/observation.ts";
import type { PageCacheObservation } from "../../../model/check/page_cache/observation.ts";

/** One end of a call. Both have the same key. */
export interface CallEdge {
  readonly edge: "begin" | "end";
  readonly key: string;
  readonly where: Where;
}

/** The edge of a sync call or a removal that the observation is; undefined if it is none. */
export function callEdge(seen: Observation): CallEdge | undefined {
  switch (seen.kind) {
    case "sync_begin":
      return { edge: "begin", key: `sync ${seen.call}`, where: seen.where };
    case "sync_end":
      return { edge: "end", key: `sync ${seen.call}`, where: seen.where };
    case "removal_begin":
      return { edge: "begin", key: `removal ${seen.call}`, where: seen.where };
    case "removal_end":
      return { edge: "end", key: `removal ${seen.call}`, where: seen.where };
    default:
      return undefined;
  }
}

/** {@linkcode callEdge} of the page cache: sync calls and removals from their system call's entry, direct I/O. */
export function pageCacheCallEdge(seen: PageCacheObservation): CallEdge | undefined {
  switch (seen.kind) {
    case "sync_entered":
      return { edge: "begin", key: `cached sync ${seen.call}`, where: seen.since };
    case "syncfs_entered":
      return { edge: "begin", key: `cached sync ${seen.call}`, where: seen.where };
    case "sync_left":
    case "syncfs_left":
      return { edge: "end", key: `cached sync ${seen.call}`, where: seen.where };
    case "removal_begun":
      return { edge: "begin", key: `cached removal ${seen.call}`, where: seen.since };
    case "removal_ended":
      return { edge: "end", key: `cached removal ${seen.call}`, where: seen.where };
    case "direct_begun":
      return { edge: "begin", key: `direct ${seen.request}`, where: seen.where };
    case "direct_ended":
      return { edge: "end", key: `direct ${seen.request}`, where: seen.where };
    default:
      return undefined;
  }
}
