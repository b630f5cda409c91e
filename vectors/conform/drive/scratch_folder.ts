/**
 * The folder in which a driver makes the files of vectors. What a vector calls a file is a name and no
 * path: whatever a suite says, nothing outside of the folder is opened.
 *
 * @module
 */
import { isName } from "../../format/vocabulary.ts";
import { checked, cString, libc, Open } from "./libc.ts";

/** A folder, held by its descriptor. */
export class ScratchFolder {
  readonly #folder: number;

  /**
   * Opens the folder at a path.
   *
   * @throws {Error} if there is none, or a link
   */
  constructor(path: string) {
    const flags = Open.PATH | Open.DIRECTORY | Open.NOFOLLOW | Open.CLOEXEC;
    const folder = checked(libc.open(cString(path), flags, 0));
    if (typeof folder === "string") throw new Error(`${path}: ${folder}`);
    this.#folder = folder;
  }

  /**
   * Opens a file of the folder: its descriptor, or the name of the error. A name is one component and
   * no link is followed, so there is nothing for the kernel to walk along: it is openat2(2) with
   * RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, by a call that a library before the C library sees.
   *
   * @throws {RangeError} if the name is none
   */
  open(name: string, flags: number): number | string {
    const safe = flags | Open.NOFOLLOW | Open.CLOEXEC;
    return checked(libc.openat(this.#folder, nameOf(name), safe, 0o600));
  }

  /**
   * Gives a file the name of another one: 0, or the name of the error.
   *
   * @throws {RangeError} if one of the names is none
   */
  rename(oldpath: string, newpath: string): number | string {
    const [from, to] = [nameOf(oldpath), nameOf(newpath)];
    return checked(libc.renameat(this.#folder, from, this.#folder, to));
  }

  /**
   * Gives a file a second name, whoever had that before: 0, or the name of the error.
   *
   * @throws {RangeError} if one of the names is none
   */
  link(oldpath: string, newpath: string): number | string {
    const [from, to] = [nameOf(oldpath), nameOf(newpath)];
    libc.unlinkat(this.#folder, to, 0);
    return checked(libc.linkat(this.#folder, from, this.#folder, to, 0));
  }

  /** Syncs the folder itself: 0, or the name of the error. */
  sync(): number | string {
    const flags = Open.DIRECTORY | Open.CLOEXEC;
    const fd = checked(libc.openat(this.#folder, cString("."), flags, 0));
    if (typeof fd === "string") return fd;
    const synced = checked(libc.fsync(fd));
    libc.close(fd);
    return synced;
  }

  /** What fstatfs(2) says: f_bsize at 8, f_blocks at 16, f_bavail at 32. */
  statfs(): DataView<ArrayBuffer> {
    const buffer = new DataView(new ArrayBuffer(120));
    libc.fstatfs(this.#folder, new Uint8Array(buffer.buffer));
    return buffer;
  }

  /** Closes the folder. */
  close(): void {
    libc.close(this.#folder);
  }
}

/** @throws {RangeError} if it is a path and no name */
function nameOf(name: string): Uint8Array<ArrayBuffer> {
  if (!isName(name)) throw new RangeError(`expected the name of a file, not "${name}"`);
  return cString(name);
}
