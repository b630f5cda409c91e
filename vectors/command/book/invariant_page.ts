/**
 * The page of an invariant: what it says, what breaks it, what kills who breaks it, and what it was seen
 * in. It is written as Markdown, and rendered as any other.
 *
 * @module
 */
import type { Explanation } from "../../../spec/explanation.ts";
import { counted } from "../../format/counted.ts";
import type { RecordedCard } from "../../kernel/recorded_card.ts";
import type { Evidence } from "../report/evidence.ts";
import type { Document } from "./markdown.ts";

/** Vectors that are named; the rest are counted. */
const fewVectors = 12;

/** The page; `pages` are those of the designs, by their ids. */
export function invariantPage(
  { id, says, fields, prose, races }: Explanation,
  { vectors, recordings }: Evidence,
  cards: readonly RecordedCard[],
  pages: ReadonlyMap<string, string>,
): Document {
  const values = (name: string): readonly string[] =>
    fields.find(([field]) => field === name)?.[1] ?? [];
  const [chapter = ""] = values("chapter");
  const [file = ""] = chapter.split(":");
  const page = file.replace(/^spec\//, "../");
  const card = ["kind", "exceptions", "sources", "needs", "projection"]
    .filter((name) => values(name).length > 0)
    .map((name) => `- ${name}: ${values(name).map(escaped).join("; ")}`);
  const broken = values("broken by").join(" ").replaceAll(/[\w-]+(?= \()/g, (design) => {
    const page = pages.get(design)?.replace(/^spec\//, "../");
    return page === undefined ? design : `[${design}](${page}#${design.toLowerCase()})`;
  });
  const seen = recordings.map(({ name, verdict }) => {
    const learn = cards.find((each) => each.name === name)?.learn ?? "";
    return `- **${verdict}**: ${name}. ${verdict === "violated" ? escaped(learn) : ""}`;
  });
  const text = [
    `# ${id} ${says}`,
    `[Its chapter](${page})`,
    ["```text", ...values("formula"), "```"].join("\n"),
    prose.replaceAll(/\]\((?!\.\.|[a-z]+:|#)([^)]+)\)/g, "](../$1)")
      .replaceAll(/\]\(#([^)]+)\)/g, `](${page}#$1)`),
    card.join("\n"),
    "## What breaks it",
    broken === "" ? "No design that was explored." : `${broken} (steps of the shortest race).`,
    ...races.flatMap(({ design, file, text }) => [
      `The shortest, of [${design}](${file.replace(/^spec\//, "../")}):`,
      ["```race", `design: ${design}`, "", text.trimEnd(), "```"].join("\n"),
    ]),
    "## What kills it",
    vectors.length === 0
      ? "No vector is rejected for it alone."
      : `Implementations are held to it by ${counted(vectors.length, "vector")}:`,
    vectors.slice(0, fewVectors).map((handle) => `- \`${handle}\``).join("\n"),
    vectors.length > fewVectors ? `and ${vectors.length - fewVectors} more.` : "",
    "## What it was seen in",
    seen.length === 0 ? "No bundled recording decides it." : seen.join("\n"),
  ].filter((part) => part !== "").join("\n\n");
  return { path: `invariants/${id}.md`, text: `${text}\n` };
}

/** A text of ours in which nothing is Markdown. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>]/g, "\\$&");
}
