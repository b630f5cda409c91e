/**
 * Lines that are drawn over those before them, as a terminal takes it (ECMA-48: CUU, EL, ED).
 *
 * @module
 */

/** Cursor to the first of so many lines that stand there. */
function backOver(lines: number): string {
  return lines > 1 ? `\x1b[${lines - 1}A\r` : "\r";
}

/**
 * The bytes that put `lines` in the place of `before` lines drawn the same way. Each is cut to the width,
 * since a line that wraps is two to a terminal; what does not fit into the height is counted.
 *
 * @param before lines that stand there now; 0 or 1 for an empty line
 */
export function redraw(
  lines: readonly string[],
  before: number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): { readonly text: string; readonly drawn: number } {
  const most = Math.max(1, rows - 1);
  const shown = lines.length <= most
    ? lines
    : [...lines.slice(0, most - 1), `... ${lines.length - most + 1} more`];
  const cut = shown.map((line) => `${line.slice(0, Math.max(1, columns - 1))}\x1b[K`);
  return { text: `${backOver(before)}${cut.join("\n")}\x1b[J`, drawn: Math.max(1, cut.length) };
}
