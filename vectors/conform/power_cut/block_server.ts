/**
 * A block device in user space, as far as a loop device can make one: a FUSE file system with the files
 * `device` and `control`. A loop device over `device` hands on each bio as one write, and each flush as
 * an fsync. Whatever is written to `control` is a command.
 *
 * It is a process of its own, outside of the namespace where file systems are mounted from it: a process
 * that is killed unmounts what only it has mounted before it closes its files, and would wait for itself.
 *
 * @module
 */
import { checked, cString, libc, Open } from "../drive/libc.ts";
import { dieWithParent } from "../drive/die_with_parent.ts";
import {
  attributesReply,
  entryReply,
  Errno,
  header,
  headOf,
  initReply,
  largest,
  nameIn,
  Opcode,
  openReply,
  plainReply,
  rangeOf,
  setReplyHead,
  statfsReply,
  writeReply,
} from "./fuse_message.ts";
import { ImageFile } from "./image_file.ts";
import { DevicePages, type LoggedWrite, type ReadBelow } from "./store.ts";
import { obey, summaryOf } from "./store_command.ts";

/** What the server is told, as the one argument. */
export interface Serving {
  /** The device below, and how many bytes of it are used. */
  readonly below: string;
  readonly size: number;
  /** The descriptor of /dev/fuse, which the parent has opened and mounts. */
  readonly fuse: number;
  /** The descriptor of the file in memory that images are mounted from. */
  readonly images: number;
  /** What the device lies about; nothing if it is honest. */
  readonly lie?: Lie;
}

/**
 * What a device may lie about. `flush`: a flush succeeds and makes nothing durable. `wait`: a write is
 * reported before it has arrived, so that the next flush does not cover it.
 */
export type Lie = "flush" | "wait";

/**
 * Milliseconds without a request after which writes are answered. Who waits for writes sends nothing
 * more; who does not sends a flush meanwhile, which does not cover what has not been answered.
 */
const held = 2;

/** Nodes of the files. */
const node = { root: 1, device: 2, control: 3 } as const;

class Server {
  readonly #fuse: number;
  readonly #store: DevicePages;
  readonly #file: ImageFile;
  readonly #size: number;
  readonly #lie: Lie | undefined;
  readonly #request = new Uint8Array(header.write + largest + 4096);
  readonly #view = new DataView(this.#request.buffer);
  readonly #reply = new Uint8Array(header.reply + largest);
  #unanswered: { readonly unique: bigint; readonly write: LoggedWrite; readonly length: number }[] =
    [];
  #late = new Set<LoggedWrite>();
  #summary = new Uint8Array();

  constructor({ below, size, fuse, images, lie }: Serving) {
    this.#fuse = fuse;
    this.#size = size;
    this.#lie = lie;
    const fd = must(libc.open(cString(below), Open.RDONLY | Open.CLOEXEC, 0), below);
    const read: ReadBelow = (offset, target) => {
      const pointer = Deno.UnsafePointer.of(target);
      const count = must(libc.pread(fd, pointer, BigInt(target.length), BigInt(offset)), below);
      target.fill(0, count);
    };
    this.#store = new DevicePages(read);
    this.#file = new ImageFile(images, size, read);
  }

