/**
 * The law: less evidence never gives a stronger verdict.
 *
 * @module
 */
import { createAutomaton } from "../../model/check.ts";
import type { BreachFound } from "../../model/check/verdict.ts";
import { checkTrace, type TraceResult } from "../../vectors/kernel/check_trace.ts";
import { pmdOf } from "../../model/page_size.ts";
import type { Recording } from "./recordings.ts";
import { isTaskRecord } from "./removal.ts";
import { eventName } from "../../vectors/kernel/record.ts";

const automaton = createAutomaton();

/** Judges a recording in memory. */
export async function judge(recording: Recording): Promise<TraceResult> {
  const counts = new Map<string, number>();
  for (const record of recording.records) {
    if (!isTaskRecord(record)) continue;
    const name = eventName(record);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return await checkTrace({
    kind: "trace",
    header: recording.header,
    batches: (async function* () {
      yield recording.records;
    })(),
    counts: () => counts,
    close: () => Promise.resolve(),
  }, { path: recording.name, kernel: recording.kernel, automaton });
}

/** How a verdict has become stronger. */
interface Broken {
  readonly kind: "added" | "flipped";
  readonly id: string;
  readonly line: number;
}

/** Where the law is broken between a recording and what is left of it. */
export function brokenLaw(
  whole: TraceResult,
  part: TraceResult,
  left: ReadonlySet<number>,
): readonly Broken[] {
  const broken: Broken[] = [];
  const verdicts = new Map(whole.invariants.map((each) => [each.id, each]));
  for (const after of part.invariants) {
    const before = verdicts.get(after.id);
    if (before === undefined) continue;
    // What another invariant's breach implied is known under that one's name.
    const cause = before.why?.kind === "implied" ? verdicts.get(before.why.by) : undefined;
    const known = new Set([...before.breaches, ...cause?.breaches ?? []].flatMap(placesOf));
    for (const breach of after.breaches) {
      if (placesOf(breach).some((place) => known.has(place))) continue;
      broken.push({ kind: "added", id: after.id, line: breach.violation.at.line });
    }
    if (before.verdict !== "violated" || after.verdict !== "holds") continue;
    const kept = before.breaches.find(({ violation: { because, at, proof } }) =>
      [...because, at, proof].every(({ line }) => left.has(line))
    );
    if (kept !== undefined) {
      broken.push({ kind: "flipped", id: after.id, line: kept.violation.at.line });
    }
  }
  return broken;
}

/**
 * What a breach is about: a part of a file, or the call that broke its promise, of which one recording
 * shows that the inode was lost and another that data was. Not its line alone: where the line is taken
 * away at which it became certain, the same wrong shows at another. A call is known by its task and by
 * what went wrong in it, too, since without `sys_exit_fsync` it ends at an earlier line.
 */
function placesOf({ file: { dev, ino }, pgoffs, violation }: BreachFound): readonly string[] {
  const file = `${dev} ${ino}`;
  const { at, because } = violation;
  const call = pgoffs.length > 0 ? [] : because;
  return [
    ...new Set(pgoffs.map((pgoff) => `${file} ${pmdOf(pgoff)}`)),
    `${file} at line ${at.line}`,
    ...call.map(({ line }) => `${file} ${at.pid} because of line ${line}`),
  ];
}
