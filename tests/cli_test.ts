import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { checkOptions, idleOption } from "../vectors/command/check_options.ts";
import { verbs as commands } from "../vectors/command/verbs.ts";
import { type CommandOutcome, pagespec, pagespecAlone } from "./command_line.ts";
import { loadsLazily } from "./loads_lazily.ts";

function runDeno(args: readonly string[]): Promise<CommandOutcome> {
  return run("deno", args);
}

async function run(program: string, args: readonly string[]): Promise<CommandOutcome> {
  const cwd = new URL("../", import.meta.url);
  const command = new Deno.Command(program, { args: [...args], cwd, env: { NO_COLOR: "1" } });
  return outcomeOf(await command.output());
}

function outcomeOf({ code, stdout, stderr }: Deno.CommandOutput): CommandOutcome {
  const text = new TextDecoder();
  return { status: code, out: text.decode(stdout), err: text.decode(stderr) };
}

function runShell(command: string): Promise<CommandOutcome> {
  return run("sh", ["-c", command]);
}

/** The command line in a process of its own, which may read the chapters and do nothing else. */
function alone(...args: readonly string[]): Promise<CommandOutcome> {
  return pagespecAlone(["--allow-read=spec"], args);
}

const verbs = Object.entries(deno.tasks)
  .filter(([, task]) => task.command.includes("cli.ts"))
  .map(([name]) => name);

Deno.test("every verb that deno.json lists can be asked for its usage", async () => {
  for (const verb of verbs) {
    const { status, out, err } = await runDeno(["task", "--quiet", verb, "--help"]);
    assertEquals([status, err], [0, ""], verb);
    assertMatch(out, new RegExp(`^usage: deno task ${verb}\\b`));
  }
});

/** A task, as somebody runs it who is in a folder of the repository. */
async function taskIn(place: string, ...args: readonly string[]): Promise<CommandOutcome> {
  const folder = new URL(`../${place}/`, import.meta.url);
  const command = new Deno.Command("deno", {
    args: ["task", "--quiet", ...args],
    cwd: folder,
    // npx has set it for the tests, and deno leaves it as it is.
    env: { NO_COLOR: "1", INIT_CWD: fileURLToPath(folder) },
  });
  return outcomeOf(await command.output());
}

Deno.test("a file is named from where the user is, not from the root of the repository", async () => {
  const { status, out } = await taskIn("vectors/recorded", "check", "6.12-punch-xfs.trace.txt");
  assertEquals(status, 0);
  assertMatch(out, /^6\.12-punch-xfs\.trace\.txt: holds$/m);
  const list = ["--known", "tmpfs.txt", "--only", "COH-6/"];
  const known = await taskIn(
    "vectors/known",
    "conform",
    ...list,
    "--",
    "deno",
    "task",
    "-q",
    "drive",
  );
  assertEquals([known.status, known.err], [0, ""]);
});

Deno.test("a report that cannot be written is one line and status 2, and no breach", async () => {
  for (const verb of ["explain DAX-TAG-4", "--help", "explore D3-pmd --format json"]) {
    const command = `deno run --no-prompt --allow-read=spec,vectors/recorded cli.ts ${verb}`;
    const { status, err } = await runShell(`${command} > /dev/full`);
    assertEquals([status, err.split("\n").length], [2, 2], verb);
    assertMatch(err, /^pagespec \S+: standard output: No space left on device.*\n$/);
  }
});

Deno.test("a reader who has seen enough is no error that anybody hears of", async () => {
  const command = "deno run --no-prompt cli.ts explore D3-pmd --format json";
  assertEquals(await runShell(`${command} | true`), { status: 0, out: "", err: "" });
});

Deno.test("standard input is read once, and a second - is refused in one line", async () => {
  assertEquals(await runDeno(["run", "--no-prompt", "cli.ts", "check", "-", "-"]), {
    status: 2,
    out: "",
    err: "pagespec check: expected standard input once: there is one - too many\n",
  });
});

