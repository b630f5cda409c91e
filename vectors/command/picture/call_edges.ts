/**
 * Where calls begin and end, as observations tell: for spans.
 *
 * @module
 */
import type { Where } from "../../../model/check/observation.ts";
import type { AnyObservation } from "../../../model/check/recording.ts";

/** One end of a call. Both have the same key. */
export interface CallEdge {
  readonly edge: "begin" | "end";
  readonly key: string;
  readonly where: Where;
}

/**
 * The edge of a sync call, a removal or direct I/O that the observation is; undefined if it is none. What is
 * seen of the page cache has calls of its own, from the entry of their system call.
 */
export function callEdge(seen: AnyObservation): CallEdge | undefined {
  switch (seen.kind) {
    case "sync_begin":
      return { edge: "begin", key: `sync ${seen.call}`, where: seen.where };
    case "sync_end":
      return { edge: "end", key: `sync ${seen.call}`, where: seen.where };
    case "removal_begin":
      return { edge: "begin", key: `removal ${seen.call}`, where: seen.where };
    case "removal_end":
      return { edge: "end", key: `removal ${seen.call}`, where: seen.where };
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
