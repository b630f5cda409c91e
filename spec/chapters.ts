/**
 * The chapters as they lie on disk beside this module.
 *
 * @module
 */

import { type Chapter, readChapter } from "./chapter.ts";

/**
 * Reads every `*.md` of a directory, in the order of their names. `directory` is the `spec/` of this
 * package unless told; `label` stands before each file's name in messages.
 *
 * @throws {TypeError} if the directory is not on disk, as where the package was loaded from a registry
 */
export async function readChapters(
  directory: URL = new URL("./", import.meta.url),
  label = "spec/",
): Promise<readonly Chapter[]> {
  const names = (await Array.fromAsync(Deno.readDir(directory)))
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".md"))
    .sort();
  return await Promise.all(
    names.map(async (name) =>
      readChapter(label + name, await Deno.readTextFile(new URL(name, directory)))
    ),
  );
}
