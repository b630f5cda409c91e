/**
 * Where a folder is: file system, mount options, and what the block device under it promises.
 *
 * @module
 */

/** A mounted file system, as /proc/self/mountinfo has it (proc_pid_mountinfo(5)). */
export interface Mount {
  /** `8:1`, as trace events print it; of a file system without a block device, a number of its own. */
  readonly device: string;
  /** Where it is mounted. */
  readonly point: string;
  readonly fileSystem: string;
  /** Options of the mount and of the file system, with commas. */
  readonly options: string;
}

/** What a block queue says of itself (Documentation/ABI/stable/sysfs-block). */
export interface BlockQueue {
  /** `write back`: the device has a volatile cache, which a flush empties. */
  readonly writeCache: string | undefined;
  /** True if what is being written must not change. */
  readonly stableWrites: boolean | undefined;
}

const LINE = /^\d+ \d+ (\d+:\d+) \S+ (\S+) (\S+)(?: \S+)*? - (\S+) \S+ (\S+)$/;

/** The mount that holds `path`, which is absolute and without links; undefined if none does. */
export function mountOf(path: string, mountinfo: string): Mount | undefined {
  let found: Mount | undefined;
  for (const line of mountinfo.split("\n")) {
    const [, device, at = "", mountOptions = "", fileSystem, options = ""] = LINE.exec(line) ?? [];
    if (device === undefined || fileSystem === undefined) continue;
    const point = unescaped(at);
    const isBelow = path === point || path.startsWith(point === "/" ? "/" : `${point}/`);
    // Of two on one point, the later hides the earlier.
    if (!isBelow || (found !== undefined && point.length < found.point.length)) continue;
    found = { device, point, fileSystem, options: `${mountOptions},${options}` };
  }
  return found;
}

/**
 * The mount of a folder, and below overlays that of the upper folder of the last. Undefined if there is none,
 * or it is not seen from here: in a container a path of the host's may lead to the overlay itself.
 */
export function mountBelow(
  folder: string,
  read: (folder: string) => Mount | undefined,
): Mount | undefined {
  const above = new Set<string>();
  for (let at = folder;;) {
    const mount = read(at);
    const upper = mount === undefined ? undefined : upperFolderOf(mount);
    if (mount === undefined || upper === undefined) return mount;
    if (above.has(mount.point)) return undefined;
    above.add(mount.point);
    at = upper;
  }
}

/** The upper folder of an overlay, in which files that were written lie; undefined of anything else. */
function upperFolderOf({ fileSystem, options }: Mount): string | undefined {
  const [, folder] = /(?:^|,)upperdir=([^,]*)/.exec(options) ?? [];
  return fileSystem === "overlay" && folder !== undefined ? unescaped(folder) : undefined;
}

/** The driver of a file system: ext4 mounts ext3 and, where there is no other driver, ext2 (fs/ext4/super.c). */
export function driverOf(fileSystem: string): string {
  return fileSystem === "ext2" || fileSystem === "ext3" ? "ext4" : fileSystem;
}

/** The kernel prints a space as \040. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
}

/** True if the mount bypasses the page cache: `dax`, `dax=always`; undefined if each file decides. */
export function isDax({ options }: Pick<Mount, "options">): boolean | undefined {
  const dax = options.split(",").find((each) => each === "dax" || each.startsWith("dax="));
  if (dax === "dax" || dax === "dax=always") return true;
  return dax === "dax=inode" ? undefined : false;
}
