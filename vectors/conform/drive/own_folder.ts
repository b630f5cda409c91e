/**
 * The folder that a driver makes for itself below the one that it drives: it is removed at the end,
 * or, where the driver was killed, by the next driver of this kernel.
 *
 * @module
 */
import { checked, cString, libc, Open, readKernelFile } from "./libc.ts";

const prefix = "pagespec-";

/** A file that its driver holds locked, and that says on which kernel: another's locks are not seen. */
const marker = "driver";

/** LOCK_EX | LOCK_NB of flock(2). */
const exclusively = 2 | 4;

/** A driver's own folder. */
export interface OwnFolder {
  readonly path: string;
  /** Where the files of vectors are made: nothing else is in it. */
  readonly files: string;
}

/**
 * Makes a folder below another.
 *
 * @throws {Error} if nothing can be written there
 */
export function makeOwnFolder(below: string): OwnFolder {
  const path = Deno.makeTempDirSync({ dir: below, prefix });
  const own = { path, files: `${path}/files` };
  try {
    Deno.mkdirSync(own.files);
    Deno.writeTextFileSync(`${path}/${marker}`, "");
    lock(`${path}/${marker}`);
    // Who finds the text finds the lock.
    Deno.writeTextFileSync(`${path}/${marker}`, kernel());
  } catch (error) {
    removeOwnFolder(own);
    throw error;
  }
  return own;
}

/** Removes a folder. A process that is being killed may make one more file meanwhile. */
export function removeOwnFolder({ path }: OwnFolder): void {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
    }
  }
}

/**
 * Removes what killed drivers have left below a folder; returns the paths of what may be such, and may
 * be in use by a driver on another kernel.
 */
export function sweep(below: string): readonly string[] {
  const unclear: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(below)) {
    if (!isDirectory || !name.startsWith(prefix)) continue;
    const path = `${below}/${name}`;
    const text = textOf(`${path}/${marker}`);
    if (text === undefined || text === "") continue;
    if (text !== kernel()) unclear.push(path);
    else if (lock(`${path}/${marker}`)) removeOwnFolder({ path, files: "" });
  }
  return unclear;
}

/** The name of a kernel from one boot to the next. */
function kernel(): string {
  return readKernelFile("/proc/sys/kernel/random/boot_id") ?? "";
}

/** Locks a file for as long as this process lives; false if another process holds it. */
function lock(path: string): boolean {
  const flags = Open.RDWR | Open.NOFOLLOW | Open.CLOEXEC;
  const fd = checked(libc.open(cString(path), flags, 0));
  return typeof fd === "number" && libc.flock(fd, exclusively) === 0;
}

function textOf(path: string): string | undefined {
  try {
    return Deno.lstatSync(path).isFile ? Deno.readTextFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
