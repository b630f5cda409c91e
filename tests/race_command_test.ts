import { Ajv2020 } from "ajv/dist/2020.js";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type CommandOutcome, pagespec, pagespecAlone } from "./command_line.ts";

/** `pagespec race` with this on its standard input. */
function race(input: string, ...args: readonly string[]): Promise<CommandOutcome> {
  return pagespec(["race", ...args], input);
}

const punched = `\
T                                              W

truncate_pagecache_range(0) -> nothing cached
                                               filemap_get_folio(0)
                                               filemap_add_folio(0)
                                               look up block of page 0 -> MAPPED
free blocks of page 0
                                               read folio 0
`;

Deno.test("a breach is status 1, and says where, what and what is lost", async () => {
  const args = ["race", "--design", "F0", "-"];
  const { status, out, err } = await pagespecAlone(["--allow-read"], args, punched);
  assertEquals([status, err], [1, ""]);
  assertMatch(out, /^standard input:8:48: INV-1 is broken under F0 /);
});

Deno.test("the design may stand in the first line, and an option goes before it", async () => {
  const named = `design: f0\n\n${punched}`;
  assertEquals((await race(named, "-")).status, 1);
  const { status, err } = await race(named, "--design", "F1-xfs", "-");
  assertEquals(status, 2);
  assertStringIncludes(err, "not possible here under F1-xfs");
});

Deno.test("a diagram that breaks nothing is status 0", async () => {
  const { status, out } = await race("T\ntruncate_pagecache_range(0)\n", "--design", "F0", "-");
  assertEquals([status, out], [0, out]);
  assertMatch(out, /^standard input: no breach under F0/);
});

Deno.test("what cannot be judged is one line on standard error and status 2", async () => {
  const cases: readonly (readonly [input: string, args: readonly string[], says: RegExp])[] = [
    ["", [], /^pagespec race: expected one file, or - for standard input, not 0$/],
    [
      "",
      ["no-such-file"],
      /^no-such-file: no such file; expected a race diagram in text, or - for standard input$/,
    ],
    ["", ["spec"], /^spec: a directory; expected a race diagram/],
    ["", ["-"], /^standard input:1:1: expected a line with the names of the actors$/],
    ["\0\0", ["-"], /^standard input: expected text, found a zero byte$/],
    ["A\nb\n", ["-"], /^standard input:1:1: expected --design ID, .*; `pagespec explore` lists/],
    [punched, ["-"], /^standard input:1:1: expected --design ID, .*; its steps are those of F0\b/],
    ["A\nb\n", ["--design", "F00", "-"], /^--design: expected the id of a design, not "F00"; did/],
    ["design: zzz\nA\nb\n", ["-"], /^standard input:1:1: .* not "zzz"; `pagespec explore` lists/],
    ["T\nfree\n", ["--design", "F0", "-"], /^standard input:2:1: T has no step "free" in F0; /],
  ];
  for (const [input, args, says] of cases) {
    const { status, out, err } = await race(input, ...args);
    assertEquals([status, out], [2, ""], args.join(" "));
    assertMatch(err.trimEnd(), says);
  }
});

Deno.test("the JSON of every verdict is valid under its schema, and its status is the text's", async () => {
  const url = new URL("../vectors/schema/race.schema.json", import.meta.url);
  const schema = JSON.parse(await Deno.readTextFile(url));
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);
  const cases: readonly (readonly [input: string, design: string, verdict: string])[] = [
    [punched, "F0", "breach"],
    ["T\ntruncate_pagecache_range(0)\n", "F0", "no_breach"],
    [punched, "F1-xfs", "not_possible"],
    ["T\nfree\n", "F0", "unknown_step"],
    ["nobody\nfree\n", "F0", "unknown_actor"],
  ];
  for (const [input, design, verdict] of cases) {
    const text = await race(input, "--design", design, "-");
    const json = await race(input, "--design", design, "--format", "json", "-");
    assertEquals([json.status, json.err], [text.status, text.err], verdict);
    const report = JSON.parse(json.out);
    assertEquals([report.design, report.verdict], [design, verdict]);
    assert(!validate({ ...report, verdict: "passed" }), "a verdict of another name is refused");
    assert(validate(report), `${verdict}: ${JSON.stringify(validate.errors)}`);
  }
});

Deno.test("what is longer than a mail is refused in one line, and not read for minutes", async () => {
  const steps = "P1\n" + "x\n".repeat(5000);
  const { status, err } = await race(`design: D3-pmd\n${steps}`, "-");
  assertEquals(status, 2);
  assertMatch(err, /^standard input: expected a diagram of 400 steps at most, not 5000\n$/);
  const lines = await race("x\n".repeat(100_000), "-");
  assertEquals(lines.status, 2);
  assertMatch(lines.err, /^standard input: expected a diagram of 10000 lines at most/);
});
