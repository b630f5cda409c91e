/**
 * What a trace says of itself that the page cache's worlds must know, and what a reader of its verdicts
 * must.
 *
 * @module
 */
import type { PageCacheNumbers } from "../../../model/check/page_cache/findings.ts";
import type { PageCacheObservation } from "../../../model/check/page_cache/observation.ts";
import type { PageCacheCheck } from "../../../model/check/page_cache/subject.ts";
import type { InvariantResult } from "../../../model/check/verdict.ts";
import type { Why } from "../../../model/check/why.ts";
import type { TraceHeader } from "../record.ts";

/** What a reader must know of what was judged. */
export type PageCacheNote =
  /** How much was looked at: a verdict that nothing is wrong rests on it. */
  | { readonly kind: "page_cache"; readonly numbers: PageCacheNumbers }
  /** The file system was mounted so that it asks for no flush. */
  | { readonly kind: "no_barriers" }
  /** No line of this file system tells of its sync calls. */
  | { readonly kind: "silent_syncs"; readonly fileSystem: string }
  /** Why these invariants could not have been broken. */
  | { readonly kind: "idle"; readonly ids: readonly string[]; readonly why: Why };

/**
 * Whether the device has a volatile cache, if whoever made the trace wrote it down. Whoever mounts with
 * `nobarrier` says that it has none which loses anything, whatever its queue says.
 */
export function writeCacheOf(header: TraceHeader): PageCacheObservation | undefined {
  const { facts } = header;
  const [dev] = facts?.mount?.split(" ") ?? [];
  if (dev === undefined || facts?.writeCache === undefined) return undefined;
  const volatile = facts.writeCache === "write back" && !hasNoBarriers(header);
  return { kind: "write_cache", dev, volatile };
}

/** How large the blocks of the file system are, if whoever made the trace wrote it down. */
export function blockSizeOf({ facts }: TraceHeader): PageCacheObservation | undefined {
  const [dev] = facts?.mount?.split(" ") ?? [];
  const { blockSize: bytes } = facts ?? {};
  return dev === undefined || bytes === undefined || bytes < 512
    ? undefined
    : { kind: "block_size", dev, bytes };
}

/**
 * Whether syncs of the file system, and sync calls of its files, print a line, if whoever made the trace
 * wrote down what was on. A file system that was mounted as ext2 may have a driver of its own. Of one
 * without a block device no line may tell that a folio is dirty.
 */
export function syncsShownBy({ facts }: TraceHeader): readonly PageCacheObservation[] {
  const [dev, , fileSystem = ""] = facts?.mount?.split(" ") ?? [];
  if (dev === undefined) return [];
  const isOn = (event: string | undefined): boolean =>
    facts?.events?.some((each) => each === event || each === `${event} if ${dev}`) === true;
  const { syncs, calls } = syncLines[fileSystem] ?? {};
  return [
    ...isOn(syncs) ? [{ kind: "syncs_shown", dev } as const] : [],
    ...isOn(calls) ? [{ kind: "sync_calls_shown", dev } as const] : [],
    ...dev.startsWith("0:") && !inMemory.has(fileSystem)
      ? [{ kind: "dirty_unshown" } as const]
      : [],
  ];
}

/** File systems that promise nothing beyond the life of the machine. */
const inMemory: ReadonlySet<string> = new Set(["tmpfs", "ramfs", "devtmpfs", "hugetlbfs"]);

/** Lines of a sync of the file system, and of a sync call on a file. */
const syncLines: Readonly<Record<string, { readonly syncs: string; readonly calls: string }>> = {
  ext4: { syncs: "ext4/ext4_sync_fs", calls: "ext4/ext4_sync_file_enter" },
  ext3: { syncs: "ext4/ext4_sync_fs", calls: "ext4/ext4_sync_file_enter" },
  xfs: { syncs: "xfs/xfs_fs_sync_fs", calls: "xfs/xfs_file_fsync" },
};

/** True if the file system was mounted so that it asks for no flush. */
function hasNoBarriers({ facts }: TraceHeader): boolean {
  return /[ ,](?:nobarrier|barrier=0)(?:,|$)/.test(facts?.mount ?? "");
}

/**
 * False if whoever made the trace wrote down that the device needs no stable pages, and the file system
 * asks for none itself: an inode takes AS_STABLE_WRITES from SB_I_STABLE_WRITES, and that comes from the
 * queue (6.12: fs/inode.c, inode_init_always(); fs/super.c, setup_bdev_super()). btrfs sets it by itself,
 * and XFS takes it from the queue of the realtime device for files there (xfs_update_stable_writes()).
 */
export function stableWritesOf({ facts }: Pick<TraceHeader, "facts">): false | undefined {
  const [, , fileSystem = "", options = ""] = facts?.mount?.split(" ") ?? [];
  const fromQueue = fileSystem === "ext4" || (fileSystem === "xfs" && !options.includes("rtdev="));
  return facts?.stableWrites === false && fromQueue ? false : undefined;
}

/** What was looked at, and what could not have been broken. */
export function pageCacheNotes(
  header: TraceHeader,
  { findings: { numbers } }: PageCacheCheck,
  results: readonly InvariantResult[],
): readonly PageCacheNote[] {
  const idle = results.flatMap(({ id, verdict, why }) =>
    verdict === "unexercised" && why !== undefined && isIdle(why) ? [{ id, why }] : []
  );
  const notes = [...Map.groupBy(idle, ({ why }) => why.kind).values()].flatMap((group) =>
    group.slice(0, 1).map(({ why }) => ({
      kind: "idle" as const,
      ids: group.map(({ id }) => id),
      why,
    }))
  );
  const mounted = hasNoBarriers(header) ? [{ kind: "no_barriers" } as const] : [];
  return [{ kind: "page_cache", numbers }, ...mounted, ...silentSyncs(header), ...notes];
}

/** File systems of which a line tells of each sync call: those that ext4 and XFS mount. */
const tellSyncs: ReadonlySet<string> = new Set(["ext2", "ext3", "ext4", "xfs"]);

function silentSyncs({ facts }: TraceHeader): readonly PageCacheNote[] {
  const fileSystem = silentFileSystem(facts);
  return fileSystem === undefined ? [] : [{ kind: "silent_syncs", fileSystem }];
}

/** The file system that was recorded, if it is one whose sync calls print nothing that is read. */
export function silentFileSystem(facts: TraceHeader["facts"]): string | undefined {
  const [, , fileSystem] = facts?.mount?.split(" ") ?? [];
  return fileSystem === undefined || tellSyncs.has(fileSystem) ? undefined : fileSystem;
}

function isIdle({ kind }: Why): boolean {
  return kind === "stable_not_needed" || kind === "stable_not_shown";
}
