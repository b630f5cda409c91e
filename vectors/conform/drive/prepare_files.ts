/**
 * Makes the files of a scenario as they are at its start.
 *
 * @module
 */
import type { FileStart } from "../../../model/operation/scenario.ts";
import { Abi, checked, libc, Map as MapFlag, mapMemory, Open } from "./libc.ts";
import type { ScratchFolder } from "./scratch_folder.ts";
import { type Stopped, stoppedBy } from "./stopped.ts";

const chunk = 1 << 20;

/**
 * Makes every file anew in the folder, and says why it cannot. What was written is on the device; with
 * `evicted` it is not in the page cache either, else it may be: no operation can tell.
 */
export function prepareFiles(
  folder: ScratchFolder,
  files: { readonly [name: string]: FileStart },
  evicted: boolean,
): Stopped | undefined {
  for (const [name, start] of Object.entries(files)) {
    const fd = folder.open(name, Open.RDWR | Open.CREAT | Open.TRUNC);
    if (typeof fd === "string") return stoppedBy(fd, `open of ${name}`);
    const failed = fill(fd, name, start, evicted);
    libc.close(fd);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

function fill(
  fd: number,
  name: string,
  { size, extents }: FileStart,
  evicted: boolean,
): Stopped | undefined {
  const sized = checked(libc.ftruncate(fd, BigInt(size)));
  if (typeof sized === "string") return stoppedBy(sized, `ftruncate of ${name}`);
  for (const { kind, offset, length, ...extent } of extents) {
    const done = kind === "data" && "value" in extent
      ? write(fd, offset, length, extent.value)
      : checked(libc.fallocate(fd, 0, BigInt(offset), BigInt(length)));
    if (typeof done === "string") return stoppedBy(done, `${kind} of ${name}`);
  }
  if (extents.length > 0) {
    libc.sync_file_range(fd, 0n, 0n, Abi.SYNC_FILE_RANGE_ALL);
    if (evicted) libc.posix_fadvise(fd, 0n, 0n, Abi.FADV_DONTNEED);
  }
  return undefined;
}

const flags = MapFlag.PRIVATE | MapFlag.ANONYMOUS;
const source = mapMemory(chunk, MapFlag.READ | MapFlag.WRITE, flags, -1, 0);

function write(fd: number, offset: number, length: number, value: number): number | string {
  if (typeof source === "string") return source;
  const buffer = Deno.UnsafePointer.create(source.address);
  source.bytes.fill(value, 0, Math.min(length, chunk));
  for (let written = 0; written < length;) {
    const size = BigInt(Math.min(chunk, length - written));
    const count = checked(libc.pwrite(fd, buffer, size, BigInt(offset + written)));
    if (typeof count === "string") return count;
    written += count;
  }
  return length;
}
