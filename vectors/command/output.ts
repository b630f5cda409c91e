/**
 * The one place where a verb writes to standard output and to standard error: all that others wrote is
 * made visible here, so that a terminal shows it and does not obey it.
 *
 * @module
 */
import { styleText } from "node:util";
import { systemError } from "../format/system_error.ts";
import { type ReportLine, spansOf } from "./report/line.ts";
import { redraw } from "./redraw.ts";
import { visible, visibleJson } from "./report/visible.ts";

/** A report could not be written: its reader is gone, or there is no room for it. */
export class OutputFailed extends Error {
  /** True if whoever read the report wants no more of it. */
  readonly closed: boolean;

  constructor(cause: unknown) {
    super(`standard output: ${systemError(cause)}`, { cause });
    this.closed = cause instanceof Deno.errors.BrokenPipe;
  }
}

/**
 * Prints a report to standard output.
 *
 * @throws {OutputFailed} if it cannot be written whole
 */
export function print(lines: readonly ReportLine[]): void {
  if (lines.length > 0) write(`${lines.map(shownLine).join("\n")}\n`);
}

/** Prints a text of ours that has several lines. What others wrote in it must be visible already. */
export function printText(text: string): void {
  if (text !== "") print(text.split("\n"));
}

/** Prints a document to standard output, indented. */
export function printJson(value: unknown): void {
  write(`${visibleJson(value, 2)}\n`);
}

/** Prints a document to standard output as one line. */
export function printJsonLine(value: unknown): void {
  write(`${visibleJson(value)}\n`);
}

/** Prints documents to standard output, each as one line. */
export function printJsonLines(values: readonly unknown[]): void {
  write(values.map((value) => `${visibleJson(value)}\n`).join(""));
}

/** Prints a document of HTML to standard output as it is: it has made visible itself what others wrote. */
export function printDocument(html: string): void {
  write(html);
}

/** Writes a document that is no text to standard output. */
export function printBytes(bytes: Uint8Array): void {
  writeBytes(bytes);
}

/** Writes one line to standard error. That nobody can read it is no error of its own. */
export function complain(line: string): void {
  writeError(`${visible(line)}\n`);
}

/** Lines of progress that stand on the terminal. */
let drawn = 1;

/** Shows on a terminal how far something has come; the next call shows over it. */
export function showProgress(...lines: readonly string[]): void {
  const next = redraw(lines.map(visible), drawn, Deno.consoleSize());
  drawn = next.drawn;
  writeError(next.text);
}

/** True if what is printed goes to a terminal, as no document should that is no text. */
export function printsOnTerminal(): boolean {
  return Deno.stdout.isTerminal();
}

/** True if there is somebody to show progress to. */
export function seesProgress(): boolean {
  return Deno.stderr.isTerminal();
}

function shownLine(line: ReportLine): string {
  return spansOf(line).map((span) =>
    typeof span === "string" ? visible(span) : styleText(span.colour, visible(span.text))
  ).join("");
}

function write(text: string): void {
  writeBytes(new TextEncoder().encode(text));
}

function writeBytes(bytes: Uint8Array): void {
  try {
    writeAll(Deno.stdout, bytes);
  } catch (error) {
    throw new OutputFailed(error);
  }
}

function writeError(text: string): void {
  try {
    writeAll(Deno.stderr, new TextEncoder().encode(text));
  } catch {
    // There is no other place to say so.
  }
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
}
