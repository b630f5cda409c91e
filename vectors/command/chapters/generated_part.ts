/**
 * The parts of a chapter that are generated: what stands between `<!-- generated: NAME -->` and
 * `<!-- end -->`. Everything else is written by hand and left as it is.
 *
 * @module
 */
import type { TextMistake } from "../../../spec/blocks.ts";

/** One generated part. `line` is the line of its opening comment, from 1. */
interface GeneratedPart {
  /** `designs A`: what stands behind the colon. */
  readonly name: string;
  readonly line: number;
  /** The lines between the two comments, without the blank ones around them. */
  readonly body: string;
}

/** Writes the body of a part, or says what was expected in place of its name. */
export type Writer = (name: string) => WrittenPart;

/** A body, or a name that nothing is generated for. */
export type WrittenPart =
  | { readonly kind: "body"; readonly body: string }
  | { readonly kind: "unknown"; readonly expected: string };

/** A text with its parts written anew. With a mistake, `text` is as it was. */
interface Rewritten {
  readonly text: string;
  /** The parts whose body has changed, by their old lines. */
  readonly stale: readonly GeneratedPart[];
  readonly mistakes: readonly TextMistake[];
}

const opening = /^<!-- generated: (\S.*?) -->$/;
const closing = "<!-- end -->";

/** Finds the parts of a text; a part that is not closed is a mistake. Line ends are LF. */
function partsOf(text: string): {
  readonly parts: readonly GeneratedPart[];
  readonly mistakes: readonly TextMistake[];
} {
  const lines = text.split("\n");
  const parts: GeneratedPart[] = [];
  const mistakes: TextMistake[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, name] = opening.exec(lines[at] ?? "") ?? [];
    if (name === undefined) continue;
    const rest = lines.slice(at + 1);
    const length = rest.findIndex((line) => line === closing || opening.test(line));
    if (length === -1 || rest[length] !== closing) {
      mistakes.push({ line: at + 1, expected: `a line ${closing} behind this part` });
      continue;
    }
    parts.push({ name, line: at + 1, body: rest.slice(0, length).join("\n").trim() });
    at += length + 1;
  }
  return { parts, mistakes };
}

/** Writes every part of a text anew. */
export function rewrite(text: string, write: Writer): Rewritten {
  const { parts, mistakes } = partsOf(text);
  const written = parts.map((part) => ({ part, result: write(part.name) }));
  const unknown = written.flatMap(({ part: { line }, result }) =>
    result.kind === "unknown" ? [{ line, expected: result.expected }] : []
  );
  const all = [...mistakes, ...unknown].sort((a, b) => a.line - b.line);
  if (all.length > 0) return { text, stale: [], mistakes: all };
  const lines = text.split("\n");
  const stale: GeneratedPart[] = [];
  for (const { part, result } of written.toReversed()) {
    if (result.kind === "unknown" || result.body === part.body) continue;
    const end = lines.indexOf(closing, part.line);
    lines.splice(part.line, end - part.line, "", ...result.body.split("\n"), "");
    stale.unshift(part);
  }
  return { text: lines.join("\n"), stale, mistakes: [] };
}
