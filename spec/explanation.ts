/**
 * What the chapters say of one invariant or design.
 *
 * @module
 */

import { KINDS } from "./card.ts";
import { type Chapter, explainMistake, type StatedInvariant } from "./chapter.ts";
import { findCommit, type KnownCommit } from "./commit_explanation.ts";
import { type DesignEntry, designsOf } from "./design_entry.ts";
import { nearest } from "./nearest.ts";

/** A race of an explanation, where it stands, and the design that it is a race of. */
export interface ExplainedRace {
  /** Id of the design. */
  readonly design: string;
  /** Page that it stands on. */
  readonly file: string;
  /** Line of its fence. */
  readonly line: number;
  /** Ids, in the order in which they break. */
  readonly breaks: readonly string[];
  /** The diagram. */
  readonly text: string;
}

/** A name, such as `sources`, and what is said under it. */
export type ExplainedField = readonly [name: string, values: readonly string[]];

/** One invariant, design or commit. */
export interface Explanation {
  /** What is explained. */
  readonly kind: "invariant" | "design" | "commit";
  /** Id as its page writes it. */
  readonly id: string;
  /** The sentence of an invariant, what a design does differently, the subject of a commit. */
  readonly says: string;
  /** What is said of it, by name. */
  readonly fields: readonly ExplainedField[];
  /** Why it matters, as Markdown; empty for a design. */
  readonly prose: string;
  /** All races of a design, or of the designs of a commit; the shortest of an invariant. */
  readonly races: readonly ExplainedRace[];
}

/** One line that says why there is nothing to explain. */
export interface UnknownId {
  /** Tells this from an explanation. */
  readonly kind: "unknown";
  /** What was expected, and what is near it. */
  readonly line: string;
}

/**
 * Explains the invariant or the design with this id (in any case), or the commit whose id begins so,
 * from the chapters. An id that nothing has is `unknown`, with the ids that are near it.
 */
