/**
 * What was found in all traces, on one screen.
 *
 * @module
 */
import type { CheckDocument, ResultLine, TraceSummary } from "./document.ts";
import { type Drawn, h } from "./preact.ts";

interface SummaryOf {
  readonly report: CheckDocument;
  /** Asks for the breaches of an invariant. */
  readonly show: (id: string) => void;
}

/** One row of the table: an invariant that is broken somewhere. */
interface Broken {
  readonly id: string;
  readonly says: string;
  readonly breaches: number;
  readonly traces: number;
}

/** Draws the summary. */
export function Summary({ report, show }: SummaryOf): Drawn {
  const { traces, invariants } = report;
  const broken = brokenIn(traces);
  return h(
    "section",
    { class: "summary", "aria-label": "summary" },
    h("h1", null, headline(traces)),
    h(OneTrace, { traces }),
    broken.length > 0 &&
      h(
        "table",
        { class: "broken" },
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            ["invariant", "what went wrong", "breaches", ...(traces.length > 1 ? ["traces"] : [])]
              .map((name) => h("th", { scope: "col", key: name }, name)),
          ),
        ),
        h(
          "tbody",
          null,
          broken.map(({ id, says, breaches, traces: count }) =>
            h(
              "tr",
              { key: id },
              h(
                "th",
                { scope: "row" },
                h("button", { type: "button", class: "link", onClick: () => show(id) }, id),
              ),
              h("td", null, says),
              h("td", { class: "number", "data-of": "breaches" }, breaches),
              traces.length > 1 && h("td", { class: "number", "data-of": "traces" }, count),
            )
          ),
        ),
      ),
    h(Undecided, { report }),
    traces.filter(({ verdict }) => verdict === "unreadable")
      .map(({ name, facts }) => h("p", { key: name }, h("b", null, "Not read: "), facts, ".")),
    h(Others, { traces, broken: broken.map(({ id }) => id) }),
    h(TraceList, { traces }),
    report.more > 0 && h("p", null, `${report.more} more breaches are counted, and not drawn.`),
    invariants.length === 0 && broken.length === 0 && h("p", null, "Nothing is broken."),
  );
}

function headline(traces: readonly TraceSummary[]): string {
  const [only, ...others] = traces;
  if (only !== undefined && others.length === 0) return `${only.name}: ${only.verdict}`;
  const counts = Map.groupBy(traces, ({ verdict }) => verdict);
  const said = (["violated", "undecided", "holds", "unreadable"] as const)
    .flatMap((verdict) => counts.has(verdict) ? [`${counts.get(verdict)?.length} ${verdict}`] : []);
  return `${traces.length} traces: ${said.join(", ")}`;
}

function resultsOf(
  traces: readonly TraceSummary[],
): readonly (ResultLine & { readonly trace: TraceSummary })[] {
  return traces.flatMap((trace) => trace.results.map((result) => ({ ...result, trace })));
}

function brokenIn(traces: readonly TraceSummary[]): readonly Broken[] {
  const violated = resultsOf(traces).filter(({ verdict }) => verdict === "violated");
  return [...Map.groupBy(violated, ({ id }) => id)].map(([id, results]) => ({
    id,
    says: results[0]?.says ?? "",
    breaches: results.reduce((sum, { count }) => sum + (Number.parseInt(count) || 0), 0),
    traces: results.length,
  }));
}

/** What is missing, and how to record it. */
function Undecided({ report: { traces, plan } }: { readonly report: CheckDocument }): Drawn | null {
  const undecided = resultsOf(traces).filter(({ verdict, says }) =>
    verdict === "undecided" && !says.startsWith("implied by")
  );
  if (undecided.length === 0) return null;
  const reasons = [...Map.groupBy(undecided, ({ says }) => says)];
  return h(
    "section",
    { class: "undecided" },
    h("h2", null, "Undecided: what is missing"),
    h(
      "ul",
      null,
      reasons.map(([says, results]) => {
        const ids = [...new Set(results.map(({ id }) => id))];
        const planned = [
          ...new Set(results.flatMap((each) => each.recordingDecides ? [each.id] : [])),
        ];
        return h(
          "li",
          { key: says },
          h("b", null, ids.join(", ")),
          traces.length > 1 ? ` in ${namesOf(results)}` : "",
          `: ${says}. `,
          ...planned.length === 0 ? [] : [
            h("span", { class: "how" }, "To record what decides it: "),
            h("code", null, `${plan} ${planned.join(" ")}`),
          ],
        );
      }),
    ),
  );
}

/** The traces of these results, each once. */
function namesOf(results: readonly { readonly trace: TraceSummary }[]): string {
  return [...new Set(results.map(({ trace }) => trace.name))].join(", ");
}

function Others(
  { traces, broken }: {
    readonly traces: readonly TraceSummary[];
    readonly broken: readonly string[];
  },
): Drawn | null {
  const holds = resultsOf(traces).filter(({ id, verdict }) =>
    verdict === "holds" && !broken.includes(id)
  );
  const ids = [...new Set(holds.map(({ id }) => id))];
  if (ids.length === 0) return null;
  return h(
    "p",
    { class: "holds" },
    h("b", null, "Kept wherever it was judged: "),
    ids.map((id) => [h("span", { key: id }, id), " "]),
  );
}

/** What there is to know of the only trace. */
function OneTrace({ traces }: { readonly traces: readonly TraceSummary[] }): Drawn | null {
  const [only, ...others] = traces;
  if (only === undefined || others.length > 0) return null;
  return h(
    "p",
    { class: "facts" },
    only.facts,
    only.notes.map((note) => h("div", { key: note }, note)),
  );
}

function TraceList({ traces }: { readonly traces: readonly TraceSummary[] }): Drawn | null {
  if (traces.length === 1) return null;
  return h(
    "details",
    null,
    h("summary", null, `All ${traces.length} traces`),
    h(
      "table",
      { class: "traces" },
      h(
        "tbody",
        null,
        traces.map(({ name, verdict, facts, results, notes }) =>
          h(
            "tr",
            { key: name },
            h("th", { scope: "row" }, name),
            h("td", null, verdict),
            h(
              "td",
              null,
              facts,
              results.filter((each) => each.verdict === "violated")
                .map(({ id, count }) => h("div", { key: id }, `${id}: ${count}`)),
              notes.map((note) => h("div", { class: "note", key: note }, note)),
            ),
          )
        ),
      ),
    ),
  );
}
