import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { Design } from "../model/design.ts";
import { designs } from "../model/designs/catalogue.ts";
import { judgeRace, parseRace, printRace, type Race, type Run } from "../model/race.ts";
import { reportRace } from "../model/race/report.ts";
import { codePoint } from "./code_point.ts";
import { entryLocked, unlocked } from "./small_designs.ts";

function read(text: string): Race {
  const parsed = parseRace(text);
  if (parsed.kind !== "race") throw new Error(`${parsed.at.line}: ${parsed.expected}`);
  return parsed.race;
}

function namesOf({ steps }: Race): Run {
  return steps.map(({ actor, step, result }) => ({ actor, step, result }));
}

function judge(text: string, design: Design) {
  const race = read(text);
  const verdict = judgeRace(race, design);
  return { verdict, ...reportRace("mail", design, verdict) };
}

/** As it stands at the top of the first seed, with its step names adapted. */
const seed = `\
> > > Process 1                     Process 2
> > > ---------                     ---------
> > >
> > > __dax_fault() - read file f, index 0
> > >   get_block(0) -> HOLE
> > >                              __dax_fault() - write file f, index 0
> > >                                get_block(0, create)
> > >                                dax_insert_mapping(0)
> > >   dax_load_hole(0)
> > >   *data corruption*
`;

/** The first seed's diagram in the words of kernels since v4.18. */
const seedOfToday = seed
  .replaceAll("__dax_fault", "dax_iomap_fault")
  .replace("get_block(0) -> HOLE", "->iomap_begin(0) -> HOLE")
  .replace("get_block(0, create)", "->iomap_begin(0) -> NEW")
  .replace("dax_insert_mapping(0)", "dax_insert_entry(0, DIRTY)");

function designNamed(id: string): Design {
  const design = designs.find((each) => each.id === id);
  if (design === undefined) throw new Error(`no design ${id}`);
  return design;
}

