/**
 * The invariants as their chapters state them, imported and not read: for whoever has no permission to
 * read, or no folder to read from.
 *
 * @module
 */
import chapter1 from "./1-dax-faults.md" with { type: "text" };
import chapter2 from "./2-durability.md" with { type: "text" };
import chapter3 from "./3-direct-io.md" with { type: "text" };
import chapter4 from "./4-mkclean.md" with { type: "text" };
import chapter5 from "./5-pins.md" with { type: "text" };
import chapter6 from "./6-truncate.md" with { type: "text" };
import { readChapter, type StatedInvariant } from "./chapter.ts";

const chapters: readonly (readonly [file: string, text: string])[] = [
  ["spec/1-dax-faults.md", chapter1],
  ["spec/2-durability.md", chapter2],
  ["spec/3-direct-io.md", chapter3],
  ["spec/4-mkclean.md", chapter4],
  ["spec/5-pins.md", chapter5],
  ["spec/6-truncate.md", chapter6],
];

let statements: ReadonlyMap<string, StatedInvariant> | undefined;

/** Every invariant by its id, in the order of the chapters. */
export function statementsById(): ReadonlyMap<string, StatedInvariant> {
  return statements ??= new Map(
    chapters.flatMap(([file, text]) => readChapter(file, text).invariants)
      .map((invariant) => [invariant.id, invariant]),
  );
}
