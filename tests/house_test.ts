import { assert, assertEquals, assertLessOrEqual, assertMatch } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { circlesOf, type Module, moduleOf, pathsUnder, read, readModules } from "./sources.ts";

const modules = await readModules();

/**
 * The way data flows: a module may import from its own wing and from those in rows above. What stands
 * at the top level is the package and its command line.
 */
const flow: readonly (readonly string[])[] = [
  ["spec/"],
  ["model/"],
  ["vectors/format/"],
  ["vectors/kernel/", "vectors/generate/", "vectors/page/"],
  ["vectors/conform/", "vectors/release/", "vectors/lab/"],
  ["vectors/command/"],
  ["design.ts"],
  ["mod.ts", "cli.ts", "vectors/examples/", "vectors/package/"],
  ["tests/"],
];

function wingOf(path: string): string {
  const wing = flow.flat().find((each) => path.startsWith(each));
  assert(wing !== undefined, `${path} stands in no wing`);
  return wing;
}

function rowOf(wing: string): number {
  return flow.findIndex((row) => row.includes(wing));
}

/** All imports from one file of the repository by another. */
const imports = modules.flatMap(({ path, imports }) =>
  imports.map((each) => ({ by: path, ...each })).filter(({ from }) => /\.ts$/.test(from))
);

Deno.test("data flows one way: no import runs back up, or across", () => {
  assert(imports.length > 1000);
  for (const { by, from } of imports) {
    const [own, other] = [wingOf(by), wingOf(from)];
    assert(own === other || rowOf(other) < rowOf(own), `${by} imports ${from}`);
  }
});

Deno.test("the verbs are reached by the command line, and by tests, alone", () => {
  for (const { by, from } of imports) {
    if (!from.startsWith("vectors/command/") || by.startsWith("vectors/command/")) continue;
    assert(by === "cli.ts" || by.startsWith("tests/"), `${by} imports ${from}`);
  }
});

Deno.test("no modules import each other in a circle", () => {
  assertEquals(circlesOf(modules), []);
});

