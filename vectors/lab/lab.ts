/**
 * A guest with a kernel, a file system and a job, ready to be booted.
 *
 * @module
 */
import { bootCommand } from "./boot.ts";
import { initScript, type Job, jobScript, lackingOf, quoted } from "./guest.ts";
import {
  guestFileSystem,
  type GuestFileSystemName,
  modulesFor,
  versionIn,
  type Versions,
} from "./guest_file_system.ts";
import { writeInitramfs } from "./initramfs.ts";
import { debianHeaders, debianKernel, type Kernel, ownKernel } from "./kernel.ts";
import { namelessFile } from "./nameless_file.ts";
import { unpackedImage } from "./unpacked_image.ts";
import { hasKvm, missingHere } from "./needs.ts";
import { runProgram } from "./program.ts";
import { makeSkipFiles, type SkipFiles } from "./skip_module.ts";

/** The kernel that somebody asks for. */
export type WantedKernel =
  | { readonly kind: "debian"; readonly version: string }
  | { readonly kind: "own"; readonly image: string; readonly modules: string | undefined };

/** What is asked for. */
interface Wanted {
  readonly kernel: WantedKernel;
  readonly fileSystem: GuestFileSystemName;
  /** How many tasks of the guest can truly run at once. */
  readonly processors: number;
  /** Seconds after which the guest is ended. */
  readonly timeout: number;
  /** The folder for what comes back; it is made if it is not there. */
  readonly results: string;
  /** The folder where kernels are kept. */
  readonly cache: string;
  readonly job: Pick<Job, "mounted" | "skip" | "environment" | "folder"> & {
    readonly command: (versions: Versions) => readonly string[];
  };
  /** Gets a line for people. */
  readonly remark: (line: string) => void;
}

/** A guest that can be booted. Disposing of it lets go of what only a boot needs. */
export interface Guest extends Disposable {
  /** Boots it; its standard input and output are those of the job. */
  readonly command: readonly [string, ...string[]];
  /** Where its console is written. */
  readonly console: string;
  /** What its kernel lacks, if it has said that. */
  readonly lacking: () => string | undefined;
}

/** Bytes of the disk, which is a file of zeros. */
const diskBytes = 2 ** 31;

/** Makes a guest; a sentence if it cannot be made. */
export async function makeGuest(wanted: Wanted): Promise<Guest | string> {
  const { fileSystem, results, cache, remark } = wanted;
  const { skip } = wanted.job;
  const missing = await missingHere(fileSystem, skip !== undefined);
  if (missing !== undefined) return missing;
  Deno.mkdirSync(cache, { recursive: true });
  const kernel = await kernelOf(wanted);
  if (typeof kernel === "string") return kernel;
  const skipFiles = skip === undefined ? undefined : await skipFilesFor(kernel, wanted);
  if (typeof skipFiles === "string") return skipFiles;
  Deno.mkdirSync(results, { recursive: true });
  using kept = new DisposableStack();
  const [initramfs, script] = [await namelessFile(results), await namelessFile(results)];
  if (typeof initramfs === "string") return initramfs;
  kept.use(initramfs);
  if (typeof script === "string") return script;
  kept.use(script);
  const versions = {
    kernel: versionIn(kernel.release),
    mkfs: await versionOfMkfs(fileSystem),
  };
  const command = wanted.job.command(versions);
  const job: Job = { ...wanted.job, command, fileSystem, results, versions };
  const contents = {
    modules: kernel.modules,
    wanted: modulesFor(fileSystem),
    skip: skipFiles,
    init: initScript(job),
    job: jobScript(job),
  };
  const failed = await writeInitramfs(initramfs.file, contents);
  if (failed !== undefined) return failed;
  const accelerator = await hasKvm() ? "kvm" : "tcg";
  const unpacked = accelerator === "tcg" ? await unpackedImage(kernel.image, results) : undefined;
  if (unpacked !== undefined) kept.use(unpacked);
  const booting = bootCommand({
    ...{ accelerator, image: unpacked?.path ?? kernel.image, initramfs: initramfs.path, results },
    ...{ processors: wanted.processors, timeout: wanted.timeout },
    disk: blankDisk(cache),
    pmem: guestFileSystem(fileSystem).device === "/dev/pmem0",
  });
  // A guest that ends before its time is booted again, and goes on writing there.
  const log = `${results}/console.txt`;
  Deno.writeTextFileSync(log, "");
  script.file.writeSync(new TextEncoder().encode(`exec ${booting.map(quoted).join(" ")}\n`));
  remark(`Linux ${kernel.release}, ${fileSystem}, ${accelerator}; console: ${log}`);
  const files = kept.move();
  return {
    command: ["sh", script.path],
    console: log,
    lacking: () => lackingOf(Deno.readTextFileSync(log)),
    [Symbol.dispose]: () => files.dispose(),
  };
}

/** What makes this kernel leave a function out: only Debian's headers can be had. */
async function skipFilesFor(
  kernel: Kernel,
  { cache, remark }: Wanted,
): Promise<SkipFiles | string> {
  const headers = await debianHeaders(cache, kernel, remark);
  return typeof headers === "string" ? headers : await makeSkipFiles(headers, cache);
}

async function kernelOf({ kernel, cache, remark }: Wanted): Promise<Kernel | string> {
  return kernel.kind === "own"
    ? ownKernel(kernel.image, kernel.modules)
    : await debianKernel(cache, kernel.version, remark);
}

/** The version that mkfs prints. */
async function versionOfMkfs(fileSystem: GuestFileSystemName): Promise<Versions["mkfs"]> {
  const printed = await runProgram(`mkfs.${guestFileSystem(fileSystem).type}`, ["-V"]);
  return versionIn(typeof printed === "string" ? printed : printed.output);
}

/** A file without blocks: guests keep what they write to it for themselves. */
function blankDisk(cache: string): string {
  const path = `${cache}/disk.img`;
  Deno.openSync(path, { write: true, create: true }).close();
  Deno.truncateSync(path, diskBytes);
  return path;
}
