/**
 * One write through io_submit(2), collected with io_getevents(2).
 *
 * @module
 */
import { Abi, checked, errnoName, libc, nameOfErrno } from "./libc.ts";

/** IOCB_CMD_PWRITE. */
const pwriteCommand = 1;

let context: bigint | undefined;

/** The context of this process: to make one takes much longer than to use it. */
function contextOf(): bigint | string {
  if (context !== undefined) return context;
  const made = new BigUint64Array(1);
  const set = checked(libc.syscall(Abi.IO_SETUP, 1n, addressOf(made), 0n, 0n, 0n));
  if (typeof set === "string") return set;
  return context = made[0] ?? 0n;
}

/** Submits a write and waits for it: its count, or the name of an error. */
export function submitAndCollect(
  fd: number,
  buffer: Deno.PointerValue,
  length: number,
  offset: number,
): number | string {
  const id = contextOf();
  if (typeof id === "string") return id;
  const iocb = new DataView(new ArrayBuffer(64));
  iocb.setUint16(16, pwriteCommand, true);
  iocb.setUint32(20, fd, true);
  iocb.setBigUint64(24, buffer === null ? 0n : Deno.UnsafePointer.value(buffer), true);
  iocb.setBigUint64(32, BigInt(length), true);
  iocb.setBigInt64(40, BigInt(offset), true);
  const list = new BigUint64Array([addressOf(new Uint8Array(iocb.buffer))]);
  if (libc.syscall(Abi.IO_SUBMIT, id, 1n, addressOf(list), 0n, 0n) !== 1n) return errnoName();
  const event = new DataView(new ArrayBuffer(32));
  const target = addressOf(new Uint8Array(event.buffer));
  if (libc.syscall(Abi.IO_GETEVENTS, id, 1n, 1n, target, 0n) !== 1n) return errnoName();
  const result = Number(event.getBigInt64(16, true));
  return result < 0 ? nameOfErrno(-result) : result;
}

function addressOf(bytes: Uint8Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
}
