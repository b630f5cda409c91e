/**
 * What can be generated into a chapter, by the name that its opening comment gives.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import type { Exploration } from "../../../model/explore.ts";
import { eventFamilies } from "../../../model/semantics.ts";
import type { Chapter } from "../../../spec/chapter.ts";
import { designsTable } from "./designs_table.ts";
import type { Writer, WrittenPart } from "./generated_part.ts";
import { designsTotal, invariantsTables } from "./invariants_table.ts";
import type { KernelRow } from "./kernel_run.ts";
import { kernelsPart, recordedPart } from "./kernels_table.ts";
import { proofTable } from "./proof_table.ts";
import { raceText } from "./race_text.ts";
import {
  boundsTable,
  constantsTable,
  eventsTable,
  functionsTable,
  implicationsTable,
  judgesTable,
  proceduresTable,
  viewsTable,
} from "./semantics_tables.ts";
import { show } from "./shortest_races.ts";
import { observationLists } from "./observation_lists.ts";
import { pageCacheLines, probesTable, tracepointsTables, witnessTables } from "./trace_tables.ts";

const names =
  '"designs SYSTEM", "race DESIGN INVARIANT", "proof DESIGN...", "events FAMILY", "invariants", ' +
  '"total", "kernels", "recorded", "tracepoints", "probes", "page-cache", "witnesses", ' +
  '"observations", "bounds", "views", "constants", "functions", "procedures", ' +
  '"judges" or "implications"';

/** Parts that nothing but the model and the translation go into. */
const tables: Readonly<Record<string, () => string>> = {
  tracepoints: tracepointsTables,
  probes: probesTable,
  "page-cache": pageCacheLines,
  witnesses: witnessTables,
  observations: observationLists,
  bounds: boundsTable,
  views: viewsTable,
  constants: constantsTable,
  functions: functionsTable,
  procedures: proceduresTable,
  judges: judgesTable,
  implications: implicationsTable,
};

/**
 * A writer of these parts:
 *
 * - `designs A`: the designs of a system, and how many of their variants break something;
 * - `race A0 DAX-HOLE-1`: the shortest race of one design that breaks one invariant;
 * - `proof D3-two D8*`: counts and verdicts of designs, with `*` of all whose ids begin so;
 * - `invariants`: every invariant of the chapters, and how many designs break it;
 * - `kernels`: what was run on which kernel; `recorded`: what was recorded of it;
 * - `total`: how many designs, states and transitions that was;
 * - `tracepoints`, `probes`, `page-cache`: what a trace is translated by;
 * - `witnesses`: what decides each invariant of the page cache;
 * - `observations`: the kinds of lines of a file of observations;
 * - `events cache`: what each event of a family does; `bounds`, `views`, `constants`, `functions` and
 *   `procedures` are what that is said in; `judges`: what each invariant asks, and
 *   `implications`: what follows.
 */
export function writerFor(
  explorations: readonly Exploration[],
  chapters: readonly Chapter[],
  runs: readonly KernelRow[],
): Writer {
  const one = (id: string): Exploration | undefined =>
    explorations.find(({ design }) => design.id === id);
  return (name) => {
    const [what, ...args] = name.split(" ");
    const [first = "", second = ""] = args;
    if (what === "designs" && args.length === 1) {
      const own = explorations.filter(({ design }) => design.system === first);
      if (own.length === 0) {
        return unknown(`a system, ${systemsOf(explorations)}, not "${first}"`);
      }
      return body(designsTable(own));
    }
    if (what === "invariants" && args.length === 0) {
      return body(invariantsTables(chapters, explorations));
    }
    const made = tables[what ?? ""];
    if (made !== undefined && args.length === 0) return body(made());
    if (what === "events" && args.length === 1) {
      const family = eventFamilies.find((each) => each === first);
      return family === undefined
        ? unknown(`a family of events, ${eventFamilies.join(", ")}, not "${first}"`)
        : body(eventsTable(family));
    }
    if (what === "kernels" && args.length === 0) return body(kernelsPart(runs));
    if (what === "recorded" && args.length === 0) return body(recordedPart(runs));
    if (what === "total" && args.length === 0) return body(designsTotal(explorations));
    if (what === "race" && args.length === 2) return race(one(first), first, second);
    if (what === "proof" && args.length > 0) {
      const named = args.map((pattern) =>
        explorations.filter(({ design }) => matches(pattern, design.id))
      );
      const missing = args.find((_, at) => named[at]?.length === 0);
      return missing === undefined
        ? body(proofTable(named.flat()))
        : unknown(`the id of a design, not "${missing}"`);
    }
    return unknown(`one of ${names}, not "${name}"`);
  };
}

/** `D16*` is every design whose id begins with D16. */
function matches(pattern: string, id: string): boolean {
  return pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}

function race(exploration: Exploration | undefined, design: string, id: string): WrittenPart {
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

function body(text: string): WrittenPart {
  return { kind: "body", body: text };
}

function unknown(expected: string): WrittenPart {
  return { kind: "unknown", expected };
}
