/**
 * Files that have no name: other programs open them through `/proc`, and they are gone with the last
 * process that has them open, however it ends.
 *
 * @module
 */
import { runProgram } from "./program.ts";

/** A file without a name. Disposing of it closes it here. */
export interface NamelessFile extends Disposable {
  readonly file: Deno.FsFile;
  /** The path by which programs open it while this process has it open. */
  readonly path: string;
}

/** Prints the path of its parent's descriptor of a file whose name, `$0`, is gone. */
const script = `for each in /proc/$PPID/fd/*; do
  [ "$(readlink "$each")" = "$0 (deleted)" ] && echo "$each"
done`;

/** Makes one on the file system of a folder; a sentence if its path cannot be found. */
export async function namelessFile(folder: string): Promise<NamelessFile | string> {
  const name = Deno.makeTempFileSync({ dir: Deno.realPathSync(folder), prefix: "pagespec-" });
  const file = Deno.openSync(name, { read: true, write: true });
  Deno.removeSync(name);
  const found = await runProgram("sh", ["-c", `${script}; :`, name]);
  const path = typeof found === "string" ? undefined : found.output.split("\n")[0];
  if (path !== undefined && path !== "") {
    return {
      file,
      path,
      [Symbol.dispose]: () => file.close(),
    };
  }
  file.close();
  return typeof found === "string" ? found : `${folder}: no path of an open file in /proc`;
}
