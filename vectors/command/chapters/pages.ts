/**
 * The pages of `spec/races/`, which are generated whole: one a family of designs, and `README.md` with
 * the designs of every invariant.
 *
 * @module
 */
import type { Exploration } from "../../../model/explore.ts";
import type { Chapter } from "../../../spec/chapter.ts";
import { designPage } from "./design_page.ts";
import { familiesOf } from "./family.ts";
import { invariantsPage } from "./invariants_table.ts";

/** Pages by the names of their files. */
export type PagesByName = ReadonlyMap<string, string>;

/** The first line of every page. */
const note = "<!-- Written by `deno task chapters` from model/designs/: change it there. -->";

/** How the pages on disk differ from those that the designs have, as names of files. */
interface PageChanges {
  /** Missing, or with another text. */
  readonly stale: readonly string[];
  /** Generated once, for designs that are no more. */
  readonly leftOver: readonly string[];
  /** Not generated: what is written by hand does not belong here. */
  readonly foreign: readonly string[];
}

/** Every page that the designs have. */
export function pagesOf(
  explorations: readonly Exploration[],
  chapters: readonly Chapter[],
): PagesByName {
  const page = (text: string): string => `${note}\n\n${text}\n`;
  const families = [...familiesOf(explorations)].map(([family, own]) =>
    [`${family}.md`, page(designPage(family, own))] as const
  );
  return new Map([["README.md", page(invariantsPage(chapters, explorations))], ...families]);
}

/** Compares what is to be there with what is. */
export function comparePages(wanted: PagesByName, found: PagesByName): PageChanges {
  const others = [...found].filter(([name]) => !wanted.has(name));
  const isGenerated = (text: string): boolean => text.startsWith(`${note}\n`);
  return {
    stale: [...wanted].filter(([name, text]) => found.get(name) !== text).map(([name]) => name),
    leftOver: others.filter(([, text]) => isGenerated(text)).map(([name]) => name),
    foreign: others.filter(([, text]) => !isGenerated(text)).map(([name]) => name),
  };
}

/** The files of the folder as they are on disk. */
export async function readPages(folder: URL): Promise<PagesByName> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await Deno.readTextFile(new URL(name, folder))] as const),
    ),
  );
}
