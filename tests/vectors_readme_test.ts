import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { operationKinds } from "../model/operation/operation.ts";
import { failures } from "../model/operation/observation.ts";
import { isFault } from "../model/operation/faults.ts";
import { pageSize } from "../model/operation/scenario.ts";
import { decodeReply } from "../vectors/conform/decode_reply.ts";
import { longestLine, protocolVersion } from "../vectors/conform/protocol.ts";
import { patience } from "../vectors/conform/run_suite.ts";
import { validator } from "../vectors/conform/validate.ts";

const text = await Deno.readTextFile(new URL("../vectors/README.md", import.meta.url));

/** Rows of the tables: the first cell, without its quotes. */
const cells = [...text.matchAll(/^\| `?([^`|]+?)`? +\|/gm)].map(([, cell = ""]) => cell);

Deno.test("the contract has a row for every operation, in the order of the schema", () => {
  const rows = cells.filter((cell) => operationKinds.some((kind) => kind === cell));
  assertEquals(rows, [...operationKinds]);
});

Deno.test("every message in the contract is one of the protocol, and each kind is there", async () => {
  const validate = await validator();
  const fences = [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, fence = ""]) => fence);
  const kinds = new Set<string>();
  for (const fence of fences) {
    const message = JSON.parse(fence);
    assertEquals(validate(message), undefined, fence);
    kinds.add(message.kind);
    if (["run", "bye"].includes(message.kind) || "schema" in message) continue;
    assertEquals(decodeReply(JSON.stringify(message)).kind, message.kind);
  }
  const all = ["hello", "run", "outcome", "verdict", "skipped", "errored", "bye"];
  assertEquals([...kinds].toSorted(), all.toSorted());
});

Deno.test("numbers of the contract are those of the code", () => {
  assertStringIncludes(text, `Pages are ${pageSize} bytes`);
  assertStringIncludes(text, `no line over ${longestLine / 2 ** 20} MiB`);
  assertStringIncludes(text, `"protocol": ${protocolVersion}`);
  assertEquals([patience, /given up after (\w+) failures in a row/.exec(text)?.[1]], [5, "five"]);
});

Deno.test("failures that are no errno are named in the contract", () => {
  for (const failure of Object.keys(failures)) {
    if (!failure.startsWith("E")) assertStringIncludes(text, `\`${failure}\``);
  }
});

Deno.test("every command in the contract is a task, and every mutant exists", () => {
  const tasks = [...text.matchAll(/deno task (\w+)/g)].map(([, task = ""]) => task);
  assert(tasks.length > 5);
  for (const task of tasks) assert(task in deno.tasks, task);
  for (const [, mutant = ""] of text.matchAll(/--mutant ([a-z-]+)/g)) {
    assert(isFault(mutant), mutant);
  }
});

Deno.test("the contract links to files that are there", async () => {
  for (const [, link = ""] of text.matchAll(/\]\(([^)#]+)\)/g)) {
    await Deno.stat(new URL(`../vectors/${link}`, import.meta.url));
  }
  assertMatch(text, /known\/tmpfs\.txt/);
});
