/**
 * A race in the forms that other programs read.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { designs } from "../model/designs/catalogue.ts";
import { explore } from "../model/explore.ts";
import { columnsOf, runOf } from "../model/race.ts";
import { itfTrace } from "../model/race/itf.ts";
import { mermaidRace } from "../model/race/mermaid.ts";
import type { Path } from "../model/run.ts";

function raceOf(id: string, invariant: string) {
  const design = designs.find((each) => each.id === id);
  assert(design !== undefined);
  const finding = explore(design).findings.find((each) => each.id === invariant);
  assert(finding?.verdict === "violated");
  return { design, path: finding.path };
}

interface Trace {
  readonly vars: readonly string[];
  readonly states: readonly (Readonly<Record<string, unknown>>)[];
}

function traceOf(id: string, invariant: string): { readonly path: Path; readonly trace: Trace } {
  const { design, path } = raceOf(id, invariant);
  return { path, trace: JSON.parse(JSON.stringify(itfTrace(design, path, "breaks it"))) };
}

Deno.test("an ITF trace has the start, a state for each move, and every variable in each", () => {
  for (const [id, invariant] of [["A0", "DAX-HOLE-1"], ["E0", "STABLE-1"]] as const) {
    const { path, trace } = traceOf(id, invariant);
    assertEquals(trace.states.length, path.length + 1);
    for (const [index, state] of trace.states.entries()) {
      const { "#meta": meta, ...values } = state;
      assertEquals(meta, { index });
      assertEquals(Object.keys(values).toSorted(), [...trace.vars].toSorted());
    }
  }
});

Deno.test("an ITF trace tells what was done, where everybody stands, and what it came to", () => {
  const { trace: { states } } = traceOf("A0", "DAX-HOLE-1");
  const actions = states.map((state) => state["mbt::actionTaken"]);
  assertEquals(actions.slice(0, 2), ["init", "P1 load: find_get_page(0) -> none"]);
  assertEquals(states.at(0)?.["places"], {
    "#map": [["P1 load", "find_get_page(0)"], ["P2 store", "find_get_page(0)"]],
  });
  assertEquals([states.at(0)?.["pte"], states.at(-1)?.["pte"]], [[0, 0], [1, 3]]);
});

Deno.test("a Mermaid diagram has a line for each actor and each step, in their order", () => {
  const { design, path } = raceOf("A0", "DAX-HOLE-1");
  const run = runOf(path);
  const columns = columnsOf(design, run);
  const [head, first, second, ...notes] = mermaidRace(run, columns, "breaks it").split("\n");
  assertEquals([head, first, second], [
    "sequenceDiagram",
    "  participant p0 as P1 load",
    "  participant p1 as P2 store",
  ]);
  assertEquals(notes.length, run.length + 1);
  assertMatch(notes[0] ?? "", /^ {2}Note over p0: find_get_page\(0\) -> none$/);
  assertMatch(notes.at(-1) ?? "", /^ {2}Note over p0,p1: breaks it$/);
});

Deno.test("what Mermaid would read as its own stands as an entity", () => {
  const text = mermaidRace([{ actor: "A", step: "a; b # c", result: "" }], ["A"], "d;");
  assertEquals(text.split("\n").slice(2), [
    "  Note over p0: a#59; b #35; c",
    "  Note over p0: d#59;",
  ]);
});
