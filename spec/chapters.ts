/**
 * The chapters as they lie on disk beside this module, and the pages of `races/` that are generated
 * beside them.
 *
 * @module
 */

import { type Chapter, readChapter } from "./chapter.ts";
import { root } from "./root.ts";

/**
 * Reads every `*.md` of a directory and then of its folder `races/`, if it has one, in the order of
 * their names (`D2.md` before `D10.md`). `directory` is the `spec/` of this package unless told;
 * `label` stands before each file's name in messages.
 *
 * @throws {TypeError} if the directory is not on disk, as where the package was loaded from a registry
 */
export async function readChapters(
  directory: URL = new URL("spec/", root),
  label = "spec/",
): Promise<readonly Chapter[]> {
  const entries = await Array.fromAsync(Deno.readDir(directory));
  const hasPages = entries.some(({ name, isDirectory }) => isDirectory && name === "races");
  const chapters = await Promise.all(
    entries.map(({ name }) => name)
      .filter((name) => name.endsWith(".md"))
      .sort((a, b) => byNumber.compare(stem(a), stem(b)))
      .map(async (name) =>
        readChapter(label + name, await Deno.readTextFile(new URL(name, directory)))
      ),
  );
  const pages = hasPages ? await readChapters(new URL("races/", directory), `${label}races/`) : [];
  return [...chapters, ...pages];
}

/** `4-mkclean` of `4-mkclean.md`, which comes before `4-mkclean-kernels`. */
function stem(name: string): string {
  return name.slice(0, -".md".length);
}

const byNumber = new Intl.Collator("en", { numeric: true });