export function explain(id: string, chapters: readonly Chapter[]): Explanation | UnknownId {
  const invariants = chapters.flatMap((chapter) => chapter.invariants);
  const designs = chapters.flatMap(designsOf);
  const found = invariants.find((invariant) => invariant.id === id.toUpperCase());
  if (found !== undefined) return ofInvariant(found, designs);
  const design = designs.find((each) => each.id.toUpperCase() === id.toUpperCase());
  if (design !== undefined) return ofDesign(design, designs);
  const commit = findCommit(id, chapters);
  if (commit !== undefined) return ofCommit(commit);
  for (const { file, mistakes: [mistake] } of chapters) {
    if (mistake !== undefined) return { kind: "unknown", line: explainMistake(file, mistake) };
  }
  const near = nearest(id, [...invariants, ...designs].map((each) => each.id));
  const hint = near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`;
  const what = designs.length === 0 ? "an invariant" : "an invariant, a design or a commit";
  return { kind: "unknown", line: `expected the id of ${what}, not "${id}"${hint}` };
}

function ofInvariant(invariant: StatedInvariant, designs: readonly DesignEntry[]): Explanation {
  const { id, sentence, kinds, formula, exceptions, sources, needs, projection } = invariant;
  const breaking = designs.flatMap((design) => {
    const steps = stepsTo(id, design);
    return steps === undefined ? [] : [{ design, steps }];
  });
  const [shortest] = breaking.toSorted((a, b) => a.steps - b.steps)
    .flatMap(({ design }) => racesOf(design).filter(({ breaks }) => breaks.includes(id)));
  return {
    kind: "invariant",
    id,
    says: sentence,
    fields: [
      ["kind", [kinds.map((kind) => KINDS[kind]).join(" and ")]],
      ["formula", [formula]],
      ["exceptions", exceptions],
      ["sources", sources],
      ["needs", needs],
      ["projection", projection === undefined ? [] : [projection]],
      ["chapter", [`${invariant.file}:${invariant.line}`]],
      ["broken by", inLines(breaking.map(({ design, steps }) => `${design.id} (${steps})`))],
    ],
    prose: invariant.prose,
    races: shortest === undefined ? [] : [shortest],
  };
}

/** Steps of the design's shortest race against the invariant: `DAX-HOLE-1 (9)` in its section. */
function stepsTo(id: string, { fields }: DesignEntry): number | undefined {
  const [, value = ""] = fields.find(([name]) => name === "breaks") ?? [];
  const named = value.split(", ").find((each) => each.startsWith(`${id} (`));
  return named === undefined ? undefined : Number(/\((\d+)\)/.exec(named)?.[1]);
}

/** What the design's section says, where its races stand, and the races themselves. */
function ofDesign(design: DesignEntry, designs: readonly DesignEntry[]): Explanation {
  const { id, title, fields, file, line } = design;
  const same = sameAs(design, designs);
  return {
    kind: "design",
    id,
    says: title,
    fields: [
      ["the same as", same === undefined ? [] : [`${same.id}: ${same.title}`]],
      ...fields.map(([name, value]): ExplainedField => [name, [value]]),
      ["page", [`${file}:${line}`]],
    ],
    prose: "",
    races: racesOf(design),
  };
}

/** The designs that come from a commit, with what each breaks, and their races. */
function ofCommit({ id, subject, release, seen, designs }: KnownCommit): Explanation {
  return {
    kind: "commit",
    id,
    says: subject,
    fields: [
      ["release", [release]],
      ["seen in", [seen]],
      ["page", ["spec/commits.md"]],
      ...designs.map((design): ExplainedField => [`design ${design.id}`, [
        design.title,
        ...design.fields.filter(([name]) => name === "breaks" || name === "from")
          .map(([name, value]) => `${name}: ${value}`),
      ]]),
    ],
    prose: "",
    races: designs.flatMap(racesOf),
  };
}

/** What `the same, but ...` refers to: the nearest design above that says what it is. */
function sameAs(design: DesignEntry, designs: readonly DesignEntry[]): DesignEntry | undefined {
  const refers = ({ title }: DesignEntry): boolean => title.startsWith("the same");
  if (!refers(design)) return undefined;
  return designs.slice(0, designs.indexOf(design)).findLast((each) => !refers(each));
}

function racesOf({ id, file, races }: DesignEntry): readonly ExplainedRace[] {
  return races.map(({ line, breaks, text }) => ({
    design: id,
    file,
    line,
    breaks: breaks.split(" "),
    text: text.replace(/^design: .*\n\n/, ""),
  }));
}

/** A list in lines of a readable length. */
export function inLines(items: readonly string[], width = 80): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && `${last}, ${item}`.length < width) {
      lines.splice(-1, 1, `${last}, ${item}`);
    } else lines.push(item);
  }
  return lines.map((line, at) => at < lines.length - 1 ? `${line},` : line);
}

/** The text for people, with what else is known of the id. */
export function explanationText(
  { id, says, fields, prose, races }: Explanation,
  more: readonly ExplainedField[] = [],
): string {
  const places = races.map(({ file, line }) => `${file}:${line}`);
  const all: readonly ExplainedField[] = [
    ...fields,
    [places.length === 1 ? "race" : "races", places],
    ...more,
  ];
  const texts = races.flatMap(({ design, breaks, text }) => [
    "",
    `${design} breaks ${breaks.join(", ")}:`,
    "",
    text,
  ]);
  const told = prose === "" ? [] : ["", withoutLinks(prose)];
  return [`${id}  ${says}`, "", ...layOut(all), ...told, ...texts].join("\n");
}

/** A terminal follows no links. */
function withoutLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1");
}

/** A line for each value, behind the name of its field; no line for a field without a value. */
function layOut(fields: readonly ExplainedField[]): readonly string[] {
  const shown = fields.filter(([, values]) => values.length > 0);
  const width = Math.max(...shown.map(([name]) => name.length)) + 2;
  return shown.flatMap(([name, values]) =>
    values.flatMap((value) => value.split("\n"))
      .map((line, at) => `  ${(at === 0 ? name : "").padEnd(width)}${line}`)
  );
}
