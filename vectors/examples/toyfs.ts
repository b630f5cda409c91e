/**
 * An example for `@pagespec/pagespec/conform`: pages are cached, fsync writes the dirty ones to the
 * device, and a power failure loses what is not there. With its bug, writeback calls a page clean when
 * the device has it: what is stored while it is being written is lost.
 *
 * @module
 */
import type { FileStart, OperationOf, RunningFileSystem } from "@pagespec/pagespec/conform";

const pageSize = 4096;
type Steps = Generator<undefined, void>;
type Range = { readonly offset: number; readonly length: number };
type Page = { readonly bytes: Uint8Array; dirty: boolean; writing: boolean };

class ToyFile {
  readonly cache = new Map<number, Page>();
  readonly device = new Map<number, Uint8Array>();

  constructor(public size: number, readonly bug: boolean, public durableSize = size) {}

  /** The parts of a range that lie in one page each; a page is cached when it is looked at. */
  *parts({ offset, length }: Range): Generator<[page: Page, part: Uint8Array, at: number]> {
    for (let at = 0; at < length;) {
      const from = (offset + at) % pageSize;
      const number = (offset + at - from) / pageSize;
      const bytes = this.device.get(number)?.slice() ?? new Uint8Array(pageSize);
      const page = this.cache.get(number) ?? { bytes, dirty: false, writing: false };
      this.cache.set(number, page);
      const part = page.bytes.subarray(from, from + length - at);
      yield [page, part, at];
      at += part.length;
    }
  }

  read(range: Range): Uint8Array {
    const bytes = new Uint8Array(range.length);
    for (const [, part, at] of this.parts(range)) bytes.set(part, at);
    return bytes;
  }

  fill(range: Range, value: number): void {
    for (const [page, part] of this.parts(range)) {
      part.fill(value);
      page.dirty = true;
    }
  }

  /** What is after the end is zero, also when the file grows again. */
  resize(size: number): void {
    const offset = Math.min(size, this.size);
    const pages = [...this.cache.keys(), ...this.device.keys(), Math.floor(offset / pageSize)];
    this.fill({ offset, length: (Math.max(...pages) + 1) * pageSize - offset }, 0);
    this.size = size;
  }

  hasPageAt(offset: number): boolean {
    return offset < Math.ceil(this.size / pageSize) * pageSize;
  }

  *writeBack(number: number): Steps {
    const page = this.cache.get(number);
    while (page?.writing) yield;
    if (!page?.dirty) return;
    page.writing = true;
    if (!this.bug) page.dirty = false;
    const copy = page.bytes.slice();
    yield;
    this.device.set(number, copy);
    if (this.bug) page.dirty = false;
    page.writing = false;
  }
}

/** The file system as it runs. */
export class ToyFileSystem implements RunningFileSystem {
  readonly #files = new Map<string, ToyFile>();
  readonly #open = new Map<string, ToyFile>(); // by the names of descriptors and mappings

  constructor(files: Readonly<Record<string, FileStart>>, bug = false) {
    for (const [name, { size, extents }] of Object.entries(files)) {
      const file = new ToyFile(size, bug);
      for (const extent of extents) file.fill(extent, extent.kind === "data" ? extent.value : 0);
      for (const [number, { bytes }] of file.cache) file.device.set(number, bytes);
      file.cache.clear();
      this.#files.set(name, file);
    }
  }

  open({ fd, file }: OperationOf<"open">): void {
    this.#open.set(fd, named(this.#files, file));
  }

  mmap({ fd, mapping }: OperationOf<"mmap">): void {
    this.#open.set(mapping, named(this.#open, fd));
  }

  close(): void {}
  munmap(): void {}

  load({ mapping, offset }: OperationOf<"load">): number | "SIGBUS" {
    const file = named(this.#open, mapping);
    return file.hasPageAt(offset) ? file.read({ offset, length: 1 })[0] ?? 0 : "SIGBUS";
  }

  store({ mapping, offset, value }: OperationOf<"store">): "SIGBUS" | void {
    const file = named(this.#open, mapping);
    return file.hasPageAt(offset) ? file.fill({ offset, length: 1 }, value) : "SIGBUS";
  }

  pread({ fd, offset, length }: OperationOf<"pread">): Uint8Array {
    const file = named(this.#open, fd);
    return file.read({ offset, length: Math.max(0, Math.min(length, file.size - offset)) });
  }

  pwrite({ fd, offset, length, value = 0 }: OperationOf<"pwrite">): void {
    const file = named(this.#open, fd);
    if (offset + length > file.size) file.resize(offset + length);
    file.fill({ offset, length }, value);
  }

  *fsync({ fd }: OperationOf<"fsync" | "fdatasync">): Steps {
    const file = named(this.#open, fd);
    const { size } = file;
    for (const number of [...file.cache.keys()]) yield* file.writeBack(number);
    file.durableSize = size;
  }
  readonly fdatasync = this.fsync;

  ftruncate({ fd, length }: OperationOf<"ftruncate">): void {
    named(this.#open, fd).resize(length);
  }

  crash(): void {
    for (const file of this.#files.values()) {
      file.cache.clear();
      file.resize(file.durableSize);
    }
  }

  writeBack(name: string, page: number): Steps {
    return named(this.#files, name).writeBack(page);
  }
}

function named(files: ReadonlyMap<string, ToyFile>, name: string): ToyFile {
  const file = files.get(name);
  if (file === undefined) throw new Error(`there is no ${name}`);
  return file;
}
