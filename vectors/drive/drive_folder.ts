/**
 * Drives the file system at a folder: makes room for it, serves, and cleans up.
 *
 * @module
 */
import { fileSystemDriver } from "./file_system_driver.ts";
import { serve } from "./serve.ts";
import { WorkerPool } from "./worker_pool.ts";

/** How a folder is driven. */
export interface Driving {
  /** Seconds for the trials of one vector. */
  readonly seconds: number;
  /** A library that stands before the C library and may do what it wants with the calls. */
  readonly library: string | undefined;
}

/** Serves until the runner says bye; a sentence if the folder cannot be driven. */
export async function driveFolder(
  folder: string,
  { seconds, library }: Driving,
): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return "expected Linux on x86-64 for --dir";
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
  const control = await Deno.makeTempFile({ dir: await memoryFolder(), prefix: "pagespec-" });
  try {
    using pool = new WorkerPool(library);
    await serve(await fileSystemDriver({ folder: own, control, budget: seconds * 1000 }, pool));
  } finally {
    await Deno.remove(own, { recursive: true });
    await Deno.remove(control);
  }
  return undefined;
}

/** Where files are memory. */
async function memoryFolder(): Promise<string> {
  try {
    return await Deno.realPath("/dev/shm");
  } catch {
    return "/tmp";
  }
}
