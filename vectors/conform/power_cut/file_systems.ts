/**
 * File systems that power is cut under: how they are made, small and quickly, and who looks over what
 * they recovered.
 *
 * @module
 */

/** Where blocks lie: as they come, or 2 MiB of a file on 2 MiB of the device, so that a PMD maps them. */
type Layout = "plain" | "huge";

/** How one kind is made and looked over. */
interface Kind {
  readonly mib: number;
  /** The command that makes it in the first so many bytes of a device or file. */
  readonly make: (
    path: string,
    bytes: number,
    layout: Layout,
  ) => readonly [program: string, ...args: string[]];
  /** The command that looks for damage and changes nothing. */
  readonly check: (path: string) => readonly [program: string, ...args: string[]];
}

const mib = 1 << 20;

const kinds = {
  ext4: {
    mib: 64,
    make: (path, bytes, layout) => [
      ...["mkfs.ext4", "-q", "-F", "-b", "4096", "-E"] as const,
      `${layout === "huge" ? "stride=512," : ""}lazy_itable_init=0,lazy_journal_init=0,nodiscard`,
      ...[path, `${bytes >> 10}k`],
    ],
    check: (path) => ["e2fsck", "-fn", path],
  },
  xfs: {
    mib: 320,
    make: (path, bytes, layout) => [
      ...["mkfs.xfs", "-q", "-f", "-K", "-d"] as const,
      `size=${bytes}${layout === "huge" ? ",agcount=2,su=2m,sw=1" : ""}`,
      path,
    ],
    check: (path) => ["xfs_repair", "-n", path],
  },
  btrfs: {
    mib: 256,
    make: (path, bytes) => ["mkfs.btrfs", "-q", "-f", "-K", "-b", String(bytes), path],
    check: (path) => ["btrfs", "check", "--readonly", path],
  },
} as const satisfies { readonly [name: string]: Kind };

/** A kind of file system that can be made. */
export type FileSystemKind = keyof typeof kinds;

/** All of them. */
export const fileSystemKinds = [
  "ext4",
  "xfs",
  "btrfs",
] as const satisfies readonly FileSystemKind[];

/** True if this is the name of one. */
export function isFileSystemKind(name: string): name is FileSystemKind {
  return Object.hasOwn(kinds, name);
}

/** Bytes that one needs: more of a device is not used. */
export function bytesFor(kind: FileSystemKind): number {
  return kinds[kind].mib * mib;
}

/** Makes a file system in a file or device of its size; a sentence if it cannot be made. */
export function makeFileSystem(
  kind: FileSystemKind,
  path: string,
  options: readonly string[],
  layout: Layout = "plain",
): string | undefined {
  const [program, ...args] = kinds[kind].make(path, bytesFor(kind), layout);
  const { status, text } = run(program, [...options, ...args]);
  return status === 0 ? undefined : `${program}: ${text}`;
}

/** What a checker says against a file system that is not mounted; undefined if nothing. */
export function damageIn(kind: FileSystemKind, path: string): string | undefined {
  const [program, ...args] = kinds[kind].check(path);
  const { status, text } = run(program, args);
  return status === 0 ? undefined : `${program} (status ${status}): ${text}`;
}

/** Runs a program on this thread: it is in the namespace of the mounts. */
function run(program: string, args: readonly string[]) {
  try {
    const command = new Deno.Command(program, { args: [...args], stdin: "null" });
    const { code, stdout, stderr } = command.outputSync();
    const [error, output] = [stderr, stdout].map((each) => new TextDecoder().decode(each).trim());
    return { status: code, text: lastLines(error === "" ? output ?? "" : error ?? "") };
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound;
    return { status: 127, text: isMissing ? "there is no such program here" : String(error) };
  }
}

function lastLines(text: string): string {
  return text.split("\n").filter((line) => line.trim() !== "").slice(-3).join("; ");
}
