/**
 * The command that runs one vector again.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** Tests to be run again: those with a text in their title, or whose title matches a pattern. */
interface Chosen {
  readonly text: string;
  /** Where the text alone would choose others too. */
  readonly pattern: string | undefined;
  /** The file that registered them, if that is known. */
  readonly file: string | undefined;
}

/** How a test runner is told which tests to run. */
export type Command = (chosen: Chosen) => string;

const commands = new WeakMap<WeakKey, Command>();

/** Remembers the command of the runner that a function registers with. */
export function rememberCommand(register: WeakKey, command: Command): void {
  commands.set(register, command);
}

const denoTest: Command = ({ text, pattern, file }) =>
  words("deno test --filter", quoted(pattern === undefined ? text : `/${pattern}/`), file);

/** The command for a vector by its handle, which others may have in theirs. */
export function againBy(
  register: WeakKey,
  handle: string,
  others: readonly string[],
  file: string | undefined,
): string {
  const isPart = others.some((other) => other !== handle && other.includes(handle));
  // A title has more after the handle where the vector is known to fail.
  const pattern = isPart ? `^${handle}( |$)` : undefined;
  return (commands.get(register) ?? denoTest)({ text: handle, pattern, file });
}

/** The words of a command line. */
export function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ");
}

/** Handles and most paths need no quotes in a shell. */
export function quoted(text: string): string {
  return /^[\w/.:=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The file of whoever calls into this package, by the trace of the stack. */
export function callingFile(stack: string | undefined): string | undefined {
  const own = folderOf(import.meta.url);
  const [file] = [
    ...(stack ?? "").matchAll(/\((file:.*?|\/.*?):\d+:\d+\)|at (file:.*?|\/.*?):\d+:\d+$/gm),
  ]
    .flatMap(([, inside, bare]) => inside ?? bare ?? [])
    .map((place) => place.startsWith("/") ? place : fileURLToPath(place))
    .filter((place) => !place.startsWith(own));
  return file === undefined ? undefined : quoted(file);
}

/** The folder that this package lies in: `vectors/` of the sources, or where the bundle is. */
function folderOf(url: string): string {
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url);
  const at = path.lastIndexOf("/vectors/conform/");
  return at === -1 ? path.slice(0, path.lastIndexOf("/") + 1) : path.slice(0, at + 9);
}
