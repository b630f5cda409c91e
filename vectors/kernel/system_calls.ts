/**
 * Which system calls matter, and what their arguments ask for.
 *
 * @module
 */
import type { LineClass } from "../../model/line_class.ts";
import type { PendingRemoval } from "./task.ts";
import type { SyscallEnterRecord } from "./record.ts";

/** FALLOC_FL_* of include/uapi/linux/falloc.h. */
const PUNCH_HOLE = 0x02;
const COLLAPSE_RANGE = 0x08;
const ZERO_RANGE = 0x10;
const INSERT_RANGE = 0x20;
const WRITE_ZEROES = 0x80;
const PROT_WRITE = 0x2;
/** MADV_* of include/uapi/asm-generic/mman-common.h that take PTEs away: DONTNEED, and others. */
const undoes: ReadonlySet<number> = new Set([4, 8, 21, 24]);
const MADV_REMOVE = 9;
const MS_SYNC = 0x4;
const MAP_FIXED = 0x10;

/** Classes of lines that entries and returns of system calls are. */
export const systemCallLines: readonly LineClass[] = ["syncs", "removals", "unmaps"];

/** What a call will do, as its arguments say. */
export type CallPurpose =
  | { readonly kind: "sync"; readonly ranged: boolean; readonly text: string }
  | ({ readonly kind: "removal" } & PendingRemoval)
  | {
    readonly kind: "unmap";
    readonly start: number;
    readonly end: number;
    readonly text: string;
    /** What mprotect leaves. */
    readonly access: "nothing" | "read" | "write";
  }
  | { readonly kind: "other" };

/** Reads the purpose off a call's arguments; a call that lacks an argument it needs is "other". */
export function purposeOf({ syscall, args }: SyscallEnterRecord): CallPurpose {
  switch (syscall) {
    case "fsync":
    case "fdatasync":
      return { kind: "sync", ranged: false, text: `${syscall}(${args["fd"] ?? ""})` };
    case "msync":
      return ((args["flags"] ?? MS_SYNC) & MS_SYNC) !== 0
        ? { kind: "sync", ranged: true, text: "msync(MS_SYNC)" }
        : { kind: "other" };
    case "fallocate":
      return fallocate(args["mode"] ?? 0, args["offset"] ?? 0, args["len"] ?? 0);
    case "ioctl":
      return ioctl(args["cmd"]);
    case "ftruncate":
      return truncate(args["length"] ?? args["len"], "ftruncate");
    case "truncate":
      // The whole file may always go unseen; of which file a part goes, perhaps an event tells.
      return (args["length"] ?? 0) === 0 ? { kind: "other" } : truncate(args["length"], "truncate");
    case "munmap":
      return unmap(args["addr"], args["len"], "munmap");
    case "execve":
      return unmap(0, Number.MAX_SAFE_INTEGER, "execve");
    case "mremap":
      return unmap(args["addr"], args["old_len"], "mremap");
    case "mmap":
      return ((args["flags"] ?? 0) & MAP_FIXED) !== 0
        ? unmap(args["addr"], args["len"], "mmap(MAP_FIXED)")
        : { kind: "other" };
    case "mprotect":
      return mprotect(args["start"], args["len"], args["prot"] ?? 0);
    case "madvise":
      return madvise(args["start"], args["len_in"] ?? args["len"], args["behavior"]);
    default:
      return { kind: "other" };
  }
}

function fallocate(mode: number, offset: number, length: number): CallPurpose {
  const fromByte = offset;
  const toByte = offset + length;
  const at = `0x${offset.toString(16)}, 0x${length.toString(16)}`;
  if ((mode & PUNCH_HOLE) !== 0) {
    return {
      kind: "removal",
      why: "punch",
      fromByte,
      toByte,
      text: `fallocate(PUNCH_HOLE, ${at})`,
    };
  }
  if ((mode & (ZERO_RANGE | WRITE_ZEROES)) !== 0) {
    const text = `fallocate(ZERO_RANGE, ${at})`;
    return { kind: "removal", why: "zero_range", fromByte, toByte, text };
  }
  if ((mode & COLLAPSE_RANGE) !== 0) {
    const text = `fallocate(COLLAPSE_RANGE, ${at})`;
    return { kind: "removal", why: "collapse", fromByte, toByte, text };
  }
  if ((mode & INSERT_RANGE) !== 0) {
    const text = `fallocate(INSERT_RANGE, ${at})`;
    return { kind: "removal", why: "insert", fromByte, toByte, text };
  }
  // Plain allocation removes nothing, but XFS breaks layouts for it, too.
  const text = `fallocate(${at})`;
  return { kind: "removal", why: "layout", fromByte, toByte: fromByte, text };
}

/** FICLONE, FICLONERANGE, FIDEDUPERANGE of include/uapi/linux/fs.h. */
const clones: ReadonlyMap<number, string> = new Map([
  [0x40049409, "FICLONE"],
  [0x4020940d, "FICLONERANGE"],
  [0xc0189436, "FIDEDUPERANGE"],
]);

/** A clone breaks the layouts of both files. Which these are an event inside tells. */
function ioctl(command: number | undefined): CallPurpose {
  const name = command === undefined ? undefined : clones.get(command);
  if (name === undefined) return { kind: "other" };
  const text = `ioctl(${name})`;
  return { kind: "removal", why: "layout", fromByte: 0, toByte: 0, text, vague: true };
}

/** Of the file that is mapped there, the same pages go with MADV_REMOVE; which they are is not told. */
function madvise(
  start: number | undefined,
  length: number | undefined,
  behavior: number | undefined,
): CallPurpose {
  if (behavior === MADV_REMOVE) {
    const text = "madvise(MADV_REMOVE)";
    return { kind: "removal", why: "punch", fromByte: 0, toByte: Infinity, text, vague: true };
  }
  if (behavior !== undefined && !undoes.has(behavior)) return { kind: "other" };
  return unmap(start, length, "madvise");
}

/** True for a call that syncs one file. */
export function isSync(syscall: string): boolean {
  return syscall === "fsync" || syscall === "fdatasync" || syscall === "msync";
}

/** True for a call that may take pages away from a file. */
export function removesPages(syscall: string): boolean {
  return syscall === "fallocate" || syscall === "ftruncate";
}

/** The removal that a new file size makes, as `call` asks for it. */
export function truncate(size: number | undefined, call: "truncate" | "ftruncate"): CallPurpose {
  if (size === undefined) return { kind: "other" };
  const text = `${call}(0x${size.toString(16)})`;
  return { kind: "removal", why: "truncate", fromByte: size, toByte: Infinity, text };
}

function mprotect(
  start: number | undefined,
  length: number | undefined,
  rights: number,
): CallPurpose {
  const writes = (rights & PROT_WRITE) !== 0;
  const call = unmap(start, length, writes ? "mprotect(PROT_WRITE)" : "mprotect");
  return call.kind === "unmap" ? { ...call, access: writes ? "write" : "read" } : call;
}

function unmap(start: number | undefined, length: number | undefined, text: string): CallPurpose {
  if (start === undefined || length === undefined || length === 0) return { kind: "other" };
  return { kind: "unmap", start, end: start + length, text, access: "nothing" };
}
