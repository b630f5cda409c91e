/**
 * The table of `pagespec explore`: a row a design, a column an invariant, system by system.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import type { Exploration, Finding } from "../../../model/explore.ts";
import type { Invariant } from "../../../model/invariant.ts";
import { match } from "../../../model/match.ts";

/** An exploration, and the seconds that it took. */
export interface Timed {
  readonly exploration: Exploration;
  readonly seconds: number;
}

/** What the cells mean. */
const legend =
  "a number: broken, the steps of its shortest race   =: could break, never does   ?: undecided\n" +
  "-: does not speak of this design   blank: nothing could break it   *: not the verdict claimed\n" +
  "@: a run may never end, though no actor is kept from running";

/** The tables of all systems, with the legend. */
export function exploreTable(results: readonly Timed[], invariants: readonly Invariant[]): string {
  const systems = [...new Set(results.map(({ exploration }) => exploration.design.system))];
  const tables = systems.map((system) =>
    systemTable(
      system,
      results.filter(({ exploration }) => exploration.design.system === system),
      invariants,
    )
  );
  return [...tables, legend].join("\n\n");
}

function systemTable(
  system: Design["system"],
  results: readonly Timed[],
  invariants: readonly Invariant[],
): string {
  const shown = invariants.filter(({ id }) =>
    results.some(({ exploration }) =>
      exploration.findings.some((each) => each.id === id && each.verdict !== "unexercised")
    )
  );
  const [families, numbers] = columnHeads(shown.map(({ id }) => id));
  const counts = ["states", "transitions", "depth", "seconds"];
  const rows = [
    ["", "", "", "", "", ...families],
    [`system ${system}`, ...counts, ...numbers],
    ...results.map((result) => row(result, shown)),
  ];
  return alignColumns(rows);
}

/** The family of an id over the first of its columns, and the rest of the id over each. */
function columnHeads(ids: readonly string[]): readonly [families: string[], numbers: string[]] {
  const split = ids.map((id) => /^(?:DAX-)?(.+)-([^-]+)$/.exec(id) ?? [id, id, ""]);
  const families = split.map(([, family = ""], at) => family === split[at - 1]?.[1] ? "" : family);
  return [families, split.map(([, , number = ""]) => number)];
}

function row({ exploration, seconds }: Timed, shown: readonly Invariant[]): string[] {
  const { design, findings, states, transitions, depth, endless } = exploration;
  return [
    `${design.id}${compare(exploration) === "different" ? "*" : ""}${
      endless === undefined ? "" : "@"
    }`,
    String(states),
    String(transitions),
    String(depth),
    seconds.toFixed(2),
    ...shown.map(({ id }) => cell(findings.find((each) => each.id === id))),
  ];
}

function cell(finding: Finding | undefined): string {
  if (finding === undefined) return "";
  return match(finding)
    .with({ verdict: "violated" }, ({ path }) => String(path.length))
    .with({ verdict: "holds" }, () => "=")
    .with({ verdict: "undecided" }, () => "?")
    .with({ verdict: "exempt" }, () => "-")
    .with({ verdict: "unexercised" }, () => "")
    .exhaustive();
}

/** Pads columns; a word that is too wide for its column hangs over blank cells to its right. */
function alignColumns(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows;
  const widths = head.map((_, at) => Math.max(...rest.map((cells) => cells[at]?.length ?? 0)));
  const starts = widths.map((_, at) =>
    widths.slice(0, at).reduce((sum, width) => sum + width + 2, 0)
  );
  const overhang = head.reduce(
    (line, text, at) => text === "" ? line : `${line.padEnd(starts[at] ?? 0)}${text} `,
    "",
  );
  const lines = rest.map((cells) =>
    cells.map((text, at) =>
      at === 0 || at > 4 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)
    ).join("  ")
  );
  return [overhang, ...lines].map((line) => line.trimEnd()).join("\n");
}

/** How a verdict stands to the claim of its design. */
type Comparison = "as claimed" | "different" | "undecided";

/** Whether the design breaks what it claims to break, and nothing else. */
export function compare(exploration: Exploration): Comparison {
  const { more, fewer } = differences(exploration);
  if (more.length > 0 || (exploration.complete && fewer.length > 0)) return "different";
  return exploration.complete ? "as claimed" : "undecided";
}

/** One line that says how the verdict differs from the claim; empty if it does not. */
export function difference(exploration: Exploration): string {
  const { design, complete, states } = exploration;
  const { more, fewer } = differences(exploration);
  const parts = [
    ...(more.length === 0 ? [] : [`breaks ${more.join(", ")}, which it does not claim`]),
    ...(fewer.length === 0 || !complete
      ? []
      : [`does not break ${fewer.join(", ")}, as it claims`]),
    ...(complete ? [] : [`undecided: bound reached after ${states} states`]),
  ];
  return parts.length === 0 ? "" : `${design.id}: ${parts.join("; ")}`;
}

function differences({ design, findings }: Exploration): {
  readonly more: readonly string[];
  readonly fewer: readonly string[];
} {
  const broken = findings.filter(({ verdict }) => verdict === "violated").map(({ id }) => id);
  return {
    more: broken.filter((id) => !design.breaks.includes(id)),
    fewer: design.breaks.filter((id) => !broken.includes(id)),
  };
}
