/**
 * The kernels that Debian has, read from its lists of packages, and the choice of one by its version.
 *
 * @module
 */

/** A kernel for x86-64 that can be downloaded. */
export interface DebianKernel {
  /** What `uname -r` says of it: `6.12.117+deb13-amd64`, and `5.10.0-46-amd64` for 5.10.262. */
  readonly release: string;
  /** The kernel's version: `6.12.117`. */
  readonly version: string;
  /** The packages that hold its image and its modules. */
  readonly packages: readonly string[];
}

/** The packages that a kernel may be in; real-time and cloud kernels have a word before `amd64`. */
const named =
  /^linux-(image|binary)-(\d[\d.]+(?:-[\d.]+(?:deb\d+\.\d+)?)?(?:\+deb[\d.]+)?-amd64)(-unsigned)?$/;

/** How the names of packages begin that the kernels are read from. */
export const packagePrefixes = ["linux-image-", "linux-binary-", "linux-base-"] as const;

/**
 * The kernels in a list of packages, as `apt-cache show` prints it, newest first. Since 6.19 image and
 * modules are in packages of their own, with what they share in a third, and `linux-image` is empty.
 */
export function kernelsIn(packages: string): readonly DebianKernel[] {
  const kernels = new Map<string, DebianKernel & { readonly rank: number }>();
  const names = new Set(packages.match(/(?<=^Package: )\S+$/gm));
  for (const stanza of packages.split(/\n\n+/)) {
    const [, name = ""] = /^Package: (\S+)$/m.exec(stanza) ?? [];
    const [, version] = /^Version: (?:\d+:)?(\d+(?:\.\d+)+)/m.exec(stanza) ?? [];
    const [, kind, release, unsigned] = named.exec(name) ?? [];
    if (release === undefined || version === undefined) continue;
    const rank = kind === "binary" ? 2 : unsigned === undefined ? 1 : 0;
    if ((kernels.get(release)?.rank ?? -1) >= rank) continue;
    const base = `linux-base-${release}`;
    const held = kind === "binary"
      ? [name, `linux-modules-${release}`, ...(names.has(base) ? [base] : [])]
      : [name];
    kernels.set(release, { release, version, packages: held, rank });
  }
  return [...kernels.values()]
    .map(({ release, version, packages }) => ({ release, version, packages }))
    .sort((one, other) => newestFirst(one, other));
}

/** The packages that hold the headers of a release: its own, and those it shares with its like. */
export function headerPackages(release: string): readonly [own: string, common: string] {
  const like = release.replace(/-amd64$/, "");
  return [`linux-headers-${release}`, `linux-headers-${like}-common`];
}

/** A kernel that is here or can be had. */
interface Versioned {
  readonly release: string;
  readonly version: string;
}

/**
 * The newest kernel of those that a user may mean: `6.12` is any 6.12, `6.12.117` that version,
 * `6.12.117+deb13-amd64` that release. Undefined if there is none.
 */
export function chooseKernel<Kernel extends Versioned>(
  kernels: readonly Kernel[],
  wanted: string,
): Kernel | undefined {
  const fits = ({ release, version }: Kernel): boolean =>
    release === wanted || version === wanted || version.startsWith(`${wanted}.`);
  return kernels.filter(fits).toSorted(newestFirst)[0];
}

/** The versions of kernels, each once, in a line for people. */
export function versionsText(kernels: readonly Versioned[]): string {
  return [...new Set(kernels.map(({ version }) => version))].join(" ");
}

function newestFirst(one: Versioned, other: Versioned): number {
  const [first, second] = [one, other].map(({ version }) => version.split(".").map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (second?.[at] ?? 0) - (first?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.release < other.release ? 1 : one.release > other.release ? -1 : 0;
}
