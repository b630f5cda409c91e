/**
 * Reads a race diagram that somebody wrote.
 *
 * The first line heads the columns, or the first line of several columns that a rule of dashes
 * underlines: then what stands above it introduces the diagram. The rule, empty lines, elisions
 * (`...`) and remarks (`*data corruption*`, `/* ... *\/`, `# ...`, `- and so on`) carry no step.
 * Everything else is a step, in the column whose head it stands under; indentation deeper than the
 * line before it is a call made by that line.
 *
 * @module
 */
import type { RunStep } from "./diagram.ts";
import { type Cell, layOut } from "./layout.ts";

/** A place in the text, both counting from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A column by its head. */
export interface Column extends Place {
  readonly name: string;
}

/** A step as it was written; its actor is the head of its column. */
export interface WrittenStep extends RunStep, Place {
  /** True if steps of the same column are nested under it, as in a function that makes calls. */
  readonly calls: boolean;
}

/** A diagram, not yet held against any design. */
export interface Race {
  /** From a first line `design: A0`. */
  readonly design: string | undefined;
  readonly columns: readonly Column[];
  readonly steps: readonly WrittenStep[];
}

/** The diagram, or where the text stops being one and what was expected there. */
export type ParsedRace =
  | { readonly kind: "race"; readonly race: Race }
  | { readonly kind: "malformed"; readonly at: Place; readonly expected: string };

/** Reads a diagram. Never throws, whatever the text is. */
export function parseRace(text: string): ParsedRace {
  const lines = layOut(text).filter((cells) => cells.length > 0);
  const design = designOf(lines[0]);
  const [head, ...rest] = fromHead(design === undefined ? lines : lines.slice(1));
  if (head === undefined) {
    const at = { line: lines.length + 1, column: 1 };
    return { kind: "malformed", at, expected: "a line with the names of the actors" };
  }
  const columns = head.map(({ text: name, line, column }) => ({ name, line, column }));
  const twice = columns.find(({ name }, at) => columns.findIndex((c) => c.name === name) < at);
  if (twice !== undefined) {
    return { kind: "malformed", at: twice, expected: "each actor in one column" };
  }
  const body = rest.filter((cells, at) => at > 0 || !isRule(cells)).flatMap(joinArrows);
  return { kind: "race", race: { design, columns, steps: readSteps(head, body.filter(isStep)) } };
}

function designOf(first: readonly Cell[] | undefined): string | undefined {
  const [cell, ...others] = first ?? [];
  if (cell === undefined || others.length > 0) return undefined;
  return /^design: ?(\S+)$/i.exec(cell.text)?.[1];
}

/** The diagram without the sentences that lead up to it, which only a rule tells from its head. */
function fromHead(lines: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const head = lines.findIndex((cells, at) => cells.length > 1 && underlines(lines[at + 1]));
  return lines.slice(Math.max(head, 0));
}

/** True of a rule that is no patch separator or signature: it has a dash or more for every head. */
function underlines(cells: readonly Cell[] = []): boolean {
  const dashes = cells.reduce((sum, { text }) => sum + text.length, 0);
  return cells.length > 0 && isRule(cells) && dashes > 3;
}

function isRule(cells: readonly Cell[]): boolean {
  return cells.every(({ text }) => /^[-=~_+ ]*[-=~][-=~_+ ]*$/.test(text));
}

const arrow = "(?:-+>|=+>|[→⟶⇒])";
const beginsWithArrow = new RegExp(`^${arrow}(?: |$)`, "u");
const endsWithArrow = new RegExp(`(?:^| )${arrow}$`, "u");

/** Arrows are often set in a row of their own: `look up     ->  HOLE`. */
function joinArrows(cells: readonly Cell[]): readonly Cell[] {
  const joined: Cell[] = [];
  for (const cell of cells) {
    const before = joined.at(-1);
    const joins = before !== undefined &&
      (beginsWithArrow.test(cell.text) || endsWithArrow.test(before.text));
    if (joins) joined.splice(-1, 1, { ...before, text: `${before.text} ${cell.text}` });
    else joined.push(cell);
  }
  return joined;
}

function isStep({ text }: Cell): boolean {
  return !/^(?:\*.*\*|\/\*.*|\/\/.*|#.*|- .*|\[?(?:\.\.\.|…)\]?)$/.test(text);
}

function readSteps(heads: readonly Cell[], cells: readonly Cell[]): readonly WrittenStep[] {
  const placed = cells.map((cell) => ({ cell, head: headOf(heads, cell) }));
  return placed.map(({ cell, head }, at) => {
    const next = placed.slice(at + 1).find((other) => other.head === head);
    return {
      actor: head?.text ?? "",
      ...splitResult(cell.text),
      line: cell.line,
      column: cell.column,
      calls: next !== undefined && next.cell.offset > cell.offset,
    };
  });
}

/** The last column that begins at the cell or left of it; people set heads a little off. */
function headOf(heads: readonly Cell[], { offset }: Cell): Cell | undefined {
  return heads.findLast((head, at) => {
    const before = heads[at - 1];
    if (before === undefined) return true;
    const gap = head.offset - (before.offset + before.text.length);
    return offset >= head.offset - Math.min(4, Math.floor(gap / 2));
  });
}

const stepAndResult = new RegExp(`^(.*\\S) ${arrow} (\\S.*)$`, "u");

/** Cuts at the last arrow, so that `->fault -> HOLE` is a step and its result. */
function splitResult(text: string): Omit<RunStep, "actor"> {
  const [, step = text, result = ""] = stepAndResult.exec(text) ?? [];
  return { step, result };
}
