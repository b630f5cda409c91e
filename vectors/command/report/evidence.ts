/**
 * What stands behind an invariant or a design beside its chapter: vectors and recordings.
 *
 * @module
 */
import type { ExplainedField } from "../../../spec/explanation.ts";
import { inLines } from "../../../spec/explanation.ts";
import type { AnyVector } from "../../format/any_vector.ts";
import type { RecordedCard } from "../../kernel/recorded_card.ts";

/** Handles of vectors and names of recordings, by what they show. */
export interface Evidence {
  /** Vectors that break the invariant, or that the design yields. */
  readonly vectors: readonly string[];
  /** Recordings, by the verdict on the invariant; none for a design. */
  readonly recordings: readonly { readonly name: string; readonly verdict: string }[];
}

/** The evidence for an invariant. */
export function evidenceFor(
  id: string,
  vectors: readonly AnyVector[],
  cards: readonly RecordedCard[],
): Evidence {
  return {
    vectors: vectors.filter((vector) => rejects(vector, id)).map(({ handle }) => handle),
    recordings: cards.flatMap(({ name, expect }) => {
      const verdict = expect.get(id);
      return verdict === undefined ? [] : [{ name, verdict }];
    }),
  };
}

/** The evidence for a design: the vectors that were derived from it. */
export function evidenceOfDesign(id: string, vectors: readonly AnyVector[]): Evidence {
  const derived = vectors.filter(({ provenance }) =>
    provenance.kind === "derived" && provenance.designs.includes(id)
  );
  return { vectors: derived.map(({ handle }) => handle), recordings: [] };
}

/** The vectors that name the commit as where they come from. */
export function evidenceOfCommit(id: string, vectors: readonly AnyVector[]): Evidence {
  const named = vectors.filter(({ provenance }) =>
    provenance.kind === "authored" &&
    provenance.references.some(({ kind, id: named }) => kind === "commit" && named === id)
  );
  return { vectors: named.map(({ handle }) => handle), recordings: [] };
}

function rejects(vector: AnyVector, id: string): boolean {
  if (vector.kind === "operation") {
    return vector.forbidden.some(({ invariants }) => invariants.includes(id));
  }
  return vector.verdict.kind === "rejected" && vector.verdict.invariant === id;
}

/** Names of vectors for people: this many, and how many more there are. */
const few = 4;

/** The evidence as fields of an explanation. */
export function evidenceFields({ vectors, recordings }: Evidence): readonly ExplainedField[] {
  const more = vectors.length - few;
  const shown = more > 1 ? [...vectors.slice(0, few), `${more} more`] : vectors;
  const byVerdict = Map.groupBy(recordings, ({ verdict }) => verdict);
  return [
    ["vectors", shown],
    [
      "recordings",
      [...byVerdict].flatMap(([verdict, each]) =>
        inLines(each.map(({ name }) => name)).map((line, at) =>
          at === 0 ? `${verdict}: ${line}` : line
        )
      ),
    ],
  ];
}
