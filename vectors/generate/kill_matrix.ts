/**
 * Which mutants which vectors tell from the model.
 *
 * @module
 */
import type { Json } from "../format/canonical_json.ts";

/** What is wrong: a judge of events, a design as a simulator, or an implementation of operations. */
type MutantOf = "judge" | "design" | "operations";

/** A mutant's row of the matrix. */
export interface MutantRow {
  readonly id: string;
  readonly of: MutantOf;
  readonly changes: string;
  /** Ids of the vectors that kill it. */
  readonly killedBy: readonly string[];
  /** Why no vector can, where none does. */
  readonly equivalent: string | undefined;
}

/** The matrix: columns by id of the vector, rows by mutant. */
export interface KillMatrix {
  readonly vectors: readonly { readonly id: string; readonly handle: string }[];
  readonly mutants: readonly MutantRow[];
}

/** Mutants that live, and nothing says why they may. */
function survivorsOf({ mutants }: KillMatrix): readonly MutantRow[] {
  return mutants.filter(({ killedBy, equivalent }) =>
    killedBy.length === 0 && equivalent === undefined
  );
}

/**
 * The matrix as it is written. A row's cells are hex digits for four vectors each, the first vector in
 * the highest bit; zeros at both ends are left out, and how many stood at the beginning is told before
 * a plus sign: `12+8c` are vectors 48, 52 and 53.
 */
export function matrixJson(matrix: KillMatrix): Json {
  const { vectors, mutants } = matrix;
  const column = new Map(vectors.map(({ id }, index) => [id, index]));
  const handles = new Map(vectors.map(({ id, handle }) => [id, handle]));
  return {
    counts: {
      mutants: mutants.length,
      killed: mutants.filter(({ killedBy }) => killedBy.length > 0).length,
      equivalent: mutants.filter(({ equivalent }) => equivalent !== undefined).length,
      survivors: survivorsOf(matrix).length,
    },
    vectors: vectors.map(({ id }) => id),
    mutants: mutants.map(({ id, of, changes, killedBy, equivalent }) => ({
      id,
      of,
      changes,
      ...(equivalent === undefined ? {} : { equivalent }),
      kills: killedBy.length,
      ...(killedBy.length === 0 ? {} : {
        first: handles.get(killedBy[0] ?? "") ?? "",
        cells: cellsOf(killedBy.map((killer) => column.get(killer) ?? 0), vectors.length),
      }),
    })),
  };
}

function cellsOf(columns: readonly number[], width: number): string {
  const digits = new Uint8Array(Math.ceil(width / 4));
  for (const each of columns) digits[each >> 2] = (digits[each >> 2] ?? 0) | (8 >> (each & 3));
  const text = Array.from(digits, (digit) => digit.toString(16)).join("");
  const zeros = text.search(/[^0]/);
  return `${zeros}+${text.slice(zeros).replace(/0+$/, "")}`;
}
