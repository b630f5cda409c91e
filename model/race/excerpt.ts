/**
 * Finds the diagram in a text, as a mail, a commit message or a document has it around: a fence,
 * sentences that lead up to it, sentences that follow, a signature, a patch.
 *
 * @module
 */
import type { Cell } from "./layout.ts";

/** A line that has cells. */
type Row = readonly Cell[];

/** The rows of the diagram, its heads first. */
interface Excerpt {
  readonly rows: readonly Row[];
  /** The first row after it; undefined if it is the last. */
  readonly rest: Row | undefined;
}

/**
 * The diagram without what stands around it. It begins behind a fence, if it has one; else at the
 * heads that a rule underlines; else at the first paragraph that is no sentence. It ends at the
 * fence's end, at a sentence, at a signature or at a patch.
 */
export function excerptOf(lines: readonly Row[]): Excerpt {
  const fenced = fenceIn(lines);
  const paragraphs = paragraphsOf(lines.slice(fenced + 1));
  const first = paragraphs.findIndex((rows) => headIn(rows) >= 0);
  const begin = first >= 0
    ? first
    : paragraphs.findIndex((rows) => !isProse(rows) && !isHeader(rows));
  const [head = [], ...others] = begin < 0 ? [] : paragraphs.slice(begin);
  const rows = [head.slice(Math.max(headIn(head), 0)), ...others];
  const left = rows[0]?.[0]?.[0]?.offset ?? 0;
  const taken: Row[] = [];
  for (const paragraph of rows) {
    if (taken.length > 0 && isProse(paragraph) && startOf(paragraph) <= left) {
      return { rows: taken, rest: paragraph[0] };
    }
    for (const row of paragraph) {
      if (isFence(row)) return { rows: taken, rest: undefined };
      if (taken.length > 1 && endsDiagram(row)) return { rows: taken, rest: row };
      taken.push(row);
    }
  }
  return { rows: taken, rest: undefined };
}

function paragraphsOf(lines: readonly Row[]): readonly (readonly Row[])[] {
  const paragraphs: Row[][] = [];
  let open = false;
  for (const row of lines) {
    if (row.length > 0 && open) paragraphs.at(-1)?.push(row);
    else if (row.length > 0) paragraphs.push([row]);
    open = row.length > 0;
    if (open && isAttribution(paragraphs.at(-1) ?? [])) {
      paragraphs.pop();
      open = false;
    }
  }
  return paragraphs;
}

/** True of the lines that say whose mail is quoted below: `On Mon, 30 Nov 2026, A. Writer wrote:`. */
function isAttribution(rows: readonly Row[]): boolean {
  if (rows.length > 3) return false;
  const text = rows.flatMap((cells) => cells.map((cell) => cell.text)).join(" ");
  return /^On .* (?:wrote|writes):$/.test(text);
}

/** Index of the heads that a rule underlines, which nothing else tells from a sentence; or -1. */
function headIn(rows: readonly Row[]): number {
  return rows.findIndex((cells, at) => cells.length > 1 && underlines(rows[at + 1]));
}

/** True of a rule that is no patch separator or signature: it has a dash or more for every head. */
function underlines(cells: Row = []): boolean {
  const dashes = cells.reduce((sum, { text }) => sum + text.length, 0);
  return cells.length > 0 && isRule(cells) && dashes > 3;
}

/** True of a line of dashes and the like. */
export function isRule(cells: Row): boolean {
  return cells.every(({ text }) => /^[-=~_+ ]*[-=~][-=~_+ ]*$/.test(text));
}

/** Index of the fence that a diagram stands in, with sentences before it at most; or -1. */
function fenceIn(lines: readonly Row[]): number {
  const fence = lines.findIndex(isFence);
  return lines.slice(0, Math.max(fence, 0)).some((cells) => cells.length > 1) ? -1 : fence;
}

function isFence([cell, ...others]: Row): boolean {
  return others.length === 0 && /^(?:```|~~~)\S*$/.test(cell?.text ?? "");
}

/** A signature or the separator of a patch. */
function endsDiagram([cell, ...others]: Row): boolean {
  return others.length === 0 && cell?.offset === 0 && /^---?$/.test(cell.text);
}

function startOf([row]: readonly Row[]): number {
  return row?.[0]?.offset ?? 0;
}

/** True of the headers of a mail. */
function isHeader(rows: readonly Row[]): boolean {
  return rows.every(([cell]) => /^[A-Z][\w-]*: /.test(cell?.text ?? ""));
}

/** True of a paragraph of words that ends as sentences do; the name of no step ends so. */
function isProse(rows: readonly Row[]): boolean {
  const text = rows.flatMap((cells) => cells.map((cell) => cell.text)).join(" ");
  const aligned = rows.every((cells) => cells.every((_, at) => at === 0 || runsOn(cells, at)));
  return aligned && text.split(" ").length > 3 && /[^.…][.:!?]["')\]]*$/.test(text);
}

/** Two spaces may follow a full stop. */
function runsOn(cells: Row, at: number): boolean {
  const [before, cell] = [cells[at - 1], cells[at]];
  if (before === undefined || cell === undefined) return false;
  return /[.:;!?,]$/.test(before.text) && cell.offset - before.offset - before.text.length < 4;
}
