/**
 * CONTRIBUTING says which files each kind of addition touches. Here each is made, in a copy of the
 * repository that is thrown away: the files are counted, and what was added is there.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { scan } from "../spec/blocks.ts";
import { loadsLazily } from "./loads_lazily.ts";
import { read } from "./sources.ts";

const root = new URL("../", import.meta.url).pathname;

/** A copy of the repository: one for all additions, for Deno keeps what it compiles by its place. */
const folder = await Deno.makeTempDir({ prefix: "pagespec-additions-", dir: "/tmp" });

/** Copies what is edited and run; of what is only read there is a link. */
Deno.test.beforeAll(async () => {
  for await (const { name } of Deno.readDir(root)) {
    if (!name.startsWith(".")) await copy(name);
  }
});

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

/** The copy, while an addition is made there. */
interface Scratch {
  /** Files that were edited by hand, in order. */
  readonly touched: string[];
  /** What was in them; undefined if they were not there. */
  readonly before: Map<string, string | undefined>;
}

/** Takes back what was edited. */
async function withScratch(use: (scratch: Scratch) => Promise<void>): Promise<void> {
  const before = new Map<string, string | undefined>();
  try {
    await use({ touched: [], before });
  } finally {
    for (const [path, text] of before) {
      if (text === undefined) await Deno.remove(`${folder}/${path}`);
      else await Deno.writeTextFile(`${folder}/${path}`, text);
    }
  }
}

async function copy(path: string): Promise<void> {
  const isReadOnly = ["vectors/suite", "vectors/recorded"].includes(path);
  // Deno links only where it may write everywhere.
  if (isReadOnly) return await link(root + path, `${folder}/${path}`);
  if ((await Deno.stat(root + path)).isFile) {
    return await Deno.copyFile(root + path, `${folder}/${path}`);
  }
  await Deno.mkdir(`${folder}/${path}`);
  for await (const { name } of Deno.readDir(root + path)) await copy(`${path}/${name}`);
}

async function link(target: string, path: string): Promise<void> {
  await new Deno.Command("ln", { args: ["-s", target, path] }).output();
}

/** Puts text into a file before what is found there first; a file that is not there becomes the text. */
async function insert(
  { touched, before }: Scratch,
  path: string,
  text: string,
  place = "",
): Promise<void> {
  const old = place === "" ? "" : await Deno.readTextFile(`${folder}/${path}`);
  const at = old.indexOf(place);
  if (at === -1) throw new Error(`${path} has no ${place}`);
  if (!before.has(path)) before.set(path, place === "" ? undefined : old);
  await Deno.writeTextFile(`${folder}/${path}`, old.slice(0, at) + text + old.slice(at));
  if (!touched.includes(path)) touched.push(path);
}

/** Runs deno in the copy and gives what it printed. */
async function deno(...args: readonly string[]): Promise<string> {
  const command = new Deno.Command("deno", {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  });
  const { stdout, stderr } = await command.output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

const pagespec = ["run", "--no-prompt", loadsLazily, "--allow-read", "cli.ts"] as const;

/** What CONTRIBUTING lists of a kind of addition, `*` for a name of one's own. */
async function listed(kind: string): Promise<readonly string[]> {
  const table = scan(await read("CONTRIBUTING.md")).blocks.find((block) =>
    block.kind === "table" && block.header[1] === "files by hand"
  );
  const rows = table?.kind === "table" ? table.rows : [];
  const [, cell = ""] = rows.find(({ cells }) => cells[0] === kind)?.cells ?? [];
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path);
}

/** Holds what was touched against what CONTRIBUTING lists of these kinds. */
async function assertListed(
  touched: readonly string[],
  ...kinds: readonly string[]
): Promise<void> {
  const patterns = (await Promise.all(kinds.map(listed))).flat();
  const places = touched.map((path) =>
    patterns.find((each) => new RegExp(`^${each.replaceAll("*", "[^/]+")}$`).test(path)) ?? path
  );
  assertEquals([...new Set(places)].toSorted(), [...new Set(patterns)].toSorted());
}