Deno.test("what nobody foresaw is one line that says where, and status 2", async () => {
  const folder = await Deno.makeTempDir({ prefix: "pagespec-test-" });
  const broken = `${folder}/broken.ts`;
  const place = new URL("../vectors/command/verbs.ts", import.meta.url);
  try {
    for (const run of ["() => undefined.oops", "() => new Promise(() => Promise.reject(oops))"]) {
      const text = `import { verbs } from "${place}"; const oops = new Error("oops");
        verbs.get("race").load = () => Promise.resolve({ run: ${run} });`;
      await Deno.writeTextFile(broken, text);
      const options = ["--no-prompt", "--no-check", "--preload", broken];
      const { status, out, err } = await runDeno(["run", ...options, "cli.ts", "race"]);
      assertEquals([status, out], [2, ""]);
      assertMatch(err, /^pagespec race: a bug of pagespec: [^\n]*oops[^\n]*\n$/);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("help lists every verb that deno.json lists, and the exit statuses", async () => {
  const { status, out } = await alone("--help");
  const listed = [...out.matchAll(/^ {2}(\w+)/gm)].map(([, verb]) => verb);
  assertEquals([status, listed.toSorted()], [0, verbs.toSorted()]);
  assertStringIncludes(out, "exit status: 0");
});

Deno.test("what a message tells to run is named as this command line was called", async () => {
  const loading = ["run", "--no-prompt", loadsLazily, "--allow-read"];
  const called = [...loading, "cli.ts", "--called", "npx pagespec"];
  const npx = (...args: readonly string[]) => runDeno([...called, ...args]);
  const trace = "vectors/recorded/6.1-read-fault-ext4.trace.txt";
  assertEquals((await npx()).err, "pagespec: expected a verb; `npx pagespec --help` lists them\n");
  assertMatch((await npx("race", "--help")).out, /^usage: npx pagespec race /);
  assertMatch((await npx("explore", "Z")).err, /; `npx pagespec explore` lists them$/m);
  assertMatch(
    (await npx("check", "--kernel", "6.1.192", trace)).out,
    /^ +More: npx pagespec explain DAX-TAG-3$/m,
  );
  assertMatch(
    (await taskIn(".", "check", "--kernel", "6.1.192", trace)).out,
    /^ +More: deno task explain DAX-TAG-3$/m,
  );
});

Deno.test("explain prints a vector by its handle or its id, and says what is near it", async () => {
  const handle = "COH-1/load-beside-a-direct-write";
  const { status, out } = await alone("explain", handle);
  assertEquals(status, 0);
  for (const line of ["  w      pwrite d 0+4096, all 1", "  first=9 last=9  breaks COH-1"]) {
    assert(out.split("\n").some((each) => each.trim() === line.trim()), line);
  }
  const [, id = ""] = /^ {2}id +([0-9a-f]{12})$/m.exec(out) ?? [];
  assertEquals((await pagespec(["explain", id])).out, out);
  const near = await pagespec(["explain", "COH-1/load-beside"]);
  assertEquals(
    [near.status, near.err],
    [2, `pagespec explain: expected the whole handle of a vector, such as ${handle}\n`],
  );
});

Deno.test("the help of a verb names every option that its module takes, and no other", async () => {
  for (const [name, { options }] of commands) {
    const read = (module: string): Promise<string> =>
      Deno.readTextFile(new URL(`../vectors/command/${module}.ts`, import.meta.url));
    const own = await read(name);
    // Those that another verb takes too have a name, and a module.
    const text = own.includes(`"./${name}_options.ts"`) ? own + await read(`${name}_options`) : own;
    const [, parsed = ""] = /^ {4}options: \{(.*?)\},?$\n {2}\}\)/ms.exec(text) ??
      /^export const \w+Options = \{(.*?)^\} as const/ms.exec(text) ?? [];
    const taken = [...parsed.matchAll(/([\w-]+)"?: (?:\{ type:|checkOptions\.)/g)].map((
      [, option],
    ) => option);
    const named = new Set(options.flatMap(([option]) => /^--([\w-]+)/.exec(option)?.[1] ?? []));
    assert(taken.length > 0 || text.includes(" options: {} }"), name);
    assertEquals([...named].toSorted(), taken.toSorted(), name);
  }
});

Deno.test("no option of check has a meaning beside --unjudged", () => {
  for (const [name, option] of Object.entries(checkOptions)) {
    const args = ["--unjudged", `--${name}`, ...option.type === "string" ? ["1"] : []];
    const { tokens } = parseArgs({ args, options: checkOptions, strict: false, tokens: true });
    assertEquals(idleOption(tokens), `expected no --${name} with --unjudged, which judges nothing`);
    assertEquals(idleOption(tokens.slice(1)), undefined);
  }
});

Deno.test("a verb that reads files of the repository says so: a registry does not serve them", () => {
  const reads = (line: string) => {
    const [verb = "", ...args] = line.split(" ");
    return commands.get(verb)?.readsRepository(args);
  };
  const those = ["check", "check --format json --all", "check --kernel 6.12", "explain A7"];
  for (const line of [...those, "drive --dir /mnt", "vectors --check"]) {
    assertEquals(reads(line), true, line);
  }
  for (const line of ["check a.txt", "check --format json -", "explore A7", "race -", "drive"]) {
    assertEquals(reads(line), false, line);
  }
});

Deno.test("the version is the one in deno.json", async () => {
  assertEquals(await alone("--version"), {
    status: 0,
    out: `pagespec ${deno.version}\n`,
    err: "",
  });
});

Deno.test("what cannot be run is one line on standard error and status 2", async () => {
  const refused: readonly (readonly [readonly string[], string])[] = [
    [[], "pagespec: expected a verb; `pagespec --help` lists them"],
    [["explian"], 'pagespec: expected a verb, not "explian"; did you mean explain?'],
    [["writeback"], 'pagespec: expected a verb, not "writeback"; `pagespec --help` lists them'],
    [["explain"], "pagespec explain: expected one id, not 0"],
    [["explain", "DUR-1", "DUR-2"], "pagespec explain: expected one id, not 2"],
    [
      ["explain", "--loud", "DUR-1"],
      "pagespec explain: Unknown option '--loud'; `pagespec explain --help` lists the options",
    ],
    [
      ["record", "--format", "json", "--unjudged", "--", "true"],
      "pagespec record: expected no --format with --unjudged, which judges nothing",
    ],
  ];
  for (const [args, line] of refused) {
    assertEquals(await pagespec(args), { status: 2, out: "", err: `${line}\n` });
  }
});

Deno.test("an id that no chapter has is one line on standard error and status 2", async () => {
  const { status, out, err } = await alone("explain", "NO-SUCH-ID-0");
  assertEquals([status, out], [2, ""]);
  assertMatch(
    err,
    /^pagespec explain: expected the id of an invariant, a design or a commit, not "NO-SUCH-ID-0".*\n$/,
  );
});

Deno.test("help that follows -- is meant for the command there", async () => {
  const { status, err } = await pagespec(["explain", "--", "--help"]);
  assertEquals(status, 2);
  assertStringIncludes(err, 'not "--help"');
});
