/**
 * Reads a race diagram that somebody wrote.
 *
 * The first line of the diagram heads the columns (`excerpt.ts` finds it among what stands around).
 * The rule under it, empty lines, elisions (`...`) and remarks (`*data corruption*`, `/* ... *\/`,
 * `# ...`, `- and so on`) carry no step, and `finds a hole` is the result of the step above it.
 * Everything else is a step, in the column whose head it stands under; indentation deeper than the
 * line before it is a call made by that line.
 *
 * @module
 */
import type { RunStep } from "./diagram.ts";
import { excerptOf, isRule } from "./excerpt.ts";
import { type Cell, layOut } from "./layout.ts";

/** A place in the text, both counting from 1. */
export interface TextPlace {
  /** Number of the line. */
  readonly line: number;
  /** Number of the character in its line. */
  readonly column: number;
}

/** A column by its head. */
export interface Column extends TextPlace {
  /** What stands at its head. */
  readonly name: string;
}

/** A step as it was written; its actor is the head of its column. */
export interface WrittenStep extends RunStep, TextPlace {
  /** True if steps of the same column are nested under it, as in a function that makes calls. */
  readonly calls: boolean;
}

/** A diagram, not yet held against any design. */
export interface Race {
  /** From a first line `design: A0`. */
  readonly design: string | undefined;
  /** Columns from left to right. */
  readonly columns: readonly Column[];
  /** Steps from top to bottom. */
  readonly steps: readonly WrittenStep[];
  /** Where the text goes on after it, which is not read. */
  readonly rest: TextPlace | undefined;
}

/** The diagram, or where the text stops being one and what was expected there. */
export type ParsedRace =
  | { readonly kind: "race"; readonly race: Race }
  | { readonly kind: "malformed"; readonly at: TextPlace; readonly expected: string };

/** Reads a diagram. Never throws, whatever the text is. */
export function parseRace(text: string): ParsedRace {
  const lines = layOut(text);
  const first = lines.findIndex((cells) => cells.length > 0);
  const design = designOf(lines[first]);
  const { rows: [head, ...rest], rest: after } = excerptOf(
    design === undefined ? lines : lines.slice(first + 1),
  );
  if (head === undefined) {
    const filled = lines.filter((cells) => cells.length > 0).length;
    const at = { line: filled + 1, column: 1 };
    return { kind: "malformed", at, expected: "a line with the names of the actors" };
  }
  const heads = head.map((cell) => ({ ...cell, text: undecorated(cell.text) }));
  const columns = heads.map(({ text: name, line, column }) => ({ name, line, column }));
  const twice = columns.find(({ name }, at) => columns.findIndex((c) => c.name === name) < at);
  if (twice !== undefined) {
    return { kind: "malformed", at: twice, expected: "each actor in one column" };
  }
  const body = rest.filter((cells, at) => at > 0 || !isRule(cells)).map(joinArrows);
  const stack = stackIn(body);
  if (stack !== undefined) return { kind: "malformed", at: stack, expected: notStacks };
  const steps = readSteps(heads, body.flat().filter(isStep));
  return { kind: "race", race: { design, columns, steps, rest: placeOf(after?.[0]) } };
}

function placeOf(cell: Cell | undefined): TextPlace | undefined {
  return cell === undefined ? undefined : { line: cell.line, column: cell.column };
}

/** `Process 1` in `--- Process 1 ---`. */
function undecorated(head: string): string {
  return head.replace(/^[-=*~]{2,} ?| ?[-=*~]{2,}$/g, "") || head;
}

const notStacks = "a line for each step, in the order in which they happened; these columns look " +
  "like call stacks, innermost call first: they show where tasks are, not how they came there";

const frame = /^[a-z_][\w.]*(?:\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?)?$/;

/** The first cell of columns that are call stacks: bare names of functions, side by side. */
function stackIn(rows: readonly (readonly Cell[])[]): Cell | undefined {
  const [first] = rows[0] ?? [];
  const beside = rows.filter((cells) => cells.length > 1).length;
  const isStack = rows.length > 2 && beside > rows.length / 2 &&
    rows.every((cells) => cells.every(({ text }) => frame.test(text)));
  return isStack ? first : undefined;
}

function designOf(first: readonly Cell[] | undefined): string | undefined {
  const [cell, ...others] = first ?? [];
  if (cell === undefined || others.length > 0) return undefined;
  return /^design: ?(\S+)$/i.exec(cell.text)?.[1];
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
  const placed = withFindings(cells.map((cell) => ({ cell, head: headOf(heads, cell) })));
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

interface Placed {
  readonly cell: Cell;
  readonly head: Cell | undefined;
}

/** `finds hole` in a line of its own says what the step above it in its column came to. */
function withFindings(cells: readonly Placed[]): readonly Placed[] {
  const joined: Placed[] = [];
  for (const each of cells) {
    const at = joined.findLastIndex(({ head }) => head === each.head);
    const before = joined[at];
    if (before === undefined || !/^finds /i.test(each.cell.text)) joined.push(each);
    else {
      const text = `${before.cell.text} -> ${each.cell.text}`;
      joined[at] = { ...before, cell: { ...before.cell, text } };
    }
  }
  return joined;
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