  /** Serves until the file system is unmounted, or nobody is there any more. */
  run(): void {
    const standardInput = 0;
    const watched = new DataView(new ArrayBuffer(16));
    watched.setInt32(0, this.#fuse, true);
    watched.setInt16(4, 1, true);
    watched.setInt32(8, standardInput, true);
    watched.setInt16(12, 1, true);
    const both = new Uint8Array(watched.buffer);
    const parent = new Uint8Array(watched.buffer, 8);
    while (true) {
      const count = checked(libc.read(this.#fuse, this.#request, BigInt(this.#request.length)));
      if (count === 0 || count === "ENODEV") return;
      if (typeof count === "number") {
        this.#handle(count);
        continue;
      }
      // EPERM: it is not mounted yet, and would be ready at once.
      const isMounted = count !== "EPERM";
      if (isMounted && count !== "EAGAIN") continue;
      const isWaiting = !isMounted || this.#unanswered.length > 0;
      const ready = libc.poll(
        isMounted ? both : parent,
        isMounted ? 2n : 1n,
        isWaiting ? held : -1,
      );
      if (ready === 0) this.#answerWrites();
      // Only the end of standard input makes it ready.
      else if (watched.getInt16(14, true) !== 0) return;
    }
  }

  #handle(count: number): void {
    const { opcode, unique, node: at } = headOf(this.#view);
    switch (opcode) {
      case Opcode.INIT:
        this.#send(initReply(unique, this.#view));
        return;
      case Opcode.LOOKUP: {
        const name = nameIn(this.#request.subarray(0, count));
        const found = name === "device" ? node.device : name === "control" ? node.control : 0;
        const reply = found === 0
          ? plainReply(unique, Errno.ENOENT)
          : entryReply(unique, found, this.#sizeOf(found));
        this.#send(reply);
        return;
      }
      case Opcode.GETATTR:
      case Opcode.SETATTR:
        this.#send(attributesReply(unique, at, this.#sizeOf(at)));
        return;
      case Opcode.OPEN:
        this.#send(openReply(unique));
        return;
      case Opcode.READ:
        this.#read(unique, at);
        return;
      case Opcode.WRITE:
        if (at === node.device) this.#write(unique, count);
        else this.#command(unique, count);
        return;
      case Opcode.FSYNC:
        this.#flush();
        this.#send(plainReply(unique));
        return;
      case Opcode.STATFS:
        this.#send(statfsReply(unique));
        return;
      case Opcode.RELEASE:
      case Opcode.FLUSH:
      case Opcode.DESTROY:
        this.#send(plainReply(unique));
        return;
      case Opcode.FORGET:
      case Opcode.BATCH_FORGET:
      case Opcode.INTERRUPT:
        return;
      default:
        this.#send(plainReply(unique, Errno.ENOSYS));
    }
  }

  #sizeOf(at: number): number {
    return at === node.device ? this.#size : 0;
  }

  #read(unique: bigint, at: number): void {
    const { offset, length } = rangeOf(this.#view);
    let count = Math.min(length, largest);
    const target = this.#reply.subarray(header.reply, header.reply + count);
    if (at === node.device) this.#store.read(offset, target);
    else {
      if (offset === 0) this.#summary = new TextEncoder().encode(summaryOf(this.#store));
      const part = this.#summary.subarray(offset, offset + count);
      target.set(part);
      count = part.length;
    }
    setReplyHead(this.#reply, unique, count);
    this.#send(this.#reply.subarray(0, header.reply + count));
  }

  #write(unique: bigint, count: number): void {
    const { offset, length } = rangeOf(this.#view);
    const logged = this.#store.write(offset, this.#request.subarray(header.write, count));
    if (logged === undefined) this.#send(writeReply(unique, length));
    else this.#unanswered.push({ unique, write: logged, length });
  }

  #command(unique: bigint, count: number): void {
    const text = new TextDecoder().decode(this.#request.subarray(header.write, count));
    const { length } = rangeOf(this.#view);
    const done = obey(this.#store, this.#file, text);
    this.#send(done ? writeReply(unique, length) : plainReply(unique, Errno.EINVAL));
  }

  #flush(): void {
    if (this.#lie === "flush") return;
    const unanswered = new Set(this.#unanswered.map(({ write }) => write));
    this.#store.flush((write) => !unanswered.has(write) && !this.#late.has(write));
    this.#late = new Set();
  }

  #answerWrites(): void {
    for (const { unique, write, length } of this.#unanswered) {
      if (this.#lie === "wait") this.#late.add(write);
      this.#send(writeReply(unique, length));
    }
    this.#unanswered = [];
  }

  /** A request may have been given up meanwhile: then nobody wants the reply. */
  #send(bytes: Uint8Array<ArrayBuffer>): void {
    libc.write(this.#fuse, bytes, BigInt(bytes.length));
  }
}

/** The number that a call returned. */
function must(returned: number | bigint, what: string): number {
  const number = checked(returned);
  if (typeof number === "string") throw new Error(`${what}: ${number}`);
  return number;
}

if (import.meta.main) {
  dieWithParent();
  const serving: Serving = JSON.parse(Deno.args[0] ?? "");
  const server = new Server(serving);
  Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
  server.run();
}
