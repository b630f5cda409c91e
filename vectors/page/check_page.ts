/**
 * The page of `check --format html`.
 *
 * @module
 */
import { Breach } from "./breach.ts";
import type { CheckDocument, DrawnBreach } from "./document.ts";
import { anyBreach, type Filter, Filters, passing } from "./filters.ts";
import { focusRow } from "./focus.ts";
import { Invariants } from "./invariants.ts";
import { actionOf, keysText } from "./keys.ts";
import { type Drawn, h, render, useLayoutEffect, useState } from "./preact.ts";
import { Summary } from "./summary.ts";

interface Chosen {
  /** Place of the breach in the document. */
  readonly breach: number;
  /** Row of its timeline. */
  readonly row: number;
}

function Page({ report }: { readonly report: CheckDocument }): Drawn {
  const { breaches, traces, invariants } = report;
  const [filter, setFilter] = useState<Filter>(anyBreach);
  const [chosen, setChosen] = useState<Chosen>(() => choiceAt(breaches, placeInAddress(breaches)));
  const listed = passing(report, filter);
  const breach = breaches[chosen.breach];
  const go = (place: number | undefined): void => {
    if (place === undefined) return;
    setChosen(choiceAt(breaches, place));
    history.replaceState(null, "", `#breach-${place + 1}`);
    focusRow();
  };
  const change = (next: Filter): void => {
    setFilter(next);
    const [first] = passing(report, next);
    if (first !== undefined) setChosen(choiceAt(breaches, first));
  };
  const choose = (row: number): void => {
    const last = breach?.picture.steps.length ?? 0;
    setChosen({ ...chosen, row: Math.min(Math.max(row, 0), last) });
    focusRow();
  };
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = actionOf(event);
      if (action === undefined || breach === undefined) return;
      event.preventDefault();
      const at = listed.indexOf(chosen.breach);
      if (action === "step") choose(chosen.row + 1);
      else if (action === "back") choose(chosen.row - 1);
      else if (action === "breach") go(chosen.breach);
      else if (action === "next") go(listed[at + 1] ?? listed[0]);
      else if (action === "previous") go(listed[at - 1] ?? listed.at(-1));
      else document.querySelector<HTMLElement>("button.copy")?.click();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  return h(
    "main",
    null,
    h(Summary, {
      report,
      show: (id) => {
        change({ ...anyBreach, invariant: id });
        focusRow();
      },
    }),
    breaches.length > 0 &&
      h(
        "nav",
        { "aria-label": "breaches" },
        h(Filters, { report, filter, change }),
        h(List, { report, listed, chosen: chosen.breach, go }),
        h("p", { class: "keys" }, keysText),
      ),
    breach !== undefined &&
      h(Breach, {
        breach,
        trace: traces[breach.trace],
        invariant: invariants.find(({ id }) => id === breach.id),
        row: chosen.row,
        choose,
      }),
    h(Invariants, { all: invariants }),
    h("footer", null, `${report.made}. This page asks for nothing from any network.`),
  );
}

interface ListOf {
  readonly report: CheckDocument;
  readonly listed: readonly number[];
  readonly chosen: number;
  readonly go: (place: number) => void;
}

function List({ report: { breaches, traces }, listed, chosen, go }: ListOf): Drawn {
  return h(
    "label",
    { class: "list" },
    `breach (${listed.indexOf(chosen) + 1} of ${listed.length})`,
    h(
      "select",
      {
        name: "breach",
        value: String(chosen),
        onChange: (event: Event) => {
          if (event.target instanceof HTMLSelectElement) go(Number(event.target.value));
        },
      },
      listed.map((place) => {
        const breach = breaches[place];
        if (breach === undefined) return null;
        const name = `${breach.id}  ${traces[breach.trace]?.name ?? ""}:${breach.line}`;
        return h("option", { key: place, value: String(place) }, name);
      }),
    ),
  );
}

/** A breach is shown at the step that broke the invariant. */
function choiceAt(breaches: readonly DrawnBreach[], place: number): Chosen {
  const steps = breaches[place]?.picture.steps ?? [];
  return { breach: place, row: steps.findIndex(({ part }) => part === "breach") + 1 };
}

function placeInAddress(breaches: readonly DrawnBreach[]): number {
  const place = Number(/^#breach-(\d+)$/.exec(location.hash)?.[1] ?? 1) - 1;
  return breaches[place] === undefined ? 0 : place;
}

const embedded = document.getElementById("document")?.textContent ?? "";
const report: CheckDocument = JSON.parse(embedded);
render(h(Page, { report }), document.body);
