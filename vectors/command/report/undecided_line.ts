/**
 * What stands in the way of a verdict, in one line, and the command that says what to record.
 *
 * @module
 */
import { command } from "../called.ts";
import type { ReportedTrace } from "./check_json.ts";

/**
 * The line for a trace of which some invariant is undecided; undefined if none is. What a recording would
 * decide comes first: it is worth more to the reader than what none does.
 */
export function undecidedLine({ path, invariants }: ReportedTrace): string | undefined {
  const undecided = invariants.filter(({ verdict }) => verdict === "undecided");
  const decidable = undecided.filter((each) => each.recording_decides === true);
  const first = decidable[0] ?? undecided[0];
  if (first === undefined) return undefined;
  const says = `${path}: ${first.id} is undecided: ${first.why ?? "no reason is given"}`;
  return [says, ...planOf(decidable.map(({ id }) => id))].join("; ");
}

/** The command that prints what to record; none where no recording decides. */
export function planOf(ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? [] : [`\`${command(`plan ${ids.join(" ")}`)}\` prints what to record`];
}
