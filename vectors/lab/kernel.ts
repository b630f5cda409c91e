/**
 * The kernel to boot: Debian's, kept in a cache once it is downloaded, or one that somebody has built.
 *
 * @module
 */
import { systemError } from "../format/system_error.ts";
import { Apt } from "./apt.ts";
import { releaseOf } from "./boot_image.ts";
import { chooseKernel, headerPackages, versionsText } from "./kernel_package.ts";
import { runProgram } from "./program.ts";
import { vanishing } from "./vanishing.ts";

/** A kernel on disk. */
export interface Kernel {
  /** What `uname -r` says of it. */
  readonly release: string;
  /** A bzImage. */
  readonly image: string;
  /** The folder `lib/modules/RELEASE`; undefined if it needs no modules. */
  readonly modules: string | undefined;
}

/** Where the headers of a kernel are. */
export interface KernelHeaders {
  /** The folder of those that all configurations share. */
  readonly common: string;
  /** The folder of those that are generated for its own. */
  readonly own: string;
}

/** A cached kernel; the folder of a release has `lib/modules/RELEASE`, and the image in it. */
interface Cached {
  readonly release: string;
  readonly version: string;
}

/** The kernel of a version, from the cache or from Debian; a sentence if there is none. */
export async function debianKernel(
  cache: string,
  wanted: string,
  remark: (line: string) => void,
): Promise<Kernel | string> {
  const folder = `${cache}/kernels`;
  Deno.mkdirSync(folder, { recursive: true });
  const here = chooseKernel(cachedKernels(folder), wanted);
  if (here !== undefined) return cachedKernel(folder, here.release);
  await sweep(folder);
  remark(`asking Debian for Linux ${wanted}`);
  const apt = new Apt(`${cache}/apt`);
  const there = await apt.kernels();
  if (typeof there === "string") return there;
  const chosen = chooseKernel(there, wanted);
  if (chosen === undefined) return `Debian has no Linux ${wanted}, but ${versionsText(there)}`;
  remark(`downloading ${chosen.packages.join(", ")}`);
  // What is made here is renamed when it is whole.
  const making = Deno.makeTempDirSync({ dir: folder, prefix: `making-${Deno.pid}-` });
  await using _ = vanishing(making);
  const failed = await apt.download(chosen.packages, making) ?? await unpackAll(making, chosen);
  if (failed !== undefined) return failed;
  if (!isFile(`${folder}/${chosen.release}/version`)) {
    Deno.renameSync(`${making}/kernel`, `${folder}/${chosen.release}`);
  }
  return cachedKernel(folder, chosen.release);
}

/** The headers of a Debian kernel, kept with it; a sentence if there are none. */
export async function debianHeaders(
  cache: string,
  { release }: Kernel,
  remark: (line: string) => void,
): Promise<KernelHeaders | string> {
  const packages = headerPackages(release);
  const kept = `${cache}/kernels/${release}/headers`;
  const [own, common] = packages;
  const headers = { own: `${kept}/usr/src/${own}`, common: `${kept}/usr/src/${common}` };
  if (isFile(`${headers.own}/.config`)) return headers;
  remark(`downloading ${packages.join(", ")}`);
  const apt = new Apt(`${cache}/apt`);
  const making = Deno.makeTempDirSync({ dir: `${cache}/kernels`, prefix: `making-${Deno.pid}-` });
  await using _ = vanishing(making);
  const failed = await apt.renew() ?? await apt.download(packages, making) ??
    await extract(making, `${making}/headers`);
  if (failed !== undefined) return failed;
  if (!isFile(`${headers.own}/.config`)) Deno.renameSync(`${making}/headers`, kept);
  return headers;
}

/** Removes what a download has left that ended together with all that would have removed it. */
async function sweep(folder: string): Promise<void> {
  for (const { name } of [...Deno.readDirSync(folder)]) {
    const [, pid] = /^making-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || typeof await runProgram("kill", ["-0", pid]) !== "string") continue;
    Deno.removeSync(`${folder}/${name}`, { recursive: true });
  }
}

/** A kernel that somebody has built; a sentence if it cannot be booted with these modules. */
export function ownKernel(image: string, modules: string | undefined): Kernel | string {
  let release: string | undefined;
  try {
    release = releaseOf(Deno.readFileSync(image));
  } catch (error) {
    return `${image}: ${systemError(error)}`;
  }
  if (release === undefined) return `${image}: expected a bzImage for x86`;
  if (modules === undefined) return { release, image, modules };
  const folder = [modules, `${modules}/lib/modules/${release}`].find((each) =>
    isFile(`${each}/modules.builtin`)
  );
  if (folder === undefined) return `${modules}: expected lib/modules/${release} there`;
  if (!isFile(`${folder}/modules.dep`)) {
    return `${folder}: expected modules.dep there; depmod writes it`;
  }
  return { release, image, modules: folder };
}

function cachedKernel(folder: string, release: string): Kernel {
  const modules = `${folder}/${release}/lib/modules/${release}`;
  return { release, image: `${modules}/vmlinuz`, modules };
}

function cachedKernels(folder: string): readonly Cached[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
    const path = `${folder}/${name}/version`;
    return isFile(path) ? [{ release: name, version: Deno.readTextFileSync(path).trim() }] : [];
  });
}

/** Extracts the packages in a folder; a sentence if that fails. */
async function extract(folder: string, root: string): Promise<string | undefined> {
  for (const { name } of [...Deno.readDirSync(folder)]) {
    if (!name.endsWith(".deb")) continue;
    const done = await runProgram("dpkg-deb", ["-x", `${folder}/${name}`, root]);
    if (typeof done === "string") return done;
  }
  return undefined;
}

/** Unpacks the packages in a folder and makes a kernel of them; a sentence if something is missing. */
async function unpackAll(
  folder: string,
  { release, version }: Cached,
): Promise<string | undefined> {
  const [root, kernel] = [`${folder}/unpacked`, `${folder}/kernel`];
  const failed = await extract(folder, root);
  if (failed !== undefined) return failed;
  const from = [`${root}/usr/lib/modules/${release}`, `${root}/lib/modules/${release}`].find((
    each,
  ) => isFile(`${each}/modules.builtin`));
  if (from === undefined) return `the package of ${release} has no modules`;
  const to = `${kernel}/lib/modules/${release}`;
  Deno.mkdirSync(`${kernel}/lib/modules`, { recursive: true });
  Deno.renameSync(from, to);
  const image = `${root}/boot/vmlinuz-${release}`;
  if (isFile(image)) Deno.renameSync(image, `${to}/vmlinuz`);
  if (!isFile(`${to}/vmlinuz`)) return `the package of ${release} has no vmlinuz`;
  const done = await runProgram("depmod", ["-b", kernel, release]);
  if (typeof done === "string") return done;
  Deno.writeTextFileSync(`${kernel}/version`, `${version}\n`);
  return undefined;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
