/**
 * The whole table of invariants and designs.
 *
 * @module
 */
import type { Exploration } from "../../../model/explore.ts";
import type { Invariant } from "../../../model/invariant.ts";
import { table } from "./markdown.ts";

/**
 * A row an invariant: which designs break it, and how many come to where it could break and keep it;
 * their names stand in the chapters.
 */
export function invariantsTable(
  invariants: readonly Invariant[],
  explorations: readonly Exploration[],
): string {
  const designs = (id: string, verdict: "violated" | "holds" | "exempt"): readonly string[] =>
    explorations
      .filter(({ findings }) => findings.some((each) => each.id === id && each.verdict === verdict))
      .map(({ design }) => design.id);
  return table(
    ["invariant", "broken by", "kept by", "not asked of"],
    invariants.map(({ id }) => [
      id,
      designs(id, "violated").join(", ") || "none",
      count(designs(id, "holds").length),
      count(designs(id, "exempt").length),
    ]),
  );
}

function count(designs: number): string {
  return designs === 0 ? "none" : String(designs);
}

/** How much was searched in all, and how many designs break something. */
export function designsTotal(explorations: readonly Exploration[]): string {
  const total = (of: (exploration: Exploration) => number): string =>
    String(explorations.reduce((sum, each) => sum + of(each), 0));
  return table(
    ["designs", "that break something", "states", "transitions"],
    [[
      String(explorations.length),
      total(({ findings }) => findings.some(({ verdict }) => verdict === "violated") ? 1 : 0),
      total(({ states }) => states),
      total(({ transitions }) => transitions),
    ]],
  );
}
