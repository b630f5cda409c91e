/**
 * The page of `explore --format html` and of `race --format html`.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { type AddressedRun, fragmentOf, runOfFragment } from "./address.ts";
import type { DesignFinding, ExploreDocument } from "./document.ts";
import { Findings } from "./findings.ts";
import { focusRow } from "./focus.ts";
import { Invariants } from "./invariants.ts";
import { actionOf, digitOf, walkKeysText } from "./keys.ts";
import { type Drawn, h, render, useLayoutEffect, useState } from "./preact.ts";
import { Walk } from "./walk.ts";

interface Shown extends AddressedRun {
  /** Row of the timeline: 0 is before the first step. */
  readonly row: number;
}

interface PageOf {
  readonly report: ExploreDocument;
  readonly designs: readonly Design[];
}

function Page({ report, designs }: PageOf): Drawn {
  const [shown, setShown] = useState<Shown>(() => atEnd(addressed(designs) ?? report.first));
  const design = designs.find(({ id }) => id === shown.design) ?? designs[0];
  const explored = report.designs.find(({ id }) => id === design?.id);
  const show = (next: Shown): void => {
    setShown(next);
    history.replaceState(null, "", fragmentOf(next));
    focusRow();
  };
  const races = (explored?.findings ?? []).filter(({ choices }) => choices !== undefined);
  const finding = races.find(({ choices }) => choices?.join() === shown.choices.join());
  const choose = (row: number): void => {
    show({ ...shown, row: Math.min(Math.max(row, 0), shown.choices.length) });
  };
  const take = (choice: number): void => {
    show(atEnd({ design: shown.design, choices: [...shown.choices.slice(0, shown.row), choice] }));
  };
  const showRace = (race: DesignFinding | undefined): void => {
    if (race !== undefined) show(atEnd({ design: shown.design, choices: race.choices ?? [] }));
  };
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = actionOf(event);
      const digit = digitOf(event);
      if (action === undefined && digit === undefined) return;
      event.preventDefault();
      const at = races.findIndex((race) => race === finding);
      if (digit !== undefined) {
        document.querySelectorAll<HTMLElement>(".next button")[digit - 1]?.click();
      } else if (action === "step") choose(shown.row + 1);
      else if (action === "back") choose(shown.row - 1);
      else if (action === "breach") choose(shown.choices.length);
      else if (action === "next") showRace(races[at + 1] ?? races[0]);
      else if (action === "previous") showRace(races[at - 1] ?? races.at(-1));
      else document.querySelector<HTMLElement>("button.copy")?.click();
    };
    const onAddress = (): void => {
      const run = addressed(designs);
      if (run !== undefined) setShown(atEnd(run));
    };
    addEventListener("keydown", onKey);
    addEventListener("hashchange", onAddress);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("hashchange", onAddress);
    };
  });
  return h(
    "main",
    null,
    h("h1", null, report.title),
    explored !== undefined &&
      h(Findings, {
        report,
        explored,
        finding,
        showRace,
        showDesign: (id) => show(atEnd(firstOf(report, id))),
        startOver: () => show({ design: shown.design, choices: [], row: 0 }),
      }),
    h("p", { class: "keys" }, walkKeysText),
    design !== undefined &&
      h(Walk, { design, choices: shown.choices, finding, row: shown.row, choose, take }),
    h(Invariants, { all: report.invariants }),
    h("footer", null, `${report.made}. This page asks for nothing from any network.`),
  );
}

/** The first race of a design; its start if it has none. */
function firstOf({ designs }: ExploreDocument, design: string): AddressedRun {
  const findings = designs.find(({ id }) => id === design)?.findings ?? [];
  const race = findings.find(({ choices }) => choices !== undefined);
  return { design, choices: race?.choices ?? [] };
}

function atEnd(run: AddressedRun): Shown {
  return { ...run, row: run.choices.length };
}

function addressed(designs: readonly Design[]): AddressedRun | undefined {
  const run = runOfFragment(location.hash);
  return run !== undefined && designs.some(({ id }) => id === run.design) ? run : undefined;
}

/** Draws the report that the page carries, of designs that it has as code. */
export function showDesigns(all: readonly Design[]): void {
  const embedded = document.getElementById("document")?.textContent ?? "";
  const report: ExploreDocument = JSON.parse(embedded);
  const known = new Set(report.designs.map(({ id }) => id));
  const designs = all.filter(({ id }) => known.has(id));
  render(h(Page, { report, designs }), document.body);
}
