/**
 * The file that a recording is written to until it is whole. It has its name from that of the recording, so
 * that one which was left by a killed process is written over, and a lock, so that two never write one.
 *
 * @module
 */
import { systemError } from "../../format/system_error.ts";

/** Where a recording is until it is whole. */
export function partialOf(output: string): string {
  return `${output}.partial`;
}

/** An empty file at `partialOf(output)` that no other process writes; why there is none, else. */
export function openPartial(output: string): Deno.FsFile | string {
  if (isFolder(output)) return "a folder; expected a file to write";
  const path = partialOf(output);
  try {
    for (;;) {
      const file = Deno.openSync(path, { write: true, create: true });
      if (!locked(file)) {
        file.close();
        return "another recording is written to it; expected an --output of its own";
      }
      // The other one may have given it its last name meanwhile.
      if (isAt(path, file)) {
        file.truncateSync();
        return file;
      }
      file.close();
    }
  } catch (error) {
    return `${systemError(error)}; expected a file that can be written`;
  }
}

/** True if no other process has it locked; of a file system without locks, nobody knows. */
function locked(file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    return true;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function isAt(path: string, file: Deno.FsFile): boolean {
  try {
    return Deno.statSync(path).ino === file.statSync().ino;
  } catch {
    return false;
  }
}
