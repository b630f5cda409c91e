/**
 * `pagespec chapters [--check | --row]`: writes the generated parts of the chapters and the pages of
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
import type { KernelRow } from "./chapters/kernel_run.ts";
import { renewed } from "./chapters/kernels_table.ts";
import { comparePages, type PagesByName, pagesOf, readPages } from "./chapters/pages.ts";
import { writerFor } from "./chapters/writer.ts";
import { complain, printText } from "./output.ts";

const folder = "spec/races/";

/** Rows of `spec/kernels.md`. */
const rows = new URL("spec/kernels.json", root);

/**
 * Runs the verb. Exit status: 0 written, or all fresh; 1 with `--check`, if a part or a page is stale
 * or left over; 2 if a part has no end or a name that nothing is generated for, or if a file of
 * `spec/races/` is written by hand.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values: { check, row } } = parseArgs({
    args: [...args],
    options: {
      check: { type: "boolean", default: false },
      row: { type: "boolean", default: false },
    },
  });
  if (row) {
    const wrong = await renewRow();
    if (wrong !== undefined) {
      complain(`pagespec chapters: standard input: ${wrong}`);
      return 2;
    }
  }
  const explorations = designs.map((design) => explore(design));
  const chapters = (await readChapters()).filter(({ file }) => !file.startsWith(folder));
  const write = writerFor(explorations, chapters, JSON.parse(await Deno.readTextFile(rows)));
  const statuses = [await writePages(pagesOf(explorations, chapters), check)];
  for (const { file } of chapters) statuses.push(await writeParts(file, write, check));
  const status = Math.max(...statuses);
  if (check && status === 0) printText(`spec is fresh: ${chapters.length} chapters, ${folder}`);
  return status;
}

/** Renews the row of the run whose report standard input is; a sentence if it is none. */
async function renewRow(): Promise<string | undefined> {
  const report = await new Response(Deno.stdin.readable).text();
  const kept: readonly KernelRow[] = JSON.parse(await Deno.readTextFile(rows));
  const all = renewed(kept, report, new Date().toISOString().slice(0, 10));
  if (typeof all === "string") return all;
  await Deno.writeTextFile(rows, `${JSON.stringify(all, undefined, 2)}\n`);
  return undefined;
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

async function writePages(pages: PagesByName, check: boolean): Promise<number> {
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
