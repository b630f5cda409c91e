/**
 * `pagespec chapters [--check]`: writes the generated parts of the chapters and the pages of
 * `spec/races/`, or says whether they are fresh.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { designs } from "../../model/designs/catalogue.ts";
import { explore } from "../../model/explore.ts";
import { explainMistake } from "../../spec/chapter.ts";
import { readChapters } from "../../spec/chapters.ts";
import { root } from "../../spec/root.ts";
import { rewrite, type Writer } from "./chapters/generated_part.ts";
import { comparePages, type Pages, pagesOf, readPages } from "./chapters/pages.ts";
import { writerFor } from "./chapters/writer.ts";
import { complain, printText } from "./output.ts";

const folder = "spec/races/";

/**
 * Runs the verb. Exit status: 0 written, or all fresh; 1 with `--check`, if a part or a page is stale
 * or left over; 2 if a part has no end or a name that nothing is generated for, or if a file of
 * `spec/races/` is written by hand.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values: { check = false } } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean" } },
  });
  const explorations = designs.map((design) => explore(design));
  const chapters = (await readChapters()).filter(({ file }) => !file.startsWith(folder));
  const write = writerFor(explorations, chapters);
  const statuses = [await writePages(pagesOf(explorations, chapters), check)];
  for (const { file } of chapters) statuses.push(await writeParts(file, write, check));
  const status = Math.max(...statuses);
  if (check && status === 0) printText(`spec is fresh: ${chapters.length} chapters, ${folder}`);
  return status;
}

async function writeParts(file: string, write: Writer, check: boolean): Promise<number> {
  const url = new URL(file, root);
  const { text, stale, mistakes } = rewrite(await Deno.readTextFile(url), write);
  for (const mistake of mistakes) {
    complain(`pagespec chapters: ${explainMistake(file, mistake)}`);
  }
  for (const { name, line } of stale) {
    printText(`${file}:${line}: ${name} ${check ? "is stale" : "written"}`);
  }
  if (!check && stale.length > 0) await Deno.writeTextFile(url, text);
  if (mistakes.length > 0) return 2;
  return check && stale.length > 0 ? 1 : 0;
}

async function writePages(pages: Pages, check: boolean): Promise<number> {
  const { stale, leftOver, foreign } = comparePages(pages, await readPages(new URL(folder, root)));
  for (const name of foreign) {
    complain(`pagespec chapters: ${folder}${name}: expected a generated page`);
  }
  for (const name of stale) {
    printText(`${folder}${name}: ${check ? "is stale" : "written"}`);
    if (!check) await Deno.writeTextFile(new URL(folder + name, root), pages.get(name) ?? "");
  }
  for (const name of leftOver) {
    printText(`${folder}${name}: ${check ? "no design has this page" : "removed"}`);
    if (!check) await Deno.remove(new URL(folder + name, root));
  }
  if (foreign.length > 0) return 2;
  return check && stale.length + leftOver.length > 0 ? 1 : 0;
}
