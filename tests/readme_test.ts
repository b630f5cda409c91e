/**
 * README shows what the program prints, and claims what the recordings show.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { designs } from "../model/designs/catalogue.ts";
import { examine } from "../model/examine.ts";
import { brokenBy, explore } from "../model/explore.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { columnsOf, judgeRace, parseRace, printRace, runOf } from "../model/race.ts";
import { scan, type Table } from "../spec/blocks.ts";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { breachDiagram } from "../vectors/command/report/breach_diagram.ts";
import own from "../vectors/examples/seqcount.ts";
import { verbs } from "../vectors/command/verbs.ts";
import { judgeRecorded } from "./recorded.ts";

const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
const { blocks } = scan(readme);

/** The fence that follows a `generated` comment, without its back-ticks. */
function generated(what: string): string {
  const marker = `<!-- generated: ${what} -->\n\n\`\`\`text\n`;
  const from = readme.indexOf(marker);
  assert(from >= 0, `README has no part "${what}"`);
  const start = from + marker.length;
  return readme.slice(start, readme.indexOf("```", start)).replace(/\n$/, "");
}

function table(firstHead: string): Table {
  const found = blocks.filter((block) => block.kind === "table")
    .find(({ header }) => header[0] === firstHead);
  assert(found !== undefined, `README has no table "${firstHead}"`);
  return found;
}

Deno.test("README shows the first breach of 5.10-mkclean-ext4 as check prints it", async () => {
  const name = "5.10-mkclean-ext4";
  const { result } = await judgeRecorded(name);
  const violated = result.invariants.find(({ verdict }) => verdict === "violated");
  const invariant = invariants.find(({ id }) => id === violated?.id);
  const [breach] = violated?.breaches ?? [];
  assert(invariant !== undefined && breach !== undefined);
  assertEquals(generated(`the first breach of ${name}`), breachDiagram(breach, invariant));
});

Deno.test("README shows the shortest race of two fsyncs as explore prints it", () => {
  const design = designs.find(({ id }) => id === "D3-pmd");
  assert(design !== undefined);
  const found = explore(design).findings.find(({ id }) => id === "DAX-WAIT-1");
  assert(found?.verdict === "violated");
  const run = runOf(found.path);
  assertEquals(
    generated("the shortest race of D3-pmd against DAX-WAIT-1"),
    printRace(run, columnsOf(design, run)),
  );
});

Deno.test("the example of designs of one's own: a race is found, mended, and nothing else is broken", () => {
  const [first, second] = own.map((design) => {
    const found = examine(design, { beside: own });
    assert(found.kind === "explored", design.id);
    assertEquals(brokenBy(found.exploration), design.breaks, design.id);
    return found.exploration;
  });
  assert(first !== undefined && second !== undefined);
  assertEquals([first.design.breaks.length > 0, second.design.breaks], [true, []]);
  const broken = first.findings.find(({ id }) => id === "DAX-HOLE-1");
  assert(broken?.verdict === "violated");
  const run = runOf(broken.path);
  assertEquals(
    generated("the shortest race of SEQ-check-first against DAX-HOLE-1"),
    printRace(run, columnsOf(first.design, run)),
  );
});

Deno.test("README's race is a breach under the design that README's command names", () => {
  const [, id] = /task race --design (\S+) /.exec(readme) ?? [];
  const design = designs.find((each) => each.id === id);
  const shown = generated("the shortest race of D3-pmd against DAX-WAIT-1");
  const next = readme.slice(readme.indexOf(shown) + shown.length).replace(/^\n```/, "");
  for (const text of [shown, `${shown}\n${next}`]) {
    const parsed = parseRace(text);
    assert(design !== undefined && parsed.kind === "race");
    assertEquals(judgeRace(parsed.race, design).kind, "breach");
  }
});

Deno.test("what README says of stock kernels, the cards of its recordings say", async () => {
  const cards = await readCards(recordedFolder);
  assert(typeof cards !== "string", String(cards));
  const named = new Set<string>();
  for (
    const { cells: [what, kernels, invariant = "", recordings] } of table("what goes wrong").rows
  ) {
    const those = recordings?.split(", ").map((name) => cards.find((card) => card.name === name));
    for (const card of those ?? []) {
      assertEquals(card?.expect.get(invariant), "violated", `${what}: ${recordings}`);
      assertEquals(card?.skips, undefined, card?.name);
      named.add(invariant);
    }
    const recorded = new Set(those?.map((card) => card?.kernel));
    assertEquals(kernels?.split(", "), [...recorded].toSorted(), what);
  }
  const released = cards.filter(({ skips }) => skips === undefined);
  const broken = released.flatMap(({ expect }) =>
    [...expect].filter(([, verdict]) => verdict === "violated").map(([id]) => id)
  );
  assertEquals([...named].toSorted(), [...new Set(broken)].toSorted(), "every id that is broken");
});

Deno.test("every command that README names is there, with its options", () => {
  const commands = [...readme.matchAll(/(?:task|pagespec) ([a-z]+)([^\n#|`]*)/g)];
  for (const [whole, name = "", rest = ""] of commands) {
    assert(name in deno.tasks, whole);
    const { options } = verbs.get(name) ?? { options: [] };
    const [own = ""] = rest.split(" -- ");
    for (const [option] of own.matchAll(/--\w+/g)) {
      assert(options.some(([named]) => named.startsWith(option)), `${whole}: ${option}`);
    }
  }
  assert(commands.length > 10);
});

Deno.test("every id that README names is in the catalogue", () => {
  const known = new Set([...invariants, ...designs].map(({ id }) => id));
  const named = readme.match(/\b(?:[A-Z]{2,}(?:-[A-Z]+)*-\d+|[A-F]\d+(?:-[a-z]+)*)\b/g) ?? [];
  for (const id of named) assert(known.has(id), id);
  assert(named.length > 5);
});

Deno.test("README names every verdict of check", () => {
  const verdicts = table("verdict").rows.map(({ cells: [verdict] }) => verdict);
  assertEquals(verdicts, ["`holds`", "`violated`", "`undecided`", "`unexercised`"]);
});
