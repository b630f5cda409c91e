/**
 * What a search of chosen designs rests on: their bounds, how much was searched, the verdict.
 *
 * @module
 */
import { brokenBy, type Exploration } from "../../../model/explore.ts";
import type { Bounds } from "../../../model/state.ts";
import { table } from "./markdown.ts";

/** A row a design, in the given order. */
export function proofTable(explorations: readonly Exploration[]): string {
  return table(
    [
      "design",
      "what it does",
      "actors",
      "bounds",
      "states",
      "transitions",
      "depth",
      "every run ends",
      "breaks",
    ],
    explorations.map((exploration) => {
      const { design, states, transitions, depth, endless } = exploration;
      return [
        design.id,
        design.title,
        design.actors.map(({ name }) => name).join(", "),
        describeBounds(design.bounds),
        String(states),
        String(transitions),
        String(depth),
        endless === undefined ? "yes" : "no",
        verdict(exploration),
      ];
    }),
  );
}

function verdict(exploration: Exploration): string {
  if (!exploration.complete) return "undecided";
  return brokenBy(exploration).join(", ") || "none";
}

function describeBounds({ pages, pmdPages, mappings }: Bounds): string {
  const pmd = pmdPages > 1 ? `, ${pmdPages} a PMD` : "";
  const vmas = mappings > 0 ? `, ${count(mappings, "mapping")}` : "";
  return `${count(pages, "page")}${pmd}${vmas}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
