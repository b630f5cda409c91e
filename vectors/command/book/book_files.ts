/**
 * All files of the book.
 *
 * @module
 */
import deno from "../../../deno.json" with { type: "json" };
import { readChapters } from "../../../spec/chapters.ts";
import { designsOf } from "../../../spec/design_entry.ts";
import { explain } from "../../../spec/explanation.ts";
import { root } from "../../../spec/root.ts";
import { statementsById } from "../../../spec/statements.ts";
import { bundledSuite } from "../../conform/bundled_suite.ts";
import { readCards, recordedFolder } from "../../kernel/recorded_card.ts";
import { pageScripts } from "../../page/page_script.ts";
import { racesDocument } from "../picture/explore_document.ts";
import { htmlPage } from "../picture/html_page.ts";
import { evidenceFor } from "../report/evidence.ts";
import { bookPage } from "./book_page.ts";
import { invariantPage } from "./invariant_page.ts";
import { type Document, pageOf, renderDocument, toRootFrom } from "./markdown.ts";
import { createRaceFigures } from "./race_figure.ts";

/** Chapters in the order in which they are read; what is not named comes after them. */
const order = [
  "README.md",
  "1-dax-faults.md",
  "2-durability.md",
  "3-direct-io.md",
  "4-mkclean.md",
  "4-mkclean-kernels.md",
  "5-pins.md",
  "6-truncate.md",
  "findings.md",
  "kernels.md",
  "races/README.md",
];

/** The files by their paths below the book's folder, or one line that says why there are none. */
export async function bookFiles(): Promise<ReadonlyMap<string, string> | string> {
  const scripts = await pageScripts(["catalogue_page", "search_page"]);
  if ("refused" in scripts) return scripts.refused;
  const [walkScript = "", searchScript = ""] = scripts;
  const invariants = await invariantDocuments();
  if (typeof invariants === "string") return invariants;
  const documents = [...await chapterDocuments(), ...invariants];
  const figures = createRaceFigures();
  const ids = new Set(statementsById().keys());
  const pages = new Set(documents.map(({ path }) => pageOf(path)));
  const rendered = documents.map((document) => ({
    document,
    ...renderDocument(document, { ids, pages, draw: figures.draw }),
  }));
  const contents = rendered
    .filter(({ document: { path } }) => !path.includes("/") || path === "races/README.md")
    .map(({ document, title }) => [pageOf(document.path), title] as const);
  const files = new Map<string, string>();
  for (const { document: { path }, title, html } of rendered) {
    const page = pageOf(path);
    files.set(page, bookPage({ title, html, toRoot: toRootFrom(path), contents, page }));
  }
  const sections = rendered.flatMap(({ document, sections }) =>
    sections.map(({ fragment, title, text }) => ({
      page: `${pageOf(document.path)}#${fragment}`,
      title,
      text: plainOf(text),
    }))
  );
  files.set(
    "search.html",
    htmlPage({ title: "Search", script: searchScript, document: { sections } }),
  );
  const walk = racesDocument(`pagespec ${deno.version}`, figures.played);
  files.set("walk.html", htmlPage({ title: walk.title, script: walkScript, document: walk }));
  return files;
}

/** Markdown as words. */
function plainOf(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*\\]/g, "")
    .replaceAll(/\s+/g, " ").trim();
}

/** Every Markdown file of `spec/` and `spec/races/`. */
async function chapterDocuments(): Promise<readonly Document[]> {
  const documents: Document[] = [];
  for (const folder of ["", "races/"]) {
    for await (const { name } of Deno.readDir(new URL(`spec/${folder}`, root))) {
      if (!name.endsWith(".md")) continue;
      const text = await Deno.readTextFile(new URL(`spec/${folder}${name}`, root));
      documents.push({ path: folder + name, text });
    }
  }
  const rank = ({ path }: Document): number => {
    const at = order.indexOf(path);
    return at < 0 ? order.length : at;
  };
  return documents.sort((one, other) =>
    rank(one) - rank(other) || (one.path < other.path ? -1 : 1)
  );
}

async function invariantDocuments(): Promise<readonly Document[] | string> {
  const chapters = await readChapters();
  const pages = new Map(chapters.flatMap(designsOf).map(({ id, file }) => [id, file]));
  const { vectors } = bundledSuite();
  const cards = await readCards(recordedFolder);
  if (typeof cards === "string") return cards;
  return [...statementsById().keys()].flatMap((id) => {
    const explained = explain(id, chapters);
    if (explained.kind === "unknown") return [];
    return [invariantPage(explained, evidenceFor(id, vectors, cards), cards, pages)];
  });
}
