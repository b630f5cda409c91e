/**
 * The races of the chapters, drawn: each is read as what it is, and played back by its design.
 *
 * @module
 */
import { renderToString } from "npm:preact-render-to-string@6.8.2";
import type { Design } from "../../../model/design.ts";
import { designs } from "../../../model/designs/catalogue.ts";
import { racePicture } from "../../../model/picture/race_picture.ts";
import { judgeRace, parseRace } from "../../../model/race.ts";
import { choicesOf, pathOfRun } from "../../../model/race/choices.ts";
import { fragmentOf } from "../../page/address.ts";
import { h } from "../../page/preact.ts";
import { Timeline } from "../../page/timeline.ts";

/** A race that can be played back. */
interface PlayedRace {
  readonly design: string;
  /** Ids of what it breaks, in the order of its lines. */
  readonly breaks: readonly string[];
  readonly choices: readonly number[];
}

/** Draws races, and remembers which. */
interface RaceFigures {
  /** The figure of a race by its text; undefined if no design runs it. */
  readonly draw: (text: string, toRoot: string) => string | undefined;
  /** What was drawn so far. */
  readonly played: readonly PlayedRace[];
}

/** Nothing drawn yet. */
export function createRaceFigures(): RaceFigures {
  const known = new Map<string, PlayedRace | undefined>();
  const played: PlayedRace[] = [];
  const drawings = new Map<PlayedRace, string>();
  return {
    played,
    draw: (text, toRoot) => {
      if (!known.has(text)) {
        const found = playRace(text);
        known.set(text, found?.race);
        if (found !== undefined) {
          played.push(found.race);
          drawings.set(found.race, found.drawing);
        }
      }
      const race = known.get(text);
      if (race === undefined) return undefined;
      const walk = `${toRoot}walk.html${fragmentOf(race)}`;
      return `<figure class="race"><div class="scroll">${drawings.get(race)}</div>` +
        `<figcaption><a href="${walk}">step through this race</a>` +
        `<details><summary>as text, for mail</summary>${
          preOf(text)
        }</details></figcaption></figure>\n`;
    },
  };
}

function playRace(text: string) {
  const parsed = parseRace(text);
  if (parsed.kind === "malformed") return undefined;
  const design = designs.find(({ id }) => id === parsed.race.design);
  if (design === undefined) return undefined;
  const verdict = judgeRace(parsed.race, design);
  if (verdict.kind !== "breach" && verdict.kind !== "no_breach") return undefined;
  const path = pathOfRun(design, verdict.run);
  if (path === undefined) return undefined;
  const breaks = verdict.kind === "breach" ? verdict.breaches.map(({ id }) => id) : [];
  const race = { design: design.id, breaks, choices: choicesOf(design, path) };
  return { race, drawing: drawingOf(design, path, breaks) };
}

function drawingOf(
  design: Design,
  path: Parameters<typeof racePicture>[1],
  breaks: readonly string[],
): string {
  const picture = racePicture(design, path, { all: false, atEnd: breaks.at(-1) });
  return renderToString(h(Timeline, { picture, row: -1, choose: () => {} }));
}

function preOf(text: string): string {
  const shown = text.replace(/^design: .*\n\n/, "").replaceAll("&", "&amp;").replaceAll(
    "<",
    "&lt;",
  );
  return `<pre tabindex="0">${shown}</pre>`;
}
