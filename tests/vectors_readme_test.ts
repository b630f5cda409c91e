import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { FOREIGN } from "../model/storage.ts";
import { Extent } from "../model/extent.ts";
import { Folio } from "../model/folio.ts";
import { operationKinds } from "../model/operation/operation.ts";
import { failures } from "../model/operation/observation.ts";
import { isBug } from "../model/operation/bugs.ts";
import { pageSize } from "../model/page_size.ts";
import { Pte } from "../model/page_table.ts";
import { createState } from "../model/state.ts";
import { Entry, Tag } from "../model/xarray.ts";
import { decodeReply } from "../vectors/conform/decode_reply.ts";
import { grace } from "../vectors/conform/driver_process.ts";
import { longestLine, protocolVersion } from "../vectors/conform/protocol.ts";
import { patience } from "../vectors/conform/result.ts";
import { validator } from "../vectors/conform/validate.ts";
import { viewsOf } from "../vectors/format/event_vector.ts";
import { questionOf } from "../vectors/conform/question.ts";
import { events, vectors } from "./bundled_suite.ts";

const text = await Deno.readTextFile(new URL("../vectors/README.md", import.meta.url));

/** The text without line ends. */
const prose = text.replace(/\s+/g, " ");

/** Rows of the tables: the first cell, without its quotes. */
const cells = [...text.matchAll(/^\| `?([^`|]+?)`? +\|/gm)].map(([, cell = ""]) => cell);

Deno.test("the contract has a row for every operation, in the order of the schema", () => {
  const rows = cells.filter((cell) => operationKinds.some((kind) => kind === cell));
  assertEquals(rows, [...operationKinds]);
});

Deno.test("every message in the contract is one of the protocol, and each kind is there", () => {
  const validate = validator();
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

Deno.test("the vector that the contract asks about is one of the suite", () => {
  const fences = [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, fence = ""]) => fence);
  const asked = fences.map((fence) => JSON.parse(fence)).find(({ kind }) => kind === "run").vector;
  const vector = vectors.find(({ handle }) => handle === asked.handle);
  assert(vector !== undefined);
  assertEquals(asked, questionOf(vector));
});

Deno.test("numbers of the contract are those of the code", () => {
  assertStringIncludes(prose, `Pages are ${pageSize} bytes`);
  assertStringIncludes(prose, `no line over ${longestLine / 2 ** 20} MiB`);
  assertStringIncludes(prose, `sent SIGTERM and, ${grace / 1000} s later, SIGKILL`);
  assertStringIncludes(text, `"protocol": ${protocolVersion}`);
  assertEquals([patience, /given up after (\w+) failures in a row/.exec(prose)?.[1]], [5, "five"]);
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
    assert(isBug(mutant), mutant);
  }
});

Deno.test("the contract links to files that are there", async () => {
  for (const [, link = ""] of text.matchAll(/\]\(([^)#]+)\)/g)) {
    await Deno.stat(new URL(`../vectors/${link}`, import.meta.url));
  }
  for await (const { name } of Deno.readDir(new URL("../vectors/known/", import.meta.url))) {
    assertStringIncludes(text, `(known/${name})`);
  }
});

Deno.test("the contract has a row for every view that a vector starts with", () => {
  const used = new Set(events.flatMap(({ start }) => viewsOf(start)));
  const state = createState({ pages: 1, pmdPages: 1, mappings: 1, tasks: 1, locals: 0 });
  const rows = cells.filter((cell) => viewsOf(state).some((view) => view === cell));
  assertEquals(rows.toSorted(), [...used].toSorted());
});

Deno.test("values of views in the contract are those of the model", () => {
  const row = (view: string): string =>
    new RegExp(`^\\| \`${view}\` .*$`, "m").exec(text)?.[0] ?? "";
  const { HOLE, UNWRITTEN, MAPPED, BEYOND } = Extent;
  assertStringIncludes(
    row("extent"),
    `${HOLE} hole, ${UNWRITTEN} unwritten, ${MAPPED} mapped, ${BEYOND} beyond the end`,
  );
  const { NONE, EMPTY, ZERO, PFN, PMD } = Entry;
  assertStringIncludes(
    row("entry"),
    `${NONE} none, ${EMPTY} empty, ${ZERO} zero page, ${PFN} block; a PMD: + ${PMD}`,
  );
  const { DIRTY, TOWRITE, WRITEBACK } = Tag;
  assertStringIncludes(
    row("tag"),
    `${DIRTY} DIRTY, ${TOWRITE} TOWRITE, ${WRITEBACK} WRITEBACK`,
  );
  assertStringIncludes(
    row("pte"),
    `${Pte.NONE} none, ${Pte.ZERO} zero page, ${Pte.READ} read, ${Pte.WRITE} write, ` +
      `${Pte.ANON} anonymous; + ${Pte.HUGE} in a PMD`,
  );
  assertStringIncludes(
    row("folio"),
    `${Folio.UPTODATE} UPTODATE, ${Folio.DIRTY} DIRTY, ${Folio.WRITEBACK} WRITEBACK`,
  );
  assertStringIncludes(prose, `bit ${FOREIGN} is what a block's last owner left`);
});

Deno.test("the contract has a row for every way in which a vector is derived", async () => {
  const schema = await Deno.readTextFile(
    new URL("../vectors/schema/vector.schema.json", import.meta.url),
  );
  const { enum: words } = JSON.parse(schema).$defs.provenance.oneOf[1].properties.why;
  assertEquals(cells.filter((cell) => words.includes(cell)), words);
  const used = new Set(
    events.flatMap(({ provenance }) => provenance.kind === "derived" ? [provenance.why] : []),
  );
  const unused: readonly string[] = words.filter((word: string) =>
    !new Set<string>(used).has(word)
  );
  assertEquals(
    unused,
    [...text.matchAll(/^\| `(\w+)` +\| not in this suite/gm)].map(([, word = ""]) => word),
  );
});

Deno.test("the contract has every option of conform, and of drive", async () => {
  const optionsOf = async (verb: string): Promise<readonly string[]> => {
    const source = await Deno.readTextFile(
      new URL(`../vectors/command/${verb}.ts`, import.meta.url),
    );
    return [...source.matchAll(/^ {6}(\w+): \{ type: "/gm)].map(([, name = ""]) => `--${name}`);
  };
  const tableOf = (what: string): string =>
    new RegExp(`<!-- checked: one row for each option of ${what} -->\n\n(.*?)\n\n`, "s")
      .exec(text)?.[1] ?? "";
  const namesIn = (table: string): readonly string[] =>
    [...new Set(table.match(/(?<=^\| `)--\w+/gm) ?? [])].toSorted();
  const conform = tableOf("conform");
  const source = await Deno.readTextFile(new URL("../vectors/command/conform.ts", import.meta.url));
  for (const [, name = "", value = ""] of conform.matchAll(/^\| `--(\w+) .*; (\d+) +\|$/gm)) {
    assertStringIncludes(source, `${name}: { type: "string", default: "${value}" }`);
  }
  assertEquals(namesIn(conform), (await optionsOf("conform")).toSorted());
  const elsewhere = ["--device", "--dir", "--mutant", "--mutants"];
  const ofDevice = (await optionsOf("drive")).filter((each) => !elsewhere.includes(each));
  assertEquals(namesIn(tableOf("drive --device")), ofDevice.toSorted());
  for (const option of await optionsOf("drive")) assertStringIncludes(text, option);
});
