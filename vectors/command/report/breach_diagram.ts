/**
 * A breach as kernel mail shows races: one column a task, only the steps that matter, each with its
 * line and time in the recording, and at the end what went wrong and what is lost.
 *
 * @module
 */
import { pageSize } from "../../../model/page_size.ts";
import { baseOf } from "../../../model/check/mapping_id.ts";
import type { Where } from "../../../model/check/observation.ts";
import type { BreachFound } from "../../../model/check/verdict.ts";
import type { Invariant } from "../../../model/invariant.ts";

/** Steps shown of a breach's story at the most; the middle is left out of a longer one. */
const longest = 16;
/** The steps of a breach that matter, in the order of the recording. */
export function stepsThatMatter({ violation }: BreachFound): readonly Where[] {
  const { because, at } = violation;
  const story = [...new Map(because.map((step) => [`${step.line} ${step.text}`, step])).values()]
    .filter(({ line }) => line > 0)
    .sort((one, other) => one.line - other.line);
  // The story begins with what made the page dirty: before that it was cleaned, or removed.
  const dirtied = story.findLastIndex(({ line, role }) => line <= at.line && role === "dirties");
  const settled = story.findLastIndex(({ role }, n) => n < dirtied && role === "settles");
  return story.slice(settled + 1).filter(({ role }) => role !== "alive");
}

/** The diagram of one breach, without a line break at its end. */
export function breachDiagram(breach: BreachFound, invariant: Invariant): string {
  const steps = stepsThatMatter(breach);
  const shown = steps.length <= longest
    ? steps
    : [...steps.slice(0, 4), undefined, ...steps.slice(5 - longest)];
  const tasks = [...new Set(steps.map(taskName))];
  const lineWidth = Math.max(4, ...steps.map(({ line }) => String(line).length));
  const times = steps.map(({ time }) => clockTime(time));
  const timeWidth = Math.max(4, ...times.map((time) => time.length));
  const widths = tasks.map((task) =>
    Math.max(
      task.length,
      ...steps.filter((step) => taskName(step) === task).map(({ text }) => text.length),
    )
  );
  const left = (line: string, time: string): string =>
    `${line.padStart(lineWidth)}  ${time.padStart(timeWidth)}  `;
  const rows = [left("line", "time") + tasks.map((task, n) => pad(task, widths[n])).join("  ")];
  for (const step of shown) {
    if (step === undefined) {
      rows.push(left("...", "..."));
      continue;
    }
    const column = tasks.indexOf(taskName(step));
    const cells = tasks.map((_, n) => pad(n === column ? step.text : "", widths[n]));
    const mark = step.line === breach.violation.at.line ? `  <-- ${invariant.id}` : "";
    rows.push(left(String(step.line), clockTime(step.time)) + cells.join("  ") + mark);
  }
  return rows.map((row) => row.trimEnd()).join("\n");
}

function pad(text: string, width = 0): string {
  return text.padEnd(width);
}

/** `procA-165`: a task by its name and thread id. */
export function taskName({ task, pid }: Where): string {
  return `${task}-${pid}`;
}

/** Seconds with six digits, as the kernel prints them; a bare count stays one. */
export function clockTime(time: number): string {
  return time >= 1e6 ? (Math.floor(time / 1000) / 1e6).toFixed(6) : String(time);
}

/** `dev 259:0 ino 12, page 1, mapped at 0x7f652fd2c000`. */
export function breachPlace({ file, pgoffs, mapping }: BreachFound): string {
  const [first = 0] = pgoffs;
  if (pgoffs.length === 0) return `dev ${file.dev} ino ${file.ino}`;
  const pages = pgoffs.length === 1 ? `page ${first}` : `pages ${pageList(pgoffs)}`;
  const address = mapping === undefined
    ? ""
    : `, mapped at 0x${(baseOf(mapping) + first * pageSize).toString(16)}`;
  return `dev ${file.dev} ino ${file.ino}, ${pages}${address}`;
}

function pageList(pages: readonly number[]): string {
  const shown = pages.slice(0, 8).join(", ");
  return pages.length > 8 ? `${shown} and ${pages.length - 8} more` : shown;
}

/** Why a mapping that was not visited was not simply gone; undefined where that is not the proof. */
export function breachProof({ violation: { proof } }: BreachFound): string | undefined {
  if (proof.role !== "alive") return undefined;
  return `Task ${proof.pid} is still running at line ${proof.line}, ` +
    "and nothing has unmapped it: its mapping was there and was missed.";
}

/** One sentence: what went wrong, and what is lost. */
export function breachSays({ id, breach, loss, implies }: Invariant): string {
  const says = `${breach.charAt(0).toUpperCase()}${breach.slice(1)}: ${loss}.`;
  return id.startsWith("DAX-") && implies?.includes("DUR-1") ? `${says} ${onAdrOnly}` : says;
}

/** What DAX has not flushed is in CPU caches: it is lost where these are (chapter 4, "The trouble"). */
const onAdrOnly = "It is lost where power failure empties the CPU caches (ADR), and not where " +
  "dax_flush() does nothing (eADR, write_cache off).";
