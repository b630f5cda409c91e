/**
 * The state explorer: a run of a design, what may happen next, and who waits for what.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { racePicture } from "../../model/picture/race_picture.ts";
import { movesAt, pathOfChoices } from "../../model/race/choices.ts";
import { judgePath } from "../../model/race/judgement.ts";
import { printStep } from "../../model/race/print.ts";
import { waitingAfter } from "../../model/race/waiting.ts";
import type { DesignFinding } from "./document.ts";
import { Diagram } from "./evidence.ts";
import { Legend } from "./legend.ts";
import { type Drawn, h } from "./preact.ts";
import { Timeline } from "./timeline.ts";
import { WorldState } from "./world_state.ts";

interface WalkOf {
  readonly design: Design;
  readonly choices: readonly number[];
  /** The finding whose race this is, if it is one. */
  readonly finding: DesignFinding | undefined;
  readonly row: number;
  readonly choose: (row: number) => void;
  /** Takes the step of this number after the chosen row. */
  readonly take: (choice: number) => void;
}

/** Draws the explorer. */
export function Walk({ design, choices, finding, row, choose, take }: WalkOf): Drawn {
  const path = pathOfChoices(design, choices);
  const upTo = path.slice(0, row);
  const { states, moves } = judgePath(design, upTo);
  const now = states.at(-1);
  // A breach that no single step is, that somebody waits for ever, stands at the end.
  const broken = new Set(judgePath(design, path).moves.flatMap(({ broken }) => broken));
  const atEnd = finding === undefined || broken.has(finding.id) ? undefined : finding.id;
  const picture = racePicture(design, path, { all: false, atEnd });
  return h(
    "article",
    { class: "breach walk" },
    h(
      "div",
      { class: "drawing" },
      h(
        "div",
        null,
        h("div", { class: "scroll", tabIndex: -1 }, h(Timeline, { picture, row, choose })),
        h(Legend, { picture }),
        now !== undefined && h(Next, { design, path: upTo, take, moves: movesAt(design, now) }),
      ),
      h(WorldState, { design, path: upTo, judged: moves.at(-1) }),
    ),
    h("div", { class: "texts" }, h(Diagram, { text: picture.diagram })),
  );
}

interface NextOf {
  readonly design: Design;
  readonly path: ReturnType<typeof pathOfChoices>;
  readonly moves: ReturnType<typeof movesAt>;
  readonly take: (choice: number) => void;
}

/** The steps that can be taken now, each with the key that takes it, and who cannot take any. */
function Next({ design, path, moves, take }: NextOf): Drawn {
  return h(
    "section",
    { class: "next", "aria-label": "what may happen next" },
    h("h3", null, moves.length === 0 ? "Nothing can happen any more" : "What may happen next"),
    h(
      "ol",
      null,
      moves.map(({ actor, step, branch }, choice) =>
        h(
          "li",
          { key: choice },
          h(
            "button",
            { type: "button", onClick: () => take(choice) },
            h("small", null, `${actor.name}: `),
            h("code", null, printStep({ step: step.name, result: branch.result })),
          ),
        )
      ),
    ),
    waitingAfter(design, path).map(({ actor, step, because }) =>
      h("p", { key: actor }, h("b", null, `${actor} waits`), ` at ${step}: ${because}.`)
    ),
  );
}
