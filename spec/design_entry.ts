/**
 * A design as its chapter shows it: a row of the table under `## Designs`, and a section with its
 * races if it breaks something.
 *
 * @module
 */
import type { Block, Table } from "./blocks.ts";
import type { Chapter } from "./chapter.ts";

/** A race of a design: what the fence says that it breaks, and the text in it. */
interface ChapterRace {
  /** Line of the fence. */
  readonly line: number;
  /** The info string of the fence: ids, in the order in which they break. */
  readonly breaks: string;
  readonly text: string;
}

/** A design of a chapter. */
export interface DesignEntry {
  readonly id: string;
  /** The cells of its row behind the id, each with the head of its column. */
  readonly fields: readonly (readonly [head: string, cell: string])[];
  readonly file: string;
  /** Line of the row. */
  readonly line: number;
  readonly races: readonly ChapterRace[];
}

/** Every design of a chapter: the rows of tables whose first column is headed `design`. */
export function designsOf({ file, blocks }: Chapter): readonly DesignEntry[] {
  const tables = blocks.filter((block) => block.kind === "table").filter(listsDesigns);
  const entries = tables.flatMap(({ header, rows }) =>
    rows.map(({ line, cells: [id = "", ...cells] }): DesignEntry => ({
      id,
      fields: cells.map((cell, at) => [header[at + 1] ?? "", cell]),
      file,
      line,
      races: racesOf(id, blocks),
    }))
  );
  return entries.filter(({ id }, at) => entries.findIndex((entry) => entry.id === id) === at);
}

function listsDesigns({ header }: Table): boolean {
  return header[0] === "design" && header.includes("breaks");
}

/** The races in the section headed by the design's id. */
function racesOf(id: string, blocks: readonly Block[]): readonly ChapterRace[] {
  const start = blocks.findIndex((block) =>
    block.kind === "heading" && block.level === 3 && block.text.startsWith(`${id} `)
  );
  if (start === -1) return [];
  const rest = blocks.slice(start + 1);
  const end = rest.findIndex((block) => block.kind === "heading");
  return (end === -1 ? rest : rest.slice(0, end))
    .filter((block) => block.kind === "fence")
    .filter(({ language }) => language === "race")
    .map(({ line, info, body }) => ({ line, breaks: info, text: body }));
}
