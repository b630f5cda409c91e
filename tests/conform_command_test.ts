import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { bugNames } from "../model/operation/bugs.ts";
import { type CommandOutcome, pagespec, pagespecAlone } from "./command_line.ts";
import { loadsLazily } from "./loads_lazily.ts";
import { run as drive } from "../vectors/command/drive.ts";
import { hasPython } from "./platform.ts";

const root = new URL("../", import.meta.url);

function conform(...args: readonly string[]): Promise<CommandOutcome> {
  return pagespec(["conform", ...args]);
}

/** The model as a driver, which gives its permission back. */
const model = ["--", "deno", "run", "--no-prompt", loadsLazily, "--allow-read", "cli.ts", "drive"];

const race = "COH-1/load-beside-a-direct-write";
const caught = ["--only", race, ...model, "--mutant", "direct-write-invalidates-nothing"];

async function withList<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

async function readJson(path: string) {
  return JSON.parse(await Deno.readTextFile(new URL(path, root)));
}

Deno.test("the model as a driver passes every vector of the manifest", async () => {
  const { status, out, err } = await conform("--format", "json", "--trials", "20", ...model);
  assertEquals([status, err], [0, ""]);
  const report = JSON.parse(out);
  const schema = await readJson("vectors/schema/conform.schema.json");
  const validate = new Ajv2020({ strict: false }).compile(schema);
  assertEquals([validate(report), validate.errors], [true, null]);
  const { counts } = await readJson("vectors/suite/manifest.json");
  const { vectors, passed } = report.footer;
  assertEquals([vectors, passed], [counts.vectors, counts.vectors]);
});

Deno.test("a mutant as a driver fails, and the report names the invariant", async () => {
  const permissions = ["--allow-read", "--allow-run"];
  const { status, out } = await pagespecAlone(permissions, ["conform", ...caught]);
  assertEquals(status, 1);
  assertMatch(out, /^failed COH-1\/load-beside-a-direct-write, breaks COH-1/m);
  assertMatch(out, /^ +\d+ {2}first=9 last=9 {2}forbidden: COH-1/m);
  assertMatch(out, /\n1 vector: 0 passed, 1 failed, .* 0 not run\n$/);
});

Deno.test("a judge of events with one thing wrong fails, and the report names the invariant", async () => {
  const { status, out } = await conform(
    ...["--only", "COH-2/", "--", "deno", "run", "--no-prompt", "--allow-read", "cli.ts", "drive"],
    ...["--mutant", "invariant/COH-2/never"],
  );
  assertEquals(status, 1);
  assertMatch(out, /^failed COH-2\/.*, breaks COH-2$/m);
});

Deno.test("a failure that a list knows is no failure, and is counted by itself", async () => {
  await withList(`${race} COH-1\n`, async (path) => {
    const { status, out } = await conform("--known", path, ...caught);
    assertEquals(status, 0);
    assertMatch(out, /1 vector: 0 passed, 0 failed, 1 failed as known, /);
  });
});

Deno.test("a list is wrong if what it knows passes, breaks something else or is skipped", async () => {
  const sound = ["--only", race, ...model];
  const dax = "DAX-CLEAN-2/pmd-stored-to-again";
  const python = ["--only", dax, "--", "python3", "vectors/examples/driver.py"];
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    [`${race} COH-1`, sound, /known to break COH-1 \(line 1 of the list\), but was passed/],
    [`${race} DUR-1`, caught, /known to break DUR-1 \(line 1 of the list\), but breaks COH-1/],
    ...await hasPython()
      ? [[`${dax} DUR-1`, python, /known to break DUR-1 .*, but was skipped/] as const]
      : [],
  ];
  for (const [list, args, why] of cases) {
    await withList(list, async (path) => {
      const { status, out } = await conform("--known", path, ...args);
      assertEquals(status, 1, out);
      assertMatch(out, why);
    });
  }
});

Deno.test("what is no command line is one line on standard error and status 2", async () => {
  const refused: readonly (readonly [readonly string[], string])[] = [
    [[], "expected the command of a driver after --"],
    [["deno"], 'expected the driver after --, not "deno"'],
    [["--format", "xml", ...model], 'expected --format text, json, junit, ktap, html, not "xml"'],
    [["--schedule", "all", ...model], 'expected --schedule forced or sampled, not "all"'],
    [
      ["--trials", "1.5", ...model],
      'expected a whole number above 0 for --trials, not "1.5"',
    ],
    [["--trials", "0", ...model], 'expected a whole number above 0 for --trials, not "0"'],
    [["--seed", "one", ...model], 'expected a whole number for --seed, not "one"'],
    [
      ["--timeout", "1e9", ...model],
      'expected 0 to 86400 seconds for --timeout, not "1e9"',
    ],
    [["--suite", "deno.json", ...model], "deno.json/manifest.json: expected a file of a suite"],
    [["--suite", "/no", ...model], "/no/manifest.json: expected a file of a suite"],
    [["--known", "/no", ...model], "/no: expected a readable list of known failures"],
    [
      ["--only", "COH-1/load-besides", ...model],
      'expected a part of a vector\'s handle, not "COH-1/load-besides"; ' +
      "did you mean COH-1/load-beside-a-direct-write?",
    ],
  ];
  for (const [args, line] of refused) {
    const expected = { status: 2, out: "", err: `pagespec conform: ${line}\n` };
    assertEquals(await conform(...args), expected);
  }
});

