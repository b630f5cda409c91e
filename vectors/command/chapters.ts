/**
 * `pagespec chapters [--check]`: writes the generated parts of the chapters, or says whether they are
 * fresh.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { designs } from "../../model/designs/catalogue.ts";
import { explore } from "../../model/explore.ts";
import { explainMistake } from "../../spec/chapter.ts";
import { partsOf, rewrite } from "./chapters/generated_part.ts";
import { writerFor } from "./chapters/writer.ts";

const root = new URL("../../", import.meta.url);

/**
 * Runs the verb. Exit status: 0 written, or all fresh; 1 with `--check`, if a part is stale; 2 if a
 * part has no end or a name that nothing is generated for.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values: { check = false } } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean" } },
  });
  const files = await filesWithParts();
  const write = writerFor(designs.map((design) => explore(design)));
  let status = 0;
  for (const file of files) {
    const url = new URL(file, root);
    const { text, stale, mistakes } = rewrite(await Deno.readTextFile(url), write);
    for (const mistake of mistakes) {
      console.error(`pagespec chapters: ${explainMistake(file, mistake)}`);
      status = 2;
    }
    for (const { name, line } of stale) {
      console.log(`${file}:${line}: ${name} ${check ? "is stale" : "written"}`);
      if (check && status === 0) status = 1;
    }
    if (!check && stale.length > 0) await Deno.writeTextFile(url, text);
  }
  if (check && status === 0) console.log(`spec is fresh: ${files.length} files`);
  return status;
}

async function filesWithParts(): Promise<readonly string[]> {
  const names = (await Array.fromAsync(Deno.readDir(new URL("spec/", root))))
    .map(({ name }) => `spec/${name}`)
    .filter((name) => name.endsWith(".md"))
    .sort();
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(new URL(name, root))));
  return names.filter((_, at) => {
    const { parts, mistakes } = partsOf(texts[at] ?? "");
    return parts.length + mistakes.length > 0;
  });
}
