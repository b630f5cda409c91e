/**
 * The file systems that a guest makes: on which device, with which modules, and by which commands.
 *
 * @module
 */

/** Where a guest has the file system that is looked at. */
export const mountPoint = "/mnt/pagespec";

/** How one is made in a guest. */
interface GuestFileSystem {
  /** `/dev/vda` is a disk, `/dev/pmem0` memory that `memmap=` reserves. */
  readonly device: "/dev/vda" | "/dev/pmem0";
  readonly type: "ext4" | "xfs" | "btrfs";
  /** Options of mkfs; blocks of 2 MiB lie on 2 MiB, so that a PMD can map them. */
  readonly make: (kernel: readonly [number, number]) => readonly string[];
  /** Options of the mount; the second are for kernels that do not know the first. */
  readonly mount: readonly string[];
  /** The package that has its mkfs. */
  readonly tools: string;
}

const ext4 = ["-q", "-F", "-b", "4096", "-E"];

/** A newer mkfs.xfs makes what an older kernel cannot mount; its package has a file against that. */
function forOldKernels([major, minor]: readonly [number, number]): readonly string[] {
  const named = major < 6 ? "lts_5.10" : major === 6 && minor < 12 ? "lts_6.1" : undefined;
  return named === undefined ? [] : ["-c", `options=/usr/share/xfsprogs/mkfs/${named}.conf`];
}

const all = {
  ext4: {
    device: "/dev/vda",
    type: "ext4",
    make: () => [...ext4, "lazy_itable_init=0,lazy_journal_init=0"],
    mount: ["defaults"],
    tools: "e2fsprogs",
  },
  xfs: {
    device: "/dev/vda",
    type: "xfs",
    make: (kernel) => ["-q", "-f", ...forOldKernels(kernel)],
    mount: ["defaults"],
    tools: "xfsprogs",
  },
  btrfs: {
    device: "/dev/vda",
    type: "btrfs",
    make: () => ["-q", "-f"],
    mount: ["defaults"],
    tools: "btrfs-progs",
  },
  "ext4-dax": {
    device: "/dev/pmem0",
    type: "ext4",
    make: () => [...ext4, "stride=512,lazy_itable_init=0,lazy_journal_init=0"],
    mount: ["dax=always", "dax"],
    tools: "e2fsprogs",
  },
  "xfs-dax": {
    device: "/dev/pmem0",
    type: "xfs",
    make: (kernel) => [
      ...["-q", "-f", ...forOldKernels(kernel)],
      // Before 6.1 a file system with reflink cannot be mounted with DAX.
      ...["-m", kernel[0] < 6 ? "rmapbt=0,reflink=0" : "rmapbt=0"],
      ...["-d", "agcount=2,su=2m,sw=1"],
    ],
    mount: ["dax=always", "dax"],
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
