/**
 * One breach: what the invariant says, what went wrong, the timeline, and what it rests on.
 *
 * @module
 */
import type { DrawnBreach, InvariantText, TraceSummary } from "./document.ts";
import { Diagram, TraceLines } from "./evidence.ts";
import { Legend } from "./legend.ts";
import { type Drawn, h } from "./preact.ts";
import { States } from "./states.ts";
import { Timeline } from "./timeline.ts";

interface BreachOf {
  readonly breach: DrawnBreach;
  readonly trace: TraceSummary | undefined;
  readonly invariant: InvariantText | undefined;
  readonly row: number;
  readonly choose: (row: number) => void;
}

/** Draws a breach, with one of its rows chosen. */
export function Breach({ breach, trace, invariant, row, choose }: BreachOf): Drawn {
  const { id, picture, lines, says, place, proof, cause } = breach;
  const steps = new Set(picture.steps.flatMap(({ line }) => line === undefined ? [] : [line]));
  return h(
    "article",
    { class: "breach", "aria-labelledby": "breach-title" },
    h(
      "h2",
      { id: "breach-title" },
      h("a", { href: `#${id}` }, id),
      " ",
      h("span", null, invariant?.sentence ?? ""),
    ),
    h("p", { class: "place" }, `${trace?.name ?? ""}:${breach.line}, ${place}`),
    h("p", { class: "says" }, says),
    trace?.learn !== undefined && h("p", { class: "says" }, h("b", null, "See: "), trace.learn),
    h(
      "div",
      { class: "drawing" },
      h(
        "div",
        null,
        h("div", { class: "scroll", tabIndex: -1 }, h(Timeline, { picture, row, choose })),
        h(Legend, { picture }),
      ),
      h(States, { picture, row }),
    ),
    cause !== undefined && h("p", { class: "cause" }, h("b", null, "Cause: "), cause, "."),
    proof !== undefined && h("p", { class: "proof" }, h("b", null, "Proof: "), proof),
    h(
      "div",
      { class: "texts" },
      h(Diagram, { text: picture.diagram, key: `${breach.trace}:${id}:${breach.line}` }),
      lines.length > 0 &&
        h(TraceLines, {
          lines,
          steps,
          chosen: picture.steps[row - 1]?.line,
          breach: breach.line,
        }),
    ),
  );
}
