/**
 * Prose of a report, filled into lines.
 *
 * @module
 */

/** The longest line that is filled. A word that is longer stands alone. */
const width = 100;

/** Words filled into lines after `start`, the later ones indented. */
export function hanging(start: string, text: string, indent: number): string {
  const lines: string[] = [];
  let line = start;
  let empty = true;
  for (const word of text.split(" ")) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ".repeat(indent) + word;
      continue;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join("\n");
}
