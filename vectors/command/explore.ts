/**
 * `pagespec explore [DESIGN...]`: the verdict of every interleaving on each design.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { match } from "../../model/match.ts";
import type { Design } from "../../model/design.ts";
import { designs } from "../../model/designs/catalogue.ts";
import { examine, type Examined } from "../../model/examine.ts";
import { sayMistake } from "../../model/examine/mistake.ts";
import { type Exploration, explore, type Progress } from "../../model/explore.ts";
import { invariants } from "../../model/invariants/catalogue.ts";
import { columnsOf, runOf } from "../../model/race.ts";
import { itfTrace } from "../../model/race/itf.ts";
import { mermaidRace } from "../../model/race/mermaid.ts";
import { nearest } from "../../spec/nearest.ts";
import { command } from "./called.ts";
import { isModule, loadDesigns } from "./own_designs.ts";
import { complain, print, printJson, printText, seesProgress, showProgress } from "./output.ts";
import { exploreDocument } from "./picture/explore_document.ts";
import { printDesignPage } from "./picture/design_page.ts";
import { neverExercised, neverTaken } from "./report/explore_gaps.ts";
import { exploreJson } from "./report/explore_json.ts";
import { exploreRaces } from "./report/explore_races.ts";
import { compare, difference, exploreTable, type Timed } from "./report/explore_table.ts";

const formats = ["text", "json", "mermaid", "itf", "html"] as const;

/**
 * Runs the verb. Exit status with designs named: 0 if they break nothing, 1 if one does. With none
 * named: 0 if each breaks what it claims to break, 1 if one does not. Either way 2 if there is no
 * such design, if one of somebody's own is malformed, or if a bound was reached before anything was found that is status 1.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: "string", default: "text" },
      states: { type: "string" },
    },
  });
  const format = formats.find((each) => each === values.format);
  if (format === undefined) {
    return refuse(`expected --format ${formats.join(", ")}, not "${values.format}"`);
  }
  if (values.states !== undefined && !/^[1-9]\d*$/.test(values.states)) {
    return refuse(`expected --states as a number of states, not "${values.states}"`);
  }
  const chosen = new Map<Design, string | undefined>();
  for (const argument of positionals) {
    const found = isModule(argument) ? await loadDesigns(argument) : designsNamed(argument);
    if (typeof found === "string") return refuse(found);
    for (const design of found) chosen.set(design, isModule(argument) ? argument : undefined);
  }
  const limit = values.states === undefined ? {} : { limit: Number(values.states) };
  const explored = chosen.size === 0 ? designs : [...chosen.keys()];
  const results: Timed[] = [];
  const mistakes: string[] = [];
  for (const [at, design] of explored.entries()) {
    const place = explored.length === 1 ? "" : `${at + 1} of ${explored.length}, `;
    const file = chosen.get(design);
    const found = timed(design, limit, place, file === undefined ? [] : explored);
    if ("exploration" in found) results.push(found);
    else for (const each of found.mistakes) mistakes.push(`${file}: ${design.id}: ${each}`);
  }
  if (mistakes.length > 0) {
    for (const line of mistakes) complain(line);
    return 2;
  }
  if (format === "html") {
    const refused = await printPage(results, [...new Set(chosen.values())]);
    if (refused !== undefined) return refuse(refused);
  } else printResults(format, results, chosen.size > 0);
  const lines = results.map(({ exploration }) => difference(exploration));
  for (const line of lines) if (line !== "") complain(`pagespec explore: ${line}`);
  const explorations = results.map(({ exploration }) => exploration);
  return statusOf(explorations, chosen.size > 0 ? breaksSomething : isNotAsClaimed);
}

/**
 * Prints the page; returns why it cannot be made, if it cannot. `files` are the modules that the
 * designs are of, undefined standing for the catalogue.
 */
async function printPage(
  results: readonly Timed[],
  files: readonly (string | undefined)[],
): Promise<string | undefined> {
  const [file, ...others] = files;
  if (others.length > 0) return "expected designs of one FILE.ts, or of the catalogue, for a page";
  const document = exploreDocument(results.map(({ exploration }) => exploration));
  return await printDesignPage(document, file);
}

