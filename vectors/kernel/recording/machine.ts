/**
 * What this machine is: its kernel, its memory, and the devices under a folder.
 *
 * @module
 */
import { joinedTypes, type KernelTypes, readBtf } from "./btf.ts";
import { type BlockQueue, driverOf, type Mount, mountBelow, mountOf } from "./mount.ts";

/** The running kernel's version: `6.12.107`, without what a distribution appends. */
export function runningKernel(): string {
  return Deno.osRelease();
}

/**
 * The function that the module of `lab --skip` makes this kernel leave out; undefined if it does not.
 *
 * Source: `spec/provoked/skip_function.c`, whose parameters everybody may read.
 */
export function skippedFunction(): string | undefined {
  return readLine("/sys/module/skip_function/parameters/function");
}

/**
 * The mount that holds a folder, and below an overlay that of its upper folder: lines tell of the files
 * there. Undefined if there is no such folder, or if it is not seen from here.
 */
export function mountedAt(folder: string): Mount | undefined {
  return mountBelow(folder, readMount);
}

function readMount(folder: string): Mount | undefined {
  try {
    return mountOf(Deno.realPathSync(folder), Deno.readTextFileSync("/proc/self/mountinfo"));
  } catch {
    return undefined;
  }
}

/** Bytes of a block of the file system of a folder: that of its inodes (`i_blkbits`). */
export function blockSizeAt(folder: string): number | undefined {
  try {
    return Deno.statSync(folder).blksize ?? undefined;
  } catch {
    return undefined;
  }
}

/** What the queue of a device says; a partition has its disk's. */
export function blockQueue(device: string): BlockQueue {
  const folder = `/sys/dev/block/${device}`;
  const read = (name: string): string | undefined =>
    readLine(`${folder}/queue/${name}`) ?? readLine(`${folder}/../queue/${name}`);
  const stable = read("stable_writes");
  return {
    writeCache: read("write_cache"),
    stableWrites: stable === undefined ? undefined : stable === "1",
  };
}

/** A device and all that it stands on: a partition's disk, what a device-mapper table maps to. */
export function deviceStack(device: string): readonly string[] {
  const all: string[] = [];
  const add = (each: string): void => {
    if (all.includes(each) || all.length > 64) return;
    all.push(each);
    const folder = `/sys/dev/block/${each}`;
    if (readLine(`${folder}/partition`) !== undefined) {
      const disk = readLine(`${folder}/../dev`);
      if (disk !== undefined) add(disk);
    }
    for (const name of namesIn(`${folder}/slaves`)) {
      const below = readLine(`${folder}/slaves/${name}/dev`);
      if (below !== undefined) add(below);
    }
  };
  add(device);
  return all;
}

/** What tracefs says of an event's fields; empty if the kernel lacks it. Undefined if tracefs is not here. */
export function eventFormat(event: string): string | undefined {
  const root = "/sys/kernel/tracing/events";
  if (readLine(`${root}/header_event`) === undefined) return undefined;
  return readLine(`${root}/${event}/format`) ?? "";
}

/** Modules whose types the probes of a file system need; each may be built in. */
const modulesOf: ReadonlyMap<string, readonly string[]> = new Map([["ext4", ["ext4", "jbd2"]]]);

/**
 * The running kernel's types, with those of the file system's modules; undefined if it has no BTF.
 * Without a file system, those of all that have probes of their own.
 */
export function kernelTypes(fileSystem: string | undefined): KernelTypes | undefined {
  const read = (name: string): Uint8Array | undefined => {
    try {
      return Deno.readFileSync(`/sys/kernel/btf/${name}`);
    } catch {
      return undefined;
    }
  };
  const kernel = read("vmlinux");
  if (kernel === undefined) return undefined;
  const modules = (fileSystem === undefined ? ["ext4", "xfs"] : [driverOf(fileSystem)])
    .flatMap((name) => modulesOf.get(name) ?? [name])
    .map(read).filter((each) => each !== undefined);
  const all = [undefined, ...modules].map((module) => readBtf(kernel, module));
  return all[0] && joinedTypes(all.filter((each) => each !== undefined));
}

/**
 * Kilobytes of ring buffer for each CPU: an eighth of the memory that is free, shared among the CPUs,
 * between 1 and 64 MiB.
 */
export function bufferKilobytes(): number {
  const { available } = Deno.systemMemoryInfo();
  const share = available / 8 / 1024 / navigator.hardwareConcurrency;
  return Math.round(Math.min(65_536, Math.max(1024, share)));
}

function readLine(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}
