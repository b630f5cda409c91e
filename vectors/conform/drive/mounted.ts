/**
 * What is known of the file system at a folder, and what it can do.
 *
 * @module
 */
import type { Configuration } from "../../format/vector.ts";
import type { Capability } from "../../format/vocabulary.ts";
import {
  Abi,
  cString,
  Falloc,
  libc,
  Map as MapFlag,
  mapMemory,
  Open,
  readKernelFile,
  unmapMemory,
} from "./libc.ts";
import { ScratchFolder } from "./scratch_folder.ts";

/** A mounted file system. */
export interface Mounted {
  /** `ext4`, `xfs`, `btrfs`, `tmpfs`. */
  readonly type: string;
  readonly device: string;
  readonly options: string;
  /** Bytes in a block. */
  readonly blockSize: number;
  readonly isDax: boolean;
  /** Whether pages under writeback do not change; undefined if nothing says so. */
  readonly stableWrites: boolean | undefined;
  readonly capabilities: readonly Capability[];
}

/** Looks at the file system in which a folder lies; the folder must be writable. */
export function lookAt(folder: string): Mounted {
  const { type, device, options } = mountOf(folder);
  const scratch = new ScratchFolder(folder);
  const probe = `${folder}/probe`;
  const fd = scratch.open("probe", Open.RDWR | Open.CREAT | Open.TRUNC);
  if (typeof fd === "string") throw new Error(`${probe}: ${fd}`);
  try {
    libc.ftruncate(fd, 1n << 20n);
    return {
      type,
      device,
      options,
      blockSize: Number(scratch.statfs().getBigInt64(8, true)),
      isDax: hasDax(probe),
      stableWrites: isStable(type, device),
      capabilities: probeCapabilities(scratch, folder, fd),
    };
  } finally {
    libc.close(fd);
    scratch.close();
    Deno.removeSync(probe);
  }
}

/** The mount whose point is the longest prefix of the folder's path. */
function mountOf(folder: string) {
  const lines = (readKernelFile("/proc/self/mountinfo") ?? "").trimEnd().split("\n");
  let best = { point: "", type: "unknown", device: "", options: "" };
  for (const line of lines) {
    const [before = "", after = ""] = line.split(" - ");
    const point = (before.split(" ")[4] ?? "").replace(/\\040/g, " ");
    const [type = "", device = "", options = ""] = after.split(" ");
    const inside = folder === point || folder.startsWith(point === "/" ? "/" : `${point}/`);
    if (inside && point.length >= best.point.length) best = { point, type, device, options };
  }
  return best;
}

/** STATX_ATTR_DAX of a file. */
function hasDax(path: string): boolean {
  const buffer = new DataView(new ArrayBuffer(256));
  const failed = libc.statx(-100, cString(path), 0, 0, new Uint8Array(buffer.buffer)) !== 0;
  return !failed && (buffer.getBigUint64(8, true) & Abi.STATX_ATTR_DAX) !== 0n;
}

/** btrfs has checksums; a device says so in sysfs. */
function isStable(type: string, device: string): boolean | undefined {
  if (type === "btrfs") return true;
  const name = device.replace(/^\/dev\//, "");
  if (!/^\w[\w.!-]*$/.test(name)) return undefined;
  const text = readKernelFile(`/sys/class/block/${name}/queue/stable_writes`);
  return text === undefined ? undefined : text.trim() === "1";
}

/** Tries what can be tried on a scratch file of 1 MiB. */
function probeCapabilities(
  scratch: ScratchFolder,
  folder: string,
  fd: number,
): readonly Capability[] {
  const direct = scratch.open("probe", Open.RDWR | Open.DIRECT);
  if (typeof direct === "number") libc.close(direct);
  const block = 1n << 16n;
  const allocates = (mode: number): boolean => libc.fallocate(fd, mode, block, block) === 0;
  const tried: readonly (readonly [Capability, boolean])[] = [
    ["mmap", true],
    ["private_mmap", true],
    ["dsync", true],
    ["msync", true],
    ["sync_file_range", true],
    ["syncfs", true],
    ["evict", true],
    ["pmd", true],
    ["direct_io", typeof direct === "number"],
    ["async_io", typeof direct === "number"],
    ["preallocate", allocates(0)],
    ["punch_hole", allocates(Falloc.PUNCH_HOLE | Falloc.KEEP_SIZE)],
    ["zero_range", allocates(Falloc.ZERO_RANGE)],
    ["collapse_range", allocates(Falloc.COLLAPSE_RANGE)],
    ["insert_range", allocates(Falloc.INSERT_RANGE)],
    ["unshare_range", allocates(Falloc.UNSHARE_RANGE)],
    ["enospc", isSmall(scratch)],
    ["reflink", canReflink(scratch, folder, fd)],
    ["copy_file_range", true],
    ["splice", true],
    ["names", canLink(scratch, folder)],
    ["map_sync", canMapSync(fd)],
  ];
  return tried.flatMap(([capability, can]) => can ? [capability] : []);
}

function canReflink(scratch: ScratchFolder, folder: string, fd: number): boolean {
  const clone = scratch.open("probe-clone", Open.RDWR | Open.CREAT | Open.TRUNC);
  if (typeof clone === "string") return false;
  const can = libc.ioctl(clone, Abi.FICLONE, BigInt(fd)) === 0;
  libc.close(clone);
  Deno.removeSync(`${folder}/probe-clone`);
  return can;
}

function canLink(scratch: ScratchFolder, folder: string): boolean {
  if (scratch.link("probe", "probe-link") !== 0) return false;
  Deno.removeSync(`${folder}/probe-link`);
  return true;
}

/** Bytes of a file system that may be filled without harm to anybody else: a scratch device has less. */
const smallBytes = 4 * 2 ** 30;

/** True if the file system is no larger: the disk of others is not to be filled by a test. */
function isSmall(scratch: ScratchFolder): boolean {
  const statfs = scratch.statfs();
  const bytes = Number(statfs.getBigInt64(8, true)) * Number(statfs.getBigInt64(16, true));
  return bytes > 0 && bytes <= smallBytes;
}

function canMapSync(fd: number): boolean {
  const flags = MapFlag.SHARED_VALIDATE | MapFlag.SYNC;
  const mapped = mapMemory(4096, MapFlag.READ | MapFlag.WRITE, flags, fd, 0);
  if (typeof mapped === "string") return false;
  unmapMemory(mapped);
  return true;
}

/** Why vectors of a configuration say nothing of this file system, or undefined if they do. */
export function mismatch(mounted: Mounted, configuration: Configuration): string | undefined {
  const { cache, stableWrites, blocks } = configuration;
  if (cache === "dax" && !mounted.isDax) return "the file system is not mounted with DAX";
  if (cache === "page_cache" && mounted.isDax) return "the file system is mounted with DAX";
  if (stableWrites === "required" && mounted.stableWrites !== true) {
    return "pages may change under writeback here";
  }
  const smaller = mounted.blockSize < 4096;
  if (blocks === "smaller" && !smaller) return "blocks are not smaller than pages here";
  if (blocks === "page_size" && smaller) return "blocks are smaller than pages here";
  return undefined;
}
