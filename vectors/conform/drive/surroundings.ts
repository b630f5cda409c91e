/**
 * What surrounds a file system: its room, its quotas, its device. Where they fail, a store ends in
 * SIGBUS, a write is short and written data is gone, and none of it says anything of the file system.
 *
 * @module
 */
import { Abi, checked, errnoName, libc, Map, mapMemory, Open } from "./libc.ts";
import type { ScratchFolder } from "./scratch_folder.ts";
import type { Stopped } from "./stopped.ts";

/** Bytes that must be free at the start. A vector and what is written ahead of it take a few MiB. */
export const enoughBytes = 64 << 20;

/** Bytes without which nothing is judged any more. */
const leastBytes = 16 << 20;

/** Bytes that are written to see whether they can be. */
const trialBytes = 1 << 20;

/** Bytes that are free for everybody; `Infinity` where the file system does not count its blocks. */
export function freeBytes(folder: ScratchFolder): number {
  const statfs = folder.statfs();
  const [size, all, free] = [8, 16, 32].map((at) => Number(statfs.getBigInt64(at, true)));
  return all === 0 ? Infinity : (size ?? 0) * (free ?? 0);
}

/** Why nothing can be judged for lack of room; undefined if there is enough. */
export function lackOfRoom(folder: ScratchFolder): Stopped | undefined {
  if (freeBytes(folder) >= leastBytes) return undefined;
  return { kind: "errored", why: `less than ${leastBytes >> 20} MiB are free in the folder` };
}

/**
 * Why nothing can be judged: for lack of room, or because a file of its own cannot be written through,
 * be it for a quota or for the device. Undefined if it can.
 */
export function troubleIn(folder: ScratchFolder): Stopped | undefined {
  const lacking = lackOfRoom(folder);
  if (lacking !== undefined) return lacking;
  const error = writeThrough(folder);
  return error === undefined
    ? undefined
    : { kind: "errored", why: `writing a file of its own, the driver got ${error}` };
}

const flags = Map.PRIVATE | Map.ANONYMOUS;
const source = mapMemory(trialBytes, Map.READ | Map.WRITE, flags, -1, 0);

/** Writes a file and waits until it is on the device: the name of what failed. */
function writeThrough(folder: ScratchFolder): string | undefined {
  if (typeof source === "string") return source;
  const fd = folder.open("written", Open.RDWR | Open.CREAT | Open.TRUNC);
  if (typeof fd === "string") return fd;
  const buffer = Deno.UnsafePointer.create(source.address);
  const count = checked(libc.pwrite(fd, buffer, BigInt(trialBytes), 0n));
  const synced = checked(libc.fsync(fd));
  libc.ftruncate(fd, 0n);
  libc.close(fd);
  if (typeof count === "string") return count;
  if (typeof synced === "string") return synced;
  return count === trialBytes ? undefined : "a short write";
}

/**
 * What writeback of a file has met since the descriptor was opened: the name of the error, or
 * undefined. It waits for writeback that has begun, and begins none.
 */
export function writebackError(fd: number): string | undefined {
  const waited = libc.sync_file_range(fd, 0n, 0n, Abi.SYNC_FILE_RANGE_WAIT_BEFORE);
  return waited === 0 ? undefined : errnoName();
}
