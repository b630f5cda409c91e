/**
 * The table of the bundled recordings: what each is, what it was found to be, and whether that is
 * what its card says.
 *
 * @module
 */
import { invariants } from "../../../model/invariants/catalogue.ts";
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

const letters = { holds: "holds", violated: "VIOLATED", undecided: "?", unexercised: "" } as const;

/** One row a recording, one column an invariant that any of them exercises. */
export function recordedTable(results: readonly RecordedResult[]): string {
  const ids = invariants.map(({ id }) => id).filter((id) =>
    results.some(({ result }) =>
      result.invariants.some((each) => each.id === id && each.verdict !== "unexercised")
    )
  );
  const head = ["recording", "kernel", "file system", ...ids, "as its card says"];
  const rows = results.map((each) => {
    const verdicts = new Map(each.result.invariants.map(({ id, verdict }) => [id, verdict]));
    return [
      each.card.name,
      each.card.kernel,
      each.card.filesystem.replace(" -o dax", ""),
      ...ids.map((id) => letters[verdicts.get(id) ?? "unexercised"]),
      differences(each).length === 0 ? "yes" : "NO",
    ];
  });
  const widths = head.map((name, n) =>
    Math.max(name.length, ...rows.map((row) => (row[n] ?? "").length))
  );
  return [head, ...rows]
    .map((row) => row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join("  ").trimEnd())
    .join("\n");
}
