/**
 * The page of `check`, opened in a browser as its reader opens it.
 *
 * @module
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { designs } from "../model/designs/catalogue.ts";
import { explore } from "../model/explore.ts";
import { createAutomaton } from "../model/check.ts";
import { checkDocument, type CheckedTrace } from "../vectors/command/picture/check_document.ts";
import { bundledSuite } from "../vectors/conform/bundled_suite.ts";
import { type Conformance, resultOf } from "../vectors/conform/result.ts";
import { observationKey } from "../model/operation/observation.ts";
import { conformDocument } from "../vectors/command/picture/conform_document.ts";
import { exploreDocument } from "../vectors/command/picture/explore_document.ts";
import { htmlPage } from "../vectors/command/picture/html_page.ts";
import { checkTrace } from "../vectors/kernel/check_trace.ts";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { traceSource } from "../vectors/kernel/trace_source.ts";
import { ownPageScript, pageScripts } from "../vectors/page/page_script.ts";
import seqcount from "../vectors/examples/seqcount.ts";
import { chromiumPath } from "./page/chromium.ts";
import type { Tried } from "./page/browse.ts";
import { recordedText } from "./recorded.ts";

const automaton = createAutomaton();

/** A trace, checked, as the verb does it. */
async function checked(path: string, kernel?: string): Promise<CheckedTrace> {
  const source = await traceSource(path, true);
  const trace = await source.open();
  assert(trace.kind === "trace", path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const options = { path: name, kernel, automaton };
  return { result: await checkTrace(trace, options), source, options };
}

/** The scripts of the pages here. */
const scripts = await pageScripts(["check_page", "catalogue_page", "conform_page", "search_page"]);
assert(!("refused" in scripts), String(scripts));
const [checkScript = "", catalogueScript = "", conformScript = "", searchScript = ""] = scripts;

/** The report of traces as its file. */
async function pageOf(checks: readonly CheckedTrace[], most = Infinity): Promise<string> {
  const document = await checkDocument(checks, [], { most });
  return htmlPage({ title: "check", script: checkScript, document });
}

async function allRecorded(): Promise<readonly CheckedTrace[]> {
  const cards = await readCards(recordedFolder);
  assert(typeof cards !== "string");
  const checks: CheckedTrace[] = [];
  for (const { trace, kernel } of cards) {
    checks.push(await checked(`${recordedFolder}/${trace}`, kernel));
  }
  return checks;
}

const chromium = await chromiumPath();
const lacks = chromium === "" ? ": no chromium here" : "";

/** The report of a run in which one vector failed. */
function conformPage(): string {
  const { vectors, version } = bundledSuite();
  const vector = vectors.find(({ handle }) => handle === "COH-1/load-beside-a-direct-write");
  assert(vector?.kind === "operation");
  const [wrong] = vector.forbidden;
  assert(wrong !== undefined);
  const text = observationKey(wrong.observation);
  const observed = [
    { kind: "allowed", text: "first=1 last=1", count: 3 },
    { kind: "forbidden", text, count: 2, invariants: wrong.invariants },
  ] as const;
  const conformance: Conformance = {
    suite: version,
    command: ["driver"],
    implementation: undefined,
    schedules: ["sampled"],
    trials: 5,
    seed: 1,
    results: [resultOf(vector, { verdict: "failed", observed, invariants: wrong.invariants })],
    notRun: 0,
    complaints: [],
  };
  const document = conformDocument(conformance, vectors);
  return htmlPage({ title: "conform", script: conformScript, document });
}

Deno.test({
  name: `a reader finds the breach, steps through it, copies it, and reads what it means${lacks}`,
  ignore: lacks !== "",
  fn: async (t) => {
    const folder = await Deno.makeTempDir({ prefix: "pagespec" });
    const recorded = await pageOf(await allRecorded(), 3);
    await Deno.writeTextFile(`${folder}/recorded.html`, recorded);
    assertLess(recorded.length, 1e6, "the report of the bundled recordings");

    const mkclean = `${recordedFolder}/5.10-mkclean-ext4.trace.txt`;
    await Deno.writeTextFile(`${folder}/one.html`, await pageOf([await checked(mkclean)]));

    const lines = await recordedText("5.10-mkclean-ext4");
    const hostile = lines.map((line) => line.replace(/ procB-166/, "<img onerror=x>-166"));
    const name = `${folder}/hostile.txt`;
    await Deno.writeTextFile(name, `${hostile.join("\n")}\n`);
    const { result, ...rest } = await checked(name);
    const named = { ...rest, result: { ...result, path: "</script><b>.txt" } };
    await Deno.writeTextFile(`${folder}/hostile.html`, await pageOf([named]));

    const merged = designs.filter(({ id }) => id === "D3-pmd").map((each) => explore(each));
    const design = htmlPage({
      title: "D3-pmd",
      script: catalogueScript,
      document: exploreDocument(merged),
    });
    await Deno.writeTextFile(`${folder}/design.html`, design);

    const script = await ownPageScript(new URL("../vectors/examples/seqcount.ts", import.meta.url));
    assert(typeof script === "string");
    const document = exploreDocument(seqcount.map((each) => explore(each)));
    await Deno.writeTextFile(`${folder}/own.html`, htmlPage({ title: "own", script, document }));

    await Deno.writeTextFile(`${folder}/conform.html`, conformPage());

    const sections = [
      { page: "4-mkclean.html#the-trouble", title: "The trouble", text: "what mkclean misses" },
      { page: "1-dax-faults.html#the-state", title: "The state", text: "holes" },
    ];
    await Deno.writeTextFile(
      `${folder}/search.html`,
      htmlPage({ title: "Search", script: searchScript, document: { sections } }),
    );

    const browse = new URL("page/browse.ts", import.meta.url).pathname;
    const { stdout, stderr } = await new Deno.Command("deno", {
      args: ["run", "--quiet", "--no-check", "--allow-all", browse, folder, chromium],
    }).output();
    const text = new TextDecoder();
    const tried: readonly Tried[] = JSON.parse(text.decode(stdout) || "[]");
    assert(tried.length > 0, text.decode(stderr));
    for (const { name, wrong } of tried) await t.step(name, () => assertEquals(wrong, ""));
    for (const picture of ["light-1280", "light-400", "dark-1280", "dark-400"]) {
      assert((await Deno.stat(`${folder}/${picture}.png`)).size > 10_000, picture);
    }
    await Deno.remove(folder, { recursive: true });
  },
});
