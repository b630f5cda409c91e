/**
 * What exploring a design has found: a line an invariant, and its shortest race a click away.
 *
 * @module
 */
import type { DesignFinding, ExploredDesign, ExploreDocument } from "./document.ts";
import { type Drawn, h } from "./preact.ts";

interface FindingsOf {
  readonly report: ExploreDocument;
  readonly explored: ExploredDesign;
  /** The finding whose race is shown. */
  readonly finding: DesignFinding | undefined;
  readonly showRace: (finding: DesignFinding) => void;
  readonly showDesign: (id: string) => void;
  readonly startOver: () => void;
}

/** Draws the findings of a design, and the choice of another. */
export function Findings(
  { report, explored, finding, showRace, showDesign, startOver }: FindingsOf,
): Drawn {
  const { id, title, source, facts, findings } = explored;
  const told = findings.filter(({ verdict }) => verdict === "violated" || verdict === "undecided");
  const holds = findings.filter(({ verdict }) => verdict === "holds").map(({ id }) => id);
  return h(
    "section",
    { class: "summary", "aria-label": "findings" },
    report.designs.length > 1 &&
      h(
        "nav",
        { "aria-label": "designs" },
        h(
          "label",
          null,
          "design",
          h(
            "select",
            {
              name: "design",
              value: id,
              onChange: (event: Event) => {
                if (event.target instanceof HTMLSelectElement) showDesign(event.target.value);
              },
            },
            report.designs.map((each) =>
              h("option", { key: each.id, value: each.id }, `${each.id}  ${brokenText(each)}`)
            ),
          ),
        ),
      ),
    h("h2", null, `${id} `, h("span", null, title)),
    h("p", { class: "facts" }, [source, facts].filter((each) => each !== "").join("; ")),
    told.length > 0 &&
      h(
        "table",
        { class: "broken" },
        h(
          "tbody",
          null,
          told.map((each) =>
            h(
              "tr",
              { key: each.id, class: each === finding ? "chosen" : "" },
              h(
                "th",
                { scope: "row" },
                each.choices === undefined ? each.id : h(
                  "button",
                  {
                    type: "button",
                    class: "link",
                    "aria-pressed": each === finding,
                    onClick: () => showRace(each),
                  },
                  each.id,
                ),
              ),
              h("td", null, each.says),
              h("td", { class: "number" }, stepsText(each)),
            )
          ),
        ),
      ),
    holds.length > 0 &&
      h(
        "p",
        { class: "holds" },
        h("b", null, "Kept by every interleaving: "),
        holds.map((id) => [h("span", { key: id }, id), " "]),
      ),
    h("p", null, h("button", { type: "button", onClick: startOver }, "walk from the start")),
  );
}

function stepsText({ choices }: DesignFinding): string {
  return choices === undefined ? "" : `${choices.length} steps`;
}

function brokenText({ findings }: ExploredDesign): string {
  const broken = findings.filter(({ verdict }) => verdict === "violated").map(({ id }) => id);
  return broken.length === 0 ? "" : `breaks ${broken.join(", ")}`;
}
