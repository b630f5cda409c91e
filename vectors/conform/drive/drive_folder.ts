/**
 * Drives the file system at a folder: makes room for it, serves, and cleans up.
 *
 * @module
 */
import { fileSystemDriver } from "./file_system_driver.ts";
import { freeBytes } from "./mounted.ts";
import { serve } from "./serve.ts";
import { WorkerPool } from "./worker_pool.ts";

/** How a folder is driven. */
interface Driving {
  /** Seconds for the trials of one vector. */
  readonly seconds: number;
  /** A library that stands before the C library and may do what it wants with the calls. */
  readonly library: string | undefined;
}

/** Without room a store ends in SIGBUS, which would look like a bug of the file system. */
const enoughBytes = 64 << 20;

/** Serves until the runner says bye; a sentence if the folder cannot be driven, or what asks is none. */
export async function driveFolder(
  folder: string,
  { seconds, library }: Driving,
): Promise<string | undefined> {
  if (library !== undefined && !isLibrary(library)) {
    return `${library}: expected a library that can be loaded`;
  }
  let real: string;
  let own: string;
  try {
    real = await Deno.realPath(folder);
    own = await Deno.makeTempDir({ dir: real, prefix: "pagespec-" });
  } catch (error) {
    return `${folder}: expected a writable folder: ${
      error instanceof Error ? error.message : error
    }`;
  }
  if (freeBytes(own) < enoughBytes) {
    await Deno.remove(own);
    return `${folder}: expected ${enoughBytes >> 20} MiB of free space`;
  }
  const control = await Deno.makeTempFile({ dir: await memoryFolder(), prefix: "pagespec-" });
  const pool = new WorkerPool(library);
  const interrupted = (): void => {
    pool.killAll();
    removeScratch(own, control);
    Deno.exit(2);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, interrupted);
  }
  try {
    const place = { folder: own, control, budget: seconds * 1000 };
    return await serve(await fileSystemDriver(place, pool));
  } finally {
    pool.close();
    removeScratch(own, control);
  }
}

/** Removes scratch files. A process that is being killed may make one more meanwhile. */
function removeScratch(folder: string, control: string): void {
  for (let tries = 0; tries < 100; tries++) {
    try {
      Deno.removeSync(folder, { recursive: true });
      break;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) break;
    }
  }
  Deno.removeSync(control);
}

function isLibrary(path: string): boolean {
  try {
    Deno.dlopen(path, {}).close();
    return true;
  } catch {
    return false;
  }
}

/** Where files are memory. */
async function memoryFolder(): Promise<string> {
  try {
    return await Deno.realPath("/dev/shm");
  } catch {
    return "/tmp";
  }
}