function printResults(
  format: Exclude<typeof formats[number], "html">,
  results: readonly Timed[],
  named: boolean,
): void {
  match(format)
    .with("text", () => printText(textReport(results, named)))
    .with("json", () => printJson(exploreJson(results)))
    .with("mermaid", () => {
      const drawn = races(results).map(({ design, path, outcome }) => {
        const run = runOf(path);
        return mermaidRace(run, columnsOf(design, run), outcome);
      });
      if (drawn.length > 0) printText(drawn.join("\n\n"));
    })
    .with(
      "itf",
      () =>
        print(
          races(results).map(({ design, path, outcome }) =>
            JSON.stringify(itfTrace(design, path, outcome))
          ),
        ),
    )
    .exhaustive();
}

function textReport(results: readonly Timed[], named: boolean): string {
  const table = exploreTable(results, invariants);
  if (!named) return `${table}\n${gaps(results)}\n${claimText(results)}`;
  return [table, ...results.map(({ exploration }) => exploreRaces(exploration))].join("\n\n");
}

/** What the exit status of the whole table rests on. */
function claimText(results: readonly Timed[]): string {
  const wrong = results.filter(({ exploration }) => isNotAsClaimed(exploration)).length;
  return wrong === 0
    ? "each design breaks what its chapter says and nothing else, so the exit status is 0"
    : `${wrong} designs break something else than their chapters say, so the exit status is 1`;
}

/** The shortest race of every breach, and what came of it. */
function races(results: readonly Timed[]) {
  return results.flatMap(({ exploration: { design, findings } }) =>
    findings.flatMap((finding) => {
      if (finding.verdict !== "violated") return [];
      const invariant = invariants.find(({ id }) => id === finding.id);
      const outcome = `breaks ${finding.id}: ${invariant?.breach ?? ""}`;
      return [{ design, path: finding.path, outcome }];
    })
  );
}

function statusOf(
  explorations: readonly Exploration[],
  isWrong: (exploration: Exploration) => boolean,
): number {
  if (explorations.some(isWrong)) return 1;
  return explorations.every(({ complete }) => complete) ? 0 : 2;
}

function breaksSomething({ findings, stuck }: Exploration): boolean {
  return stuck !== undefined || findings.some(({ verdict }) => verdict === "violated");
}

function isNotAsClaimed(exploration: Exploration): boolean {
  return compare(exploration) === "different";
}

/**
 * `place` tells on a terminal which of several designs this is. A design of somebody's own is
 * examined, beside the others of its file: what one of them does not take, another may.
 */
function timed(
  design: Design,
  limit: { readonly limit?: number },
  place: string,
  beside: readonly Design[],
): Timed | { readonly mistakes: readonly string[] } {
  const start = performance.now();
  const found = withProgress(`${place}${design.id}`, (onProgress): Examined => {
    const options = { ...limit, ...(onProgress && { onProgress }) };
    if (beside.length === 0) return { kind: "explored", exploration: explore(design, options) };
    return examine(design, { ...options, beside });
  });
  if (found.kind === "malformed") return { mistakes: found.mistakes.map(sayMistake) };
  const seconds = Math.round(performance.now() - start) / 1000;
  return { exploration: found.exploration, seconds };
}

/** Shows on a terminal how far a long search has come, and wipes it when done. */
function withProgress<T>(
  head: string,
  work: (onProgress: ((progress: Progress) => void) | undefined) => T,
): T {
  if (!seesProgress()) return work(undefined);
  showProgress(head);
  const result = work(({ states, depth }) =>
    showProgress(`${head}: ${states} states, depth ${depth}`)
  );
  showProgress("");
  return result;
}

function gaps(results: readonly Timed[]): string {
  const explorations = results.map(({ exploration }) => exploration);
  const idle = neverExercised(explorations, invariants);
  const untaken = neverTaken(explorations);
  return [
    "",
    idle.length === 0
      ? "every invariant is exercised by some design"
      : `exercised by no design: ${idle.join(", ")}`,
    untaken.length === 0
      ? "every way of every step is taken by some design"
      : `taken by no design:\n${untaken.map((way) => `  ${way}`).join("\n")}`,
  ].join("\n");
}

function designsNamed(id: string): readonly Design[] | string {
  const design = designs.find((each) => each.id.toLowerCase() === id.toLowerCase());
  return design === undefined ? unknownDesign(id) : [design];
}

function unknownDesign(id: string): string {
  const near = nearest(id, designs.map((design) => design.id));
  const hint = near.length === 0
    ? `\`${command("explore")}\` lists them`
    : `did you mean ${near.join(", ")}?`;
  return `expected the id of a design, not "${id}"; ${hint}`;
}

function refuse(why: string): number {
  complain(`pagespec explore: ${why}`);
  return 2;
}
