/**
 * Performs operations as a process of a vector does: real system calls, real loads and stores.
 *
 * @module
 */
import { type Bytes, joinBytes } from "../../../model/operation/observation.ts";
import type { Operation, OperationOf } from "../../../model/operation/operation.ts";
import { submitAndCollect } from "./async_io.ts";
import { storeMarked } from "./marked_store.ts";
import { splice } from "./splice.ts";
import { type Power, tellLayer } from "./tell_layer.ts";
import {
  Abi,
  checked,
  Falloc,
  libc,
  Map as MapFlag,
  mapMemory,
  type Memory,
  Open as OpenFlag,
  unmapMemory,
} from "./libc.ts";
import type { ScratchFolder } from "./scratch_folder.ts";

/** What an operation returned: a number, bytes, or the name of an error. */
type Returned = number | readonly Bytes[] | string;

/** Bytes of the buffer for reads and writes. */
const bufferSize = 4 << 20;

const pmd = 2n << 20n;

/** A mapping: where it is, from which byte of which file. */
interface Mapping {
  readonly memory: Memory;
  readonly offset: number;
  readonly file: string;
}

/** A byte of a mapping. */
interface Place {
  readonly memory: Memory;
  readonly index: number;
}

/** What a process has open and mapped; {@linkcode release} gives it all back. */
export class ProcessFiles {
  readonly #folder: ScratchFolder;
  readonly #fds = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #mappings = new Map<string, Mapping>();
  readonly #buffer: Memory;

  readonly #power: Power | undefined;

  /**
   * @param power how it says that power fails; undefined where none does
   * @throws {Error} if there is no memory for a buffer
   */
  constructor(folder: ScratchFolder, power?: Power) {
    this.#folder = folder;
    this.#power = power;
    const flags = MapFlag.PRIVATE | MapFlag.ANONYMOUS;
    const buffer = mapMemory(bufferSize, MapFlag.READ | MapFlag.WRITE, flags, -1, 0);
    if (typeof buffer === "string") throw new Error(`a buffer: ${buffer}`);
    this.#buffer = buffer;
  }

