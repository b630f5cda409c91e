/**
 * A failure for people: enough to understand it without looking anything up.
 *
 * @module
 */
import { statementsById } from "../../spec/statements.ts";
import type { AnyVector } from "../format/any_vector.ts";
import type { JudgedObservation, VectorResult } from "./result.ts";
import { happeningLines, rightLines } from "./vector_text.ts";

/** What is printed of a vector that did not come out as it must. */
export function failureText(vector: AnyVector, result: VectorResult, again: string): string {
  const { handle, verdict, why, invariants, observed } = result;
  const broken = invariants.length === 0 ? "" : `, breaks ${invariants.join(" or ")}`;
  const reason = observed.length === 0 || verdict !== "failed" ? [why ?? ""] : [];
  const [forced] = observed.flatMap((each) => each.kind === "forbidden" ? [each.steps ?? []] : []);
  return [
    `${verdict} ${handle}${broken}`,
    ...paragraph("", [...reason, vector.says]),
    ...paragraph("", happeningLines(vector)),
    ...paragraph("observed:", observed.map(observedLine)),
    ...paragraph(vector.kind === "event" ? "expected:" : "allowed:", rightLines(vector)),
    ...paragraph("the forced schedule that ended in it:", forced ?? []),
    ...paragraph("", invariants.map(statementLine)),
    ...paragraph("", [`again: ${again}`]),
  ].join("\n");
}

function paragraph(head: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return ["", ...head === "" ? [] : [`  ${head}`], ...lines.map((line) => `  ${line}`)];
}

/** An observation with its count, and what it breaks. */
function observedLine(each: JudgedObservation): string {
  const line = `${String(each.count).padStart(6)}  ${each.text}`;
  return each.kind === "allowed" ? line : `${line}  forbidden: ${each.invariants.join(" or ")}`;
}

/** An invariant with its sentence and where its chapter states it. */
function statementLine(id: string): string {
  const stated = statementsById().get(id);
  return stated === undefined ? id : `${id}: ${stated.sentence} (${stated.file}:${stated.line})`;
}
