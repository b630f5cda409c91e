/**
 * README shows what the program prints.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { invariants } from "../model/invariants/catalogue.ts";
import { breachDiagram } from "../vectors/report/breach_diagram.ts";
import { judgeRecorded } from "./recorded.ts";

const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));

/** The fence that follows a `generated` comment, without its back-ticks. */
function generated(what: string): string {
  const marker = `<!-- generated: ${what} -->\n\n\`\`\`text\n`;
  const from = readme.indexOf(marker);
  assert(from >= 0, `README has no part "${what}"`);
  const start = from + marker.length;
  return readme.slice(start, readme.indexOf("```", start)).replace(/\n$/, "");
}

for (const name of ["5.10-mkclean-ext4", "6.12-two-fsyncs-ext4"]) {
  Deno.test(`README shows the first breach of ${name} as check prints it`, async () => {
    const { result } = await judgeRecorded(name);
    const violated = result.invariants.find(({ verdict }) => verdict === "violated");
    const invariant = invariants.find(({ id }) => id === violated?.id);
    const [breach] = violated?.breaches ?? [];
    assert(invariant !== undefined && breach !== undefined);
    assertEquals(generated(`the first breach of ${name}`), breachDiagram(breach, invariant));
  });
}
