/**
 * The file systems that a guest makes: on which device, with which modules, and by which commands.
 *
 * @module
 */

/** Where a guest has the file system that is looked at. */
export const mountPoint = "/mnt/pagespec";

/** Version of a kernel, such as [6, 12]. */
export type Version = readonly [major: number, minor: number];

/** How one is made in a guest. */
export interface GuestFileSystem {
  /** `/dev/vda` is a disk, `/dev/pmem0` memory that `memmap=` reserves. */
  readonly device: "/dev/vda" | "/dev/pmem0";
  readonly type: "ext4" | "xfs" | "btrfs";
  /** Options of mkfs, whoever calls it, for a kernel of this version. */
  readonly make: (kernel: Version) => readonly string[];
  /** Options of the mount; empty for the defaults. */
  readonly mount: string;
  /** The package that has its mkfs. */
  readonly tools: string;
}

/** A newer mkfs.xfs makes what an older kernel cannot mount; its package has a file against that. */
function forOldKernels([major, minor]: Version): readonly string[] {
  const named = major < 6 ? "lts_5.10" : major === 6 && minor < 12 ? "lts_6.1" : undefined;
  return named === undefined ? [] : ["-c", `options=/usr/share/xfsprogs/mkfs/${named}.conf`];
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
    make: (kernel) => [
      ...forOldKernels(kernel),
      // Before 6.1 a file system with reflink cannot be mounted with DAX.
      ...["-m", kernel[0] < 6 ? "rmapbt=0,reflink=0" : "rmapbt=0"],
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
