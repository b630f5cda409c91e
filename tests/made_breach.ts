/**
 * Makes breaches of good recordings: lines are taken out or moved, as they would be if the kernel had left
 * out a step.
 *
 * @module
 */
import { assert } from "@std/assert";
import { recounted } from "./judge_text.ts";

/** The lines of a packed recording. */
export async function packedLines(path: string): Promise<readonly string[]> {
  const file = await Deno.open(path);
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.trimEnd().split("\n");
}

/** Index of the first line from `from` on that has all these words; it must be there. */
export function find(
  lines: readonly string[],
  from: number,
  ...words: readonly (string | RegExp)[]
): number {
  const has = (line: string, word: string | RegExp): boolean =>
    typeof word === "string" ? line.includes(word) : word.test(line);
  const at = lines.findIndex((line, n) => n >= from && words.every((word) => has(line, word)));
  assert(at !== -1, words.join(" "));
  return at;
}

/** Indices of the lines in [from, to] that have all these words. */
export function between(
  lines: readonly string[],
  from: number,
  to: number,
  ...words: readonly string[]
): readonly number[] {
  const found: number[] = [];
  for (let n = from; n <= to; n++) {
    if (words.every((word) => lines[n]?.includes(word))) found.push(n);
  }
  return found;
}

/** The time that a line was printed at, in seconds. */
function timeOf(line: string | undefined): number {
  const [, time = ""] = / (\d+\.\d{6}): /.exec(line ?? "") ?? [];
  assert(time !== "");
  return Number(time);
}

/** The lines with some of them taken out and put back in after another, at its time. */
export function moved(
  lines: readonly string[],
  which: readonly number[],
  after: number,
  time = timeOf(lines[after]),
): readonly string[] {
  const late = which.map((n) => (lines[n] ?? "").replace(/ \d+\.\d{6}: /, ` ${time.toFixed(6)}: `));
  return lines.flatMap((line, n) => [
    ...which.includes(n) ? [] : [line],
    ...n === after ? late : [],
  ]);
}

/**
 * The recording as it were if the folio that is removed at a line had stayed until it comes back: the
 * lines of both are gone, and the file has one page more in between.
 *
 * @param countsIt false to leave the kernel's counts of pages as they are
 */
export function withFolioKept(
  lines: readonly string[],
  removal: number,
  countsIt = true,
): readonly string[] {
  const [, inode = "", offset = ""] = / ino (\S+) .* (ofs=\d+) /.exec(lines[removal] ?? "") ?? [];
  const add = ["mm_filemap_add_to_page_cache", ` ino ${inode} `, `${offset} order=0`];
  const back = find(lines, removal, ...add);
  const ino = Number.parseInt(inode, 16);
  return recounted(lines.flatMap((line, n) => {
    if (n === removal || n === back || n === removal - 1 && /pc_remove/.test(line)) return [];
    if (!countsIt || n < removal || n > back || !line.includes(` ino=${ino} `)) return [line];
    return [line.replace(/ nrpages=(\d+)/, (_, pages) => ` nrpages=${Number(pages) + 1}`)];
  }));
}
