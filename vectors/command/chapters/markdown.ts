/**
 * Markdown as `deno fmt` leaves it, so that a generated part needs no formatting.
 *
 * @module
 */

const width = 100;

/** Breaks a paragraph into lines of at most 100 characters; further lines begin with `indent`. */
export function wrap(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}

/** A list with dashes. */
export function list(items: readonly string[]): string {
  return items.map((item) => wrap(`- ${item}`, "  ")).join("\n");
}

/** A table; cells may hold pipes. Every row has as many cells as the header. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows].map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = header.map((_, column) =>
    Math.max(3, ...all.map((cells) => [...(cells[column] ?? "")].length))
  );
  const lines = all.map((cells) => line(cells.map((cell, at) => pad(cell, widths[at] ?? 0))));
  const rule = line(widths.map((each) => "-".repeat(each)));
  return [lines[0] ?? "", rule, ...lines.slice(1)].join("\n");
}

/** A number in a table, where nothing is said as such. */
export function numberOrNone(number: number): string {
  return number === 0 ? "none" : String(number);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Pads by characters, not by UTF-16 units. */
function pad(cell: string, to: number): string {
  return cell + " ".repeat(Math.max(0, to - [...cell].length));
}
