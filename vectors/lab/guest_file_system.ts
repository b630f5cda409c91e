/**
 * The file systems that a guest makes: on which device, with which modules, and by which commands.
 *
 * @module
 */

/** Where a guest has the file system that is looked at. */
export const mountPoint = "/mnt/pagespec";

/** Version of a kernel or of mkfs, such as [6, 12]. */
type Version = readonly [major: number, minor: number];

/** What must fit together: the kernel that mounts a file system, and the mkfs that makes it. */
export interface Versions {
  readonly kernel: Version;
  readonly mkfs: Version;
}

/** The first version in a text, as `uname -r` or `mkfs.xfs -V` print it; 0.0 if there is none. */
export function versionIn(text: string): Version {
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(text) ?? [];
  return [Number(major), Number(minor)];
}

/** How one is made in a guest. */
export interface GuestFileSystem {
  /** `/dev/vda` is a disk, `/dev/pmem0` memory that `memmap=` reserves. */
  readonly device: "/dev/vda" | "/dev/pmem0";
  readonly type: "ext4" | "xfs" | "btrfs";
  /** Options of mkfs, whoever calls it. */
  readonly make: (versions: Versions) => readonly string[];
  /** Options of the mount; empty for the defaults. */
  readonly mount: string;
  /** The package that has its mkfs. */
  readonly tools: string;
}

/**
 * A mkfs.xfs may make what an older kernel cannot mount; its package has a file against that. The files
 * of 6.1 its own mkfs refuses: they name nrext64, which it leaves out anyway, in the wrong section.
 */
function forOldKernels({ kernel, mkfs }: Versions): readonly string[] {
  if (!isOlder(kernel, mkfs)) return [];
  if (isOlder(mkfs, [6, 2])) return kernel[0] < 6 ? ["-m", "bigtime=0,inobtcount=0"] : [];
  const named = kernel[0] < 6 ? "lts_5.10" : isOlder(kernel, [6, 12]) ? "lts_6.1" : undefined;
  return named === undefined ? [] : ["-c", `options=/usr/share/xfsprogs/mkfs/${named}.conf`];
}

function isOlder(one: Version, other: Version): boolean {
  return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
}

const all = {
  ext4: {
    device: "/dev/vda",
    type: "ext4",
    make: () => [],
    mount: "",
    tools: "e2fsprogs",
  },
  xfs: {
    device: "/dev/vda",
    type: "xfs",
    make: forOldKernels,
    mount: "",
    tools: "xfsprogs",
  },
  btrfs: {
    device: "/dev/vda",
    type: "btrfs",
    make: () => [],
    mount: "",
    tools: "btrfs-progs",
  },
  "ext4-dax": {
    device: "/dev/pmem0",
    type: "ext4",
    make: () => [],
    mount: "dax=always",
    tools: "e2fsprogs",
  },
  "xfs-dax": {
    device: "/dev/pmem0",
    type: "xfs",
    make: (versions) => [
      ...forOldKernels(versions),
      // Before 6.1 a file system with reflink cannot be mounted with DAX.
      ...["-m", versions.kernel[0] < 6 ? "rmapbt=0,reflink=0" : "rmapbt=0"],
    ],
    mount: "dax=always",
    tools: "xfsprogs",
  },
} as const satisfies { readonly [name: string]: GuestFileSystem };

/** The name of one. */
export type GuestFileSystemName = keyof typeof all;

/** All names. */
export const guestFileSystemNames: readonly string[] = Object.keys(all);

/** True if this is the name of one. */
export function isGuestFileSystem(name: string): name is GuestFileSystemName {
  return Object.hasOwn(all, name);
}

/** How one is made. */
export function guestFileSystem(name: GuestFileSystemName): GuestFileSystem {
  return all[name];
}

/** Modules that a guest with this file system loads; `?` is for those that some kernels do not have. */
export function modulesFor(name: GuestFileSystemName): readonly string[] {
  const { type, device } = all[name];
  return [
    ...["virtio_pci", "virtio_blk", "virtio_console", "9p", "9pnet_virtio", "overlay"],
    // ext4 and btrfs ask for it by the name of its algorithm.
    ...["crc32c_generic?", "crc32c_cryptoapi?"],
    ...[type, "fuse", "loop"],
    ...(device === "/dev/pmem0" ? ["nd_e820", "nd_pmem"] : []),
  ];
}
