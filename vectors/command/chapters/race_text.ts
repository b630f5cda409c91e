/**
 * A race as a chapter or a page shows it.
 *
 * @module
 */
import { list, wrap } from "./markdown.ts";
import type { ShownRace } from "./shortest_races.ts";

/** What the steps break, then the fence; its info string names the same ids for the tests. */
export function raceText({ text, breaches }: ShownRace): string {
  const said = breaches.map(({ id, step, says }) => `step ${step} breaks ${id}: ${says}`);
  const ids = breaches.map(({ id }) => id).join(" ");
  const [only] = said;
  const prose = said.length === 1 && only !== undefined ? sentence(only) : list(said);
  return `${prose}\n\n\`\`\`race ${ids}\n${text}\n\`\`\``;
}

function sentence(text: string): string {
  return wrap(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
}