/** What no module but a test imports, and why it is exported, by `path name`. */
const forTests: readonly (readonly [RegExp, string])[] = [
  [
    /^model\/mutate\.ts (?:lacking|noDeeds)$/,
    "tests/mutation/ takes away more than the vectors do",
  ],
  [/ operationKinds$/, "vectors/README.md has a row for each"],
  [/ namePattern$/, "the schema has it too"],
  [/ (?:grace|patience)$/, "vectors/README.md says it"],
  [/^vectors\/examples\//, "an example is for others to read"],
  [/ disagreement$/, "an author's mistakes are tried out"],
  [/ scenarioOf$/, "chance leads runs of it"],
  [/\/equivalent\.ts (?:Proof|equivalents)$/, "each is proved by exploring"],
  [/ readCard$/, "malformed cards are tried out"],
  [
    /^vectors\/kernel\/rows\/\w+\.ts \w+$/,
    "each decoder is held against lines of real kernels",
  ],
  [/ processesInside$/, "a kernel that is slow enough cannot be had for a test"],
  [/^vectors\/lab\/(?:boot|needs)\.ts \w+$/, "what a guest is made of is looked at without one"],
  [/ plainText$/, "a report for people, without its colours"],
  [/^model\/explore\.ts explorationOf$/, "one search serves two kinds of tests"],
  [
    /^model\/explore\/(?:cycle\.ts findRound|search\.ts (?:Ground|searchOn))$/,
    "a mutant's search goes on from that of the whole design",
  ],
  [
    /^vectors\/command\/\w+\.ts (?:staleFiles|explanationJson|releaseFiles)$/,
    "a verb's outcome, without its printing",
  ],
];

Deno.test("what is exported is imported by another module, and not by tests alone", () => {
  const users = Map.groupBy(
    imports.flatMap(({ by, from, names }) =>
      names.map((name) => ({ by, what: `${from} ${name}` }))
    ),
    ({ what }) => what,
  );
  const unused: string[] = [];
  const tested: string[] = [];
  for (const { path, exports } of modules) {
    // What the package exports is there for others.
    if (Object.values(deno.exports).includes(`./${path}`)) continue;
    for (const what of exports.map((name) => `${path} ${name}`)) {
      const by = users.get(what) ?? [];
      if (by.length === 0) unused.push(what);
      else if (path.startsWith("tests/")) continue;
      else if (by.every((each) => each.by.startsWith("tests/"))) tested.push(what);
    }
  }
  assertEquals(unused, []);
  assertEquals(tested.filter((what) => !forTests.some(([known]) => known.test(what))), []);
  for (const [known] of forTests) assert(tested.some((what) => known.test(what)), String(known));
});

/** A sentence that begins so leans on what stands beside it. */
const leaning =
  /^(?:\.\.\.|…|(?:And|But|Or|So|Then|Also|It|Its|They|Their|He|She|Same|The same|This|That|These|Those|Both|Likewise|Ditto)\b)/;

/** Comments that are not fit to stand alone. */
function leaningIn({ path, comments }: Module): readonly string[] {
  return comments.filter(({ text }) => leaning.test(text))
    .map(({ text, line }) => `${path}:${line} ${text}`);
}

Deno.test("a doc comment stands alone: it does not go on where the one before it ends", () => {
  const [first, second] = ["/** A call begins. */\nx\n", "/** ... and returns. */\ny\n"];
  assertEquals(leaningIn(moduleOf({ path: "x", text: first + second })).length, 1);
  assertEquals(modules.flatMap(leaningIn), []);
});

Deno.test("what is exported has a doc comment, and a module that is no test says what it is", () => {
  const bare = modules.filter(({ path }) => !["mod.ts", "design.ts"].includes(path)).flatMap((
    { path, undocumented },
  ) => undocumented.map((name) => `${path} ${name}`));
  assertEquals(bare, []);
  for (const { path, text } of modules) {
    assert(text.startsWith("/**\n * ") || /_test\.ts$/.test(path), path);
  }
});

Deno.test("a module that others use imports by path, from node:, or a package that no other does", () => {
  const packages = new Map<string, string>();
  for (const { path, imports } of modules) {
    if (path.startsWith("tests/")) continue;
    for (const { from } of imports) {
      if (/\.(?:ts|json|md|css)$/.test(from) || from.startsWith("node:")) continue;
      // An example is a file of somebody else's repository.
      if (path.startsWith("vectors/examples/") && from.startsWith(deno.name)) continue;
      assertMatch(from, /^npm:[\w-]+@\d+\.\d+\.\d+(?:\/|$)/, path);
      assertEquals(packages.get(from) ?? path, path, from);
      packages.set(from, path);
    }
  }
});

Deno.test("a test imports by path, from node:, or by a name in deno.json", () => {
  const names = Object.keys(deno.imports);
  for (const { path, imports } of modules) {
    if (!path.startsWith("tests/")) continue;
    for (const { from } of imports) {
      const known = /\.(?:ts|json|md|css)$/.test(from) || from.startsWith("node:") ||
        names.some((name) => from === name || from.startsWith(`${name}/`));
      assert(known, `${path} imports ${from}`);
    }
  }
});

Deno.test("a test file is run once: deno.json names it, or one list of tests/together/", () => {
  const lists = modules.filter(({ path }) => path.startsWith("tests/together/"));
  const listed = lists.flatMap(({ text }) => [...text.matchAll(/"([\w/]+)"/g)])
    .map(([, name]) => `tests/${name}_test.ts`);
  const named = deno.test.include.filter((path) => path.startsWith("tests/"));
  const files = modules.map(({ path }) => path).filter((path) => path.endsWith("_test.ts"));
  assertEquals([...listed, ...named].toSorted(), files.toSorted());
});

/** Types of one name that are one word of the field, in two alphabets (`model/README.md`). */
const sameWord: readonly (readonly [name: string, paths: readonly string[]])[] = [
  ["Load", ["model/event.ts", "model/operation/operation.ts"]],
  ["Store", ["model/event.ts", "model/operation/operation.ts"]],
  ["Observation", ["model/check/observation.ts", "model/operation/observation.ts"]],
];

Deno.test("a type that is exported has a name of its own, but for loads, stores and observations", () => {
  const declared = /^export (?:declare )?(?:abstract )?(?:interface|type|class) (\w+)\b/gm;
  const types = modules.filter(({ path }) => !path.startsWith("vectors/examples/"))
    .flatMap(({ path, text }) =>
      [...text.matchAll(declared)].map(([, name = ""]) => ({ name, path }))
    );
  const shared = [...Map.groupBy(types, ({ name }) => name)]
    .map(([name, own]) => [name, own.map(({ path }) => path).toSorted()] as const)
    .filter(([, paths]) => paths.length > 1);
  assertEquals(new Map(shared), new Map(sameWord));
});

Deno.test("a module has a name of its own, and 350 lines at most", () => {
  for (const { path, text } of modules) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    assertMatch(name, /^[a-z0-9_]+(?:\.d)?\.ts$/, path);
    assert(!/^(?:utils?|helpers?|common|manager|types)\.ts$/.test(name), path);
    const lines = text.split("\n").length - 1;
    assertLessOrEqual(lines, 350, `${path} has ${lines} lines`);
  }
});

Deno.test("every document gives the test command that CI runs", async () => {
  const [, version] = /^deno=\(npx -y (deno@\S+)\)$/m.exec(await read(".ci/run")) ?? [];
  for (const path of await pathsUnder("", /\.md$/)) {
    for (const [, named] of (await read(path)).matchAll(/npx -y (\S+)/g)) {
      assertEquals(named, version, path);
    }
  }
  assertMatch(await read("CONTRIBUTING.md"), /^npx -y \S+ task test$/m);
});

Deno.test("a verb writes to its terminal in one place, where what others wrote is made visible", () => {
  const place = "vectors/command/output.ts";
  const sources = modules.filter(({ path }) =>
    path === "cli.ts" || path.startsWith("vectors/command/")
  );
  assert(sources.some(({ path }) => path === place));
  for (const { path, text } of sources) {
    if (path === place) continue;
    assertEquals(/\b(console\.|Deno\.std(?:out|err)\b|process\.std)/.exec(text), null, path);
  }
});
