/**
 * The states that fit after the chosen step, and what has changed in it.
 *
 * @module
 */
import type { FittingState, Picture, Track } from "../../model/picture/picture.ts";
import { type Drawn, h } from "./preact.ts";

/** Draws the states of every track. */
export function States(
  { picture, row }: { readonly picture: Picture; readonly row: number },
): Drawn {
  const step = picture.steps[row - 1];
  const where = step === undefined
    ? "before the first step"
    : step.line === undefined
    ? `after step ${row}`
    : `after line ${step.line}`;
  return h(
    "section",
    { class: "states", "aria-live": "polite", "aria-label": "what fits" },
    h("h3", null, `What fits ${where}`),
    step !== undefined && h("p", { class: "step" }, step.text),
    picture.tracks.map((track) => h(TrackStates, { key: track.name, track, row })),
    picture.tracks.length === 0 && h("p", null, "No state of a page is concerned."),
  );
}

function TrackStates({ track, row }: { readonly track: Track; readonly row: number }): Drawn {
  const states = track.sets[track.at[row] ?? -1] ?? [];
  const before = row === 0 ? states : track.sets[track.at[row - 1] ?? -1] ?? [];
  return h(
    "table",
    null,
    h(
      "caption",
      null,
      track.name,
      h("small", null, states.length > 1 ? `: one of ${states.length} states` : ""),
    ),
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        track.lanes.map(({ name, says }, lane) =>
          h(
            "th",
            {
              key: name,
              scope: "col",
              title: says,
              class: isChanged(before, states, lane) ? "changed" : "",
            },
            name,
          )
        ),
      ),
    ),
    h(
      "tbody",
      null,
      states.length === 0 &&
        h("tr", null, h("td", { colSpan: track.lanes.length }, "not seen yet")),
      states.map(({ values, ifOnly }, at) => [
        h(
          "tr",
          { key: at, class: ifOnly === undefined ? "" : "unless" },
          values.map((value, lane) =>
            h("td", { key: lane, class: isChanged(before, states, lane) ? "changed" : "" }, value)
          ),
        ),
        ifOnly !== undefined &&
        h(
          "tr",
          { key: `${at} if`, class: "unless" },
          h("td", { colSpan: track.lanes.length }, `(${ifOnly})`),
        ),
      ]),
    ),
  );
}

function isChanged(
  before: readonly FittingState[],
  after: readonly FittingState[],
  lane: number,
): boolean {
  const shown = (states: readonly FittingState[]): string =>
    [...new Set(states.map(({ values }) => values[lane]))].join();
  return shown(before) !== shown(after);
}
