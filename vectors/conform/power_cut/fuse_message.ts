/**
 * Messages of FUSE, as /dev/fuse gives and takes them: only what a file system of two files needs.
 * Sources: include/uapi/linux/fuse.h, protocol 7.31.
 *
 * @module
 */

/** Numbers of requests. */
export const Opcode = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FSYNC: 20,
  FLUSH: 25,
  INIT: 26,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42,
} as const;

/** Errors, as FUSE wants them. */
export const Errno = { ENOENT: -2, EIO: -5, EINVAL: -22, ENOSYS: -38, EOPNOTSUPP: -95 } as const;

/** The most bytes of one read or write. */
export const largest = 1 << 20;

/** Bytes before what a request of each kind says, before the data of a write, and before a reply's. */
export const header = { request: 40, write: 80, reply: 16 } as const;

/** The node of the root; files follow it. */
const rootNode = 1;

/** FUSE_ASYNC_DIO, FUSE_BIG_WRITES and FUSE_MAX_PAGES: several writes may be under way at once. */
const wanted = (1 << 15) | (1 << 5) | (1 << 22);

/** Names outlive any run. */
const validSeconds = 1n << 30n;

/** What a request begins with. */
interface RequestHead {
  readonly length: number;
  readonly opcode: number;
  readonly unique: bigint;
  readonly node: number;
}

/** The head of a request. */
export function headOf(request: DataView): RequestHead {
  return {
    length: request.getUint32(0, true),
    opcode: request.getUint32(4, true),
    unique: request.getBigUint64(8, true),
    node: Number(request.getBigUint64(16, true)),
  };
}

/** Offset and length of a read or a write. */
export function rangeOf(request: DataView): { readonly offset: number; readonly length: number } {
  return {
    offset: Number(request.getBigUint64(48, true)),
    length: request.getUint32(56, true),
  };
}

/** The name that a lookup asks for. */
export function nameIn(request: Uint8Array): string {
  return new TextDecoder().decode(request.subarray(header.request)).replace(/\0.*$/s, "");
}

/** The reply without data: an error, or nothing to say. */
export function plainReply(unique: bigint, error = 0): Uint8Array<ArrayBuffer> {
  return reply(unique, 0, error).bytes;
}

/** The reply to INIT. */
export function initReply(unique: bigint, request: DataView): Uint8Array<ArrayBuffer> {
  const { bytes, body } = reply(unique, 64);
  body.setUint32(0, 7, true);
  body.setUint32(4, 31, true);
  body.setUint32(8, request.getUint32(header.request + 8, true), true);
  body.setUint32(12, request.getUint32(header.request + 12, true) & wanted, true);
  body.setUint16(16, 256, true);
  body.setUint16(18, 256, true);
  body.setUint32(20, largest, true);
  body.setUint32(24, 1, true);
  body.setUint16(28, largest / 4096, true);
  return bytes;
}

/** The reply to a lookup: the file of this node. */
export function entryReply(unique: bigint, node: number, size: number): Uint8Array<ArrayBuffer> {
  const { bytes, body } = reply(unique, 128);
  body.setBigUint64(0, BigInt(node), true);
  body.setBigUint64(16, validSeconds, true);
  body.setBigUint64(24, validSeconds, true);
  setAttributes(body, 40, node, size);
  return bytes;
}

/** The reply to GETATTR and SETATTR: the file of this node, or the root. */
export function attributesReply(
  unique: bigint,
  node: number,
  size: number,
): Uint8Array<ArrayBuffer> {
  const { bytes, body } = reply(unique, 104);
  body.setBigUint64(0, validSeconds, true);
  setAttributes(body, 16, node, size);
  return bytes;
}

/** The reply to OPEN: FOPEN_DIRECT_IO, so that every write of the caller is a request. */
export function openReply(unique: bigint): Uint8Array<ArrayBuffer> {
  const { bytes, body } = reply(unique, 16);
  body.setUint32(8, 1, true);
  return bytes;
}

/** The reply to WRITE: so many bytes were taken. */
export function writeReply(unique: bigint, length: number): Uint8Array<ArrayBuffer> {
  const { bytes, body } = reply(unique, 8);
  body.setUint32(0, length, true);
  return bytes;
}

/** The reply to STATFS, of which nobody reads anything but the lengths. */
export function statfsReply(unique: bigint): Uint8Array<ArrayBuffer> {
  const { bytes, body } = reply(unique, 80);
  body.setUint32(40, 4096, true);
  body.setUint32(44, 255, true);
  body.setUint32(48, 4096, true);
  return bytes;
}

/** Writes the head of a reply that has so many bytes of data. */
export function setReplyHead(bytes: Uint8Array<ArrayBuffer>, unique: bigint, length: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, header.reply);
  view.setUint32(0, header.reply + length, true);
  view.setInt32(4, 0, true);
  view.setBigUint64(8, unique, true);
}

function reply(
  unique: bigint,
  length: number,
  error = 0,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly body: DataView } {
  const bytes = new Uint8Array(header.reply + length);
  setReplyHead(bytes, unique, length);
  const view = new DataView(bytes.buffer);
  view.setInt32(4, error, true);
  return { bytes, body: new DataView(bytes.buffer, header.reply) };
}

function setAttributes(view: DataView, at: number, node: number, size: number): void {
  const mode = node === rootNode ? 0o040700 : 0o100600;
  view.setBigUint64(at, BigInt(node), true);
  view.setBigUint64(at + 8, BigInt(size), true);
  view.setBigUint64(at + 16, BigInt(Math.ceil(size / 512)), true);
  view.setUint32(at + 60, mode, true);
  view.setUint32(at + 64, 1, true);
  view.setUint32(at + 80, 4096, true);
}
