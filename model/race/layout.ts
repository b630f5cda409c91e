/**
 * Where the text of a race diagram stands: lines cut into cells, tabs and the quoting of mail undone.
 *
 * @module
 */

/** A piece of a line that two spaces or a tab part from the next. */
export interface Cell {
  readonly text: string;
  /** Where it stands on the screen once quoting is off and tabs are spaces; counts from 0. */
  readonly offset: number;
  /** The cell's place in the file, both counting from 1. */
  readonly line: number;
  readonly column: number;
}

const tabStop = 8;

/**
 * Cuts a text into lines of cells, from left to right; an empty line has none. A prefix of `>`, as
 * mail programs put it before what they quote, is no part of the diagram however deep it is, and tabs
 * are measured without it: that is how the first author saw them.
 */
export function layOut(text: string): readonly (readonly Cell[])[] {
  return text.split(/\r\n|\n|\r/).map((line, index) => cellsOf(line, index + 1));
}

function cellsOf(whole: string, line: number): readonly Cell[] {
  const cells: Cell[] = [];
  let [text, start] = ["", { offset: 0, column: 0 }];
  let [offset, spaces] = [0, 0];
  for (let at = quotingOf(whole).length; at < whole.length; at++) {
    const character = whole[at] ?? "";
    if (/\s/.test(character)) {
      spaces += character === "\t" ? 2 : 1;
      offset += character === "\t" ? tabStop - offset % tabStop : 1;
      continue;
    }
    if (spaces > 1 && text !== "") {
      cells.push({ text, line, ...start });
      text = "";
    }
    if (text === "") start = { offset, column: at + 1 };
    else if (spaces === 1) text += " ";
    text += character;
    [offset, spaces] = [offset + 1, 0];
  }
  if (text !== "") cells.push({ text, line, ...start });
  return cells;
}

/** Every leading `>`, with the one space that belongs to it. */
function quotingOf(line: string): string {
  return /^(?: ?> ?)*/.exec(line)?.[0] ?? "";
}
