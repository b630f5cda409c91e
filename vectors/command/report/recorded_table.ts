/**
 * The table of the bundled recordings: what each is, what it was found to be, and whether that is
 * what its card says.
 *
 * @module
 */
import type { Verdict } from "../../../model/check/verdict.ts";
import type { TraceResult } from "../../kernel/check_trace.ts";
import type { RecordedCard } from "../../kernel/recorded_card.ts";

/** A recording, judged. */
export interface RecordedResult {
  readonly card: RecordedCard;
  readonly result: TraceResult;
}

/** Invariants on which the result differs from the card, each as a sentence. */
export function differences({ card, result }: RecordedResult): readonly string[] {
  const found: string[] = [];
  if (card.verdict !== result.verdict) {
    found.push(`${card.name}: expected ${card.verdict}, found ${result.verdict}`);
  }
  for (const { id, verdict } of result.invariants) {
    const expected = card.expect.get(id) ?? "unexercised";
    if (expected === verdict) continue;
    found.push(`${card.name}: ${id}: expected ${expected}, found ${verdict}`);
  }
  return found;
}

/** A cell: the ids, or how many they are where all would be too long to read beside the other rows. */
function named(ids: readonly string[]): string {
  const text = ids.join(" ");
  return text.length <= 24 ? text : `${ids[0]} and ${ids.length - 1} more`;
}

/** One row a recording: what is violated, what undecided, and how many invariants hold. */
export function recordedTable(results: readonly RecordedResult[]): string {
  const head = ["recording", "kernel", "file system", "violated", "undecided", "hold", "card"];
  const rows = results.map((each) => {
    const of = (wanted: Verdict) =>
      each.result.invariants.filter(({ verdict }) => verdict === wanted).map(({ id }) => id);
    return [
      each.card.name,
      each.card.kernel,
      each.card.filesystem.replace(" -o dax", ""),
      named(of("violated")),
      named(of("undecided")),
      `${of("holds").length}`,
      differences(each).length === 0 ? "as expected" : "DIFFERS",
    ];
  });
  const widths = head.map((name, n) =>
    Math.max(name.length, ...rows.map((row) => (row[n] ?? "").length))
  );
  return [head, ...rows]
    .map((row) => row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join("  ").trimEnd())
    .join("\n");
}
