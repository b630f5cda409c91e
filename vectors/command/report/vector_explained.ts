/**
 * One vector for people, as `explain` prints it.
 *
 * @module
 */
import type { AnyVector } from "../../format/any_vector.ts";
import { happeningLines, rightLines, wrongLines } from "../../conform/vector_text.ts";

/** The sentence of a vector, where it comes from, what happens in it, and what is right. */
export function vectorExplained(vector: AnyVector): string {
  const { handle, id, system, says, invariants, capabilities, provenance } = vector;
  const from = provenance.kind === "derived"
    ? [provenance.why, ...provenance.designs].join(" ")
    : provenance.references.map(({ kind, id }) => `${kind} ${id}`).join(", ");
  const wrong = vector.kind === "operation" ? wrongLines(vector) : [];
  return [
    `${handle}  ${says}`,
    "",
    `  kind        ${vector.kind}, system ${system}`,
    `  id          ${id}`,
    `  invariants  ${invariants.join(", ")}`,
    ...(capabilities.length === 0 ? [] : [`  needs       ${capabilities.join(", ")}`]),
    `  ${provenance.kind.padEnd(10)}  ${from}`,
    "",
    ...indented(happeningLines(vector)),
    "",
    vector.kind === "event" ? "  expected:" : "  allowed:",
    ...indented(rightLines(vector)),
    ...(wrong.length === 0 ? [] : ["", "  known to be wrong:", ...indented(wrong)]),
  ].join("\n");
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
