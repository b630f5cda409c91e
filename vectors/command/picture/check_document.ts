/**
 * The document that the page of `check` draws: verdicts, and a picture of each breach.
 *
 * @module
 */
import deno from "../../../deno.json" with { type: "json" };
import type { Invariant } from "../../../model/invariant.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import type { BreachFound, InvariantResult } from "../../../model/check/verdict.ts";
import type { CheckOptions, Onlooker, TraceResult } from "../../kernel/check_trace.ts";
import { watchRecording } from "../../kernel/check_recording.ts";
import type { TraceUnreadable } from "../../kernel/record.ts";
import { recordText } from "../../kernel/record_text.ts";
import type { TraceSource } from "../../kernel/trace_source.ts";
import type { RecordingFacts } from "../../kernel/recording/header_lines.ts";
import { decidedByRecording } from "../../kernel/decided_by_recording.ts";
import { noteText, whyText } from "../../kernel/why_text.ts";
import type { CheckDocument, DrawnBreach, ResultLine, TraceSummary } from "../../page/document.ts";
import { command } from "../called.ts";
import { breachPlace, breachProof, breachSays } from "../report/breach_diagram.ts";
import { unreadableLine } from "../report/check_cases.ts";
import { traceFacts } from "../report/check_text.ts";
import { knownCause } from "../report/known_cause.ts";
import { breachPicture } from "./breach_picture.ts";
import { excerptOf, linesAround } from "./excerpt.ts";
import { invariantTexts } from "./invariant_text.ts";
import { createStories, type Story } from "./stories.ts";

const byId: ReadonlyMap<string, Invariant> = new Map(invariants.map((each) => [each.id, each]));

/** A trace that was checked, and what it takes to check it again. */
export interface CheckedTrace {
  readonly result: TraceResult;
  readonly source: TraceSource;
  readonly options: CheckOptions;
  /** What a person should learn of it, where its card says so. */
  readonly learn?: string;
}

/** How much is drawn. */
interface Drawing {
  /** Breaches of each invariant in each trace. */
  readonly most: number;
}

/** The document for these traces. Each with a breach is read twice more. */
export async function checkDocument(
  checked: readonly CheckedTrace[],
  unreadable: readonly TraceUnreadable[],
  { most }: Drawing,
): Promise<CheckDocument> {
  const breaches: DrawnBreach[] = [];
  let found = 0;
  for (const [place, each] of checked.entries()) {
    for (const { breaches, more } of each.result.invariants) found += breaches.length + more;
    breaches.push(...await drawTrace(each, place, most));
  }
  const traces = [
    ...checked.map(traceSummary),
    ...unreadable.map(unreadableSummary),
  ];
  const named = new Set(
    traces.flatMap(({ results }) =>
      results.flatMap(({ id, verdict }) =>
        verdict === "violated" || verdict === "undecided" ? [id] : []
      )
    ),
  );
  return {
    made: `pagespec ${deno.version}`,
    traces,
    breaches,
    more: found - breaches.length,
    invariants: invariantTexts(named),
    plan: command("plan"),
  };
}

async function drawTrace(
  { result, source, options }: CheckedTrace,
  trace: number,
  most: number,
): Promise<readonly DrawnBreach[]> {
  const chosen = result.invariants.flatMap(({ id, breaches }) =>
    breaches.slice(0, most).map((breach) => ({ id, breach }))
  );
  if (chosen.length === 0) return [];
  const { stories, onlooker } = createStories(chosen.map(({ breach }) => breach));
  const wanted = stories.map(linesAround);
  const all = new Set(wanted.flat());
  const ownLines = await source.lines(all);
  const rendered = new Map<number, string>();
  const again = await source.open();
  if (again.kind !== "unreadable") {
    const record: Onlooker["record"] = (check, each) => {
      onlooker.record(check, each);
      if (ownLines.size === 0 && all.has(each.line)) rendered.set(each.line, recordText(each));
    };
    await watchRecording(again, options, { ...onlooker, record });
  }
  const texts = ownLines.size > 0 ? ownLines : rendered;
  return stories.flatMap((story, at) => {
    const invariant = byId.get(story.breach.violation.id);
    if (invariant === undefined) return [];
    const lines = excerptOf(wanted[at] ?? [], texts);
    return [drawBreach(result, trace, story, invariant, lines)];
  });
}

function drawBreach(
  result: TraceResult,
  trace: number,
  story: Story,
  invariant: Invariant,
  lines: DrawnBreach["lines"],
): DrawnBreach {
  const { breach } = story;
  const proof = breachProof(breach);
  const cause = knownCause(invariant.id, result);
  return {
    id: invariant.id,
    trace,
    line: breach.violation.at.line,
    file: fileName(breach),
    place: breachPlace(breach),
    says: breachSays(invariant),
    ...(proof === undefined ? {} : { proof }),
    ...(cause === undefined ? {} : { cause }),
    picture: breachPicture(story, invariant),
    lines,
  };
}

function fileName({ file: { dev, ino } }: BreachFound): string {
  return `dev ${dev} ino ${ino}`;
}

function traceSummary({ result, learn }: CheckedTrace): TraceSummary {
  return {
    name: result.path,
    facts: traceFacts(result),
    verdict: result.verdict,
    results: result.invariants.map((each) => resultLine(each, result.header.facts)),
    notes: [
      ...result.notes.map(noteText),
      ...result.skipped.map(({ line, expected }) =>
        `line ${line} cannot be read: expected ${expected}`
      ),
    ],
    ...(learn === undefined ? {} : { learn }),
  };
}

function unreadableSummary(unreadable: TraceUnreadable): TraceSummary {
  const facts = unreadableLine(unreadable);
  return { name: unreadable.file, facts, verdict: "unreadable", results: [], notes: [] };
}

function resultLine(
  { id, verdict, judged, breaches, more, why }: InvariantResult,
  facts: RecordingFacts | undefined,
): ResultLine {
  const found = breaches.length + more;
  const count = found > 0
    ? `${found} ${found === 1 ? "breach" : "breaches"}`
    : judged > 0
    ? `${judged} judged`
    : "";
  const says = whyText(why, facts) || (found > 0 ? byId.get(id)?.breach ?? "" : "");
  const recordingDecides = verdict === "undecided" && why !== undefined && decidedByRecording(why);
  return { id, verdict, count, says, recordingDecides };
}
