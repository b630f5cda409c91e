/**
 * Mounts that nobody else sees, and that are gone with the process that made them, however it ends.
 *
 * @module
 */
import { checked, cString, libc, readKernelFile } from "../drive/libc.ts";

const newNamespace = 0x20000;

/** Flags of mount(2). */
const Flag = { RECURSIVE: 1n << 14n, SLAVE: 1n << 19n } as const;

/** Detaches what is busy. */
const lazily = 2;

/** Folders that systems have; in the namespace something else is mounted at one of them. */
const places = ["/mnt", "/media", "/srv", "/opt", "/tmp"];

/**
 * Gives the calling thread, and the processes that it starts, a mount namespace of their own, with an
 * empty folder in it. Only what is called on this thread sees it: FFI, and what Deno does at once.
 *
 * @param used paths that must stay what they are
 * @returns the path of the folder, or why there is none
 */
export function enterPrivateMounts(
  used: readonly string[],
): { readonly folder: string } | string {
  const place = places.find((each) =>
    isFolder(each) && !used.some((path) => path === each || path.startsWith(`${each}/`))
  );
  if (place === undefined) return `no folder of ${places.join(", ")} is free to be mounted over`;
  const unshared = checked(libc.unshare(newNamespace));
  if (typeof unshared === "string") return `unshare(CLONE_NEWNS): ${unshared}`;
  const none = cString("none");
  const flags = Flag.RECURSIVE | Flag.SLAVE;
  const slave = checked(libc.mount(none, cString("/"), none, flags, null));
  if (typeof slave === "string") return `mount of / as slave: ${slave}`;
  letGoOf(used);
  const made = mountAt(place, { device: "pagespec", type: "tmpfs", options: "size=1m" });
  return made === undefined ? { folder: place } : `mount of tmpfs: ${made}`;
}

/**
 * The namespace begins with copies of all mounts, and while a copy is there, nobody can take away what
 * is mounted: those are detached that nothing here needs.
 */
function letGoOf(used: readonly string[]): void {
  const lines = (readKernelFile("/proc/self/mountinfo") ?? "").trimEnd().split("\n");
  const points = lines.map((line) => (line.split(" ")[4] ?? "").replace(/\\040/g, " "));
  for (const point of points.toReversed()) {
    if (!/^\/(?:mnt|media|srv|opt|tmp|run)\/./.test(point)) continue;
    if (used.some((path) => path === point || path.startsWith(`${point}/`))) continue;
    libc.umount2(cString(point), lazily);
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** What is mounted. */
interface Mounting {
  readonly device: string;
  readonly type: string;
  readonly options?: string;
}

/** mount(2): the name of the error, or nothing. */
export function mountAt(point: string, { device, type, options }: Mounting): string | undefined {
  const data = options === undefined ? null : cString(options);
  const done = checked(libc.mount(cString(device), cString(point), cString(type), 0n, data));
  return typeof done === "string" ? done : undefined;
}

/** umount(2), and where something is busy there, it is detached: the name of the error, or nothing. */
export function unmountAt(point: string): string | undefined {
  const done = checked(libc.umount2(cString(point), 0));
  if (typeof done === "number") return undefined;
  libc.umount2(cString(point), lazily);
  return done;
}