  /** Unmaps and closes everything. */
  release(): void {
    for (const { memory } of this.#mappings.values()) unmapMemory(memory);
    for (const fd of this.#fds.values()) libc.close(fd);
    this.#mappings.clear();
    this.#fds.clear();
  }

  /** Performs one operation. A load or store behind the end of a file kills the process. */
  perform(operation: Operation): Returned {
    switch (operation.kind) {
      case "open":
        return this.#open(operation);
      case "close": {
        const fd = this.#fd(operation.fd);
        this.#fds.delete(operation.fd);
        return checked(libc.close(fd));
      }
      case "mmap":
        return this.#mmap(operation);
      case "munmap": {
        const { memory } = this.#mapping(operation.mapping);
        this.#mappings.delete(operation.mapping);
        return unmapMemory(memory);
      }
      case "load": {
        const { memory, index } = this.#place(operation.mapping, operation.offset, 1);
        return memory.bytes[index] ?? 0;
      }
      case "store": {
        const { mapping, offset, value } = operation;
        const { memory, index } = this.#place(mapping, offset, 1);
        const layer = this.#power?.marksStores === true ? this.#power.layer : undefined;
        if (layer === undefined) memory.bytes[index] = value;
        else {
          const fd = this.#folder.open(this.#mapping(mapping).file, OpenFlag.RDONLY);
          storeMarked({ memory, index, fd, offset }, value, (each) => tellLayer(layer, each));
        }
        return 0;
      }
      case "pread":
        return this.#pread(operation);
      case "pwrite":
        return this.#pwrite(operation);
      case "fsync":
        return checked(libc.fsync(this.#fd(operation.fd)));
      case "fdatasync":
        return checked(libc.fdatasync(this.#fd(operation.fd)));
      case "syncfs":
        return checked(libc.syncfs(this.#fd(operation.fd)));
      case "sync_file_range": {
        const { offset, length } = operation;
        const all = Abi.SYNC_FILE_RANGE_ALL;
        return checked(
          libc.sync_file_range(this.#fd(operation.fd), BigInt(offset), BigInt(length), all),
        );
      }
      case "msync": {
        const flags = operation.flags === "MS_SYNC" ? Abi.MS_SYNC : Abi.MS_ASYNC;
        const { mapping, offset, length } = operation;
        const at = this.#pointer(mapping, offset, length);
        return checked(libc.msync(at, BigInt(length), flags));
      }
      case "fallocate": {
        const { offset, length } = operation;
        const mode = modeOf(operation);
        return checked(
          libc.fallocate(this.#fd(operation.fd), mode, BigInt(offset), BigInt(length)),
        );
      }
      case "ftruncate":
        return checked(libc.ftruncate(this.#fd(operation.fd), BigInt(operation.length)));
      case "evict": {
        const fd = this.#fd(operation.fd);
        const error = libc.posix_fadvise(fd, 0n, 0n, Abi.FADV_DONTNEED);
        return error === 0 ? 0 : "EINVAL";
      }
      case "reflink": {
        const [from, to] = [this.#fd(operation.from), this.#fd(operation.to)];
        return checked(libc.ioctl(to, Abi.FICLONE, BigInt(from)));
      }
      case "copy_file_range": {
        const { offset, length } = operation;
        const [from, to] = [this.#fd(operation.from), this.#fd(operation.to)];
        const [source, target] = [offset, offset].map((at) => new BigInt64Array([BigInt(at)]));
        return checked(
          libc.copy_file_range(from, source ?? null, to, target ?? null, BigInt(length), 0),
        );
      }
      case "splice":
        return splice(this.#fd(operation.from), this.#fd(operation.to), operation);
      case "rename":
        return this.#folder.rename(operation.oldpath, operation.newpath);
      case "link":
        return this.#folder.link(operation.oldpath, operation.newpath);
      case "fsync_directory":
        return this.#folder.sync();
      case "crash":
        return this.#power === undefined
          ? "EOPNOTSUPP"
          : tellLayer(this.#power.layer, { kind: "cut" });
      case "flush_cache":
      case "inject_error":
        return "EOPNOTSUPP";
      default:
        return operation satisfies never;
    }
  }

  /** Writeback of every open file begins. */
  writeBack(): void {
    for (const fd of this.#fds.values()) {
      libc.sync_file_range(fd, 0n, 0n, Abi.SYNC_FILE_RANGE_WRITE);
    }
  }

  /** Pages that are clean are forgotten. */
  reclaim(): void {
    for (const fd of this.#fds.values()) libc.posix_fadvise(fd, 0n, 0n, Abi.FADV_DONTNEED);
  }

  /** The journal is made to commit, for the sake of a file that is none of the vector's. */
  commit(): void {
    const fd = this.#folder.open(bystander, OpenFlag.RDWR | OpenFlag.CREAT);
    if (typeof fd === "string") return;
    libc.pwrite(fd, Deno.UnsafePointer.create(this.#buffer.address), 1n, 0n);
    libc.fsync(fd);
    libc.close(fd);
  }

  #open({ fd: name, file, flags }: OperationOf<"open">): Returned {
    let bits: number = OpenFlag.RDWR;
    if (flags.includes("O_DIRECT")) bits |= OpenFlag.DIRECT;
    if (flags.includes("O_DSYNC")) bits |= OpenFlag.DSYNC;
    if (flags.includes("O_SYNC")) bits |= OpenFlag.SYNC;
    const fd = this.#folder.open(file, bits);
    if (typeof fd === "string") return fd;
    this.#fds.set(name, fd);
    this.#names.set(name, file);
    return 0;
  }

  #mmap(operation: OperationOf<"mmap">): Returned {
    const { mapping, fd, offset, length, sharing, protection, sync, level } = operation;
    const access = protection === "read" ? MapFlag.READ : MapFlag.READ | MapFlag.WRITE;
    let flags: number = sharing === "private" ? MapFlag.PRIVATE : MapFlag.SHARED;
    if (sync === true) flags = MapFlag.SHARED_VALIDATE | MapFlag.SYNC;
    const at = level === undefined ? 0n : placeFor(length, level);
    if (at !== 0n) flags |= MapFlag.FIXED;
    const memory = mapMemory(length, access, flags, this.#fd(fd), offset, at);
    if (typeof memory === "string") return memory;
    this.#mappings.set(mapping, { memory, offset, file: this.#names.get(fd) ?? "" });
    return 0;
  }

  #pread({ fd, offset, length, into }: OperationOf<"pread">): Returned {
    if (into !== undefined) {
      const buffer = this.#pointer(into.mapping, into.offset, length);
      return checked(libc.pread(this.#fd(fd), buffer, BigInt(length), BigInt(offset)));
    }
    const bytes = this.#plainBuffer(length);
    bytes.fill(poison);
    const buffer = Deno.UnsafePointer.create(this.#buffer.address);
    const count = checked(libc.pread(this.#fd(fd), buffer, BigInt(length), BigInt(offset)));
    return typeof count === "string" ? count : runsOf(bytes.subarray(0, count));
  }

  #pwrite(operation: OperationOf<"pwrite">): Returned {
    const { fd, offset, length, value, from, async, dsync } = operation;
    if (from === undefined) this.#plainBuffer(length).fill(value ?? 0);
    const buffer = from === undefined
      ? Deno.UnsafePointer.create(this.#buffer.address)
      : this.#pointer(from.mapping, from.offset, length);
    if (async === true) return submitAndCollect(this.#fd(fd), buffer, length, offset);
    if (dsync === true) return writeWith(Abi.RWF_DSYNC, this.#fd(fd), buffer, length, offset);
    return checked(libc.pwrite(this.#fd(fd), buffer, BigInt(length), BigInt(offset)));
  }

  #fd(name: string): number {
    return this.#fds.get(name) ?? -1;
  }

  #mapping(name: string): Mapping {
    const mapping = this.#mappings.get(name);
    if (mapping === undefined) throw new RangeError(`no mapping ${name}`);
    return mapping;
  }

  /**
   * Where a byte of the file is in a mapping that has so many from there on.
   *
   * @throws {RangeError} if it has not: what lies there is not the vector's
   */
  #place(name: string, offset: number, length: number): Place {
    const { memory, offset: start } = this.#mapping(name);
    const index = offset - start;
    if (!(index >= 0 && length >= 1 && index + length <= memory.bytes.length)) {
      throw new RangeError(`mapping ${name} does not have ${length} bytes at ${offset}`);
    }
    return { memory, index };
  }

  #pointer(name: string, offset: number, length: number): Deno.PointerValue {
    const { memory, index } = this.#place(name, offset, length);
    return Deno.UnsafePointer.create(memory.address + BigInt(index));
  }

  /** @throws {RangeError} if the buffer for reads and writes has no room for so many bytes */
  #plainBuffer(length: number): Uint8Array<ArrayBuffer> {
    if (!(length >= 1 && length <= bufferSize)) {
      throw new RangeError(`expected to move 1 to ${bufferSize} bytes at once, not ${length}`);
    }
    return this.#buffer.bytes.subarray(0, length);
  }
}

/** pwritev2(2) from one buffer, with a flag. */
function writeWith(
  flag: number,
  fd: number,
  buffer: Deno.PointerValue,
  length: number,
  offset: number,
): number | string {
  const vector = new BigUint64Array([
    buffer === null ? 0n : Deno.UnsafePointer.value(buffer),
    BigInt(length),
  ]);
  return checked(libc.pwritev2(fd, vector, 1, BigInt(offset), flag));
}

/** A file that no vector names. */
const bystander = "pagespec.bystander";

/** What a buffer holds that a read did not fill. */
const poison = 0xa5;

function runsOf(bytes: Uint8Array): readonly Bytes[] {
  const runs: [number, number][] = [];
  let from = 0;
  for (let at = 1; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] === bytes[from]) continue;
    runs.push([at - from, bytes[from] ?? 0]);
    from = at;
  }
  return joinBytes(runs);
}

function modeOf({ mode, keepSize }: OperationOf<"fallocate">): number {
  const keep = keepSize === true ? Falloc.KEEP_SIZE : 0;
  switch (mode) {
    case "preallocate":
      return keep;
    case "punch_hole":
      return Falloc.PUNCH_HOLE | Falloc.KEEP_SIZE;
    case "zero_range":
      return Falloc.ZERO_RANGE | keep;
    case "collapse_range":
      return Falloc.COLLAPSE_RANGE;
    case "insert_range":
      return Falloc.INSERT_RANGE;
    case "unshare_range":
      return Falloc.UNSHARE_RANGE | keep;
    default:
      return mode satisfies never;
  }
}

/** An address that lets a range be mapped by a PMD, or that keeps it from it; 0 if there is none. */
function placeFor(length: number, level: "pte" | "pmd"): bigint {
  const room = mapMemory(length + 2 * Number(pmd), 0, MapFlag.PRIVATE | MapFlag.ANONYMOUS, -1, 0);
  if (typeof room === "string") return 0n;
  const aligned = (room.address + pmd - 1n) / pmd * pmd;
  unmapMemory(room);
  return level === "pmd" ? aligned : aligned + 4096n;
}
