/**
 * The C library of Linux on x86-64, as far as operations need it, through Deno's FFI.
 *
 * Every function returns what the call returned, or the name of the error. Numbers of flags, calls and
 * errors are those of the x86-64 ABI.
 *
 * @module
 */

/** How a process is told of a library that stands before the C library, with its path behind it. */
export const libraryOption = "--c-library=";

/** Why a file cannot stand before the C library; undefined if it can. */
export function unlikeLibrary(path: string): string | undefined {
  try {
    Deno.dlopen(path, {}).close();
    return undefined;
  } catch {
    return `${path}: expected a library that can be loaded`;
  }
}

const named = Deno.args.find((each) => each.startsWith(libraryOption));

/**
 * The empty name is the global scope of dlopen(3), not a library: what LD_PRELOAD names comes first in
 * it, which a handle of the C library itself would pass over.
 */
const globalScope = "";

const library = Deno.dlopen(named?.slice(libraryOption.length) ?? globalScope, {
  open: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  openat: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  renameat: { parameters: ["i32", "buffer", "i32", "buffer"], result: "i32" },
  linkat: { parameters: ["i32", "buffer", "i32", "buffer", "i32"], result: "i32" },
  unlinkat: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
  pread: { parameters: ["i32", "pointer", "usize", "i64"], result: "isize" },
  pwrite: { parameters: ["i32", "pointer", "usize", "i64"], result: "isize" },
  pwritev2: { parameters: ["i32", "buffer", "i32", "i64", "i32"], result: "isize" },
  fsync: { parameters: ["i32"], result: "i32" },
  fdatasync: { parameters: ["i32"], result: "i32" },
  syncfs: { parameters: ["i32"], result: "i32" },
  sync_file_range: { parameters: ["i32", "i64", "i64", "u32"], result: "i32" },
  msync: { parameters: ["pointer", "usize", "i32"], result: "i32" },
  fallocate: { parameters: ["i32", "i32", "i64", "i64"], result: "i32" },
  ftruncate: { parameters: ["i32", "i64"], result: "i32" },
  posix_fadvise: { parameters: ["i32", "i64", "i64", "i32"], result: "i32" },
  copy_file_range: {
    parameters: ["i32", "buffer", "i32", "buffer", "usize", "u32"],
    result: "isize",
  },
  pipe2: { parameters: ["buffer", "i32"], result: "i32" },
  splice: { parameters: ["i32", "buffer", "i32", "buffer", "usize", "u32"], result: "isize" },
  ioctl: { parameters: ["i32", "u64", "i64"], result: "i32" },
  flock: { parameters: ["i32", "i32"], result: "i32" },
  lseek: { parameters: ["i32", "i64", "i32"], result: "i64" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32" },
  mount: { parameters: ["buffer", "buffer", "buffer", "u64", "buffer"], result: "i32" },
  umount2: { parameters: ["buffer", "i32"], result: "i32" },
  unshare: { parameters: ["i32"], result: "i32" },
  prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
  memfd_create: { parameters: ["buffer", "u32"], result: "i32" },
  fstatfs: { parameters: ["i32", "buffer"], result: "i32" },
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  sched_yield: { parameters: [], result: "i32" },
  usleep: { parameters: ["u32"], result: "i32" },
  syscall: { parameters: ["i64", "i64", "i64", "i64", "i64", "i64"], result: "i64" },
  __errno_location: { parameters: [], result: "pointer" },
});

/** The functions themselves. */
export const libc = library.symbols;

/** Flags of open(2). */
export const Open = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  TRUNC: 0o1000,
  DSYNC: 0o10000,
  DIRECT: 0o40000,
  SYNC: 0o4010000,
  DIRECTORY: 0o200000,
  NONBLOCK: 0o4000,
  EXCL: 0o200,
  NOFOLLOW: 0o400000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
} as const;

/** Flags of mmap(2) and its protections. */
export const Map = {
  READ: 1,
  WRITE: 2,
  SHARED: 1,
  PRIVATE: 2,
  SHARED_VALIDATE: 3,
  FIXED: 0x10,
  ANONYMOUS: 0x20,
  SYNC: 0x80000,
} as const;

