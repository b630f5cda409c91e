/**
 * Designs that are told together: those of one number, and in them those that differ only in the
 * world they are explored in.
 *
 * @module
 */
import type { Exploration } from "../../../model/explore.ts";

/** A design and its variants, as one row of a chapter shows them. */
export interface Group {
  /** What all of them do. */
  readonly title: string;
  readonly explorations: readonly [Exploration, ...Exploration[]];
}

/** The letters and the number of a design's id: `D16` of `D16-grow`, `D2` of `D2b-before`. */
export function familyOf(id: string): string {
  return /^[A-Z]+\d*/.exec(id)?.[0] ?? id;
}

/** The families in the order of their first designs. */
export function familiesOf(
  explorations: readonly Exploration[],
): ReadonlyMap<string, readonly Exploration[]> {
  return Map.groupBy(explorations, ({ design }) => familyOf(design.id));
}

/** A design without the world that it is explored in: `D18-D12-D8` of `D18-D12-D8-collapse-two`. */
export function changesOf(id: string): string {
  return /^[A-Z]+\d*[a-z]?(?:-[A-Z]\d+)*/.exec(id)?.[0] ?? id;
}

/**
 * Neighbours that make the same changes: their titles are alike up to the colon, or begin with "the
 * same" or "as".
 */
export function groupsOf(explorations: readonly Exploration[]): readonly Group[] {
  const groups: Group[] = [];
  for (const exploration of explorations) {
    const { id, title } = exploration.design;
    const last = groups.at(-1);
    const alike = last !== undefined &&
      changesOf(last.explorations[0].design.id) === changesOf(id) &&
      (/^(?:the same|as)\b/.test(title) || headOf(title) === headOf(last.title));
    if (!alike) {
      groups.push({ title, explorations: [exploration] });
      continue;
    }
    const shared = headOf(title) === headOf(last.title) ? headOf(title) : last.title;
    groups[groups.length - 1] = {
      title: shared,
      explorations: [...last.explorations, exploration],
    };
  }
  return groups;
}

function headOf(title: string): string {
  return title.split(": ")[0] ?? title;
}
