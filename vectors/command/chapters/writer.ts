/**
 * What can be generated into a chapter, by the name that its opening comment gives.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import type { Exploration } from "../../../model/explore.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { designsTable, racesSections, raceText } from "./designs_section.ts";
import type { Writer, Written } from "./generated_part.ts";
import { designsTotal, invariantsTable } from "./invariants_table.ts";
import { proofTable } from "./proof_table.ts";
import { show } from "./shortest_races.ts";

const names =
  '"designs SYSTEM", "races SYSTEM", "race DESIGN INVARIANT", "proof DESIGN...", "verdicts" or "total"';

/**
 * A writer of these parts:
 *
 * - `designs A`: the designs of a system and their verdicts;
 * - `races A`: the shortest races of those that break something;
 * - `verdicts`: the whole table of invariants and designs;
 * - `total`: how many designs, states and transitions that was;
 * - `race A0 DAX-HOLE-1`: the shortest race of one design that breaks one invariant;
 * - `proof D8 D9`: bounds, counts and verdicts of designs.
 */
export function writerFor(explorations: readonly Exploration[]): Writer {
  const one = (id: string): Exploration | undefined =>
    explorations.find(({ design }) => design.id === id);
  return (name) => {
    const [what, ...args] = name.split(" ");
    const [first = "", second = ""] = args;
    if ((what === "designs" || what === "races") && args.length === 1) {
      const own = explorations.filter(({ design }) => design.system === first);
      if (own.length === 0) {
        return unknown(`a system, ${systemsOf(explorations)}, not "${first}"`);
      }
      return body(what === "designs" ? designsTable(own) : racesSections(own));
    }
    if (what === "verdicts" && args.length === 0) {
      return body(invariantsTable(invariants, explorations));
    }
    if (what === "total" && args.length === 0) return body(designsTotal(explorations));
    if (what === "race" && args.length === 2) return race(one(first), first, second);
    if (what === "proof" && args.length > 0) {
      const named = args.map((id) => one(id));
      const found = named.filter((each) => each !== undefined);
      const missing = args.find((_, at) => named[at] === undefined);
      return missing === undefined
        ? body(proofTable(found))
        : unknown(`the id of a design, not "${missing}"`);
    }
    return unknown(`one of ${names}, not "${name}"`);
  };
}

function race(exploration: Exploration | undefined, design: string, id: string): Written {
  if (exploration === undefined) return unknown(`the id of a design, not "${design}"`);
  const finding = exploration.findings.find((each) => each.id === id);
  if (finding?.verdict !== "violated") {
    return unknown(`an invariant that ${design} breaks, not ${id}`);
  }
  return body(raceText(show(exploration, finding.path)));
}

function systemsOf(explorations: readonly Exploration[]): string {
  const systems = new Set<Design["system"]>(explorations.map(({ design }) => design.system));
  return [...systems].sort().join(", ");
}

function body(text: string): Written {
  return { kind: "body", body: text };
}

function unknown(expected: string): Written {
  return { kind: "unknown", expected };
}