const word = fc.stringMatching(/^[a-z_>(][a-z0-9_(),]*\)?$/);
const phrase = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "))
  .filter((text) => !text.startsWith(">") && !/^(?:design:|#)/.test(text));

const anyRun: fc.Arbitrary<Run> = fc.uniqueArray(phrase, { minLength: 1, maxLength: 4 })
  .chain((actors) =>
    fc.array(
      fc.record({
        actor: fc.constantFrom(...actors),
        step: phrase,
        result: fc.option(phrase, { nil: "" }),
      }),
      { minLength: 1, maxLength: 12 },
    )
  );

Deno.test("a run that is printed and read again is the same run", () => {
  fc.assert(fc.property(anyRun, (run) => assertEquals(namesOf(read(printRace(run))), run)));
});

Deno.test("quoting, however deep, and tabs in place of spaces do not change a diagram", () => {
  fc.assert(fc.property(anyRun, fc.integer({ min: 1, max: 5 }), (run, depth) => {
    const quoted = printRace(run).split("\n").map((line) => "> ".repeat(depth) + line).join("\n");
    assertEquals(namesOf(read(quoted)), run);
    const tabbed = quoted.replace(
      /(?<=^(?:> )+)(?: {8})+/gm,
      (gap) => "\t".repeat(gap.length / 8),
    );
    assertEquals(namesOf(read(tabbed)), run);
  }));
});

Deno.test("any text is either a diagram or said not to be one, with a place in it", () => {
  fc.assert(fc.property(fc.string({ unit: codePoint }), (text) => {
    const parsed = parseRace(text);
    const places = parsed.kind === "race" ? parsed.race.steps : [parsed.at];
    for (const { line, column } of places) assert(line >= 1 && column >= 1);
  }));
});

Deno.test("a diagram of the mail: quoted, ruled, nested, with remarks", () => {
  const race = read(seed);
  assertEquals(race.columns.map(({ name }) => name), ["Process 1", "Process 2"]);
  assertEquals(race.steps, [
    {
      actor: "Process 1",
      step: "__dax_fault() - read file f, index 0",
      result: "",
      line: 4,
      column: 7,
      calls: true,
    },
    { actor: "Process 1", step: "get_block(0)", result: "HOLE", line: 5, column: 9, calls: false },
    {
      actor: "Process 2",
      step: "__dax_fault() - write file f, index 0",
      result: "",
      line: 6,
      column: 36,
      calls: true,
    },
    {
      actor: "Process 2",
      step: "get_block(0, create)",
      result: "",
      line: 7,
      column: 38,
      calls: false,
    },
    {
      actor: "Process 2",
      step: "dax_insert_mapping(0)",
      result: "",
      line: 8,
      column: 38,
      calls: false,
    },
    { actor: "Process 1", step: "dax_load_hole(0)", result: "", line: 9, column: 9, calls: false },
  ]);
});

Deno.test("heads parted by tabs, a design in the first line, and arrows in a row", () => {
  const race = read("design: A0\n\nCPU 0\t\tCPU 1\n\nlook up\t->  HOLE\n\t\tallocate  =>  b\n");
  assertEquals(race.design, "A0");
  assertEquals(namesOf(race), [
    { actor: "CPU 0", step: "look up", result: "HOLE" },
    { actor: "CPU 1", step: "allocate", result: "b" },
  ]);
});

Deno.test("a rule under the heads has dashes; underscores alone are a step", () => {
  assertEquals(read("A     B\n---   ===\none").steps.length, 1);
  assertEquals(read("A     B\n_\none").steps.length, 2);
});

Deno.test("two steps in one line happen from left to right", () => {
  assertEquals(namesOf(read("A       B\none     two\nthree")).map(({ step }) => step), [
    "one",
    "two",
    "three",
  ]);
});

Deno.test("the diagram of the first seed is a DAX-HOLE-1 breach under A0", () => {
  const { verdict, status, out } = judge(seed, designNamed("A0"));
  assert(verdict.kind === "breach");
  assertEquals(status, 1);
  assertEquals(verdict.breaches.map(({ id, at, afterwards }) => ({ id, at, afterwards })), [
    { id: "DAX-HOLE-1", at: { line: 9, column: 9 }, afterwards: true },
  ]);
  assertMatch(out[0] ?? "", /^mail:9:9: DAX-HOLE-1 is broken under A0 /);
  assertStringIncludes(out.join("\n"), `"__dax_fault() - read file f, index 0" is read as`);
});

Deno.test("the same diagram is not possible under A9, and the holder of the lock is named", () => {
  const { verdict, status, out, errors } = judge(seedOfToday, designNamed("A9"));
  assertEquals([verdict.kind, status], ["not_possible", 2]);
  assertEquals(
    errors[0],
    "mail:7:38: not possible here under A9, because Process 2 (P2 store) must do " +
      `"grab_mapping_entry(0)" before, and Process 1 (P1 load) holds the entry lock of page 0`,
  );
  assertEquals(out.slice(0, 2), [
    "what can happen there instead:",
    "  Process 1 (P1 load): dax_load_hole(0)",
  ]);
});

Deno.test("what breaks in the middle is told at its line, what breaks at the end as such", () => {
  const { verdict } = judge(seed, unlocked);
  assert(verdict.kind === "breach");
  const told = verdict.breaches.map(({ id, at, afterwards }) => ({
    id,
    line: at.line,
    afterwards,
  }));
  assertEquals(told.filter(({ id }) => /^DAX-HOLE-[12]$/.test(id)), [
    { id: "DAX-HOLE-2", line: 9, afterwards: false },
    { id: "DAX-HOLE-1", line: 9, afterwards: true },
  ]);
});

Deno.test("a run without a breach is none, and what can still come of it is said", () => {
  const whole = judge("R\nenter\nget_block(0) -> HOLE\ndax_load_hole(0)\nreturn", unlocked);
  assertEquals([whole.status, whole.out], [
    1,
    [
      "mail:4:1: DAX-HOLE-2 is broken under unlocked (no lock between look-up and install)",
      "  a hole was mapped on the word of a lookup made outside the entry lock",
      "  the block allocated in between is hidden behind the zero page",
    ],
  ]);
  const kept = judge(
    "R\ngrab_mapping_entry(0)\nget_block(0) -> HOLE\ndax_load_hole(0)\nput_unlocked_entry(0)",
    entryLocked,
  );
  assertEquals([kept.status, kept.out], [
    0,
    ["mail: no breach under locked (entry lock around both)"],
  ]);
  const open = judge("Process 1      Process 2\nenter\n               enter", unlocked);
  assertEquals(open.status, 0);
  assertStringIncludes(open.out.join("\n"), "can still break");
});

Deno.test("a result that does not come about is said, with the one that does", () => {
  const { errors } = judge("R    W\n     get_block(0, create)\nget_block(0) -> HOLE", unlocked);
  assertEquals(
    errors[0],
    `mail:3:1: not possible here under unlocked, because "get_block(0)" comes to MAPPED here`,
  );
});

Deno.test("a step out of its turn is said to be so", () => {
  const { errors } = judge("R\ndax_load_hole(0)\nget_block(0)", unlocked);
  assertEquals(
    errors[0],
    "mail:3:1: not possible here under unlocked, because R has done that already",
  );
});

Deno.test("a step that nobody has is told with the nearest ones, or with whose it is", () => {
  assertEquals(
    judge("R\nget_blok(0)", unlocked).errors[0],
    `mail:2:1: R has no step "get_blok(0)" in unlocked; did you mean "get_block(0)"?`,
  );
  assertEquals(
    judge("R\ndax_insert_mapping(0)", unlocked).errors[0],
    `mail:2:1: R has no step "dax_insert_mapping(0)" in unlocked; it is a step of W`,
  );
});

Deno.test("a column that is no actor of the design is told with those that are", () => {
  const { errors, status } = judge("R      writer\nget_block(0)", unlocked);
  assertEquals(status, 2);
  assertEquals(errors[0], `mail:1:8: unlocked has no actor "writer"; its actors are R, W`);
});

Deno.test("two tasks that wait for each other break LOCK-1, and each wait is explained", () => {
  const text = [
    "D                E",
    "lock BLOCK(X)",
    "                 lock BLOCK(Y)",
    "pin_user_pages(mapping of Y) -> not present: fault",
    "                 pin_user_pages(mapping of X) -> not present: fault",
  ].join("\n");
  const { status, out } = judge(text, designNamed("C3-naive"));
  assertEquals(status, 1);
  assertStringIncludes(out[0] ?? "", "LOCK-1 is broken under C3-naive");
  assertStringIncludes(out[1] ?? "", `D waits to do "lock ADD(Y)", and E holds it in mode BLOCK`);
});

Deno.test("whom a power failure ends does not wait, and nothing comes after it", () => {
  const stored = "P1    power\nstore to line 0\nSFENCE\n      power fails";
  const lost = judge(stored, designNamed("B0")).verdict;
  assert(lost.kind === "breach");
  assertEquals(lost.breaches.map(({ id }) => id), ["META-1"]);
  const { errors } = judge("P1    power\n      power fails\nSFENCE", designNamed("B0"));
  assertStringIncludes(errors[0] ?? "", "because power has failed");
});

Deno.test("what is no diagram is refused with its place", () => {
  for (const text of ["", "\n\n", "> > \n"]) assertEquals(parseRace(text).kind, "malformed");
  const twice = parseRace("A    B    A\n");
  assert(twice.kind === "malformed");
  assertEquals([twice.at.line, twice.at.column], [1, 11]);
});
