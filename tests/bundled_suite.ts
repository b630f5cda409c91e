/**
 * The suite as it is in the repository, for tests of what is in it. That it is what the model makes of
 * it is a test of its own.
 */
import type { AnyVector } from "../vectors/format/any_vector.ts";
import type { EventVector } from "../vectors/format/event_vector.ts";
import type { SuiteFile } from "../vectors/format/vector.ts";
import { systems } from "../vectors/format/vocabulary.ts";

const folder = new URL("../vectors/suite/", import.meta.url);

async function readJson<T>(name: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(name, folder)));
}

/** A row of the kill matrix, its cells read. */
interface BundledRow {
  readonly id: string;
  readonly kills: number;
  readonly killedBy: readonly string[];
  readonly equivalent?: string;
}

interface Kills {
  readonly vectors: readonly string[];
  readonly mutants: readonly (Omit<BundledRow, "killedBy"> & { readonly cells?: string })[];
}

/** The files of the systems, in their order. */
export const files: readonly SuiteFile<AnyVector>[] = await Promise.all(
  Object.keys(systems).map((system) => readJson<SuiteFile<AnyVector>>(`${system}.json`)),
);

/** All vectors. */
export const vectors: readonly AnyVector[] = files.flatMap(({ vectors }) => vectors);

/** The event vectors. */
export const events: readonly EventVector[] = vectors.filter((vector): vector is EventVector =>
  vector.kind === "event"
);

const kills = await readJson<Kills>("kills.json");

/** The rows of the kill matrix. */
export const rows: readonly BundledRow[] = kills.mutants.map((row) => ({
  ...row,
  killedBy: killersOf(row.cells ?? ""),
}));

function killersOf(cells: string): readonly string[] {
  const [zeros = "0", digits = ""] = cells.split("+");
  return [...digits].flatMap((digit, at) => {
    const bits = parseInt(digit, 16);
    const first = 4 * (Number(zeros) + at);
    return [0, 1, 2, 3].flatMap((bit) =>
      (bits & (8 >> bit)) === 0 ? [] : [kills.vectors[first + bit] ?? ""]
    );
  });
}
