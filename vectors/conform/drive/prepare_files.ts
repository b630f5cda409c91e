/**
 * Makes the files of a scenario as they are at its start, and watches over them while it runs.
 *
 * @module
 */
import type { FileStart } from "../../../model/operation/scenario.ts";
import { Abi, checked, libc, Map as MapFlag, mapMemory, Open } from "./libc.ts";
import type { ScratchFolder } from "./scratch_folder.ts";
import { type Stopped, stoppedBy } from "./stopped.ts";
import { lackOfRoom, troubleIn, writebackError } from "./surroundings.ts";

/** Bytes of one write: XFS lays only an allocation of a whole PMD on blocks that a PMD can map. */
const chunk = 2 << 20;

/** Files of a scenario. Each is held open from when it is made, to be told what its writeback met. */
export class PreparedFiles {
  readonly #folder: ScratchFolder;
  readonly #files: readonly (readonly [name: string, start: FileStart])[];
  readonly #fds: number[] = [];

  constructor(folder: ScratchFolder, files: { readonly [name: string]: FileStart }) {
    this.#folder = folder;
    this.#files = Object.entries(files);
  }

  /**
   * Makes every file anew in the folder, and says why it cannot. What was written is on the device;
   * with `evicted` it is not in the page cache either, else it may be: no operation can tell.
   */
  make(evicted: boolean): Stopped | undefined {
    this.close();
    const lacking = lackOfRoom(this.#folder);
    if (lacking !== undefined) return lacking;
    for (const [name, start] of this.#files) {
      const fd = this.#folder.open(name, Open.RDWR | Open.CREAT);
      if (typeof fd === "string") return stoppedBy(fd, `open of ${name}`);
      this.#fds.push(fd);
      const failed = fill(fd, name, start, evicted);
      if (failed !== undefined) return failed;
    }
    return undefined;
  }

  /**
   * Why what was seen since the files were made says nothing: data that could not be written back is
   * gone, and no call of the scenario need have been told. EIO also tells of a page that a direct write
   * could not invalidate, so it counts only where the driver cannot write either.
   */
  spoilt(): Stopped | undefined {
    const errors = this.#fds.map(writebackError).filter((error) => error !== undefined);
    const [foreign] = errors.filter((error) => error !== "EIO");
    if (foreign !== undefined) return stoppedBy(foreign, "writeback");
    // A fallocate that failed may have left the files all the room that there was.
    if (lackOfRoom(this.#folder) !== undefined) {
      for (const fd of this.#fds) {
        libc.ftruncate(fd, 0n);
      }
    }
    return errors.length > 0 ? troubleIn(this.#folder) : lackOfRoom(this.#folder);
  }

  /** Lets go of the files. */
  close(): void {
    for (const fd of this.#fds.splice(0)) libc.close(fd);
  }
}

function fill(
  fd: number,
  name: string,
  { size, extents }: FileStart,
  evicted: boolean,
): Stopped | undefined {
  // Not by O_TRUNC: a recording has the calls that truncate, and not those that open.
  for (const bytes of [0, size]) {
    const sized = checked(libc.ftruncate(fd, BigInt(bytes)));
    if (typeof sized === "string") return stoppedBy(sized, `ftruncate of ${name}`);
  }
  for (const { kind, offset, length, ...extent } of extents) {
    const done = kind === "data" && "value" in extent
      ? write(fd, offset, length, extent.value)
      : checked(libc.fallocate(fd, 0, BigInt(offset), BigInt(length)));
    if (typeof done === "string") return stoppedBy(done, `${kind} of ${name}`);
  }
  if (extents.length === 0) return undefined;
  const all = Abi.SYNC_FILE_RANGE_ALL;
  const written = checked(libc.sync_file_range(fd, 0n, 0n, all));
  if (typeof written === "string") return stoppedBy(written, `writeback of ${name}`);
  if (evicted) libc.posix_fadvise(fd, 0n, 0n, Abi.FADV_DONTNEED);
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
    if (count === 0) return "ENOSPC";
    written += count;
  }
  return length;
}
