/**
 * The page of `conform --format html`.
 *
 * @module
 */
import type { ConformDocument, RunVector } from "./document.ts";
import { Diagram } from "./evidence.ts";
import { focusRow } from "./focus.ts";
import { Histogram } from "./histogram.ts";
import { Invariants } from "./invariants.ts";
import { actionOf, keysText } from "./keys.ts";
import { type Drawn, h, render, useLayoutEffect, useState } from "./preact.ts";
import { Matrix } from "./matrix.ts";
import { Timeline } from "./timeline.ts";

/** Verdicts in the order in which they are listed: what needs a look first. */
const order = ["failed", "unexpected", "errored", "known", "skipped", "passed"] as const;

function Page({ report }: { readonly report: ConformDocument }): Drawn {
  const sorted = order.flatMap((verdict) =>
    report.vectors.filter((each) => each.verdict === verdict)
  );
  const [about, setAbout] = useState("");
  const [handle, setHandle] = useState(sorted[0]?.handle ?? "");
  const [row, setRow] = useState(() => lastRow(sorted[0]));
  const listed = sorted.filter(({ exercises, capabilities }) =>
    about === "" || exercises.includes(about) || capabilities.includes(about)
  );
  const vector = listed.find((each) => each.handle === handle) ?? listed[0];
  const go = (next: RunVector | undefined): void => {
    if (next === undefined) return;
    setHandle(next.handle);
    setRow(lastRow(next));
    focusRow();
  };
  const choose = (next: number): void => {
    setRow(Math.min(Math.max(next, 0), lastRow(vector)));
    focusRow();
  };
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = actionOf(event);
      if (action === undefined || vector === undefined) return;
      event.preventDefault();
      const at = listed.indexOf(vector);
      if (action === "step") choose(row + 1);
      else if (action === "back") choose(row - 1);
      else if (action === "breach") go(vector);
      else if (action === "next") go(listed[at + 1] ?? listed[0]);
      else if (action === "previous") go(listed[at - 1] ?? listed.at(-1));
      else document.querySelector<HTMLElement>("button.copy")?.click();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  const show = (id: string): void => {
    setAbout(id);
    go(sorted.find(({ exercises, capabilities }) => [...exercises, ...capabilities].includes(id)));
  };
  return h(
    "main",
    null,
    h(
      "section",
      { class: "summary", "aria-label": "summary" },
      h("h1", null, report.counts),
      report.facts.map((fact) => h("p", { class: "facts", key: fact }, fact)),
      report.complaints.map((each) => h("p", { key: each }, each)),
      h(Matrix, { vectors: report.vectors, show }),
    ),
    h(
      "nav",
      { "aria-label": "vectors" },
      h(
        "label",
        null,
        about === "" ? `vector (of ${listed.length})` : `vector of ${about} (of ${listed.length})`,
        h(
          "select",
          {
            name: "vector",
            value: vector?.handle ?? "",
            onChange: ({ target }: Event) => {
              if (!(target instanceof HTMLSelectElement)) return;
              go(listed.find((each) => each.handle === target.value));
            },
          },
          listed.map(({ handle, verdict }) =>
            h("option", { key: handle, value: handle }, `${verdict}  ${handle}`)
          ),
        ),
      ),
      about !== "" && h("button", { type: "button", onClick: () => setAbout("") }, "all vectors"),
      h("p", { class: "keys" }, keysText),
    ),
    vector !== undefined && h(Vector, { key: vector.handle, vector, row, choose }),
    h(Invariants, { all: report.invariants }),
    h("footer", null, `${report.made}. This page asks for nothing from any network.`),
  );
}

function lastRow(vector: RunVector | undefined): number {
  return vector?.picture?.steps.length ?? 0;
}

interface VectorOf {
  readonly vector: RunVector;
  readonly row: number;
  readonly choose: (row: number) => void;
}

function Vector({ vector, row, choose }: VectorOf): Drawn {
  const { handle, verdict, says, why, observed, program, picture, scheduleOf } = vector;
  return h(
    "article",
    { class: "breach" },
    h("h2", null, `${handle} `, h("span", null, verdict)),
    h("p", { class: "says" }, says),
    why !== "" && h("p", null, why, "."),
    observed.length > 0 && h(Histogram, { observed }),
    program.length > 0 &&
      h(
        "section",
        null,
        h("h3", null, "What happens in it"),
        h("pre", { class: "program", tabIndex: 0 }, program.join("\n")),
      ),
    picture !== undefined &&
      h(
        "section",
        null,
        h("h3", null, `How it comes to that: ${scheduleOf ?? ""}`),
        h("div", { class: "scroll", tabIndex: -1 }, h(Timeline, { picture, row, choose })),
        h("div", { class: "texts" }, h(Diagram, { text: picture.diagram })),
      ),
  );
}

const embedded = document.getElementById("document")?.textContent ?? "";
const report: ConformDocument = JSON.parse(embedded);
render(h(Page, { report }), document.body);
