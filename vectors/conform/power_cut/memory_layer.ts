/**
 * Persistent memory that loses power: memory that the kernel takes for persistent, with a trace of what
 * it flushes. What was stored through a mapping and is in no line that was flushed since may be lost;
 * everything else that the kernel writes goes past the cache and is durable at once.
 *
 * Source: drivers/nvdimm/pmem.c, write_pmem(); lib/iov_iter.c, _copy_from_iter_flushcache().
 *
 * @module
 */
import {
  checked,
  cString,
  libc,
  Map,
  mapMemory,
  type Memory,
  Open,
  readKernelFile,
} from "../drive/libc.ts";
import { blockBytes, blocksOf, changedBlocks } from "./changed_blocks.ts";
import type { PowerLayer } from "./power_layer.ts";
import { lineBytes, type StoredByte, unflushedBytes } from "./stored_bytes.ts";
import type { Recorded, StoreCommand } from "./store_command.ts";
import type { Survivor } from "./store.ts";

const tracing = "/sys/kernel/tracing";

/** Functions by which the kernel flushes memory, and writes it past the block layer. */
const probes = {
  "pagespec/dax_flush": "p dax_flush addr=%si:x64 size=%dx:u64",
  "pagespec/dax_flushed": "r dax_flush",
  "pagespec/pagespec_zero": "p dax_zero_page_range",
  "pagespec/pagespec_copy": "p dax_copy_from_iter",
} as const;

/** What is traced. */
const events = [...Object.keys(probes), "block/block_bio_queue"] as const;

const forgetBuffers = 0x1261n;

/** Bytes that are moved at once. */
const chunk = 4 << 20;

/** Device and images. */
export class MemoryLayer implements PowerLayer {
  readonly device: PowerLayer["device"];
  readonly control = `${tracing}/trace_marker`;
  readonly marksStores = true;
  readonly #fd: number;
  /** Where the device begins in memory. */
  readonly #start: number;
  /** As it was made, as every image begins, and as it was when the processes had ended. */
  readonly #made: Memory;
  readonly #kept: Memory;
  readonly #ended: Memory;
  #unflushed: readonly StoredByte[] = [];
  /** Numbers of the device, as a trace prints them. */
  readonly #number: string;
  /** What the device lacks of how all ended, but for what the trace has; undefined if nobody can say. */
  #lost: readonly StoredByte[] | undefined;

