/**
 * A guest with a kernel, a file system and a job, ready to be booted.
 *
 * @module
 */
import { bootCommand } from "./boot.ts";
import { initScript, type Job, jobScript, quoted } from "./guest.ts";
import {
  guestFileSystem,
  type GuestFileSystemName,
  modulesFor,
  type Version,
} from "./guest_file_system.ts";
import { writeInitramfs } from "./initramfs.ts";
import { debianKernel, type Kernel, ownKernel } from "./kernel.ts";
import { hasKvm, missingHere } from "./needs.ts";

/** The kernel that somebody asks for. */
export type WantedKernel =
  | { readonly kind: "debian"; readonly version: string }
  | { readonly kind: "own"; readonly image: string; readonly modules: string | undefined };

/** What is asked for. */
interface Wanted {
  readonly kernel: WantedKernel;
  readonly fileSystem: GuestFileSystemName;
  /** Seconds after which the guest is ended. */
  readonly timeout: number;
  /** The folder for what comes back; it is made if it is not there. */
  readonly results: string;
  /** The folder where kernels are kept. */
  readonly cache: string;
  readonly job: Pick<Job, "mounted" | "environment" | "folder"> & {
    readonly command: (kernel: Version) => readonly string[];
  };
  /** Gets a line for people. */
  readonly remark: (line: string) => void;
}

/** A guest that can be booted. Disposing of it removes what only a boot needs. */
export interface Guest extends Disposable {
  /** Boots it; its standard input and output are those of the job. */
  readonly command: readonly [string, ...string[]];
}

/** Bytes of the disk, which is a file of zeros. */
const diskBytes = 2 ** 31;

/** Makes a guest; a sentence if it cannot be made. */
export async function makeGuest(wanted: Wanted): Promise<Guest | string> {
  const { fileSystem, results, cache, remark } = wanted;
  const missing = missingHere(fileSystem);
  if (missing !== undefined) return missing;
  Deno.mkdirSync(cache, { recursive: true });
  const kernel = await kernelOf(wanted);
  if (typeof kernel === "string") return kernel;
  Deno.mkdirSync(results, { recursive: true });
  const [initramfs, boot] = [`${results}/initramfs.cpio`, `${results}/boot.sh`];
  const dispose = (): void => {
    for (const path of [initramfs, boot]) removeIfThere(path);
  };
  const version = versionOf(kernel);
  const command = wanted.job.command(version);
  const job: Job = { ...wanted.job, command, fileSystem, results, kernel: version };
  const contents = {
    modules: kernel.modules,
    wanted: modulesFor(fileSystem),
    init: initScript(job),
    job: jobScript(job),
  };
  const failed = await writeInitramfs(initramfs, contents);
  if (failed !== undefined) {
    dispose();
    return failed;
  }
  const accelerator = await hasKvm() ? "kvm" : "tcg";
  const booting = bootCommand({
    ...{ accelerator, image: kernel.image, initramfs, results, timeout: wanted.timeout },
    disk: blankDisk(cache),
    pmem: guestFileSystem(fileSystem).device === "/dev/pmem0",
  });
  Deno.writeTextFileSync(boot, `exec ${booting.map(quoted).join(" ")}\n`);
  remark(`Linux ${kernel.release}, ${fileSystem}, ${accelerator}; console: ${results}/console.txt`);
  return { command: ["sh", boot], [Symbol.dispose]: dispose };
}

async function kernelOf({ kernel, cache, remark }: Wanted): Promise<Kernel | string> {
  return kernel.kind === "own"
    ? ownKernel(kernel.image, kernel.modules)
    : await debianKernel(cache, kernel.version, remark);
}

function versionOf({ release }: Kernel): Version {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return [Number(major), Number(minor)];
}

/** A file without blocks: guests keep what they write to it for themselves. */
function blankDisk(cache: string): string {
  const path = `${cache}/disk.img`;
  Deno.openSync(path, { write: true, create: true }).close();
  Deno.truncateSync(path, diskBytes);
  return path;
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It has not been written.
  }
}
