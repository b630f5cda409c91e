/**
 * A store through a mapping, with what a trace needs to say whether it has left the CPU's cache: markers
 * before and after it, with the place in memory and the byte that was there.
 *
 * Source: Documentation/admin-guide/mm/pagemap.rst.
 *
 * @module
 */
import type { StoreMarker } from "../power_cut/stored_bytes.ts";
import { checked, cString, libc, type Memory, Open } from "./libc.ts";

/** A byte of a mapping, and how the file is read that is mapped. */
interface MappedByte {
  readonly memory: Memory;
  readonly index: number;
  /** Descriptor of the file, and the byte's offset there. */
  readonly fd: number | string;
  readonly offset: number;
}

/** Stores a byte; `tell` gets the markers. */
export function storeMarked(
  { memory, index, fd, offset }: MappedByte,
  value: number,
  tell: (marker: StoreMarker) => void,
): void {
  // By read(2): a load would fault, and the store would not be the first to do so.
  const was = new Uint8Array(1);
  if (typeof fd === "number") {
    libc.pread(fd, Deno.UnsafePointer.of(was), 1n, BigInt(offset));
    libc.close(fd);
  }
  tell({ kind: "storing" });
  memory.bytes[index] = value;
  const address = physicalAddress(memory.address + BigInt(index));
  tell({ kind: "stored", address, was: was[0] ?? 0, is: value });
}

const pageSize = 4096n;

/** Where a mapped byte is in memory; 0 if it cannot be told. */
function physicalAddress(address: bigint): number {
  const fd = checked(libc.open(cString("/proc/self/pagemap"), Open.RDONLY | Open.CLOEXEC, 0));
  if (typeof fd === "string") return 0;
  const entry = new BigUint64Array(1);
  libc.pread(fd, Deno.UnsafePointer.of(entry), 8n, address / pageSize * 8n);
  libc.close(fd);
  const frame = BigInt.asUintN(55, entry[0] ?? 0n);
  return Number(frame * pageSize + address % pageSize);
}