  private constructor(path: string, fd: number, start: number, copies: readonly Memory[]) {
    const [made, kept, ended] = copies;
    if (made === undefined || kept === undefined || ended === undefined) throw new Error("memory");
    this.#fd = fd;
    this.#start = start;
    [this.#made, this.#kept, this.#ended] = [made, kept, ended];
    this.#number = (readKernelFile(`/sys/class/block/${path.slice(5)}/dev`) ?? "").trim()
      .replace(":", ",");
    this.device = { path, forget: () => void libc.ioctl(fd, forgetBuffers, 0n) };
    this.#read(made);
  }

  /** Over the first bytes of a device in which a file system was made; or says why not. */
  static over(path: string, bytes: number): MemoryLayer | string {
    // Only then is it known where the kernel sees the device.
    if (!/\bnokaslr\b/.test(readKernelFile("/proc/cmdline") ?? "")) {
      return "expected a kernel that was booted with nokaslr";
    }
    const resource = readKernelFile(`/sys/class/block/${path.slice(5)}/device/resource`);
    if (resource === undefined) return `${path}: expected a device of persistent memory`;
    const fd = checked(libc.open(cString(path), Open.RDWR | Open.DIRECT | Open.CLOEXEC, 0));
    if (typeof fd === "string") return `${path}: ${fd}`;
    const failures = [
      ...Object.entries(probes).map(([name, define]) =>
        write(`${tracing}/kprobe_events`, `${define.replace(" ", `:${name} `)}\n`, true)
      ),
      write(`${tracing}/trace_clock`, "global"),
      write(`${tracing}/buffer_size_kb`, "4096"),
      ...events.map((each) => write(`${tracing}/events/${each}/enable`, "1")),
    ];
    const failed = failures.find((each) => each !== undefined);
    if (failed !== undefined) return `probes of DAX: ${failed}`;
    const access = [Map.READ | Map.WRITE, Map.PRIVATE | Map.ANONYMOUS] as const;
    const copies = [1, 2, 3].map(() => mapMemory(bytes, ...access, -1, 0));
    const memories = copies.filter((each) => typeof each !== "string");
    if (memories.length < copies.length) return `${bytes} bytes of memory: ENOMEM`;
    return new MemoryLayer(path, fd, Number(resource), memories);
  }

  tell(command: StoreCommand): void {
    switch (command.kind) {
      case "reset":
        return this.#write(this.#made);
      case "keep":
        return this.#read(this.#kept);
      case "record":
        this.#write(this.#kept);
        return this.#trace();
      case "cut":
        return;
      case "show":
        return this.#show(command.survivors);
      default:
        return command satisfies never;
    }
  }

  settle(): void {
    write(`${tracing}/tracing_on`, "0");
    this.#read(this.#ended);
    const { bytes } = this.#ended;
    // What others have written over since went past the cache.
    this.#unflushed = unflushedBytes(readKernelFile(`${tracing}/trace`) ?? "")
      .map((each) => ({ ...each, address: each.address - this.#start }))
      .filter(({ address, is }) => bytes[address] === is);
    this.#lost = [];
    this.#trace();
  }

  recorded(): Recorded {
    const writes = this.#lines().map((offset) => ({
      offset,
      length: lineBytes,
      flush: 0,
      after: 0,
    }));
    return { writes, flushes: 0, cut: { writes: writes.length, flushes: 0 } };
  }

  close(): void {
    for (const each of events) write(`${tracing}/events/${each}/enable`, "0");
    for (const each of Object.keys(probes)) {
      write(`${tracing}/kprobe_events`, `-:${each}\n`, true);
    }
    libc.close(this.#fd);
  }

  #lines(): readonly number[] {
    const lines = this.#unflushed.map(({ address }) => address - address % lineBytes);
    return [...new Set(lines)];
  }

  /** The device as it was, without the lines that do not survive. */
  #show(survivors: readonly Survivor[]): void {
    const lines = this.#lines();
    const survive = new Set(survivors.map(([number]) => lines[number]));
    const lost = this.#unflushed.filter(({ address }) =>
      !survive.has(address - address % lineBytes)
    );
    const { bytes } = this.#ended;
    for (const { address, was } of lost) bytes[address] = was;
    const changed = this.#changed(lost);
    if (changed === undefined) this.#write(this.#ended);
    for (const block of changed ?? []) {
      this.#move(libc.pwrite, this.#ended, block * blockBytes, blockBytes);
    }
    for (const { address, is } of lost) bytes[address] = is;
    this.#lost = lost;
    this.#trace();
  }

  /** The blocks in which the device is not the image that lacks these bytes; undefined if it may be any. */
  #changed(lost: readonly StoredByte[]): Iterable<number> | undefined {
    if (this.#lost === undefined) return undefined;
    this.device.forget();
    const written = changedBlocks(readKernelFile(`${tracing}/trace`) ?? "", this.#number);
    if (written === undefined) return undefined;
    const differ = [...this.#lost, ...lost].flatMap(({ address }) =>
      blocksOf(address, address + 1)
    );
    const all = this.#ended.bytes.length / blockBytes;
    return [...new Set([...written, ...differ])].filter((block) => block < all);
  }

  /** From here on the trace has what is written. */
  #trace(): void {
    write(`${tracing}/trace`, "");
    write(`${tracing}/tracing_on`, "1");
  }

  #read(memory: Memory): void {
    this.#move(libc.pread, memory, 0, memory.bytes.length);
  }

  #write(memory: Memory): void {
    this.#lost = undefined;
    this.device.forget();
    this.#move(libc.pwrite, memory, 0, memory.bytes.length);
  }

  #move(call: typeof libc.pread, { address }: Memory, from: number, length: number): void {
    for (let at = from; at < from + length; at += chunk) {
      const count = Math.min(chunk, from + length - at);
      const pointer = Deno.UnsafePointer.create(address + BigInt(at));
      const moved = checked(call(this.#fd, pointer, BigInt(count), BigInt(at)));
      if (moved !== count) throw new Error(`${this.device.path} at byte ${at}: ${moved}`);
    }
  }
}

/** Writes a text to a file of tracefs: the name of the error, or nothing. */
function write(path: string, text: string, append = false): string | undefined {
  const how = append ? appending : Open.TRUNC;
  const fd = checked(libc.open(cString(path), Open.WRONLY | how | Open.CLOEXEC, 0));
  if (typeof fd === "string") return fd;
  const bytes = new TextEncoder().encode(text);
  const done = checked(libc.write(fd, bytes, BigInt(bytes.length)));
  libc.close(fd);
  return typeof done === "string" ? done : undefined;
}

/** O_APPEND of open(2). */
const appending = 0o2000;