Deno.test("options of drive that do not go together are refused before anything is driven", async () => {
  for (
    const [args, line] of [
      [["--dir", "/tmp", "--device", "x"], "expected --dir or --device, not both"],
      [["--device", "x", "--mutant", "y"], "expected --device or --mutant, not both"],
      [["--dir", "/tmp", "--fs", "xfs"], "expected --device with --fs"],
      [["--seconds", "3"], "expected --dir or --device with --seconds"],
    ] as const
  ) {
    const { writeSync } = Deno.stderr;
    let said = "";
    Deno.stderr.writeSync = (bytes) => {
      said += new TextDecoder().decode(bytes);
      return bytes.length;
    };
    try {
      assertEquals(await drive(args), 2);
    } finally {
      Deno.stderr.writeSync = writeSync;
    }
    assertEquals(said, `pagespec drive: ${line}\n`);
  }
});

Deno.test("a run in which everything is skipped is no pass", async () => {
  const hello = {
    kind: "hello",
    protocol: 1,
    implementation: { name: "unable", version: "1" },
    capabilities: [],
    schedules: [],
  };
  const code = `console.log('${
    JSON.stringify(hello)
  }'); for await (const _ of Deno.stdin.readable);`;
  const { status, out, err } = await conform("--only", race, "--", "deno", "eval", code);
  assertEquals(status, 2);
  assertStringIncludes(out, " 0 passed");
  assertStringIncludes(err, " 0 passed");
});

Deno.test("drive lists its mutants, and knows no other", async () => {
  const drive = (...args: readonly string[]) => pagespecAlone(["--allow-read"], ["drive", ...args]);
  const { out } = await drive("--mutants");
  const names = out.trimEnd().split("\n").map((line) => line.split("  ")[0]);
  assertEquals(names.slice(0, bugNames.length), [...bugNames]);
  const { mutants } = await readJson("vectors/suite/kills.json");
  const killed = mutants.filter((row: { of: string; kills: number }) =>
    row.of === "judge" && row.kills > 0
  );
  const ids = killed.map(({ id }: { id: string }) => id);
  assertEquals(names.slice(bugNames.length).toSorted(), ids.toSorted());
  assertEquals(await drive("--mutant", "msync-does-nothin"), {
    status: 2,
    out: "",
    err: "pagespec drive: expected the name of a mutant, not " +
      '"msync-does-nothin"; did you mean msync-does-nothing?\n',
  });
});

Deno.test("a driver that is asked nonsense ends with one line, or calls the vector errored", async () => {
  const ask = (...lines: readonly string[]): Promise<CommandOutcome> =>
    pagespecAlone([], ["drive"], lines.map((line) => `${line}\n`).join(""));
  const hello = await ask('{"kind":"hello"}');
  for (const line of ["{", "null", "[]", '{"kind":"run"}', '{"kind":"good morning"}']) {
    assertEquals(await ask('{"kind":"hello"}', line), {
      status: 2,
      out: hello.out,
      err: "pagespec drive: standard input, line 2: expected hello, run with a seq, or bye\n",
    });
  }
  const { status, out } = await ask('{"kind":"run","seq":"1","vector":{"kind":"operation"}}');
  assertEquals(status, 0);
  assertMatch(out, /^\{"kind":"errored","why":".+","seq":"1"\}\n$/);
});

const python = await hasPython();

Deno.test({
  name: `the example driver in Python passes all that it can run${
    python ? "" : ": no python3 here"
  }`,
  ignore: !python,
  fn: async () => {
    const driver = ["--", "python3", "vectors/examples/driver.py"];
    const { status, out } = await conform("--validate", "--format", "json", ...driver);
    const { footer } = JSON.parse(out);
    assertEquals([status, footer.failed, footer.errored, footer.complaints], [0, 0, 0, []]);
    assertEquals(footer.passed, 127);
    const lines = (await Deno.readTextFile(new URL("vectors/examples/driver.py", root))).split(
      "\n",
    );
    assertEquals(lines.length <= 150, true, `${lines.length} lines`);
  },
});
