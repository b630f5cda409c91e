/**
 * Which program runs an operation: that of the page cache or that of DAX, buffered or direct.
 *
 * @module
 */
import { match } from "../match.ts";
import { pread, pwrite } from "./buffered.ts";
import { daxReflink, reflink } from "./clone.ts";
import { daxFsync, daxMsync, daxRead, daxSyncfs, daxWrite, flushCache } from "./dax_file.ts";
import { daxPunchHole, daxTruncate, daxUnshareRange, daxZeroRange } from "./dax_removal.ts";
import { daxLoad, daxStore } from "./dax_touch.ts";
import { directRead, directWrite } from "./direct.ts";
import type { OperationPlace, ScenarioLayout } from "./layout.ts";
import type { FallocateMode } from "./operation.ts";
import { fsyncDirectory, link, rename } from "./names.ts";
import type { Program } from "./program.ts";
import { ftruncate, preallocate, punchHole, zeroRange } from "./removal.ts";
import { collapseRange, insertRange } from "./shift.ts";
import { copyFileRange, splice } from "./copy.ts";
import { close, crash, evict, injectError, mmap, munmap, open } from "./simple.ts";
import { load, store } from "./touch.ts";
import { unshareRange } from "./unshare.ts";
import { writeFromMapping } from "./write_from_mapping.ts";
import { fsync, msync, syncFileRange, syncfs } from "./writeback.ts";

/**
 * The program of an operation.
 *
 * @throws {RangeError} if nothing is known of it on this medium
 */
export function programOf({ medium, fds }: ScenarioLayout, place: OperationPlace): Program {
  const { operation, fd } = place;
  const isDax = medium.cache === "dax";
  const isDirect = fds[fd]?.isDirect === true;
  if (copiesDirectly(place, fds) || hasLongBuffer(place) && (isDirect || isDax)) {
    return unknown(operation.id);
  }
  return match(operation)
    .with({ kind: "open" }, () => open)
    .with({ kind: "close" }, () => close)
    .with({ kind: "mmap" }, () => mmap)
    .with({ kind: "munmap" }, () => munmap)
    .with({ kind: "load" }, () => isDax ? daxLoad : load)
    .with({ kind: "store" }, () => isDax ? daxStore : store)
    .with({ kind: "pread" }, () => isDax ? daxRead : isDirect ? directRead : pread)
    .with({ kind: "pwrite" }, () => isDax ? daxWrite : isDirect ? directWrite : buffered(place))
    .with({ kind: "fsync" }, { kind: "fdatasync" }, () => isDax ? daxFsync : fsync)
    .with({ kind: "syncfs" }, () => isDax ? daxSyncfs : syncfs)
    .with({ kind: "sync_file_range" }, ({ id }) => isDax ? unknown(id) : syncFileRange)
    .with({ kind: "msync" }, () => isDax ? daxMsync : msync)
    .with({ kind: "fallocate" }, ({ id, mode }) => isDax ? onDax(id, mode) : onCache(mode))
    .with({ kind: "ftruncate" }, () => isDax ? daxTruncate : ftruncate)
    .with({ kind: "evict" }, () => evict)
    .with({ kind: "flush_cache" }, ({ id }) => isDax ? flushCache : unknown(id))
    .with({ kind: "reflink" }, () => isDax ? daxReflink : reflink)
    .with({ kind: "copy_file_range" }, ({ id }) => isDax || isDirect ? unknown(id) : copyFileRange)
    .with({ kind: "splice" }, ({ id }) => isDax || isDirect ? unknown(id) : splice)
    .with({ kind: "rename" }, () => rename)
    .with({ kind: "link" }, () => link)
    .with({ kind: "fsync_directory" }, () => fsyncDirectory)
    .with({ kind: "inject_error" }, () => injectError)
    .with({ kind: "crash" }, () => crash)
    .exhaustive();
}

/** True if the source of a copy is open for direct I/O. */
function copiesDirectly({ operation }: OperationPlace, fds: ScenarioLayout["fds"]): boolean {
  if (!("to" in operation)) return false;
  return fds.some((each) => each.isDirect && each.operation.fd === operation.from);
}

/** True if a buffer in a mapping has more than the one page that a device, or a read, is known to use. */
function hasLongBuffer({ bufferMapping, bufferPages: { first, end } }: OperationPlace): boolean {
  return bufferMapping >= 0 && end - first > 1;
}

function buffered({ bufferMapping }: OperationPlace): Program {
  return bufferMapping < 0 ? pwrite : writeFromMapping;
}

function onCache(mode: FallocateMode): Program {
  return match(mode)
    .with("preallocate", () => preallocate)
    .with("punch_hole", () => punchHole)
    .with("zero_range", () => zeroRange)
    .with("collapse_range", () => collapseRange)
    .with("insert_range", () => insertRange)
    .with("unshare_range", () => unshareRange)
    .exhaustive();
}

function onDax(id: string, mode: FallocateMode): Program {
  return match(mode)
    .with("preallocate", () => preallocate)
    .with("punch_hole", () => daxPunchHole)
    .with("zero_range", () => daxZeroRange)
    .with("unshare_range", () => daxUnshareRange)
    .with("collapse_range", "insert_range", () => unknown(id))
    .exhaustive();
}

function unknown(id: string): never {
  throw new RangeError(`${id}: the model knows no such operation on this medium`);
}
