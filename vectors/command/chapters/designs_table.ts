/**
 * The designs of a system as its chapter lists them.
 *
 * @module
 */
import { brokenBy, type Exploration } from "../../../model/explore.ts";
import { familiesOf, type Group, groupsOf } from "./family.ts";
import { table, wrap } from "./markdown.ts";

/** Columns that a row of a chapter may take. */
const width = 120;

/** A row for each design with its variants, then links to the pages of their families. */
export function designsTable(explorations: readonly Exploration[]): string {
  const header = ["design", "what it does", "broken"] as const;
  const rows = groupsOf(explorations).map((group) =>
    [group.explorations[0].design.id, group.title, broken(group)] as const
  );
  const longest = (column: 0 | 2): number =>
    Math.max(...[header, ...rows].map((row) => row[column].length));
  const room = width - "|  |  |  |".length - longest(0) - longest(2);
  const links = [...familiesOf(explorations).keys()]
    .map((family) => `[${family}](races/${family}.md)`);
  const pages = wrap(`Each variant, what it breaks, and its shortest races: ${links.join(", ")}.`);
  return `${
    table(header, rows.map(([id, title, of]) => [id, fitted(title, room), of]))
  }\n\n${pages}`;
}

function broken({ explorations }: Group): string {
  const all = explorations.length;
  const number = explorations.filter((each) => brokenBy(each).length > 0).length;
  if (all === 1) return number === 0 ? "no" : "yes";
  return `${number === 0 ? "none" : number} of ${all}`;
}

/** A title that is too long is cut after a clause; its page has the rest. */
function fitted(title: string, room: number): string {
  if (title.length <= room) return title;
  const start = title.slice(0, room - " ...".length);
  const [clause] = /^.*(?=[,;:] )/.exec(start) ?? [];
  return `${clause ?? start.slice(0, start.lastIndexOf(" "))} ...`;
}
