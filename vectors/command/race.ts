/**
 * `pagespec race [--design ID] FILE`: judges a race diagram that somebody wrote.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { Design } from "../../model/design.ts";
import { designs } from "../../model/designs/catalogue.ts";
import { mistakesIn } from "../../model/examine.ts";
import { sayMistake } from "../../model/examine/mistake.ts";
import { judgeRace, parseRace, type Race } from "../../model/race.ts";
import { castRace } from "../../model/race/cast.ts";
import { reportRace } from "../../model/race/report.ts";
import { raceJson } from "../../model/race/report_json.ts";
import { nearest } from "../../spec/nearest.ts";
import { command } from "./called.ts";
import { isModule, loadDesigns } from "./own_designs.ts";
import { complain, printJson, printText } from "./output.ts";
import { printDesignPage } from "./picture/design_page.ts";
import { raceDocument } from "./picture/explore_document.ts";
import { visible } from "./report/visible.ts";

/** A diagram is a page of text; what is longer is something else. */
const longest = 1_000_000;

/** Lines of a mail, and steps of its diagram: more are read by nobody, and would take their square. */
const mostLines = 10_000;
const mostSteps = 400;

const expected = "expected a race diagram in text, or - for standard input";

/** Runs the verb. Exit status: 0 no breach, 1 a breach, 2 not judged. */
export async function run(args: readonly string[]): Promise<number> {
  const { values: { design: wanted, format }, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      design: { type: "string" },
      format: { type: "string", default: "text" },
    },
  });
  if (format !== "text" && format !== "json" && format !== "html") {
    return refuse(`pagespec race: expected --format text, json or html, not "${format}"`);
  }
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    return refuse(
      `pagespec race: expected one file, or - for standard input, not ${positionals.length}`,
    );
  }
  const own = wanted !== undefined && isModule(wanted) ? await loadDesigns(wanted) : undefined;
  if (typeof own === "string") return refuse(own);
  for (const each of own ?? []) {
    const [mistake] = mistakesIn(each);
    if (mistake !== undefined) return refuse(`${wanted}: ${each.id}: ${sayMistake(mistake)}`);
  }
  const known = own ?? designs;
  const [first, second] = own ?? [];
  const asked = own !== undefined
    ? second === undefined ? first : undefined
    : wanted === undefined
    ? undefined
    : designNamed(wanted, designs);
  if (own === undefined && wanted !== undefined && asked === undefined) {
    return refuse(unknownDesign("--design", wanted, designs));
  }
  const name = file === "-" ? "standard input" : file;
  const text = await read(file);
  if ("refused" in text) return refuse(`${name}: ${text.refused}`);
  const lines = text.text.split("\n").length;
  if (lines > mostLines) {
    return refuse(`${name}: expected a diagram of ${mostLines} lines at most, not ${lines}`);
  }
  const parsed = parseRace(text.text);
  if (parsed.kind === "malformed") {
    const { at: { line, column }, expected } = parsed;
    return refuse(`${name}:${line}:${column}: expected ${expected}`);
  }
  const { steps } = parsed.race;
  if (steps.length > mostSteps) {
    return refuse(`${name}: expected a diagram of ${mostSteps} steps at most, not ${steps.length}`);
  }
  const id = parsed.race.design;
  const design = asked ?? (id === undefined ? undefined : designNamed(id, known));
  if (design === undefined) {
    return refuse(
      id === undefined
        ? `${name}:1:1: ${designNeeded(parsed.race, known)}`
        : unknownDesign(`${name}:1:1`, id, known),
    );
  }
  const verdict = judgeRace(parsed.race, design);
  const report = reportRace(visible(name), design, verdict);
  for (const line of report.errors) complain(line);
  if (verdict.kind === "unknown_actor" || verdict.kind === "unknown_step") {
    const others = fittingIds(parsed.race, known, design.id);
    if (others !== "") complain(`${visible(name)}: its steps are those of ${others}`);
  }
  const document = format === "html" ? raceDocument(design, verdict) : undefined;
  if (document !== undefined) {
    const refused = await printDesignPage(document, own === undefined ? undefined : wanted);
    if (refused !== undefined) return refuse(`pagespec race: ${refused}`);
  } else if (format === "html") { for (const line of report.out) complain(line); }
  else if (format === "json") printJson(raceJson(name, design, verdict));
  else printText(report.out.join("\n"));
  return report.status;
}

function designNamed(id: string, known: readonly Design[]): Design | undefined {
  return known.find((each) => each.id.toLowerCase() === id.toLowerCase());
}

/** A diagram seldom says which design it is of; its steps do. */
function designNeeded(race: Race, known: readonly Design[]): string {
  const fitting = fittingIds(race, known);
  const hint = fitting === ""
    ? `\`${command("explore")}\` lists them`
    : `its steps are those of ${fitting}`;
  return `expected --design ID, or a line "design: ID"; ${hint}`;
}

/**
 * The designs of which the diagram shows a run, variants of `near` first; empty if there is none.
 */
function fittingIds(race: Race, known: readonly Design[], near?: string): string {
  const isVariant = ({ id }: Design): boolean =>
    near !== undefined && id.startsWith(`${near.split("-")[0]}-`);
  const cast = known.filter((design) => castRace(race, design).kind === "cast");
  const runs = cast.filter((design) => judgeRace(race, design).kind !== "not_possible");
  const fitting = runs.length > 0 ? runs : cast;
  const ordered = [...fitting.filter(isVariant), ...fitting.filter((each) => !isVariant(each))];
  const [first, second, third, ...more] = ordered.map(({ id }) => id);
  const named = [first, second, third].filter((id) => id !== undefined).join(", ");
  return more.length === 0 ? named : `${named} and ${more.length} more`;
}

function unknownDesign(where: string, id: string, known: readonly Design[]): string {
  const near = nearest(id, known.map((design) => design.id));
  const hint = near.length === 0
    ? `\`${command("explore")}\` lists them`
    : `did you mean ${near.join(" or ")}?`;
  return `${where}: expected the id of a design, not "${id}"; ${hint}`;
}

/** The text of a file or of standard input, or why there is none. */
async function read(
  file: string,
): Promise<{ readonly text: string } | { readonly refused: string }> {
  try {
    const readable = file === "-" ? Deno.stdin.readable : (await Deno.open(file)).readable;
    const chunks: string[] = [];
    let length = 0;
    for await (const chunk of readable.pipeThrough(new TextDecoderStream())) {
      length += chunk.length;
      if (length > longest) {
        return { refused: `${expected}, of ${longest} characters at most` };
      }
      if (chunk.includes("\0")) return { refused: "expected text, found a zero byte" };
      chunks.push(chunk);
    }
    return { text: chunks.join("") };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { refused: `no such file; ${expected}` };
    if (error instanceof Deno.errors.IsADirectory) return { refused: `a directory; ${expected}` };
    if (error instanceof Error) return { refused: `${error.message}; ${expected}` };
    throw error;
  }
}

function refuse(line: string): number {
  complain(line);
  return 2;
}
