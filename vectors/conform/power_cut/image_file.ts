/**
 * The file in memory that images are mounted from. It takes the place of the device that is served: a
 * mount asks for many blocks, and each would be a request to the server.
 *
 * @module
 */
import { Falloc, libc } from "../drive/libc.ts";
import { pageBytes, type ReadBelow } from "./store.ts";

/** Bytes that are read or written at once. */
const chunk = 1 << 20;

type Pages = ReadonlyMap<number, Uint8Array<ArrayBuffer>>;

/** A file of the device's size that holds one image after the other. */
export class ImageFile {
  readonly #fd: number;
  readonly #size: number;
  readonly #below: ReadBelow;
  readonly #buffer = new Uint8Array(chunk);
  /** Pages of the device below that are not all zeros; it is not read before a file system is on it. */
  #made: Pages | undefined;

  constructor(fd: number, size: number, below: ReadBelow) {
    this.#fd = fd;
    this.#size = size;
    this.#below = below;
  }

  /**
   * Holds what the device below does, but for these pages. Nothing stays of the image before it.
   *
   * @throws {Error} if there is no memory for it
   */
  hold(pages: Pages): void {
    this.#made ??= this.#nonZero();
    const whole = Falloc.PUNCH_HOLE | Falloc.KEEP_SIZE;
    if (libc.fallocate(this.#fd, whole, 0n, BigInt(this.#size)) !== 0) throw new Error("a hole");
    const all = [...new Map([...this.#made, ...pages])].sort(([one], [other]) => one - other);
    for (let first = 0; first < all.length;) first = this.#writeRun(all, first);
  }

  /** Writes pages that follow each other in one go; returns where the next ones are. */
  #writeRun(pages: readonly (readonly [number, Uint8Array])[], first: number): number {
    const [start = 0] = pages[first] ?? [];
    let length = 0;
    while (length < this.#buffer.length) {
      const [number, page] = pages[first + length / pageBytes] ?? [];
      if (page === undefined || number !== start + length / pageBytes) break;
      this.#buffer.set(page, length);
      length += pageBytes;
    }
    const [from, at] = [Deno.UnsafePointer.of(this.#buffer), BigInt(start * pageBytes)];
    const count = libc.pwrite(this.#fd, from, BigInt(length), at);
    if (Number(count) !== length) throw new Error("no memory for an image");
    return first + length / pageBytes;
  }

  #nonZero(): Pages {
    const pages = new Map<number, Uint8Array<ArrayBuffer>>();
    const bytes = this.#buffer;
    for (let offset = 0; offset < this.#size; offset += chunk) {
      this.#below(offset, bytes);
      for (let from = 0; from < chunk && offset + from < this.#size; from += pageBytes) {
        const words = new BigUint64Array(bytes.buffer, from, pageBytes / 8);
        if (words.every((each) => each === 0n)) continue;
        pages.set((offset + from) / pageBytes, bytes.slice(from, from + pageBytes));
      }
    }
    return pages;
  }
}
