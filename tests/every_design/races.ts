/**
 * The races that the explorer finds, printed as diagrams, and read and judged as those of a mail are.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { columnsOf, judgeRace, parseRace, printRace, runOf } from "../../model/race.ts";
import { explorations } from "./explorations.ts";

Deno.test("the shortest race of every broken design is judged to be that breach", () => {
  let races = 0;
  for (const { design, findings } of explorations) {
    const found = findings.find(({ verdict }) => verdict === "violated");
    if (found?.verdict !== "violated") continue;
    const run = runOf(found.path);
    const parsed = parseRace(printRace(run, columnsOf(design, run)));
    assert(parsed.kind === "race", design.id);
    const { race } = parsed;
    assertEquals(race.steps.map(({ actor, step, result }) => ({ actor, step, result })), run);
    const verdict = judgeRace(race, design);
    assert(verdict.kind === "breach", `${design.id} ${found.id}: ${verdict.kind}`);
    const told = verdict.breaches.filter(({ afterwards }) => !afterwards).map(({ id }) => id);
    assert(told.includes(found.id), `${design.id} ${found.id}: ${told}`);
    races++;
  }
  assert(races > 50);
});
