/**
 * The block layer, as its user sees it: a process that serves, a loop device over what it serves, another
 * over a file in memory that holds an image, and commands to it.
 *
 * Nothing of it stays when this process ends, even by SIGKILL: mounts are those of a namespace of its
 * own, the loop devices detach themselves, and the server ends with its parent.
 *
 * @module
 */
import { isBundled, root } from "../../../spec/root.ts";
import { checked, cString, libc, Open } from "../drive/libc.ts";
import type { Serving } from "./block_server.ts";
import { lackOf } from "./lack.ts";
import { attachLoop, type LoopDevice } from "./loop_device.ts";
import { mountAt, unmountAt } from "./private_mounts.ts";
import type { PowerLayer } from "./power_layer.ts";
import type { Recorded, StoreCommand } from "./store_command.ts";

/** A block layer that is being served. */
export class BlockLayer implements PowerLayer {
  readonly control: string;
  readonly marksStores = false;
  readonly #point: string;
  readonly #logged: LoopDevice;
  readonly #images: LoopDevice;
  readonly #control: number;
  #showsImage = false;

  private constructor(point: string, logged: LoopDevice, images: LoopDevice, control: number) {
    this.#point = point;
    this.control = `${point}/control`;
    this.#logged = logged;
    this.#images = images;
    this.#control = control;
  }

  /** The one whose writes are logged, or, once an image is shown, that of images: nobody serves it. */
  get device(): LoopDevice {
    return this.#showsImage ? this.#images : this.#logged;
  }

  /** Mounts what a server serves, and makes a device of it; or says why not. */
  static over(server: BlockServer, point: string): BlockLayer | string {
    const { fuse, images } = server;
    const options = `fd=${fuse},rootmode=40000,user_id=0,group_id=0`;
    const failed = mountAt(point, { device: "pagespec", type: "fuse.pagespec", options });
    // From here on the server alone has it: with the server, the connection ends.
    libc.close(fuse);
    if (failed !== undefined) return `mount of FUSE: ${failed}`;
    const logged = attachLoop(`${point}/device`, "direct");
    if (typeof logged === "string") return logged;
    const shown = attachLoop(`/proc/self/fd/${images}`, "cached");
    libc.close(images);
    if (typeof shown === "string") return shown;
    const control = checked(libc.open(cString(`${point}/control`), Open.RDWR | Open.CLOEXEC, 0));
    if (typeof control === "string") return `${point}/control: ${control}`;
    return new BlockLayer(point, logged, shown, control);
  }

  /**
   * Gives a command, and waits until it is done.
   *
   * @throws {Error} if the server is gone
   */
  tell(command: StoreCommand): void {
    const text = new TextEncoder().encode(JSON.stringify(command));
    const count = checked(
      libc.pwrite(this.#control, Deno.UnsafePointer.of(text), BigInt(text.length), 0n),
    );
    if (count !== text.length) throw new Error(`the server of blocks: ${command.kind}: ${count}`);
    this.#showsImage = command.kind === "show";
  }

  /** The kernel writes everything back sooner or later, and power may fail at any moment of it. */
  settle(point: string): void {
    const flags = Open.RDONLY | Open.DIRECTORY | Open.CLOEXEC;
    const fd = checked(libc.open(cString(point), flags, 0));
    if (typeof fd === "string") return;
    libc.syncfs(fd);
    libc.close(fd);
  }

  recorded(): Recorded {
    const chunk = new Uint8Array(1 << 20);
    const target = Deno.UnsafePointer.of(chunk);
    const decoder = new TextDecoder();
    let text = "";
    for (let offset = 0;;) {
      const count = checked(
        libc.pread(this.#control, target, BigInt(chunk.length), BigInt(offset)),
      );
      if (typeof count === "string") throw new Error(`the server of blocks: ${count}`);
      if (count === 0) return JSON.parse(text);
      text += decoder.decode(chunk.subarray(0, count), { stream: true });
      offset += count;
    }
  }

  /** Takes it away; its server ends then. */
  close(): void {
    libc.close(this.#control);
    this.#logged.close();
    this.#images.close();
    unmountAt(this.#point);
  }
}

/** A process that serves, and is not mounted yet. */
interface BlockServer {
  /** The descriptor of /dev/fuse. */
  readonly fuse: number;
  /** The descriptor of the file of images. */
  readonly images: number;
  readonly end: () => Promise<void>;
}

/** Starts a server, or says why not. It must not be in the namespace of the mounts. */
export async function startBlockServer(
  serving: Omit<Serving, "fuse" | "images">,
): Promise<BlockServer | string> {
  // They are handed on to the server, so they are not closed by exec.
  const images = checked(libc.memfd_create(cString(`pagespec-${Deno.pid}`), 0));
  if (typeof images === "string") return `memfd_create: ${images}`;
  const sized = checked(libc.ftruncate(images, BigInt(serving.size)));
  if (typeof sized === "string") return `a file in memory: ${sized}`;
  const fuse = checked(libc.open(cString("/dev/fuse"), Open.RDWR | Open.NONBLOCK, 0));
  if (typeof fuse === "string") return lackOf("/dev/fuse", fuse, "fuse");
  const script = new URL(
    `vectors/conform/power_cut/block_server${isBundled ? ".js" : ".ts"}`,
    root,
  );
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check", "--allow-ffi", script.href],
      JSON.stringify({ ...serving, fuse, images } satisfies Serving),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const { done } = await server.stdout.getReader().read();
  if (done) return "the server of blocks ended at once";
  const end = async (): Promise<void> => {
    await server.stdin.close().catch(() => {});
    await server.status;
  };
  return { fuse, images, end };
}
