/**
 * A race as a Mermaid sequence diagram, which forges and wikis draw.
 *
 * @module
 */
import type { Run } from "../race.ts";
import { printStep } from "./print.ts";

/**
 * The diagram: a life line for each column, a note for each step, and one over all that says what
 * came of it.
 *
 * @param columns names of the actors from left to right
 */
export function mermaidRace(run: Run, columns: readonly string[], outcome: string): string {
  const lines = columns.map((name, at) => `  participant p${at} as ${escape(name)}`);
  const notes = run.map((step) =>
    `  Note over p${columns.indexOf(step.actor)}: ${escape(printStep(step))}`
  );
  const all = columns.length < 2 ? "p0" : `p0,p${columns.length - 1}`;
  return ["sequenceDiagram", ...lines, ...notes, `  Note over ${all}: ${escape(outcome)}`]
    .join("\n");
}

/** Mermaid ends a statement at a semicolon and begins an entity at a number sign. */
function escape(text: string): string {
  return text.replace(/[#;]/g, (character) => `#${character.charCodeAt(0)};`);
}
