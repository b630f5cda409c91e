/**
 * A trace that somebody quoted in mail: `> ` before every line, and lines that the mailer wrapped.
 *
 * A line that does not begin with the columns of a trace goes on with the event before it. If it does
 * not fit there, the event cannot be read, and the report says so; a blank line ends an event for good.
 *
 * @module
 */
import { newColumns, readColumns } from "../columns.ts";
import { isHeaderLine } from "../header.ts";
import { coded } from "../lines.ts";
import { asLine, type Rewriting } from "./rewriting.ts";

const QUOTES = /^(?:> ?)+/;

/** True if the text begins with the columns of a trace. */
function hasColumns(text: string): boolean {
  return readColumns(coded(text), 0, text.length, newColumns());
}

/** Quoted text. */
export const mail: Rewriting = {
  format: undefined,
  isIn: (lines) => {
    const written = lines.filter((line) => line !== "");
    return written.length > 0 && written.every((line) => line.startsWith(">")) &&
      written.some((line) => hasColumns(unquoted(line)));
  },
  begin: () => {
    let open = false;
    return (line) => {
      const text = unquoted(line);
      if (hasColumns(text)) {
        open = true;
        return asLine(text);
      }
      if (text.trim() === "" || isHeaderLine(text) || !open) {
        open = false;
        return text.trim() === "" ? { kind: "skipped" } : asLine(text);
      }
      return { kind: "joins", text: ` ${text.trim()}` };
    };
  },
};

/** The line without its marks. The name of a task is padded: what is left of that is kept. */
function unquoted(line: string): string {
  return line.replace(QUOTES, "").trimEnd();
}