Deno.test("an invariant is three files, and the design that breaks it two", async () => {
  await withScratch(async (scratch) => {
    await insert(
      scratch,
      "spec/2-durability.md",
      "### META-4 A change of a file is refused only while its block map is frozen.\n\n" +
        "```yaml\nkind: A\nformula: refuse_change ⇒ frozen(file)\nsources:\n  - seed 001\n" +
        "needs: [removals]\n```\n\nA file that nobody froze would stay as it is for ever.\n\n",
      "### MSYNC-1 ",
    );
    await insert(
      scratch,
      "model/invariants/crash.ts",
      `  invariant({
    id: "META-4",
    about: "file",
    needs: ["removals"],
    on: ["refuse_change"],
    judge: (before, { page }) => keptIf(before.frozen[fileOf(before, page)] === 1),
    breach: "a change was refused of a file that is not frozen",
    loss: "the file can never be changed",
  }),
`,
      '  invariant({\n    id: "MSYNC-1"',
    );
    await insert(
      scratch,
      "vectors/generate/authored/own_flushes.ts",
      `  {
    name: "change-refused-of-a-file-not-frozen",
    system: "B",
    about: "META-4",
    says: "A hole punch is refused though nobody froze the file",
    references: [seed("001")],
    bounds: diskWorld,
    start: dataOnDisk,
    events: [breaks("META-4", { kind: "refuse_change", task: 1, page: 0 })],
  },
`,
      '  {\n    name: "change-of-a-frozen-map-refused"',
    );
    await assertListed(scratch.touched, "invariant");
    scratch.touched.length = 0;
    await insert(
      scratch,
      "model/designs/sync_mappings.ts",
      `  design({
    id: "B4-refuses-all",
    title: "as B4, and a change is refused of a file that is not frozen, too",
    source: "mutant of B4",
    actors: [
      task("T", 1, (first, next) => [
        choice(first, "fallocate(PUNCH_HOLE)", {
          events: [{ kind: "refuse_change", task: 1, page }],
          goto: next,
        }),
      ]),
    ],
    breaks: ["META-4"],
  }),
`,
      '  design({\n    id: "B5"',
    );
    await insert(
      scratch,
      "tests/binding/counterparts.ts",
      '  "B4-refuses-all": "no call freezes a file",\n',
      '  "B5": user',
    );
    await assertListed(scratch.touched, "design");
    const explained = await deno(...pagespec, "explain", "META-4");
    assertStringIncludes(explained, "A change of a file is refused only while");
    const held = await deno(
      ...["test", "--no-check", "--allow-read", "tests/chapter_ids_test.ts"],
      ...["tests/event_vectors_test.ts", "tests/counterparts_test.ts"],
      ...["--filter", "/judge|catalogue$|author and model|breaks the same/"],
    );
    assertMatch(held, /^ok \| \d{2} passed \| 0 failed/m);
    const explored = await deno(...pagespec, "explore", "B4-refuses-all");
    assertStringIncludes(explored, "META-4");
  });
});

Deno.test("a tracepoint is one file", async () => {
  await withScratch(async (scratch) => {
    await insert(
      scratch,
      "vectors/kernel/rows/xfs.ts",
      '  removalRow("xfs_alloc_file_space", "the task gives blocks to the file", namesRemoval),\n',
      '  removalRow("xfs_free_file_space"',
    );
    await assertListed(scratch.touched, "tracepoint");
    const asked = 'import { readerOfTracepoint } from "./vectors/kernel/rows.ts";' +
      'console.log(readerOfTracepoint("xfs_alloc_file_space")?.tells);';
    assertEquals(await deno("eval", asked), "both\n");
  });
});

Deno.test("a text format is one folder", async () => {
  await withScratch(async (scratch) => {
    await insert(
      scratch,
      "vectors/kernel/dialects/starred.ts",
      'import { asLine, type Rewriting } from "./rewriting.ts";\n' +
        "export const starred: Rewriting = {\n" +
        "  format: undefined,\n" +
        '  isIn: ([first = ""]) => first.startsWith("* "),\n' +
        '  begin: () => (line) => asLine(line.replace(/^\\* /, "")),\n' +
        "};\n",
    );
    const list = "vectors/kernel/dialects/dialect.ts";
    await insert(
      scratch,
      list,
      'import { starred } from "./starred.ts";\n',
      "import { asLine, type Rewriting",
    );
    await insert(scratch, list, "starred, ", "mail, perfScript");
    await assertListed(scratch.touched, "text format");
    const trace = await read("vectors/recorded/6.12-punch-ext4.trace.txt");
    const starred = trace.split("\n").map((line) => line && `* ${line}`).join("\n");
    await Deno.writeTextFile(`${folder}/starred.txt`, starred);
    assertStringIncludes(await deno(...pagespec, "check", "starred.txt"), "DAX-TAG-4");
  });
});

Deno.test("a binary format is one folder, and one line of a list", async () => {
  await withScratch(async (scratch) => {
    const place = "vectors/kernel/sealed";
    await Deno.mkdir(`${folder}/${place}`);
    await insert(
      scratch,
      `${place}/sealed.ts`,
      'import type { BinaryFormat } from "../binary_format.ts";\n' +
        'import { ascii } from "../container.ts";\n' +
        'import { readTrace } from "../ftrace_text.ts";\n' +
        "export const sealed: BinaryFormat = {\n" +
        '  name: "sealed",\n' +
        '  magic: [0, ...ascii("SEALED")],\n' +
        "  read: (source, name) =>\n" +
        "    readTrace(new Blob([source.read(7, source.size).slice()]).stream(), { name }),\n" +
        "};\n",
    );
    const list = "vectors/kernel/binary_formats.ts";
    await insert(
      scratch,
      list,
      'import { sealed } from "./sealed/sealed.ts";\n',
      "import { traceDat",
    );
    await insert(scratch, list, "  sealed,\n", "  traceDat,");
    await assertListed(scratch.touched, "binary format");
    const trace = await read("vectors/recorded/6.12-punch-ext4.trace.txt");
    await Deno.writeTextFile(`${folder}/x.sealed`, `\0SEALED${trace}`);
    assertStringIncludes(await deno(...pagespec, "check", "x.sealed"), "DAX-TAG-4");
  });
});
