/**
 * Drives the file system at a folder: makes room for it, serves, and cleans up.
 *
 * @module
 */
import { systemError } from "../../format/system_error.ts";
import { fileSystemDriver } from "./file_system_driver.ts";
import { checked, cString, libc, unlikeLibrary } from "./libc.ts";
import { makeOwnFolder, type OwnFolder, removeOwnFolder, sweep } from "./own_folder.ts";
import { ScratchFolder } from "./scratch_folder.ts";
import { serve } from "./serve.ts";
import { enoughBytes, freeBytes } from "./surroundings.ts";
import { WorkerPool } from "./worker_pool.ts";

/** How a folder is driven. */
interface Driving {
  /** Seconds for the trials of one vector. */
  readonly seconds: number;
  /** A library that stands before the C library and may do what it wants with the calls. */
  readonly library: string | undefined;
  /** Gets a line for people. */
  readonly remark: (line: string) => void;
}

/** Serves until the runner says bye; a sentence if the folder cannot be driven, or what asks is none. */
export async function driveFolder(
  folder: string,
  { seconds, library, remark }: Driving,
): Promise<string | undefined> {
  const unloaded = library === undefined ? undefined : unlikeLibrary(library);
  if (unloaded !== undefined) return unloaded;
  let own: OwnFolder;
  try {
    const real = Deno.realPathSync(folder);
    for (const path of sweep(real)) {
      remark(`${path}: left by a driver on another kernel, or before a reboot`);
    }
    own = makeOwnFolder(real);
  } catch (error) {
    return `${folder}: expected a writable folder: ${systemError(error)}`;
  }
  const pool = new WorkerPool(library);
  const interrupted = (): void => {
    pool.killAll();
    removeOwnFolder(own);
    Deno.exit(2);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, interrupted);
  }
  try {
    const scratch = new ScratchFolder(own.files);
    if (freeBytes(scratch) < enoughBytes) {
      return `${folder}: expected ${enoughBytes >> 20} MiB of free space`;
    }
    const control = sharedMemory();
    const place = { folder: own.files, scratch, control, budget: seconds * 1000 };
    return await serve(await fileSystemDriver(place, pool));
  } finally {
    pool.close();
    removeOwnFolder(own);
  }
}

/**
 * The path of a file in memory that has no name of its own, for what processes share: it is gone with
 * the last process that uses it.
 *
 * @throws {Error} if there is no memory
 */
function sharedMemory(): string {
  const fd = checked(libc.memfd_create(cString("pagespec"), 0));
  if (typeof fd === "string") throw new Error(`memory: ${fd}`);
  return `/proc/${Deno.pid}/fd/${fd}`;
}
