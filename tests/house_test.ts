import { assert, assertEquals, assertLessOrEqual, assertMatch } from "@std/assert";
import deno from "../deno.json" with { type: "json" };

interface Source {
  readonly path: string;
  readonly text: string;
}

const root = new URL("../", import.meta.url);

/** The way data flows. What stands at the top level may import from all but the tests. */
const FLOW = ["spec", "model", "vectors", "top", "tests"];

async function* sourcesUnder(directory = ""): AsyncGenerator<Source> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(directory, root))) {
    const path = directory + name;
    if (isDirectory && placeOf(`${path}/`) !== -1) yield* sourcesUnder(`${path}/`);
    else if (/\.[cm]?[jt]s$/.test(name)) yield await read(path);
  }
}

async function read(path: string): Promise<Source> {
  return { path, text: await Deno.readTextFile(new URL(path, root)) };
}

function placeOf(path: string): number {
  return FLOW.indexOf(path.includes("/") ? path.slice(0, path.indexOf("/")) : "top");
}

/** What a module imports or exports again, when it is loaded or later. */
function importsOf({ text }: Source): readonly string[] {
  const statements = text.matchAll(/^(?:import|export)\b(?:[^;"]*? from)? "([^"]+)"/gm);
  const calls = text.matchAll(/\bimport\("([^"]+)"\)/g);
  return [...statements, ...calls].map(([, specifier = ""]) => specifier);
}

Deno.test("data flows one way: no import runs back up", async () => {
  let imports = 0;
  for (const source of await Array.fromAsync(sourcesUnder())) {
    for (const specifier of importsOf(source).filter((each) => each.startsWith("."))) {
      const target = new URL(specifier, new URL(source.path, root)).href.replace(root.href, "");
      // The version stands in deno.json, which nothing flows into.
      if (target === "deno.json") continue;
      assert(
        placeOf(target) !== -1 && placeOf(target) <= placeOf(source.path),
        `${source.path} imports ${specifier}`,
      );
      imports++;
    }
  }
  assert(imports > 0);
});

Deno.test("a module imports by path, by a name in deno.json, or from node:", async () => {
  const names = Object.keys(deno.imports);
  for (const source of await Array.fromAsync(sourcesUnder())) {
    for (const specifier of importsOf(source)) {
      const known = specifier.startsWith(".") || specifier.startsWith("node:") ||
        names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
      assert(known, `${source.path} imports ${specifier}`);
    }
  }
});

Deno.test("a module has a name of its own, and 350 lines at most", async () => {
  for (const { path, text } of await Array.fromAsync(sourcesUnder())) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    assertMatch(name, /^[a-z0-9_]+(?:\.d)?\.ts$/, path);
    assert(!/^(?:utils?|helpers?|common|manager|types)\.ts$/.test(name), path);
    const lines = text.split("\n").length - 1;
    assertLessOrEqual(lines, 350, `${path} has ${lines} lines`);
  }
});

Deno.test("every document gives the test command that CI runs", async () => {
  const [, version] = /^deno=\(npx -y (deno@\S+)\)$/m.exec((await read(".ci/run")).text) ?? [];
  for await (const { name } of Deno.readDir(root)) {
    if (!name.endsWith(".md")) continue;
    for (const [, named] of (await read(name)).text.matchAll(/npx -y (\S+)/g)) {
      assertEquals(named, version, name);
    }
  }
  assertMatch((await read("CONTRIBUTING.md")).text, /^npx -y \S+ task test$/m);
});
