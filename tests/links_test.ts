/**
 * Links between the documents.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { scan } from "../spec/blocks.ts";

const root = new URL("../", import.meta.url);

async function* documentsUnder(directory = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(directory, root))) {
    if (name.startsWith(".") || name === "node_modules") continue;
    if (isDirectory) yield* documentsUnder(`${directory}${name}/`);
    else if (name.endsWith(".md")) yield directory + name;
  }
}

interface Link {
  readonly from: string;
  readonly target: string;
}

/** Links of a text to other files and headings; those in code are no links. */
function linksOf(from: string, text: string): readonly Link[] {
  return scan(text).blocks
    .filter(({ kind }) => kind !== "fence")
    .flatMap(({ source }) => [...source.replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g)])
    .map(([, target = ""]) => ({ from, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** The fragment by which a heading is linked to: as GitHub makes it. */
function slug(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

const documents = (await Array.fromAsync(documentsUnder())).toSorted();
const texts = new Map(
  await Promise.all(
    documents.map(async (path): Promise<[string, string]> => [
      path,
      await Deno.readTextFile(new URL(path, root)),
    ]),
  ),
);
const links = [...texts].flatMap(([path, text]) => linksOf(path, text));

/** The linked path in this repository, without a fragment. */
function pathOf({ from, target }: Link): string {
  const url = new URL(target.replace(/#.*/, ""), new URL(from, root));
  return url.href.replace(root.href, "");
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(new URL(path, root));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test("a link leads to a file that is there", async () => {
  assert(links.length > 0);
  for (const link of links) {
    assert(await exists(pathOf(link)), `${link.from}: ${link.target}`);
  }
});

Deno.test("a link to a heading leads to one that is there", () => {
  for (const link of links) {
    const fragment = link.target.split("#")[1];
    const text = texts.get(pathOf(link));
    if (fragment === undefined || text === undefined) continue;
    const slugs = scan(text).blocks.flatMap((block) =>
      block.kind === "heading" ? [slug(block.text)] : []
    );
    assert(slugs.includes(fragment), `${link.from}: ${link.target}`);
  }
});

Deno.test("from README it is two links to each part of the core loop", async () => {
  const from = (path: string): readonly string[] =>
    links.filter((link) => link.from === path).map(pathOf);
  assert(from("README.md").includes("model/README.md"));
  const second = from("model/README.md");
  const loop = [["model/step.ts", "step"], ["model/step.ts", "enabled"], [
    "model/explore.ts",
    "explore",
  ], ["model/invariants/tag.ts", "markInvariants"]] as const;
  for (const [path, name] of loop) {
    assert(second.includes(path), path);
    const text = await Deno.readTextFile(new URL(path, root));
    assert(new RegExp(`^export (?:function|const) ${name}\\b`, "m").test(text), `${path} ${name}`);
  }
});

Deno.test("a heading's fragment is its letters, digits and dashes", () => {
  assertEquals(slug("Open: two callers of fsync"), "open-two-callers-of-fsync");
  assertEquals(slug("Still in 5.10: `pmdp`"), "still-in-510-pmdp");
});
