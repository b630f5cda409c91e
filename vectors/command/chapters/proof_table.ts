/**
 * What a search of chosen designs came to; their pages tell the rest.
 *
 * @module
 */
import { brokenBy, type Exploration } from "../../../model/explore.ts";
import { changesOf } from "./family.ts";
import { table } from "./markdown.ts";

/** A row for the designs that make the same changes, in the order in which they are first named. */
export function proofTable(explorations: readonly Exploration[]): string {
  const groups = Map.groupBy(explorations, ({ design }) => changesOf(design.id));
  return table(
    ["design", "variants", "states", "transitions", "every run ends", "broken"],
    [...groups].map(([changes, group]) => [
      changes,
      String(group.length),
      sum(group.map(({ states }) => states)),
      sum(group.map(({ transitions }) => transitions)),
      allBut(group.filter(({ endless }) => endless !== undefined)),
      which(group.filter((each) => !each.complete || brokenBy(each).length > 0), group),
    ]),
  );
}

function sum(numbers: readonly number[]): string {
  return String(numbers.reduce((total, each) => total + each, 0));
}

function allBut(endless: readonly Exploration[]): string {
  return endless.length === 0 ? "yes" : `not ${names(endless)}`;
}

function which(broken: readonly Exploration[], group: readonly Exploration[]): string {
  if (broken.length === 0) return "none";
  return broken.length === group.length ? "all" : names(broken);
}

function names(explorations: readonly Exploration[]): string {
  return explorations.map(({ design, complete }) => complete ? design.id : `${design.id}?`)
    .join(", ");
}
