/**
 * The report of a checked trace as text: a line an invariant, then the breaches as diagrams.
 *
 * @module
 */
import type { BreachFound, InvariantResult } from "../../../model/check/verdict.ts";
import type { Invariant } from "../../../model/invariant.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import type { TraceResult } from "../../kernel/check_trace.ts";
import type { RecordingFacts } from "../../kernel/recording/header_lines.ts";
import { otherReasons } from "../../kernel/page_cache/why_text.ts";
import { noteText, whyText } from "../../kernel/why_text.ts";
import { command } from "../called.ts";
import { hanging } from "./hanging.ts";
import { knownCause } from "./known_cause.ts";
import { visible } from "./visible.ts";
import { breachDiagram, breachPlace, breachProof, breachSays } from "./breach_diagram.ts";

const byId: ReadonlyMap<string, Invariant> = new Map(invariants.map((each) => [each.id, each]));

/** How much to print. */
interface TextOptions {
  /** Diagrams an invariant; the rest is counted. */
  readonly diagrams: number;
}

/** The whole report of one trace, ending with a line break. */
export function textReport(result: TraceResult, { diagrams }: TextOptions): string {
  const parts = [headline(result), invariantLines(result)];
  for (const each of result.invariants) {
    const invariant = byId.get(each.id);
    if (invariant === undefined || each.breaches.length === 0) continue;
    for (const breach of each.breaches.slice(0, diagrams)) {
      parts.push(breachText(result, breach, invariant));
    }
    const more = Math.max(0, each.breaches.length - diagrams);
    if (more > 0) parts.push(`  ... and ${more} more ${each.id} (--all prints them)\n`);
    if (each.more > 0) {
      parts.push(`  ... and ${each.more} more ${each.id}, which are counted only\n`);
    }
  }
  return parts.join("\n");
}

function headline(result: TraceResult): string {
  return `${visible(result.path)}: ${result.verdict}\n  ${traceFacts(result)}`;
}

/** `ftrace, 272 events, kernel 5.10.262`. */
export function traceFacts({ header, events, lost, kernel }: TraceResult): string {
  return [
    header.format,
    `${events} events`,
    lost > 0 ? `${lost} lost` : undefined,
    kernel === undefined ? "kernel not told" : `kernel ${kernel}`,
  ].filter((fact) => fact !== undefined).join(", ");
}

function invariantLines({ header, invariants: results, notes, skipped }: TraceResult): string {
  const { facts } = header;
  const shared = sharedReasons(results, facts);
  const lines = results
    .filter(({ verdict, why }) => verdict !== "unexercised" && !shared.has(whyText(why, facts)))
    .map((each) => resultLine(each, facts));
  for (const [why, ids] of shared) {
    lines.push(hanging("  undecided: ", ids.join(", "), 13), hanging("    ", why, 4));
  }
  const idle = results.filter(({ verdict }) => verdict === "unexercised");
  const shown = idle.filter(({ why }) => why?.kind !== "not_shown").map(({ id }) => id);
  const hidden = idle.length - shown.length;
  const others = hidden === 0 ? [] : [`${hidden} that no trace can show`];
  if (idle.length > 0) lines.push(hanging("  unexercised: ", [...shown, ...others].join(", "), 15));
  for (const note of notes.map(noteText)) {
    if (!shared.has(note)) lines.push(hanging("  note: ", note, 8));
  }
  for (const { line, expected } of skipped) {
    lines.push(`  line ${line} cannot be read: expected ${expected}`);
  }
  return lines.join("\n") + "\n";
}

/** Reasons that leave several invariants undecided: said once for all of them. */
function sharedReasons(
  results: readonly InvariantResult[],
  facts: RecordingFacts | undefined,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, verdict, why } of results) {
    if (verdict !== "undecided" || why === undefined) continue;
    const text = whyText(why, facts);
    groups.set(text, [...groups.get(text) ?? [], id]);
  }
  return new Map([...groups].filter(([, ids]) => ids.length > 2));
}

function resultLine(
  { id, verdict, judged, breaches, more, why, open, unjudged }: InvariantResult,
  facts: RecordingFacts | undefined,
): string {
  const found = breaches.length + more;
  const count = found > 0
    ? `${found} ${found === 1 ? "breach" : "breaches"}`
    : judged > 0
    ? `${judged} judged`
    : "";
  const start = `  ${id.padEnd(12)} ${verdict.padEnd(10)} ${count.padEnd(12)} `;
  const says = whyText(why, facts) ||
    (breaches.length > 0
      ? byId.get(id)?.breach ?? ""
      : open > 0
      ? `${open} left open when the trace ended, with no store after`
      : "");
  const others = why?.kind === "unjudged_calls" ? otherReasons(unjudged) : "";
  const all = others === "" ? says : `${says}; other reasons: ${others}`;
  return hanging(start, all, start.length).trimEnd();
}

function breachText(result: TraceResult, breach: BreachFound, invariant: Invariant): string {
  const { at } = breach.violation;
  const proof = breachProof(breach);
  const cause = knownCause(invariant.id, result);
  const diagram = breachDiagram(breach, invariant).split("\n").map((line) => `    ${line}`);
  return [
    `  ${invariant.id}: ${visible(result.path)}:${at.line}: ${breachPlace(breach)}`,
    "",
    ...diagram,
    "",
    hanging("    ", breachSays(invariant), 4),
    ...(proof === undefined ? [] : [hanging("    ", proof, 4)]),
    ...(cause === undefined ? [] : [hanging("    ", `This is ${cause}.`, 4)]),
    `    More: ${command(`explain ${invariant.id}`)}`,
    "",
  ].join("\n");
}
