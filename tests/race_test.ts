import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { judgeRace, parseRace, printRace, type Race, type Run } from "../model/race.ts";
import { reportRace } from "../model/race/report.ts";
import type { Design } from "../model/design.ts";
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
  return { verdict, ...reportRace("mail", race, design, verdict) };
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
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
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

Deno.test("two steps in one line happen from left to right", () => {
  assertEquals(namesOf(read("A       B\none     two\nthree")).map(({ step }) => step), [
    "one",
    "two",
    "three",
  ]);
});

Deno.test("the diagram of the first seed breaks DAX-HOLE-1 where nothing is locked", () => {
  const { verdict, status, out } = judge(seed, unlocked);
  assert(verdict.kind === "breach");
  assertEquals(status, 1);
  const told = verdict.breaches.map(({ id, at, afterwards }) => ({
    id,
    line: at.line,
    afterwards,
  }));
  assertEquals(told.filter(({ id }) => /^DAX-HOLE-[12]$/.test(id)), [
    { id: "DAX-HOLE-2", line: 9, afterwards: false },
    { id: "DAX-HOLE-1", line: 9, afterwards: true },
  ]);
  assertStringIncludes(out.join("\n"), `"__dax_fault() - read file f, index 0" is read as`);
});

Deno.test("under the entry lock it is not possible, and the holder is named", () => {
  const { status, out, error } = judge(seed, entryLocked);
  assertEquals(status, 2);
  assertEquals(
    error,
    "mail:7:38: not possible here under locked, because Process 2 (W) must do " +
      `"grab_mapping_entry(0)" before, and Process 1 (R) holds the entry lock of page 0`,
  );
  assertEquals(out, ["what can happen there instead:", "  Process 1 (R): dax_load_hole(0)"]);
});
