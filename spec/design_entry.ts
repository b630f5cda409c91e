/**
 * A design as the page of its family shows it: a heading with its id, what it does, a list of fields
 * and its races.
 *
 * @module
 */
import type { Block } from "./blocks.ts";
import type { Chapter } from "./chapter.ts";

/** A race of a design: what the fence says that it breaks, and the text in it. */
interface ChapterRace {
  /** Line of the fence. */
  readonly line: number;
  /** The info string of the fence: ids, in the order in which they break. */
  readonly breaks: string;
  readonly text: string;
}

/** A design of a page. */
export interface DesignEntry {
  readonly id: string;
  /** What it does, in one line. */
  readonly title: string;
  /** `- from: v4.7`, in the order of the list. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly file: string;
  /** Line of the heading. */
  readonly line: number;
  readonly races: readonly ChapterRace[];
}

/** By page: its designs, which are asked for again for each id that is explained. */
const known = new WeakMap<Chapter, readonly DesignEntry[]>();

/** Every design of a page: the sections whose list has a field `breaks`. */
export function designsOf(chapter: Chapter): readonly DesignEntry[] {
  const found = known.get(chapter) ?? readDesigns(chapter);
  known.set(chapter, found);
  return found;
}

function readDesigns({ file, blocks }: Chapter): readonly DesignEntry[] {
  const entries: DesignEntry[] = [];
  blocks.forEach((block, at) => {
    if (block.kind !== "heading" || block.level !== 2) return;
    const rest = blocks.slice(at + 1);
    const end = rest.findIndex(({ kind }) => kind === "heading");
    const section = end === -1 ? rest : rest.slice(0, end);
    const [title = "", list = ""] = proseOf(section).split(/\n{2,}/);
    const fields = fieldsOf(list);
    if (!fields.some(([name]) => name === "breaks")) return;
    const { text: id, line } = block;
    entries.push({ id, title: unwrapped(title), fields, file, line, races: racesOf(section) });
  });
  return entries;
}

/** The text up to the first fence. */
function proseOf([first]: readonly Block[]): string {
  return first?.kind === "prose" ? first.source.trim() : "";
}

function fieldsOf(list: string): readonly (readonly [string, string])[] {
  return list.split(/^- /m).flatMap((item) => {
    const [, name, value] = /^([a-z ]+): ([^]*)$/.exec(item) ?? [];
    return name === undefined || value === undefined ? [] : [[name, unwrapped(value)] as const];
  });
}

function unwrapped(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}

function racesOf(section: readonly Block[]): readonly ChapterRace[] {
  return section
    .filter((block) => block.kind === "fence")
    .filter(({ language }) => language === "race")
    .map(({ line, info, body }) => ({ line, breaks: info, text: body }));
}
