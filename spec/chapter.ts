/**
 * A chapter of the specification. An invariant is a heading `### ID one sentence`, then a `yaml` fence
 * with its formula, then prose up to the next heading.
 *
 * @module
 */

import { type Block, type Fence, type Heading, scan, type TextMistake } from "./blocks.ts";
import { type Card, readCard } from "./card.ts";

/** One invariant as its chapter states it. `line` is the line of its heading, from 1. */
export interface StatedInvariant extends Card {
  /** `DAX-CLEAN-2`; never renumbered or reused. */
  readonly id: string;
  /** What must hold, in one sentence. */
  readonly sentence: string;
  /** Why it matters, as Markdown. */
  readonly prose: string;
  /** Name of the chapter in messages. */
  readonly file: string;
  /** Line of its heading, from 1. */
  readonly line: number;
}

/** A chapter as it was read. With a mistake in its card an invariant is left out of `invariants`. */
export interface Chapter {
  /** Name of the chapter in messages. */
  readonly file: string;
  /** Everything in it, in order. */
  readonly blocks: readonly Block[];
  /** What it states, in order. */
  readonly invariants: readonly StatedInvariant[];
  /** What cannot be read as it stands, by line. */
  readonly mistakes: readonly TextMistake[];
}

/** `FAMILY-n`: the family in capitals, a number that is never reused. */
const ID = /^([A-Z]+(?:-[A-Z]+)*-\d+)(?![\w-])(.*)$/;

/** Reads the text of a chapter; `file` is only its name in messages. Never throws. */
export function readChapter(file: string, text: string): Chapter {
  const { blocks, mistakes } = scan(text);
  const faulty: TextMistake[] = [...mistakes];
  const invariants: StatedInvariant[] = [];
  blocks.forEach((block, at) => {
    if (block.kind !== "heading" || block.level !== 3) return;
    const [, id, rest = ""] = ID.exec(block.text) ?? [];
    if (id === undefined) return;
    const read = readInvariant(file, id, rest, block, blocks.slice(at + 1));
    if (read.kind === "mistakes") {
      faulty.push(...read.mistakes);
    } else if (invariants.some((earlier) => earlier.id === id)) {
      faulty.push({ line: block.line, expected: `an id not yet used in this chapter, not ${id}` });
    } else {
      invariants.push(read.invariant);
    }
  });
  faulty.sort((a, b) => a.line - b.line);
  return { file, blocks, invariants, mistakes: faulty };
}

/** A mistake as one line: `spec/1-dax-faults.md:12: expected a closing fence`. */
export function explainMistake(file: string, mistake: TextMistake): string {
  return `${file}:${mistake.line}: expected ${mistake.expected}`;
}

type Read =
  | { readonly kind: "invariant"; readonly invariant: StatedInvariant }
  | { readonly kind: "mistakes"; readonly mistakes: readonly TextMistake[] };

function readInvariant(
  file: string,
  id: string,
  rest: string,
  { line }: Heading,
  following: readonly Block[],
): Read {
  const next = following.findIndex((block) => block.kind === "heading");
  const section = next === -1 ? following : following.slice(0, next);
  const at = section.findIndex((block) => block.kind !== "prose" || block.source.trim() !== "");
  const fence = section[at];
  if (!/^ \S/.test(rest)) {
    return { kind: "mistakes", mistakes: [{ line, expected: `### ${id} and one sentence` }] };
  }
  if (!isYaml(fence)) {
    return { kind: "mistakes", mistakes: [{ line, expected: `a yaml fence right after ${id}` }] };
  }
  const read = readCard(fence);
  if (read.kind === "mistakes") return read;
  const prose = section.slice(at + 1).map((block) => block.source).join("\n").trim();
  return {
    kind: "invariant",
    invariant: { ...read.card, id, sentence: rest.trim(), prose, file, line },
  };
}

function isYaml(block: Block | undefined): block is Fence {
  return block?.kind === "fence" && block.language === "yaml";
}
