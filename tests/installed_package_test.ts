/**
 * The npm package as somebody has it who has nothing else: installed from its archive into an empty
 * folder, and used for all its jobs.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  cwd: URL | string,
  program: string,
  ...args: readonly string[]
): Promise<Outcome> {
  const command = new Deno.Command(program, { args: [...args], cwd, env: { NO_COLOR: "1" } });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { status: code, out: text.decode(stdout), err: text.decode(stderr) };
}

async function must(
  cwd: URL | string,
  program: string,
  ...args: readonly string[]
): Promise<string> {
  const { status, out, err } = await run(cwd, program, ...args);
  assertEquals(status, 0, `${program} ${args.join(" ")}: ${out}${err}`);
  return out;
}

/** To ask npm itself would take a quarter of a second. */
const isThere = (await run(root, "sh", "-c", "command -v npm")).status === 0;
const lacks = isThere ? "" : ": no npm here";

/** The test file of a repository that has a file system to test. */
function testFile(runner: readonly string[], register: string, module: string): string {
  return [
    ...runner,
    `import { ToyFileSystem } from "./${module}";`,
    "",
    `conformance(${register}, fileSystem({`,
    '  name: "toyfs",',
    '  capabilities: ["mmap", "crash"],',
    "  start: (files) => new ToyFileSystem(files, true),",
    "}));",
    "",
  ].join("\n");
}

Deno.test({
  name:
    `what npm installs checks a trace, conforms, explains, and is a suite for other runners${lacks}`,
  ignore: lacks !== "",
  fn: async (t) => {
    const folder = await Deno.makeTempDir({ prefix: "pagespec " });
    const assembled = `${folder}/assembled`;
    await must(root, "deno", "task", "package", assembled);
    await must(assembled, "npm", "pack", "--silent", "--pack-destination", folder);
    const archives = await Array.fromAsync(Deno.readDir(folder));
    const archive = archives.find(({ name }) => name.endsWith(".tgz"))?.name ?? "";
    assert((await Deno.stat(`${folder}/${archive}`)).size < 3 << 20, "an archive above 3 MiB");
    const home = `${folder}/empty`;
    await Deno.mkdir(home);
    await Deno.writeTextFile(`${home}/package.json`, "{}");
    // Deno, which is most of it, is fetched once and not for each run of the tests.
    const quietly = ["--no-audit", "--no-fund", "--silent", "--prefer-offline"];
    await must(home, "npm", "install", ...quietly, `../${archive}`);

    // What npx starts, which takes longer itself to begin.
    const installed = `${home}/node_modules/.bin/pagespec`;

    await t.step("check judges a trace, and says what to run as it was called", async () => {
      const trace = new URL("vectors/recorded/6.1-read-fault-ext4.trace.txt", root);
      await Deno.copyFile(trace, `${home}/x.txt`);
      const { status, out } = await run(
        home,
        "npx",
        "pagespec",
        "check",
        "--kernel",
        "6.1.192",
        "x.txt",
      );
      assertEquals(status, 1);
      assertMatch(out, /^x\.txt: violated$/m);
      assertMatch(out, /^ +More: npx pagespec explain DAX-TAG-3$/m);
      const explained = await must(home, installed, "explain", "DAX-TAG-3");
      assertMatch(explained, /^ {2}chapter +spec\/4-mkclean\.md:\d+$/m);
    });

    await t.step("check draws a page with the script that is in the package", async () => {
      const { out, err } = await run(home, installed, "check", "--format", "html", "x.txt");
      assertMatch(out, /^<!doctype html>\n[\s\S]*<\/html>\n$/, err);
    });

    await t.step("explore draws the race of a design of one's own", async () => {
      const example = await Deno.readTextFile(new URL("vectors/examples/seqcount.ts", root));
      const mine = example.replace('"../../design.ts"', '"@pagespec/pagespec/design"');
      await Deno.writeTextFile(`${home}/mine.ts`, mine);
      const { status, out, err } = await run(home, installed, "explore", "./mine.ts");
      assertEquals(status, 1, err);
      assertMatch(out, /DAX-HOLE-1/);
      assertMatch(out, /^ *read_seqcount_begin\(\)/m);
      const drawn = await run(home, installed, "explore", "--format", "html", "./mine.ts");
      assertMatch(drawn.out, /ownDesigns=[\s\S]*<\/html>\n$/, drawn.err);
    });

    await t.step("conform runs the vectors against a driver", async () => {
      const driver = ["--", installed, "drive"];
      const out = await must(home, installed, "conform", "--only", "COH-1/load-b", ...driver);
      assertStringIncludes(out, " 0 failed, ");
    });

    const toy = new URL("vectors/examples/toyfs.ts", root);
    const found = "failed DUR-1/store-and-write-to-one-page, breaks ";

    await t.step("deno test finds the bug of the toy, types and all", async () => {
      await Deno.copyFile(toy, `${home}/toyfs.ts`);
      const from = 'import { conformance, fileSystem } from "@pagespec/pagespec/conform";';
      const text = testFile([from], "Deno.test", "toyfs.ts");
      assert(text.split("\n").length <= 15);
      await Deno.writeTextFile(`${home}/toy_test.ts`, text);
      const { status, out } = await run(home, "deno", "test", "toy_test.ts");
      assertEquals(status, 1);
      assertStringIncludes(out, found);
      assertMatch(out, /^FAILED \| \d+ passed \| 1 failed \| \d+ ignored/m);
    });

    await t.step("node:test finds it, too", async () => {
      await must(home, "deno", "transpile", fileURLToPath(toy), "-o", "toyfs.mjs");
      const from = [
        'import test from "node:test";',
        'import { conformance, fileSystem, nodeTest } from "@pagespec/pagespec/conform";',
      ];
      await Deno.writeTextFile(
        `${home}/toy.test.mjs`,
        testFile(from, "nodeTest(test)", "toyfs.mjs"),
      );
      const { status, out } = await run(home, "node", "--test", "toy.test.mjs");
      assertEquals(status, 1);
      assertStringIncludes(out, found);
      assertMatch(out, /^# fail 1$/m);
    });
    await Deno.remove(folder, { recursive: true });
  },
});
