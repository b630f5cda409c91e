/**
 * The whole state of a design's world after the chosen step, and what each invariant says of the step.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { invariants } from "../../model/invariants/catalogue.ts";
import { racePicture } from "../../model/picture/race_picture.ts";
import type { JudgedMove } from "../../model/race/judgement.ts";
import { nextStep, type Path } from "../../model/run.ts";
import { judgePath } from "../../model/race/judgement.ts";
import { type Drawn, h } from "./preact.ts";

interface WorldOf {
  readonly design: Design;
  /** The run up to the chosen row. */
  readonly path: Path;
  /** What came of its last step; undefined before the first. */
  readonly judged: JudgedMove | undefined;
}

/** Draws the state. */
export function WorldState({ design, path, judged }: WorldOf): Drawn {
  const { tracks, steps } = racePicture(design, path, { all: true });
  const step = steps.at(-1);
  const where = path.length === 0 ? "before the first step" : `after step ${path.length}`;
  return h(
    "section",
    { class: "states", "aria-live": "polite", "aria-label": "state" },
    h("h3", null, `The state ${where}`),
    step !== undefined && h("p", { class: "step" }, step.text),
    judged !== undefined && h(Judged, { judged }),
    tracks.map(({ name, lanes, sets, at }) => {
      const [now] = sets[at.at(-1) ?? -1] ?? [];
      const [before] = sets[at.at(-2) ?? at.at(-1) ?? -1] ?? [];
      return h(
        "table",
        { key: name },
        h(
          "tbody",
          null,
          lanes.map(({ name, says, idle }, lane) => {
            const value = now?.values[lane] ?? "";
            const changed = value !== before?.values[lane];
            return h(
              "tr",
              { key: lane, class: value === idle && !changed ? "unless" : "" },
              h("th", { scope: "row", title: says, class: changed ? "changed" : "" }, name),
              h("td", { class: changed ? "changed" : "" }, value),
            );
          }),
        ),
      );
    }),
    h(Places, { design, path }),
  );
}

/** What each invariant says that the step could have broken. */
function Judged({ judged: { broken, kept } }: { readonly judged: JudgedMove }): Drawn {
  return h(
    "p",
    { class: "judged" },
    broken.map((id) =>
      h(
        "span",
        { key: id },
        h("strong", { class: "mark" }, "◀ breaks "),
        h("a", { href: `#${id}` }, id),
        `: ${invariants.find((each) => each.id === id)?.breach ?? ""}. `,
      )
    ),
    kept.length > 0 && h("span", null, `keeps ${kept.join(", ")}`),
    broken.length + kept.length === 0 && h("span", null, "no invariant is concerned"),
  );
}

/** Where each actor stands. */
function Places({ design, path }: { readonly design: Design; readonly path: Path }): Drawn {
  const state = judgePath(design, path).states.at(-1);
  return h(
    "table",
    null,
    h("caption", null, "next in each program"),
    h(
      "tbody",
      null,
      design.actors.map((actor) =>
        h(
          "tr",
          { key: actor.name },
          h("th", { scope: "row" }, actor.name),
          h("td", null, state && (nextStep(state, actor)?.name ?? "at its end")),
        )
      ),
    ),
  );
}