/** Modes of fallocate(2). */
export const Falloc = {
  KEEP_SIZE: 1,
  PUNCH_HOLE: 2,
  COLLAPSE_RANGE: 8,
  ZERO_RANGE: 16,
  INSERT_RANGE: 32,
  UNSHARE_RANGE: 64,
} as const;

/** Numbers of flags, requests and system calls that no list above has. */
export const Abi = {
  MS_ASYNC: 1,
  MS_SYNC: 4,
  FADV_DONTNEED: 4,
  RWF_DSYNC: 2,
  SYNC_FILE_RANGE_WAIT_BEFORE: 1,
  SYNC_FILE_RANGE_WRITE: 2,
  /** SYNC_FILE_RANGE_WAIT_BEFORE, WRITE and WAIT_AFTER. */
  SYNC_FILE_RANGE_ALL: 7,
  FICLONE: 0x40049409n,
  RLIMIT_CORE: 4,
  IO_SETUP: 206n,
  IO_GETEVENTS: 208n,
  IO_SUBMIT: 209n,
  STATX_BASIC: 0x7ff,
  STATX_ATTR_DAX: 0x200000n,
} as const;

const errnoNames: Readonly<Record<number, string>> = {
  1: "EPERM",
  2: "ENOENT",
  4: "EINTR",
  5: "EIO",
  6: "ENXIO",
  11: "EAGAIN",
  12: "ENOMEM",
  13: "EACCES",
  14: "EFAULT",
  16: "EBUSY",
  19: "ENODEV",
  22: "EINVAL",
  25: "ENOTTY",
  27: "EFBIG",
  28: "ENOSPC",
  30: "EROFS",
  38: "ENOSYS",
  40: "ELOOP",
  61: "ENODATA",
  74: "EBADMSG",
  95: "EOPNOTSUPP",
  107: "ENOTCONN",
  117: "EUCLEAN",
  122: "EDQUOT",
};

/** The name of the error of the last call that failed. */
export function errnoName(): string {
  const at = libc.__errno_location();
  const number = at === null ? 0 : new Deno.UnsafePointerView(at).getInt32();
  return nameOfErrno(number);
}

/** The name of an error by its number. */
export function nameOfErrno(number: number): string {
  return errnoNames[number] ?? `errno ${number}`;
}

/** What a call returned, or the name of its error. */
export function checked(returned: number | bigint): number | string {
  return returned < 0 ? errnoName() : Number(returned);
}

/** A path as C wants it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** Memory of this process, mapped: its address and its bytes. */
export interface Memory {
  readonly address: bigint;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * mmap(2) with these arguments; the name of the error if it fails.
 *
 * @param at where to map with MAP_FIXED; 0 for anywhere
 */
export function mapMemory(
  length: number,
  protection: number,
  flags: number,
  fd: number,
  offset: number,
  at = 0n,
): Memory | string {
  const hint = at === 0n ? null : Deno.UnsafePointer.create(at);
  const pointer = libc.mmap(hint, BigInt(length), protection, flags, fd, BigInt(offset));
  const address = pointer === null ? 0n : Deno.UnsafePointer.value(pointer);
  if (pointer === null || BigInt.asIntN(64, address) === -1n) return errnoName();
  return { address, bytes: new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, length)) };
}

/**
 * The text of a file of the kernel, such as those in /proc; undefined if it cannot be read. Deno itself
 * wants every permission for them, which this process has through FFI anyway.
 */
export function readKernelFile(path: string): string | undefined {
  const fd = checked(libc.open(cString(path), Open.RDONLY, 0));
  if (typeof fd === "string") return undefined;
  const chunk = new Uint8Array(1 << 16);
  const target = Deno.UnsafePointer.of(chunk);
  const decoder = new TextDecoder();
  let text = "";
  for (let offset = 0n;;) {
    const count = checked(libc.pread(fd, target, BigInt(chunk.length), offset));
    if (typeof count === "string" || count === 0) break;
    text += decoder.decode(chunk.slice(0, count), { stream: true });
    offset += BigInt(count);
  }
  libc.close(fd);
  return text;
}

/** munmap(2). */
export function unmapMemory({ address, bytes }: Memory): number | string {
  return checked(libc.munmap(Deno.UnsafePointer.create(address), BigInt(bytes.length)));
}
