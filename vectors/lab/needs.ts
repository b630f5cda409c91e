/**
 * What a guest needs of this machine, and the packages that have it.
 *
 * @module
 */
import { guestFileSystem, type GuestFileSystemName } from "./guest_file_system.ts";
import { guestPath } from "./guest.ts";
import { runProgram } from "./program.ts";

/** A program, and the Debian package that has it; `guest` if it runs there. */
type Need = readonly [program: string, from: string, where?: "guest"];

const compiling: readonly Need[] = [["gcc", "gcc"], ["/usr/include/dlfcn.h", "libc6-dev"]];

/** What a guest with this file system needs, and what compiles a module that makes it skip a function. */
export function needsOf(fileSystem: GuestFileSystemName, skips: boolean): readonly Need[] {
  const { type, tools } = guestFileSystem(fileSystem);
  return [
    ["qemu-system-x86_64", "qemu-system-x86"],
    ["/bin/busybox", "busybox-static"],
    [`mkfs.${type}`, tools, "guest"],
    ["setpriv", "util-linux"],
    ["depmod", "kmod"],
    ["dpkg-deb", "dpkg"],
    ["/usr/share/keyrings/debian-archive-keyring.gpg", "debian-archive-keyring"],
    ...(skips ? compiling : []),
  ];
}

/** One line that names what is missing, with the command that installs it; undefined if nothing is. */
export function missingText(
  needs: readonly Need[],
  isHere: (...need: Need) => boolean,
): string | undefined {
  const missing = needs.filter((need) => !isHere(...need));
  if (missing.length === 0) return undefined;
  const [programs, packages] = [0, 1].map((at) => missing.map((each) => each[at]));
  return `no ${programs?.join(", ")} here: apt-get install --no-install-recommends ${
    packages?.join(" ")
  }`;
}

/** The line for this machine. */
export async function missingHere(
  fileSystem: GuestFileSystemName,
  skips: boolean,
): Promise<string | undefined> {
  const needs = needsOf(fileSystem, skips);
  const onPath = needs.flatMap(([program, , where]) => where === undefined ? [program] : []);
  const found = await runProgram("sh", [
    "-c",
    'for each; do command -v "$each"; done; :',
    "sh",
    ...onPath,
  ]);
  const paths = typeof found === "string" ? [] : found.output.split("\n");
  return missingText(needs, (program, _, where) => {
    if (program === "/bin/busybox") return isStatic(program);
    if (program.startsWith("/")) return isThere(program);
    return where === "guest"
      ? guestPath.split(":").some((folder) => isThere(`${folder}/${program}`))
      : paths.some((path) => path.endsWith(`/${program}`));
  });
}

/** True if the processor itself can run a guest. */
export async function hasKvm(): Promise<boolean> {
  // Some guests have a /dev/kvm that cannot boot a kernel: their processor has none of the two flags.
  const test = "test -w /dev/kvm && grep -qwE 'vmx|svm' /proc/cpuinfo";
  return typeof await runProgram("sh", ["-c", test]) !== "string";
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** True if a program needs no libraries: it names no loader of them. */
function isStatic(path: string): boolean {
  if (!isThere(path)) return false;
  return !new TextDecoder("latin1").decode(Deno.readFileSync(path)).includes("/lib64/ld-linux");
}
