/**
 * The blocks of a Markdown text: headings, fences, tables, and the prose between them. Only what the
 * chapters use is read (ATX headings, fences, tables with leading pipes); all else is prose.
 *
 * @module
 */

/** A run of whole lines. `line` counts from 1; `source` is the lines as they stand, joined by `\n`. */
export interface Lines {
  /** Number of the first line, from 1. */
  readonly line: number;
  /** All lines as they stand, joined by newlines. */
  readonly source: string;
}

/** `## Text`, level 1 to 6. */
export interface Heading extends Lines {
  /** Tells a heading from other blocks. */
  readonly kind: "heading";
  /** Number of its marks, 1 to 6. */
  readonly level: number;
  /** The heading without its marks. */
  readonly text: string;
}

/** A fenced block. `info` is what follows the language; the first line of `body` is `line + 1`. */
export interface Fence extends Lines {
  /** Tells a fence from other blocks. */
  readonly kind: "fence";
  /** First word after the marks; empty if there is none. */
  readonly language: string;
  /** The words after the language. */
  readonly info: string;
  /** The lines between the marks, joined by newlines. */
  readonly body: string;
}

/** One row of a table: its line, and its cells without the blanks around them. */
export interface TableRow {
  /** Number of the line, from 1. */
  readonly line: number;
  /** Texts of the cells, trimmed. */
  readonly cells: readonly string[];
}

/** A table. Every row has as many cells as the header, or the row is reported as a mistake. */
export interface Table extends Lines {
  /** Tells a table from other blocks. */
  readonly kind: "table";
  /** Texts of the cells of its first line. */
  readonly header: readonly string[];
  /** Every line under the header. */
  readonly rows: readonly TableRow[];
}

/** Everything else, blank lines included. */
export interface Prose extends Lines {
  /** Tells prose from other blocks. */
  readonly kind: "prose";
}

/** A block of a text. The sources of all blocks, joined by `\n`, are the text again. */
export type Block = Heading | Fence | Table | Prose;

/** Something that cannot be read as it stands: the line it is on and what should stand there. */
export interface TextMistake {
  /** Number of the line, from 1. */
  readonly line: number;
  /** What should stand there. */
  readonly expected: string;
}

/** What {@linkcode scan} found. */
interface Scanned {
  readonly blocks: readonly Block[];
  readonly mistakes: readonly TextMistake[];
}

const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const FENCE = /^( {0,3})(`{3,}|~{3,})[ \t]*(.*)$/;
const DELIMITER = /^\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$/;

/** Splits a text into its blocks. Takes any text and never throws; line ends may be LF or CRLF. */
export function scan(text: string): Scanned {
  const lines = text.split(/\r?\n/);
  const blocks: Block[] = [];
  const mistakes: TextMistake[] = [];
  for (let at = 0; at < lines.length;) {
    const block = headingAt(lines, at) ?? fenceAt(lines, at, mistakes) ??
      tableAt(lines, at, mistakes) ?? proseAt(lines, at, mistakes);
    at += block.source.split("\n").length;
    const before = blocks.at(-1);
    if (block.kind === "prose" && before?.kind === "prose") {
      blocks[blocks.length - 1] = { ...before, source: `${before.source}\n${block.source}` };
    } else {
      blocks.push(block);
    }
  }
  return { blocks, mistakes };
}

function headingAt(lines: readonly string[], at: number): Heading | undefined {
  const source = lines[at] ?? "";
  const found = HEADING.exec(source);
  if (found === null) return undefined;
  const [, marks = "", rest = ""] = found;
  const text = rest.trim().replace(/(?:^|[ \t])#+$/, "").trimEnd();
  return { kind: "heading", line: at + 1, source, level: marks.length, text };
}

function fenceAt(lines: readonly string[], at: number, mistakes: TextMistake[]): Fence | undefined {
  const [, indent = "", marks = "", rest = ""] = FENCE.exec(lines[at] ?? "") ?? [];
  if (marks === "" || (marks.startsWith("`") && rest.includes("`"))) return undefined;
  let end = at + 1;
  while (end < lines.length && !closes(lines[end] ?? "", marks)) end++;
  if (end === lines.length) {
    mistakes.push({ line: at + 1, expected: `a line ${marks} that closes this fence` });
  }
  const [language = "", ...info] = rest.trim().split(/[ \t]+/);
  return {
    kind: "fence",
    line: at + 1,
    source: lines.slice(at, end + 1).join("\n"),
    language,
    info: info.join(" "),
    body: lines.slice(at + 1, end).map((line) => outdented(line, indent.length)).join("\n"),
  };
}

function closes(line: string, opening: string): boolean {
  const [, , marks = "", rest = ""] = FENCE.exec(line) ?? [];
  return marks.startsWith(opening) && rest === "";
}

function outdented(line: string, indent: number): string {
  const blanks = line.length - line.trimStart().length;
  return line.slice(Math.min(blanks, indent));
}

function tableAt(lines: readonly string[], at: number, mistakes: TextMistake[]): Table | undefined {
  const first = lines[at] ?? "";
  if (!first.startsWith("|") || !DELIMITER.test(lines[at + 1] ?? "")) return undefined;
  const header = cellsOf(first);
  const rows: TableRow[] = [];
  let end = at + 2;
  for (; (lines[end] ?? "").startsWith("|"); end++) {
    const cells = cellsOf(lines[end] ?? "");
    if (cells.length === header.length) rows.push({ line: end + 1, cells });
    else mistakes.push({ line: end + 1, expected: `${header.length} cells, not ${cells.length}` });
  }
  return { kind: "table", line: at + 1, source: lines.slice(at, end).join("\n"), header, rows };
}

/** A pipe inside a cell is written `\|`, in code spans too. */
function cellsOf(row: string): string[] {
  const inner = row.trimEnd().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function proseAt(lines: readonly string[], at: number, mistakes: TextMistake[]): Prose {
  const source = lines[at] ?? "";
  if (source.startsWith("|")) {
    mistakes.push({ line: at + 1, expected: "a table: a header row, then | --- | under it" });
  }
  return { kind: "prose", line: at + 1, source };
}
