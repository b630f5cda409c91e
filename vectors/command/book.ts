/**
 * `pagespec book FOLDER`: the chapters as static pages, with a search and all races drawn.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { bookFiles } from "./book/book_files.ts";
import { complain, printText } from "./output.ts";

/** Runs the verb; returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) {
    return refuse(`expected one folder, not ${positionals.length}`);
  }
  const files = await bookFiles();
  if (typeof files === "string") return refuse(files);
  for (const [path, text] of files) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  printText(`${files.size} pages: open ${folder}/index.html`);
  return 0;
}

function refuse(line: string): number {
  complain(`pagespec book: ${line}`);
  return 2;
}
