/**
 * Files by device and inode number: a file is one object, so that whoever compares files, or keeps
 * something by file, mostly looks at an object and not at its parts.
 *
 * @module
 */
import type { FileId } from "../../model/check/observation.ts";

/** The file with this device, `259:0`, and inode number. */
export type FileIds = (dev: string, ino: number) => FileId;

/** No files yet. After `most` of them it begins anew: then a file may be a second object. */
export function createFileIds(most: number): FileIds {
  const devices = new Map<string, Map<number, FileId>>();
  let count = 0;
  let latest: FileId = { dev: "", ino: -1 };
  return (dev, ino) => {
    // Lines of one file come in runs.
    if (latest.ino === ino && latest.dev === dev) return latest;
    let files = devices.get(dev);
    if (files === undefined) devices.set(dev, files = new Map());
    let file = files.get(ino);
    if (file !== undefined) return latest = file;
    if (count++ >= most) {
      devices.clear();
      devices.set(dev, files = new Map());
      count = 1;
    }
    files.set(ino, file = { dev, ino });
    return latest = file;
  };
}

/** Files of traces in text, whose lines are read without knowing of which trace they are. */
export const fileId: FileIds = createFileIds(100_000);
